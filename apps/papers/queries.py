"""Answers about papers."""

from __future__ import annotations

from apps.papers.models import Paper
from apps.units.models import Unit


def is_number_taken(*, unit: Unit, symbol: str, year: int, number: int) -> bool:
    """Say whether a number of a year's series is used, before a paper is rendered with it."""
    return Paper.objects.filter(unit=unit, symbol=symbol, year=year, number=number).exists()
