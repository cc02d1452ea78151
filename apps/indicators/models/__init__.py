"""The catalogue of indicators, and the calendars, periods, holidays and deadlines they live in."""

from __future__ import annotations

from apps.indicators.models.calendar import (
    Calendar,
    DeadlineCascade,
    DeadlineStep,
    Holiday,
    Period,
)
from apps.indicators.models.catalogue import (
    Breakdown,
    Indicator,
    IndicatorAsk,
    Section,
    SubsetRule,
)
from apps.indicators.rules import AskedOf, Comparison, IndicatorKind, PeriodKind, Qualifier

__all__ = [
    "AskedOf",
    "Breakdown",
    "Calendar",
    "Comparison",
    "DeadlineCascade",
    "DeadlineStep",
    "Holiday",
    "Indicator",
    "IndicatorAsk",
    "IndicatorKind",
    "Period",
    "PeriodKind",
    "Qualifier",
    "Section",
    "SubsetRule",
]
