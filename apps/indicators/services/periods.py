"""Open the periods of a calendar's year."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.indicators.models import Calendar, Period
from apps.indicators.rules import kinds_of, numbers, period_label, window


class CalendarHasNoRule(DomainError):
    """The calendar was made by hand, so its periods are too."""


@transaction.atomic
def open_periods(*, calendar: Calendar, year: int, by: User | None, at: datetime) -> list[Period]:
    """Create the periods of a year that are not there yet; windows set by hand are left alone."""
    if not kinds_of(calendar.code):
        raise CalendarHasNoRule(
            f"Lịch “{calendar.name}” không có quy tắc tính kỳ. Hãy thêm từng kỳ bằng tay."
        )
    known = set(calendar.periods.filter(year=year).values_list("kind", "number"))
    periods = [
        _make_period(calendar, kind, year, number)
        for kind in kinds_of(calendar.code)
        for number in numbers(kind, year)
        if (kind, number) not in known
    ]
    # Another process may open the same year at the same moment: its rows win.
    Period.objects.bulk_create(periods, ignore_conflicts=True)
    if not periods:
        return []
    detail = {"year": year, "count": len(periods)}
    record_action(action="indicators.periods_opened", by=by, at=at, target=calendar, detail=detail)
    fresh = calendar.periods.filter(year=year).order_by("kind", "number", "pk")
    return [period for period in fresh if (period.kind, period.number) not in known]


def _make_period(calendar: Calendar, kind: str, year: int, number: int) -> Period:
    start, end = window(calendar.code, kind, year, number)
    return Period(
        calendar=calendar,
        kind=kind,
        year=year,
        number=number,
        start=start,
        end=end,
        label=period_label(kind, year, number),
    )
