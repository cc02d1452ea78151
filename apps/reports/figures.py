"""Accepted figures, offered to the registry of figure sources (programme targets read them)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from apps.indicators.figures import Figure, Joint, Key, RegisterFigure
from apps.reports.models import JointShare, SubmissionLine


def answer_accepted(
    codes: Collection[str], unit_ids: Collection[int], window: tuple[date, date]
) -> dict[Key, Figure]:
    """Return the accepted figures of units for exactly this window, with the joint records in them.

    Two queries. Where two accepted reports of a unit give the same figure, the later one holds.
    """
    rows = (
        SubmissionLine.objects.filter(
            indicator__code__in=codes,
            submission__unit_id__in=unit_ids,
            submission__state="accepted",
            submission__period__start=window[0],
            submission__period__end=window[1],
            state__in=["value", "zero", "nothing"],
        )
        .order_by("submission_id")
        .values_list(
            "indicator__code",
            "submission__unit_id",
            "breakdown",
            "value",
            "qualifier",
            "submission_id",
        )
    )
    shares = _shares(codes, unit_ids, window)
    return {
        (code, unit_id, part): RegisterFigure(
            value or Decimal(0), qualifier, tuple(shares.get((submission_id, code, part), ()))
        )
        for code, unit_id, part, value, qualifier, submission_id in rows
    }


def _shares(
    codes: Collection[str], unit_ids: Collection[int], window: tuple[date, date]
) -> dict[tuple[int, str, str], list[Joint]]:
    found: dict[tuple[int, str, str], list[Joint]] = {}
    rows = JointShare.objects.filter(
        indicator__code__in=codes,
        submission__unit_id__in=unit_ids,
        submission__state="accepted",
        submission__period__start=window[0],
        submission__period__end=window[1],
    ).values_list("submission_id", "indicator__code", "breakdown", "record_id", "value")
    for submission_id, code, part, record_id, value in rows:
        found.setdefault((submission_id, code, part), []).append(Joint(record_id, value))
    return found
