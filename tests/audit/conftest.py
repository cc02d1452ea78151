"""What the audit's tests share: the app login, an anchor folder, a way to tamper."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.db import connection
from psycopg2 import extensions

from apps.audit.models import AuditEntry
from apps.audit.services import grant_table_rights, seal_entries

APP_ROLE = "antq_app"
CREATE_ROLE = f"""
DO $body$ BEGIN
    CREATE ROLE {APP_ROLE} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $body$
"""


@pytest.fixture(autouse=True)
def anchor_folder(tmp_path: Path, settings: Any) -> Path:
    """Keep anchors out of var/."""
    settings.AUDIT_ANCHOR_DIR = tmp_path / "anchors"
    return tmp_path / "anchors"


def has_app_login() -> bool:
    """Tell whether the server under test has an app login that the front door made."""
    app, owner = django_settings.APP_DATABASE, django_settings.OWNER_DATABASE
    here = (app["HOST"], app["PORT"]) == (owner["HOST"], owner["PORT"])
    return here and app["USER"] not in {"", owner["USER"]}


@pytest.fixture
def app_role(transactional_db: None) -> str:
    """Name the app login, with its rights granted in this test's database.

    The front door has made it; where one plain server is used it is made here, once for all
    parallel test databases (trap 12: no ALTER, and a lost race is not an error).
    """
    role = str(django_settings.APP_DATABASE["USER"]) if has_app_login() else APP_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(CREATE_ROLE)
    assert grant_table_rights(role=role) > 0
    return role


@pytest.fixture
def app_connection(app_role: str, app_dsn: str, owner_dsn: str) -> Iterator[extensions.connection]:
    """Open a connection that may do what the web and the worker may do."""
    opened = psycopg2.connect(app_dsn if has_app_login() else owner_dsn)
    opened.autocommit = True
    with opened.cursor() as cursor:
        cursor.execute(f"SET ROLE {app_role}")
    yield opened
    opened.close()


@pytest.fixture
def as_app(app_role: str) -> Iterator[str]:
    """Run Django's own connection with the app login's rights."""
    login, owner = django_settings.APP_DATABASE, dict(connection.settings_dict)
    connection.close()
    if has_app_login():
        connection.settings_dict.update(USER=app_role, PASSWORD=login["PASSWORD"])
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {app_role}")
    yield app_role
    connection.close()
    connection.settings_dict.update(USER=owner["USER"], PASSWORD=owner["PASSWORD"])


@pytest.fixture
def tamper(transactional_db: None) -> Callable[[str], None]:
    """Run a statement as an owner would who first disables the guard."""

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            for table in ("audit_auditentry", "audit_auditseal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change")
            cursor.execute(statement)
            for table in ("audit_auditentry", "audit_auditseal"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_change")

    return run


@pytest.fixture
def seal_all(transactional_db: None, at: datetime) -> Callable[[], int]:
    """Seal until nothing waits: other databases' transactions on the server delay sealing."""

    def run() -> int:
        sealed, limit = 0, monotonic() + 120
        while AuditEntry.objects.unsealed().exists() and monotonic() < limit:
            done = seal_entries(at=at)
            sealed += done
            if not done:
                sleep(0.05)
        return sealed

    return run
