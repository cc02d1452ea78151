"""Answers about papers and the bodies that issue them."""

from __future__ import annotations

from datetime import date

from apps.papers.models import IssuingBody, Paper
from apps.units.models import Unit


def issuing_body_of(unit: Unit, on: date) -> IssuingBody | None:
    """Find who issues papers for a unit on a day."""
    return IssuingBody.objects.filter(unit=unit, valid__contains=on).first()


def is_number_taken(*, unit: Unit, symbol: str, year: int, number: int) -> bool:
    """Say whether a number of a year's series is used, before a paper is rendered with it."""
    return Paper.objects.filter(unit=unit, symbol=symbol, year=year, number=number).exists()


def next_number(*, unit: Unit, symbol: str, year: int) -> int:
    """Suggest the number after the highest known here; other papers share the office's series."""
    known = Paper.objects.filter(unit=unit, symbol=symbol, year=year, number__isnull=False)
    latest = known.order_by("-number").values_list("number", flat=True).first()
    return (latest or 0) + 1
