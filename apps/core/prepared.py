"""Statements that a connection plans once: for those asked so often that planning is their cost."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

# What each connection has prepared. A prepared statement outlives a transaction, rolled back too.
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Prepared:
    """An SQL statement with %(named)s values of known types, planned once a connection.

    It selects columns by name: with a star, a column more would spoil the plan that is kept.
    """

    def __init__(self, sql: str, types: Mapping[str, str]) -> None:
        """Take the statement and the PostgreSQL type of each value."""
        self._name = f"s_{sha256(sql.encode()).hexdigest()[:24]}"
        numbered = sql % {name: f"${n}" for n, name in enumerate(types, start=1)}
        kinds = f" ({', '.join(types.values())})" if types else ""
        self._prepare = f"PREPARE {self._name}{kinds} AS {numbered}"
        values = ", ".join(f"%({name})s::{kind}" for name, kind in types.items())
        self._call = f"EXECUTE {self._name}" + (f" ({values})" if types else "")

    def rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of one execution."""
        connection.ensure_connection()
        known = _prepared.setdefault(connection.connection, set())
        if self._name not in known:
            # Not through Django's cursor: it is no question to the database that a page counts.
            with connection.connection.cursor() as plain:
                plain.execute(self._prepare)
            known.add(self._name)
        with connection.cursor() as cursor:
            cursor.execute(self._call, values)
            return list(cursor.fetchall())
