"""Ask the registers: figures by unit, a common total, the records behind a figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.urls import reverse

from apps.core.prepared import Prepared
from apps.indicators.figures import Joint, Key, Record, RegisterFigure
from apps.indicators.rules import Qualifier
from apps.programs.figures.statement import (
    Branch,
    Measure,
    figures_by_unit,
    figures_of_one_unit,
    figures_together,
    records_behind,
)

Window = tuple[date, date]
Row = tuple[int, int, int | None, str, str, bool, list[int | None] | None]
Parameters = dict[str, str | int | date | list[int] | list[str]]

QUALIFIERS = tuple(
    q.value for q in (Qualifier.EXACT, Qualifier.OVER, Qualifier.NEARLY, Qualifier.ABOUT)
)


def answer(
    branches: Iterable[Branch], codes: Collection[str], unit_ids: Collection[int], window: Window
) -> dict[Key, RegisterFigure]:
    """Return the figures of each unit with the joint records in them: one statement."""
    if len(unit_ids) == 1:
        asked, statement = _of_one_unit(tuple(branches), frozenset(codes))
        rows = statement.rows(_parameters(codes, unit_ids, window)) if statement else []
        return _figures(asked, rows)
    asked = _asked(branches, codes)
    if not asked or not unit_ids:
        return {}
    rows = _fetch(figures_by_unit(asked), _parameters(codes, unit_ids, window))
    return _figures(asked, rows)


def total(
    branches: Iterable[Branch], codes: Collection[str], unit_ids: Collection[int], window: Window
) -> dict[tuple[str, str], RegisterFigure]:
    """Return the figures of several units as one whole, each record once: one statement."""
    asked = _asked(branches, codes)
    if not asked or not unit_ids:
        return {}
    rows = _fetch(figures_together(asked), _parameters(codes, unit_ids, window))
    return {(code, part): figure for (code, _, part), figure in _figures(asked, rows).items()}


def list_records(
    branches: Iterable[Branch], key: tuple[str, str], unit_ids: Collection[int], window: Window
) -> list[Record]:
    """Return the records behind one figure (code and breakdown) of these units: one statement."""
    code, breakdown = key
    for branch in branches:
        measure = branch.measure_of(code, breakdown)
        if measure is not None and unit_ids:
            parameters = _parameters([code], unit_ids, window) | {
                "code": code,
                "breakdown": breakdown,
            }
            rows = _fetch(records_behind(branch, measure), parameters)
            return [_record(row) for row in rows]
    return []


def _asked(branches: Iterable[Branch], codes: Collection[str]) -> list[Branch]:
    return [asked for branch in branches if (asked := branch.measured(codes)).measures]


def _parameters(codes: Collection[str], unit_ids: Collection[int], window: Window) -> Parameters:
    start, end = window
    last = end - timedelta(days=1)
    return {
        "codes": list(codes),
        "units": list(unit_ids),
        "start": start,
        "end": end,
        "day": last,
        "year": last.year,
    }


def _fetch(statement: str, parameters: Parameters) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


TYPES = {
    "codes": "text[]", "units": "bigint[]", "start": "date", "end": "date", "day": "date",
    "year": "int",
}  # fmt: skip


@lru_cache(maxsize=64)
def _of_one_unit(
    branches: tuple[Branch, ...], codes: frozenset[str]
) -> tuple[list[Branch], Prepared | None]:
    """Return the branches asked, and the statement that every report of one form asks.

    Most of its time would be planning. For many units the plan depends on how many there are.
    """
    asked = _asked(branches, codes)
    return asked, Prepared(figures_of_one_unit(asked), TYPES) if asked else None


def _record(row: tuple[int, str, list[int], date | None, int, str | None, int | None]) -> Record:
    record_id, title, unit_ids, happened_on, value, page, page_id = row
    url = reverse(page, kwargs={"pk": page_id} if page_id else None) if page else ""
    return Record(record_id, title, tuple(unit_ids), happened_on, Decimal(value), url)


def _places(measures: Sequence[Measure]) -> list[tuple[str, str, int, bool]]:
    """Return code, breakdown, place among the values, and whether a qualifier follows."""
    found, place = [], 0
    for measure in measures:
        found.append((measure.code, measure.breakdown, place, bool(measure.doubt)))
        place += len(measure.columns)
    return found


def _figures(branches: Sequence[Branch], rows: Sequence[Row]) -> dict[Key, RegisterFigure]:
    """Make figures of rows; equal ones are one object, as most of a province's are 0."""
    places = [_places(branch.measures) for branch in branches]
    joint = _joint(places, rows)
    made: dict[tuple[int, int], RegisterFigure] = {}
    figures: dict[Key, RegisterFigure] = {}
    for number, root_id, record_id, row_code, row_part, is_known, values in rows:
        if record_id is not None:
            continue
        for code, part, place, has_doubt in places[number]:
            value = values[place] if values else 0
            if value is None or (not value and not is_known):
                continue
            doubt = values[place + 1] if values and has_doubt else 0
            same = (value, doubt or 0)
            figure = made.get(same)
            if figure is None:
                figure = made[same] = RegisterFigure(Decimal(value), QUALIFIERS[same[1]])
            key = (code or row_code, root_id, part or row_part)
            if key in joint:
                figure = RegisterFigure(figure.value, figure.qualifier, tuple(joint[key]))
            figures[key] = figure
    return figures


def _joint(
    places: Sequence[Sequence[tuple[str, str, int, bool]]], rows: Sequence[Row]
) -> dict[Key, list[Joint]]:
    found: dict[Key, list[Joint]] = {}
    for number, root_id, record_id, row_code, row_part, _, values in rows:
        if record_id is None or values is None:
            continue
        for code, part, place, _has_doubt in places[number]:
            if value := values[place]:
                key = (code or row_code, root_id, part or row_part)
                found.setdefault(key, []).append(Joint(record_id, Decimal(value)))
    return found
