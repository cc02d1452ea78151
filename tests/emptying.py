"""Empty the test database after a test that commits.

Django truncates every one of a hundred tables, which takes a second or more, and then writes all
content types and permissions anew. Here only the tables that have rows are emptied.
"""

from __future__ import annotations

from functools import cache

from django.db import connection, transaction

# Written once, when the database is made; no test changes them.
LASTING = frozenset({"django_content_type", "auth_permission"})
GUARDED = """
SELECT DISTINCT relation.relname FROM pg_trigger
JOIN pg_class relation ON relation.oid = pg_trigger.tgrelid
WHERE NOT pg_trigger.tgisinternal
"""


def empty_tables() -> None:
    """Delete all rows but the lasting ones, also from tables that refuse it to everybody else."""
    with transaction.atomic(), connection.cursor() as cursor:
        # A page that is still being written would otherwise leave its rows behind.
        cursor.execute(f"LOCK TABLE {', '.join(_tables())} IN SHARE ROW EXCLUSIVE MODE")
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in _tables())
        cursor.execute(" UNION ALL ".join(asked))
        filled = {name for (name,) in cursor.fetchall()}
        cursor.execute(GUARDED)
        guarded = filled & {name for (name,) in cursor.fetchall()}
        for name in guarded:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        for name in filled:
            cursor.execute(f"DELETE FROM {name}")
        # PostgreSQL changes no table whose foreign keys are still to be checked.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in guarded:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


@cache
def _tables() -> tuple[str, ...]:
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return tuple(sorted(set(found) - LASTING))
