"""A whole portal for tests: an own database, gunicorn and a Celery worker, as make up starts them.

Both use the app's login, so a right that is missing in the database shows here.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from psycopg2 import sql

from frontdoor import places, processes, up
from frontdoor.console import tail
from tests.dropping import drop_database

BROKER_NUMBER = 15
READY_SECONDS = 60
ANSWER_SECONDS = 180
MANIFEST_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
QUEUES = "interactive,documents,bulk,mail"
# A small province, and the reports that the browser tests write: it brings only months itself.
LOAD = """
from django.core.management import call_command
from django.utils import timezone
from apps.indicators.models import Period
from apps.reports.services.obligations import open_period_reports
call_command("load_reference")
call_command("load_demo", "--small")
for kind in ("quarter", "nine_months"):
    ended = Period.objects.filter(calendar__code="nd09", kind=kind, end__lte=timezone.localdate())
    open_period_reports(period=ended.latest("end"), by=None, at=timezone.now())
"""


@dataclass
class Portal:
    """A running portal: where it is, how to look into it, how to disturb it."""

    port: int
    files: Path
    database: str
    environment: dict[str, str]
    running: dict[str, processes.Running] = field(default_factory=dict)
    cookies: dict[str, Any] = field(default_factory=dict)
    answering: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Return the address without a slash at the end."""
        return f"http://localhost:{self.port}"

    @property
    def password(self) -> str:
        """Return the one password of the accounts to try."""
        path = settings.BASE_DIR / "var" / "demo-password.txt"
        return path.read_text(encoding="utf-8").strip()

    def manage(self, *arguments: str) -> str:
        """Run one management command against this portal."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert done.returncode == 0, f"manage.py {arguments[0]}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def ask(self, code: str) -> Any:
        """Run Python in this portal and return what it leaves in `answer`."""
        if self.answering is None:
            self.answering = subprocess.Popen(
                [sys.executable, "-m", "tests.answering"],
                cwd=settings.BASE_DIR,
                env=self.environment | {"ANTQ_STATEMENT_TIMEOUT": "0"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        asking, answers = self.answering.stdin, self.answering.stdout
        assert asking is not None
        assert answers is not None
        asking.write(json.dumps(code) + "\n")
        asking.flush()
        assert select.select([answers], [], [], ANSWER_SECONDS)[0], f"no answer to:\n{code}"
        told = json.loads(answers.readline())
        assert "fault" not in told, told["fault"]
        return told["answer"]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query, asked with the owner's login."""
        with closing(owner_connection(self.database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return list(cursor.fetchall()) if cursor.description else []

    def start(self, name: str, program: processes.Program) -> None:
        """Start one of the portal's processes."""
        own = processes.Program(
            f"test-{name}", program.arguments, program.statement_timeout, program.patience
        )
        with mock.patch.dict(os.environ, self.environment, clear=True):
            self.running[name] = processes.Running(own, processes.launch(own))

    def start_worker(self) -> None:
        """Start the one worker that serves every queue with two processes."""
        self.start("worker", processes.worker("tests", QUEUES, 2))

    def stop(self) -> None:
        """End every process by TERM, by force when it does not listen."""
        for item in self.running.values():
            item.ask_to_end()
        for item in self.running.values():
            item.wait_or_kill(lambda: False)
        self.running.clear()
        if self.answering is not None:
            self.answering.communicate()


@pytest.fixture(scope="session")
def portal(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Portal]:
    """Start the portal with a small province; end it and forget it."""
    folder = tmp_path_factory.mktemp("portal")
    with django_db_blocker.unblock():
        # PostgreSQL copies a database only while nobody is connected to it.
        connection.close()
    template = str(connection.settings_dict["NAME"])
    # Where no chosen test asks for the database, pytest-django has made none.
    is_migrated = template != settings.OWNER_DATABASE["NAME"]
    with own_database(template if is_migrated else "template1") as database:
        portal = new_portal(folder, database)
        if not is_migrated:
            portal.manage("migrate", "--no-input", "--verbosity=0")
        portal.manage("grant_rights")
        collect_static(portal.environment["STATIC_ROOT"])
        broker(portal).flushdb()
        try:
            portal.ask(LOAD)
            portal.start("web", processes.web(portal.port, up.free_hosts(portal.port)))
            portal.start_worker()
            wait_until(lambda: up.answers(portal.port), READY_SECONDS, lambda: last_lines(portal))
            yield portal
        finally:
            portal.stop()
            broker(portal).flushdb()


def new_portal(folder: Path, database: str) -> Portal:
    """Describe a portal on a free port, with files of its own."""
    places.make_folders()
    (folder / "files").mkdir()
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": dsn(settings.APP_DATABASE, database),
        "DATABASE_OWNER_URL": dsn(settings.OWNER_DATABASE, database),
        "REDIS_URL": redis_database(settings.REDIS_URL, BROKER_NUMBER),
        "MEDIA_ROOT": str(folder / "files"),
        "STATIC_ROOT": str(folder / "static"),
        "PORT": str(port),
        "ANTQ_ENV": "development",
        "DEBUG": "false",
    }
    environment.pop("ANTQ_LOGIN", None)  # each program chooses its own, as with make up
    return Portal(port, folder / "files", database, environment)


def collect_static(folder: str) -> None:
    """Collect the static files as production does, but do not spend ten seconds on compressing."""
    only_some = {"WHITENOISE_SKIP_COMPRESS_EXTENSIONS": ("woff2", "ttf", "js", "svg", "map", "txt")}
    storage = {"staticfiles": {"BACKEND": MANIFEST_STORAGE}}
    storages = settings.STORAGES | storage
    with override_settings(STATIC_ROOT=folder, STORAGES=storages, **only_some):
        call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def own_database(template: str) -> Iterator[str]:
    """Copy a database that is empty or only migrated, and drop the copy afterwards."""
    name = f"test_{settings.OWNER_DATABASE['NAME']}_portal"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    with closing(owner_connection()) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            drop_database(cursor, name)
            cursor.execute(create)
            try:
                yield name
            finally:
                drop_database(cursor, name)


def owner_connection(database: str | None = None) -> Any:
    """Connect with the owner's login."""
    return psycopg2.connect(dsn(settings.OWNER_DATABASE, database), connect_timeout=5)


def dsn(login: dict[str, Any], database: str | None = None) -> str:
    """Write the address of a database with a login."""
    user, password = (quote(str(login[key]), safe="") for key in ("USER", "PASSWORD"))
    port = f"&port={login['PORT']}" if login["PORT"] else ""
    host = quote(str(login["HOST"]), safe="/")
    who = f"{user}:{password}" if password else user
    return f"postgresql://{who}@/{database or login['NAME']}?host={host}{port}"


def broker(portal: Portal) -> Any:
    """Return the portal's own Redis database."""
    return redis.Redis.from_url(portal.environment["REDIS_URL"])


def redis_database(url: str, number: int) -> str:
    """Return the address of another numbered database of the same Redis."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(
    is_so: Callable[[], object], seconds: float, why: Callable[[], str] = lambda: ""
) -> None:
    """Ask again and again; fail with what `why` says when the time is over."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so after {seconds} s {why()}"
        time.sleep(0.1)


def last_lines(portal: Portal) -> str:
    """Return the end of the logs."""
    return "\n".join(tail(item.program.log) for item in portal.running.values())


def chromium_path() -> str:
    """Return the Chromium to drive; a missing one is an error, never a skipped test."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert found, "Chromium is missing. Debian: sudo apt-get install chromium; or set CHROMIUM."
    return found
