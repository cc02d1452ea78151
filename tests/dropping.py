"""Drop a database for good, also while PostgreSQL itself is tidying it up."""

from __future__ import annotations

from typing import Any

from psycopg2 import sql


def drop_database(cursor: Any, name: str) -> None:
    """Drop a database if it is there; own sessions in it are ended.

    Not WITH (FORCE): that may not end a worker of autovacuum, which belongs to the superuser, and
    gives up; the plain statement asks such a worker to go and waits for it.
    """
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
        [name],
    )
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
