"""Reads the environment; each getter fails with a sentence that says how to put it right."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
RUN_DIR = BASE_DIR / "var" / "run"

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


class SettingsError(Exception):
    """A value of the environment is missing or unusable; the message says what to do."""


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or the content of the file named by NAME_FILE, or the default."""
    value = os.environ.get(name)
    if value is None and (file_name := os.environ.get(f"{name}_FILE")):
        value = _read_secret(name, Path(file_name))
    if value is None:
        value = default
    if value is None:
        msg = (
            f"The environment variable {name} is not set.\n"
            f"Set {name}, or set {name}_FILE to the path of a file that holds it.\n"
            "The file .env.example lists every variable with an example."
        )
        raise SettingsError(msg)
    return value


def boolean(name: str, default: bool) -> bool:
    """Return the variable as yes or no; anything but a known word is refused."""
    value = text(name, "true" if default else "false").strip().lower()
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    msg = f"{name} is {value!r}. Write one of: true, false, 1, 0, yes, no, on, off."
    raise SettingsError(msg)


def whole_number(name: str, default: int, *, least: int = 0) -> int:
    """Return the variable as a whole number not below `least`."""
    value = text(name, str(default)).strip()
    if not value.isascii() or not value.isdigit() or int(value) < least:
        msg = (
            f"{name} is {value!r}. Write a whole number of at least {least}, for example {default}."
        )
        raise SettingsError(msg)
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Return a comma separated variable as a list without empty parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """Return the variable if it is one of the allowed words."""
    value = text(name, default).strip().lower()
    if value not in allowed:
        msg = f"{name} is {value!r}. Write one of: {', '.join(allowed)}."
        raise SettingsError(msg)
    return value


def service_url(name: str, file_name: str) -> str | None:
    """Return the address of a server: the variable, else what the front door wrote in var/run."""
    value = text(name, "").strip()
    if value:
        return value
    path = RUN_DIR / file_name
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def database(url: str, *, name: str = "DATABASE_URL") -> dict[str, object]:
    """Turn postgresql://user:password@host:port/database?host=/socket into Django's settings."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        msg = (
            f"{name} is not the address of a PostgreSQL database.\n"
            "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE; percent-encode special signs "
            "in the password. PostgreSQL 15 or newer is the only database that is supported."
        )
        raise SettingsError(msg)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(query.get("port") or parts.port or ""),
        "OPTIONS": {key: value for key, value in query.items() if key.startswith("ssl")},
    }


def development_secret() -> str:
    """Return this clone's own random secret key: made on first use, readable by its owner only."""
    path = RUN_DIR / "secret"
    if path.is_file() and (value := path.read_text(encoding="utf-8").strip()):
        return value
    RUN_DIR.mkdir(parents=True, exist_ok=True)
    value = secrets.token_urlsafe(64)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(value + "\n")
    return value


def celery_broker(redis_url: str) -> str:
    """Write a Redis address the way Celery wants it: unix:///path becomes redis+socket:///path."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={number}"


def _read_secret(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        msg = (
            f"{name}_FILE names {path}, which cannot be read ({error.strerror}).\n"
            "Create the file, give this process the right to read it, or correct the path."
        )
        raise SettingsError(msg) from error
