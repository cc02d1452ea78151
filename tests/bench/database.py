"""A database of its own for benchmarks: made anew, with the reference data, then dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from tests.dropping import drop_database

DATABASE_NAME = "antq_bench"


def make_anew(name: str, template: str = "template1") -> None:
    """Make a database, a copy of another one, in the place of one of that name."""
    with _outside() as cursor:
        drop_database(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop(name: str) -> None:
    """Drop a database that a bench has made."""
    with _outside() as cursor:
        drop_database(cursor, name)


@contextmanager
def _outside() -> Iterator[Any]:
    """Open a connection for statements that no transaction may hold."""
    login = settings.OWNER_DATABASE
    outside = psycopg2.connect(
        dbname="postgres",
        user=login["USER"],
        password=login["PASSWORD"] or None,
        host=login["HOST"] or None,
        port=login["PORT"] or None,
    )
    outside.autocommit = True
    with closing(outside), outside.cursor() as cursor:
        yield cursor


@contextmanager
def bench_database() -> Iterator[None]:
    """Point Django at a fresh database with the owner's login, and drop it at the end."""
    make_anew(DATABASE_NAME)
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
        drop(DATABASE_NAME)
