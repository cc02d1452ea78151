"""A database of its own for benchmarks: made anew, with the reference data, then dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

DATABASE_NAME = "antq_bench"


def _execute_outside(sql: str) -> None:
    login = settings.OWNER_DATABASE
    outside = psycopg2.connect(
        dbname="postgres",
        user=login["USER"],
        password=login["PASSWORD"] or None,
        host=login["HOST"] or None,
        port=login["PORT"] or None,
    )
    outside.autocommit = True
    with outside.cursor() as cursor:
        cursor.execute(sql)
    outside.close()


@contextmanager
def bench_database() -> Iterator[None]:
    """Point Django at a fresh database with the owner's login, and drop it at the end."""
    drop = f'DROP DATABASE IF EXISTS "{DATABASE_NAME}" WITH (FORCE)'
    _execute_outside(drop)
    _execute_outside(f'CREATE DATABASE "{DATABASE_NAME}"')
    database = connections["default"].settings_dict
    before = dict(database)
    connections.close_all()
    database.update(settings.OWNER_DATABASE)
    database["NAME"] = DATABASE_NAME
    database["OPTIONS"] = {"options": "-c jit=off -c statement_timeout=0"}
    try:
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        yield
    finally:
        connection.close()
        database.update(before)
        _execute_outside(drop)
