"""PostgreSQL and Redis of this clone, shared by all who need them; the last one stops them."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from frontdoor import broker, logins, places, postgres


@contextmanager
def running_services() -> Iterator[None]:
    """Hold PostgreSQL and Redis up: start what is not running, stop it if nobody else uses it."""
    places.make_folders()
    users = _open_lock("users.lock")
    try:
        with _uninterrupted(), _exclusive("start.lock"):
            fcntl.flock(users, fcntl.LOCK_SH)
            _start()
        yield
    finally:
        with _uninterrupted(), _exclusive("start.lock"):
            if _is_last(users):
                _stop()
        users.close()


def embeds_database() -> bool:
    """Say whether the database is this clone's own server."""
    return not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))


def embeds_broker() -> bool:
    """Say whether the broker is this clone's own server."""
    return not (os.environ.get("REDIS_URL") or os.environ.get("REDIS_URL_FILE"))


def _start() -> None:
    if embeds_database():
        _start_database()
    if embeds_broker():
        if not broker.is_running():
            broker.start()
        places.write_secret(places.RUN_DIR / "redis.url", broker.url())


def _start_database() -> None:
    server = postgres.find_server()
    passwords, are_new = logins.load_passwords()
    has_data = server.data.is_dir()
    if are_new and has_data:
        if postgres.is_running(server):
            postgres.stop(server)
        postgres.set_admin_password(server, passwords.admin)
    if not postgres.is_running(server):
        postgres.start(server, passwords.admin)
    logins.prepare(server, passwords)
    logins.write_addresses(server, passwords)


def _stop() -> None:
    if embeds_broker():
        broker.stop()
    if embeds_database():
        server = postgres.find_server()
        if postgres.is_running(server):
            postgres.stop(server)


def _open_lock(name: str) -> IO[str]:
    return (places.RUN_DIR / name).open("a", encoding="ascii")


@contextmanager
def _exclusive(name: str) -> Iterator[None]:
    with _open_lock(name) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put INT and TERM off: a server that is half started or half stopped would be left behind."""
    noted: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _frame: noted.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for signal_number in noted:
            os.kill(os.getpid(), signal_number)


def _is_last(users: IO[str]) -> bool:
    """Say whether no other process holds the services; the start lock is held meanwhile."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
