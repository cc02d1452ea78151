"""From an empty database to a portal: each step once, and again when its input changed."""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg2

from frontdoor import places
from frontdoor.console import Stop, say

DEMO_PENDING = places.STAMP_DIR / "demo.pending"


def prepare_portal() -> None:
    """Bring schema, reference data, demonstration province and static files up to date."""
    commands = known_commands()
    database = _identify_database()
    requirements = places.BASE_DIR / "requirements.txt"
    migrations = places.BASE_DIR.glob("apps/*/migrations/*.py")
    _once("migrate", [*migrations, requirements], database, "--no-input", "--verbosity=0")
    if "grant_rights" in commands:
        _once("grant_rights", _files("apps", "*.py"), database)
    if "load_reference" in commands:
        sources = [*_files("reference", "*"), *_files("apps", "*.py")]
        _once("load_reference", sources, database)
    _load_demo_once(commands)
    static = [*_files("static", "*"), requirements]
    _once("collectstatic", static, "", "--no-input", "--clear", "--verbosity=0")


def known_commands() -> frozenset[str]:
    """Return the names of the management commands of our own apps."""
    return frozenset(path.stem for path in places.BASE_DIR.glob("apps/*/management/commands/*.py"))


def manage(*arguments: str) -> str:
    """Run one management command and return what it printed."""
    done = subprocess.run(
        [str(places.PYTHON), "manage.py", *arguments],
        cwd=places.BASE_DIR,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    if done.returncode:
        msg = f"{done.stdout}\nmanage.py {' '.join(arguments)} failed; the lines above say why."
        raise Stop(msg)
    return done.stdout


def _load_demo_once(commands: frozenset[str]) -> None:
    """Load the demonstration province into a database that began empty; never in production."""
    wanted = os.environ.get("ANTQ_DEMO") != "0" and os.environ.get("ANTQ_ENV") != "production"
    if not DEMO_PENDING.is_file() or "load_demo" not in commands:
        return
    if wanted:
        say("Loading the demonstration province (once) …")
        manage("load_demo")
    DEMO_PENDING.unlink()


def _once(command: str, sources: Iterable[Path], database: str, *options: str) -> None:
    """Run a management command unless it already ran on the same files and the same database."""
    stamp = places.STAMP_DIR / command
    wanted = _fingerprint(sources, database)
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    say(f"manage.py {command} …")
    manage(command, *options)
    stamp.write_text(wanted, encoding="ascii")


def _fingerprint(sources: Iterable[Path], database: str) -> str:
    digest = hashlib.sha256(database.encode())
    for path in sorted(sources):
        digest.update(str(path.relative_to(places.BASE_DIR)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: str, pattern: str) -> Iterator[Path]:
    """Yield the files below a folder, without compiled ones."""
    for path in (places.BASE_DIR / folder).rglob(pattern):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _identify_database() -> str:
    """Return what tells this database from another; note on the way that it is empty."""
    try:
        connection = psycopg2.connect(_owner_address(), connect_timeout=10)
    except psycopg2.OperationalError as error:
        msg = f"The database does not answer: {error}\nCheck DATABASE_URL and DATABASE_OWNER_URL."
        raise Stop(msg) from error
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT oid || '/' || datname, to_regclass('django_migrations') IS NULL"
                " FROM pg_database WHERE datname = current_database()"
            )
            name, is_empty = cursor.fetchone() or ("", False)
        if is_empty:
            DEMO_PENDING.touch()
        return f"{name}@{connection.info.host}:{connection.info.port}"
    finally:
        connection.close()


def _owner_address() -> str:
    for name in ("DATABASE_OWNER_URL", "DATABASE_URL"):
        if value := os.environ.get(name):
            return value
        if path := os.environ.get(f"{name}_FILE"):
            return Path(path).read_text(encoding="utf-8").strip()
    return (places.RUN_DIR / "database_owner.url").read_text(encoding="utf-8").strip()
