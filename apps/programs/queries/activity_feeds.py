"""Say into which reports an activity goes: which figures, by how much, of which period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.indicators.models import Indicator, IndicatorAsk, Period
from apps.indicators.rules import AskedOf, PeriodKind
from apps.programs.models import Activity
from apps.programs.rules import ACTIVITY_FEEDS, Amount, added_by_activity
from apps.units.models import UnitSpan
from apps.units.rules import UnitKind

CALENDAR = "nd09"
# Reports of the shorter period carry a figure first; the longer ones add them up.
_SHORTEST_FIRST = (
    PeriodKind.MONTH,
    PeriodKind.QUARTER,
    PeriodKind.HALF_YEAR,
    PeriodKind.NINE_MONTHS,
    PeriodKind.YEAR,
)
_ASKED = {
    UnitKind.PROVINCE: AskedOf.PROVINCE,
    UnitKind.POLICE_PROVINCE: AskedOf.PROVINCE,
    UnitKind.POLICE_DEPARTMENT: AskedOf.PROVINCE,
    UnitKind.COMMUNE: AskedOf.COMMUNE,
    UnitKind.POLICE_COMMUNE: AskedOf.COMMUNE,
    UnitKind.RESIDENTIAL_AREA: AskedOf.COMMUNE,
    UnitKind.MASS_ORGANISATION: AskedOf.MASS_ORGANISATION,
}


@dataclass(frozen=True, slots=True)
class FedFigure:
    """One figure of a report with what the activity adds to it."""

    code: str
    name: str
    value: Decimal | int
    qualifier: str
    word: str


@dataclass(frozen=True, slots=True)
class FedReport:
    """The report of a period with the figures in it that the activity feeds."""

    label: str
    figures: list[FedFigure]


def fed_reports(activity: Activity) -> list[FedReport]:
    """Return the reports of the main organiser that the activity goes into, shortest period first.

    A figure is named once, in the shortest period in which it is asked.
    """
    asked = _asked_periods(_asked_of(activity.unit_id, activity.held_on))
    periods = _periods_on(activity.held_on)
    found: dict[str, FedReport] = {}
    for feed in ACTIVITY_FEEDS:
        value = added_by_activity(feed, activity.kind, getattr(activity, feed.column))
        indicator, kinds = asked.get(feed.code, (None, set()))
        kind = next((kind for kind in _SHORTEST_FIRST if kind in kinds and kind in periods), None)
        if not value or indicator is None or kind is None:
            continue
        qualifier = activity.qualifier if feed.column == "attendances" else Amount.EXACT
        word = feed.word or indicator.measure_unit
        figure = FedFigure(feed.code, indicator.name, value, qualifier, word)
        found.setdefault(kind, FedReport(periods[kind], [])).figures.append(figure)
    return [found[kind] for kind in _SHORTEST_FIRST if kind in found]


def _asked_of(unit_id: int, on: date) -> str:
    """Return as what kind of body a unit is asked for figures on a day."""
    kinds = UnitSpan.objects.alive_on(on).filter(unit_id=unit_id).values_list("kind", flat=True)
    kind = kinds.first() or UnitKind.AGENCY
    return _ASKED.get(UnitKind(kind), AskedOf.ORGANISATION)


def _asked_periods(asked_of: str) -> dict[str, tuple[Indicator, set[str]]]:
    """Return the fed indicators that a kind of body is asked for, with the kinds of periods."""
    rows = IndicatorAsk.objects.filter(
        asked_of=asked_of,
        indicator__is_default_on=True,
        indicator__code__in={feed.code for feed in ACTIVITY_FEEDS},
    )
    asked: dict[str, tuple[Indicator, set[str]]] = {}
    for row in rows.select_related("indicator"):
        asked.setdefault(row.indicator.code, (row.indicator, set()))[1].add(row.period_kind)
    return asked


def _periods_on(on: date) -> dict[str, str]:
    """Return the names of the periods of a day by their kind."""
    rows = Period.objects.filter(calendar__code=CALENDAR, start__lte=on, end__gt=on)
    return dict(rows.values_list("kind", "label"))
