"""What changes the catalogue and its calendars."""

from __future__ import annotations

from apps.indicators.services.periods import CalendarHasNoRule, open_periods
from apps.indicators.services.reference import (
    CatalogueRows,
    ReferenceUnreadable,
    Row,
    load_calendars,
    load_cascades,
    load_catalogue,
    load_holidays,
)

__all__ = [
    "CalendarHasNoRule",
    "CatalogueRows",
    "ReferenceUnreadable",
    "Row",
    "load_calendars",
    "load_cascades",
    "load_catalogue",
    "load_holidays",
    "open_periods",
]
