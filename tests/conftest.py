"""The house of all tests: real PostgreSQL, private files, fast passwords, no network, a clock."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from antq_portal.celery import app as celery_app
from antq_portal.env import celery_broker
from tests.emptying import empty_tables
from tests.groups import GroupedByFile
from tests.portal import portal, redis_database

__all__ = ["portal"]

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
REDIS_DATABASES = 16


def pytest_configure(config: pytest.Config) -> None:
    """Make the process fit for tests: fast hasher, plain static files, a broker of its own."""
    number = _worker_number(config)
    settings.STATIC_ROOT = _empty_static_folder()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.REDIS_URL = redis_database(settings.REDIS_URL, 1 + number % (REDIS_DATABASES - 1))
    settings.CELERY_BROKER_URL = celery_broker(settings.REDIS_URL)
    celery_app.conf.update(broker_url=settings.CELERY_BROKER_URL)
    TransactionTestCase._fixture_teardown = lambda _case: empty_tables()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupedByFile:
    """Keep the tests of one group in one process."""
    return GroupedByFile(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let tests use the owner's login: they create databases and lift guards."""
    database = connections["default"].settings_dict
    test_names = database["TEST"]
    database.update(settings.OWNER_DATABASE)
    database["TEST"] = test_names
    database["OPTIONS"] = {
        "connect_timeout": 3,
        "options": "-c jit=off -c lock_timeout=10s -c synchronous_commit=off",
    }


@pytest.fixture(scope="session")
def owner_dsn(django_db_setup: None) -> str:
    """Return the address of this process' test database with the owner's login."""
    database = connections["default"].settings_dict
    return _dsn(database, settings.OWNER_DATABASE)


@pytest.fixture(scope="session")
def app_dsn(django_db_setup: None) -> str:
    """Return the address of this process' test database with the app's login."""
    return _dsn(connections["default"].settings_dict, settings.APP_DATABASE)


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Return the address of this process' own Redis database."""
    return str(settings.REDIS_URL)


@pytest.fixture(autouse=True)
def private_files(tmp_path: Path, settings: Any) -> Path:
    """Give each test an empty MEDIA_ROOT of its own."""
    folder = tmp_path / "files"
    folder.mkdir()
    settings.MEDIA_ROOT = str(folder)
    return folder


@pytest.fixture
def at() -> datetime:
    """Return a fixed moment to pass to services: 9 o'clock on Wednesday 18 November 2026."""
    return datetime(2026, 11, 18, 9, 0, tzinfo=HANOI)


@pytest.fixture
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    """Stop the clock at `at`; move it with clock.shift(seconds) or clock.move_to(moment)."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def moment() -> Callable[..., datetime]:
    """Make a moment in Vietnamese time: moment(2026, 3, 31, 23, 59, 59)."""

    def make(*parts: int) -> datetime:
        year, month, day, *rest = parts
        return datetime(year, month, day, *rest, tzinfo=HANOI)  # type: ignore[misc]

    return make


def _empty_static_folder() -> str:
    """Make a folder for WhiteNoise: it looks at every file there for each new test client."""
    folder = settings.BASE_DIR / "var" / "test-static"
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _worker_number(config: pytest.Config) -> int:
    name = getattr(config, "workerinput", {}).get("workerid", "gw0")
    return int(name.removeprefix("gw"))


def _dsn(database: dict[str, Any], login: dict[str, Any]) -> str:
    user, password = quote(str(login["USER"]), safe=""), quote(str(login["PASSWORD"]), safe="")
    port = f"&port={login['PORT']}" if login["PORT"] else ""
    host = quote(str(login["HOST"]), safe="/")
    return f"postgresql://{user}:{password}@/{database['NAME']}?host={host}{port}"
