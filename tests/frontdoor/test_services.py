"""PostgreSQL and Redis of a scratch clone: private, shared, kept, and gone after the last user."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from frontdoor import places, services

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("frontdoor")]
OUTER = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CMD")


@pytest.fixture(scope="module")
def clone() -> Iterator[Path]:
    """Return a clone that all tests of a running server share."""
    with scratch_clone() as folder:
        yield folder


@contextmanager
def scratch_clone() -> Iterator[Path]:
    """Make a clone with nothing but the front door; PostgreSQL's account must be able to enter."""
    folder = Path(tempfile.mkdtemp(prefix="antq-door-"))
    folder.chmod(0o755)
    shutil.copytree(places.BASE_DIR / "frontdoor", folder / "frontdoor")
    (folder / ".venv").symlink_to(places.BASE_DIR / ".venv")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def keeper(clone: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold the clone's services up as a `make services` in another window would."""
    process = door(clone)
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    assert any("PostgreSQL and Redis are up" in line for line in lines)
    yield process
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    process.stdout.close()
    assert servers_of(clone) == []


def door(clone: Path, command: str = "") -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in OUTER}
    return subprocess.Popen(
        [sys.executable, "-m", "frontdoor", "services"],
        cwd=clone,
        env=environment | {"CMD": command, "PYTHONPATH": str(clone)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def address(clone: Path, name: str) -> str:
    return (clone / "var" / "run" / name).read_text(encoding="utf-8").strip()


def servers_of(clone: Path) -> list[str]:
    """Return the server processes that name the clone's folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "name"]):
        line = " ".join(process.info["cmdline"] or ())
        if str(clone) in line and process.info["name"] in {"postgres", "redis-server"}:
            found.append(line)
    return found


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
            return row[0] if row else None
    finally:
        connection.rollback()
        connection.close()


def test_logins_have_their_places(clone: Path, keeper: object) -> None:
    rights = (
        "SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname=current_user"
    )

    for name, login in (("database.url", "antq_app"), ("database_owner.url", "antq_owner")):
        assert ask(address(clone, name), "SELECT current_user") == login
        assert ask(address(clone, name), rights) is False


def test_app_login_works_on_what_the_owner_makes_and_makes_nothing(
    clone: Path, keeper: object
) -> None:
    owner = psycopg2.connect(address(clone, "database_owner.url"))
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("CREATE TABLE notes (id bigserial PRIMARY KEY, body text)")
    app = psycopg2.connect(address(clone, "database.url"))
    app.autocommit = True
    with app.cursor() as cursor:
        cursor.execute("INSERT INTO notes (body) VALUES ('một') RETURNING id")
        cursor.execute("UPDATE notes SET body = 'hai'")
        for refused in ("CREATE TABLE others (id int)", "TRUNCATE notes", "DROP TABLE notes"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(refused)
    app.close()
    owner.close()


def test_password_is_asked_for(clone: Path, keeper: object) -> None:
    url = address(clone, "database.url")
    user, rest = url.split("@", 1)

    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(f"{user.rsplit(':', 1)[0]}:wrong@{rest}")


def test_server_speaks_utf8_the_same_everywhere_and_listens_to_no_network(
    clone: Path, keeper: object
) -> None:
    url = address(clone, "database.url")
    provider = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname='antq'"

    assert ask(url, provider) == "bC.UTF-8"
    assert ask(url, "SELECT current_setting('server_encoding')") == "UTF8"
    assert ask(url, "SELECT current_setting('listen_addresses')") == ""
    assert ask(url, "SELECT lower('ĐỒNG THÁP')") == "đồng tháp"


def test_redis_keeps_what_it_was_told(clone: Path, keeper: object) -> None:
    client = redis.Redis.from_url(address(clone, "redis.url"))

    assert client.config_get("appendonly") == {"appendonly": "yes"}
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client.config_get("port") == {"port": "0"}
    client.close()


def test_second_user_shares_and_leaves_the_servers_running(
    clone: Path, keeper: subprocess.Popen[str]
) -> None:
    before = servers_of(clone)

    second = door(clone, "cat var/run/redis.url; exit 7")
    output, _ = second.communicate(timeout=60)

    assert second.returncode == 7
    assert "redis.sock" in output
    assert len(before) == 2
    assert servers_of(clone) == before


def test_lost_passwords_are_made_anew(clone: Path, keeper: subprocess.Popen[str]) -> None:
    shutil.copy(clone / "var/run/passwords.json", clone / "passwords.kept")
    (clone / "var/run/passwords.json").unlink()

    again = door(clone, "true")
    output, _ = again.communicate(timeout=60)

    assert again.returncode == 0, output
    assert ask(address(clone, "database.url"), "SELECT 1") == 1


@pytest.mark.parametrize(
    ("name", "embeds"),
    [("DATABASE_URL", services.embeds_database), ("REDIS_URL", services.embeds_broker)],
)
def test_given_server_is_used_instead(
    monkeypatch: pytest.MonkeyPatch, name: str, embeds: object
) -> None:
    assert callable(embeds)
    monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv(f"{name}_FILE", raising=False)
    assert embeds()
    monkeypatch.setenv(name, "given")
    assert not embeds()


@pytest.mark.parametrize(("command", "seconds"), [("", 0.3), ("sleep 30", 0.9)])
def test_stop_in_the_middle_of_the_start_leaves_nothing(command: str, seconds: float) -> None:
    with scratch_clone() as folder:
        process = door(folder, command)
        time.sleep(seconds)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)

        assert servers_of(folder) == []
