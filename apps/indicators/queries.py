"""What a kind of body is asked for, and the periods that one is compared with."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from apps.indicators.models import Indicator, Period
from apps.indicators.rules import previous, same_last_year


def catalogue(asked_of: str, period_kind: str, on: date | None = None) -> QuerySet[Indicator]:
    """List what a kind of body is asked for in a kind of period, in the order of reports.

    Rates are listed beside their numerators; nobody types them. Indicators that the owner's
    security officer has not cleared are left out.
    """
    rows = Indicator.objects.cleared().asked(asked_of, period_kind)
    if on is not None:
        rows = rows.in_force(on)
    return (
        rows.select_related("section")
        .prefetch_related("breakdowns")
        .order_by("section__order", "order", "pk")
    )


def previous_period(period: Period) -> Period | None:
    """Find the period before this one, of the same calendar and kind."""
    year, number = previous(period.kind, period.year, period.number)
    return _twin(period, year, number)


def same_period_last_year(period: Period) -> Period | None:
    """Find the period that this one is compared with (cùng kỳ)."""
    year, number = same_last_year(period.kind, period.year, period.number)
    return _twin(period, year, number)


def _twin(period: Period, year: int, number: int) -> Period | None:
    return Period.objects.filter(
        calendar_id=period.calendar_id, kind=period.kind, year=year, number=number
    ).first()
