"""Accepted figures, offered to the registry of figure sources (programme targets read them)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from apps.indicators.figures import Figure, Key
from apps.reports.models import SubmissionLine


def answer_accepted(
    codes: Collection[str], unit_ids: Collection[int], window: tuple[date, date]
) -> dict[Key, Figure]:
    """Return the accepted figures of units for exactly this window: one query."""
    start, end = window
    rows = SubmissionLine.objects.filter(
        indicator__code__in=codes,
        submission__unit_id__in=unit_ids,
        submission__state="accepted",
        submission__period__start=start,
        submission__period__end=end,
        state__in=["value", "zero", "nothing"],
    ).values_list("indicator__code", "submission__unit_id", "breakdown", "value", "qualifier")
    return {
        (code, unit_id, breakdown): Figure(value or Decimal(0), qualifier)
        for code, unit_id, breakdown, value, qualifier in rows
    }
