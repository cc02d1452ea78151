"""A real gunicorn on the bench database, and clients that post to it for a while."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from apps.accounts.models import User

CSRF = "b" * 32


def database_url() -> str:
    """Return the address of the database that Django uses now."""
    database = connections["default"].settings_dict
    user, password = (
        quote(str(database["USER"]), safe=""),
        quote(str(database["PASSWORD"]), safe=""),
    )
    port = f"&port={database['PORT']}" if database["PORT"] else ""
    host = quote(str(database["HOST"]), safe="/")
    return f"postgresql://{user}:{password}@/{database['NAME']}?host={host}{port}"


@contextmanager
def gunicorn(urlconf_settings: str = "tests.bench.settings") -> Iterator[int]:
    """Start gunicorn as `make up` does and give its port; end it by TERM."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": urlconf_settings,
        "DATABASE_URL": database_url(),
        "DATABASE_OWNER_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "antq_portal.wsgi",
            f"--bind=127.0.0.1:{port}",
            "--worker-class=gthread",
            "--workers=2",
            "--threads=4",
            "--no-control-socket",
            "--log-level=error",
        ],
        env=environment,
        cwd=settings.BASE_DIR,
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(240):
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/healthz")
            if link.getresponse().status == 200:
                return
        except OSError:
            sleep(0.25)
    raise RuntimeError("gunicorn did not answer")


def signed_in_cookie(user: User, port: int) -> str:
    """Return the cookies of a signed-in browser."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    suffix = "" if settings.SESSION_COOKIE_SECURE else f"_{port}"
    return f"antq_session{suffix}={session.session_key}; antq_csrf{suffix}={CSRF}"


@dataclass
class Tally:
    """How many posts were answered as they should, and what else came."""

    done: int = 0
    other: list[int] = field(default_factory=list)


def post_for(
    seconds: float,
    port: int,
    cookies: list[str],
    next_post: Callable[[int], tuple[str, str] | None],
) -> tuple[Tally, float]:
    """Post from one client a cookie for some seconds; `next_post(client)` gives path and body."""
    tally, lock = Tally(), threading.Lock()
    end = monotonic() + seconds

    def client(number: int) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {
            "Cookie": cookies[number],
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        while monotonic() < end and (post := next_post(number)) is not None:
            link.request("POST", post[0], post[1], headers)
            answer = link.getresponse()
            answer.read()
            with lock:
                if answer.status in {200, 302}:
                    tally.done += 1
                else:
                    tally.other.append(answer.status)

    started = monotonic()
    threads = [threading.Thread(target=client, args=(n,)) for n in range(len(cookies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally, monotonic() - started
