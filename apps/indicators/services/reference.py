"""Load the reference tables: what is missing is added, and on demand the rest is set right.

What people changed in the Django admin stays as they left it, unless the loading is told to
overwrite. Nothing is ever deleted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import models, transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.indicators.models import (
    Breakdown,
    Calendar,
    DeadlineCascade,
    DeadlineStep,
    Holiday,
    Indicator,
    IndicatorAsk,
    IndicatorKind,
    Section,
    SubsetRule,
)
from apps.indicators.rules import parse_ratio

Row = Mapping[str, str]
M = TypeVar("M", bound=models.Model)

YES_OR_NO = {"yes": True, "no": False}
AS_THE_NUMERATOR = "numerator"
LEVELS = range(1, 5)


class ReferenceUnreadable(DomainError):
    """A reference file says something that the portal cannot read."""


@dataclass(frozen=True, slots=True)
class CatalogueRows:
    """The rows of the files that make the catalogue."""

    sections: Sequence[Row]
    indicators: Sequence[Row]
    breakdowns: Sequence[Row]
    subset_rules: Sequence[Row]


@transaction.atomic
def load_catalogue(
    *, rows: CatalogueRows, by: User | None, at: datetime, overwrite: bool = False
) -> int:
    """Add sections, indicators with who is asked and their parts, and hard rules."""
    added = _put([_section(row) for row in rows.sections], ("code",), overwrite)
    sections = {section.code: section for section in Section.objects.all()}
    indicators = [
        _indicator(row, sections[row["section"]], order)
        for order, row in enumerate(rows.indicators, 1)
    ]
    added += _put(indicators, ("code",), overwrite)
    by_code = {indicator.code: indicator for indicator in Indicator.objects.all()}
    added += _put(list(_asks(rows.indicators, by_code)), ("indicator", "asked_of", "period_kind"))
    parts = [_breakdown(row, by_code) for row in rows.breakdowns]
    added += _put(parts, ("indicator", "code"), overwrite)
    subsets = [_subset_rule(row, by_code) for row in rows.subset_rules]
    added += _put(subsets, ("smaller", "larger"), overwrite)
    _note("indicators.catalogue_loaded", added, overwrite, by, at)
    return added


@transaction.atomic
def load_calendars(
    *, rows: Sequence[Row], by: User | None, at: datetime, overwrite: bool = False
) -> int:
    """Add the reporting calendars; a calendar has one row for each kind of period."""
    calendars = {
        row["calendar"]: Calendar(
            code=row["calendar"],
            name=row["name"],
            source=row["source"],
            is_verified=_flag(row["is_verified"]),
        )
        for row in rows
    }
    added = _put(list(calendars.values()), ("code",), overwrite)
    _note("indicators.calendars_loaded", added, overwrite, by, at)
    return added


@transaction.atomic
def load_cascades(
    *, rows: Sequence[Row], by: User | None, at: datetime, overwrite: bool = False
) -> int:
    """Add the rules of due dates with their levels."""
    added = _put([_cascade(row) for row in rows], ("code",), overwrite)
    by_code = {cascade.code: cascade for cascade in DeadlineCascade.objects.all()}
    steps = [
        DeadlineStep(cascade=by_code[row["code"]], level=level, rule=row[f"level_{level}"])
        for row in rows
        for level in LEVELS
        if row[f"level_{level}"]
    ]
    added += _put(steps, ("cascade", "level"), overwrite)
    _note("indicators.cascades_loaded", added, overwrite, by, at)
    return added


@transaction.atomic
def load_holidays(
    *, rows: Sequence[Row], by: User | None, at: datetime, overwrite: bool = False
) -> int:
    """Add public holidays and the weekend days worked to make up for them."""
    holidays = [
        Holiday(
            on=date.fromisoformat(row["on"]),
            name=row["name"],
            is_working=_flag(row["is_working"]),
            is_verified=_flag(row["is_verified"]),
        )
        for row in rows
    ]
    added = _put(holidays, ("on",), overwrite)
    _note("indicators.holidays_loaded", added, overwrite, by, at)
    return added


def _put(rows: Sequence[M], key: tuple[str, ...], overwrite: bool = False) -> int:
    """Insert the rows whose key is new and, when told to, set the others to what the file says."""
    if not rows:
        return 0
    model = type(rows[0])
    manager = model._default_manager
    before = manager.count()
    rest = [
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in key
    ]
    if overwrite and rest:
        manager.bulk_create(rows, update_conflicts=True, unique_fields=key, update_fields=rest)
    else:
        manager.bulk_create(rows, ignore_conflicts=True)
    return manager.count() - before


def _note(action: str, added: int, overwrite: bool, by: User | None, at: datetime) -> None:
    if added or overwrite:
        record_action(action=action, by=by, at=at, detail={"added": added, "overwrite": overwrite})


def _flag(text: str) -> bool:
    if text not in YES_OR_NO:
        raise ReferenceUnreadable(f"“{text}” không phải là yes hoặc no.")
    return YES_OR_NO[text]


def _section(row: Row) -> Section:
    return Section(code=row["code"], name=row["name"], order=int(row["order"]))


def _indicator(row: Row, section: Section, order: int) -> Indicator:
    return Indicator(
        code=row["code"],
        section=section,
        name=row["name"],
        measure_unit=row["measure_unit"],
        decimals=int(row["decimals"]),
        kind=IndicatorKind(row["kind"]),
        numerator=row["numerator"],
        denominator=row["denominator"],
        rule_text=row["rule_text"],
        source_register=row["source_register"],
        is_default_on=_flag(row["is_default_on"]),
        total_of_breakdowns=_flag(row["total_of_breakdowns"]),
        evidence=row["evidence"],
        is_verified=_flag(row["is_verified"]),
        mark=row["mark"],
        order=order,
    )


def _asks(rows: Sequence[Row], by_code: Mapping[str, Indicator]) -> Iterable[IndicatorAsk]:
    """Say who is asked for each row; a rate goes wherever its numerator is asked."""
    rows_by_code = {row["code"]: row for row in rows}
    for row in rows:
        if row["asked_of"] == AS_THE_NUMERATOR:
            sources = [rows_by_code[code] for code in parse_ratio(row["numerator"])]
        else:
            sources = [row]
        pairs = {
            (asked_of, kind)
            for source in sources
            for asked_of in source["asked_of"].split()
            for kind in source["asked_when"].split()
        }
        for asked_of, kind in sorted(pairs):
            yield IndicatorAsk(indicator=by_code[row["code"]], asked_of=asked_of, period_kind=kind)


def _breakdown(row: Row, by_code: Mapping[str, Indicator]) -> Breakdown:
    return Breakdown(
        indicator=by_code[row["indicator"]],
        code=row["code"],
        name=row["name"],
        order=int(row["order"]),
        is_verified=_flag(row["is_verified"]),
    )


def _subset_rule(row: Row, by_code: Mapping[str, Indicator]) -> SubsetRule:
    return SubsetRule(
        smaller=by_code[row["smaller"]],
        larger=by_code[row["larger"]],
        per_breakdown=_flag(row["per_breakdown"]),
        message=row["message"],
    )


def _cascade(row: Row) -> DeadlineCascade:
    return DeadlineCascade(
        code=row["code"],
        name=row["name"],
        comparison=row["comparison"],
        meaning=row["meaning"],
        source=row["source"],
        is_verified=_flag(row["is_verified"]),
    )
