"""Cut and continue dated rows so that what held before a day stays as it was."""

from __future__ import annotations

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from apps.units.models.dated import Dated


def cut_from(rows: QuerySet[Dated], on: date) -> date | None:
    """End the row that holds on a day and return where a row that replaces it must end.

    A row that starts on that very day gives way altogether. Where no row holds, the replacement
    ends where the next one starts.
    """
    current = rows.filter(valid__contains=on).first()
    if current is None:
        later = rows.filter(valid__startswith__gt=on).order_by("valid").first()
        return later.valid_from if later else None
    until = current.valid_to
    if current.valid_from == on:
        current.delete()
    else:
        current.valid = DateRange(current.valid_from, on)
        current.save(update_fields=["valid"])
    return until


def end_all(rows: QuerySet[Dated], on: date) -> int:
    """End every row that reaches beyond a day and drop those that start on it or later."""
    rows.filter(valid__startswith__gte=on).delete()
    ended = 0
    for row in rows.filter(valid__contains=on):
        row.valid = DateRange(row.valid_from, on)
        row.save(update_fields=["valid"])
        ended += 1
    return ended
