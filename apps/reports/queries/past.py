"""What a unit sent in earlier periods: beside the cell, in its little chart, in the year's sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.indicators.models import Period
from apps.indicators.rules import PeriodKind, previous, same_last_year, weakest
from apps.reports.models import Obligation
from apps.reports.queries.forms import HISTORY_PERIODS, sent_figures
from apps.reports.rules import CellFigure, Key

WEEKS_BACK = 53
NOTHING_SENT: Mapping[Key, CellFigure] = {}


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """The sum of a flow over the earlier periods of the year that were sent, and how many."""

    value: Decimal
    qualifier: str
    periods: int

    def with_current(self, figure: CellFigure) -> CellFigure:
        """Add this period's figure; without any figure at all there is nothing to show."""
        if figure.number is None and not self.periods:
            return CellFigure()
        total = self.value + (figure.number or Decimal(0))
        if not total:
            return CellFigure("zero", total)
        return CellFigure("value", total, weakest((self.qualifier, figure.qualifier)))


@dataclass(frozen=True, slots=True)
class Past:
    """Earlier periods of the same kind, newest first, with what was sent in each."""

    period: Period
    periods: tuple[Period, ...]
    figures: Mapping[int, Mapping[Key, CellFigure]]

    def _sent_in(self, year: int, number: int) -> Mapping[Key, CellFigure]:
        for past in self.periods:
            if (past.year, past.number) == (year, number):
                return self.figures.get(past.pk, NOTHING_SENT)
        return NOTHING_SENT

    @property
    def before(self) -> Mapping[Key, CellFigure]:
        """Return the figures of the period just before."""
        return self._sent_in(*previous(self.period.kind, self.period.year, self.period.number))

    @property
    def last_year(self) -> Mapping[Key, CellFigure]:
        """Return the figures of the same period a year earlier."""
        period = self.period
        return self._sent_in(*same_last_year(period.kind, period.year, period.number))

    @property
    def history(self) -> dict[Key, list[Decimal]]:
        """Return the numbers of up to twelve periods back, oldest first."""
        found: dict[Key, list[Decimal]] = {}
        for past in reversed(self.periods[:HISTORY_PERIODS]):
            for key, figure in self.figures.get(past.pk, NOTHING_SENT).items():
                if figure.number is not None:
                    found.setdefault(key, []).append(figure.number)
        return found

    def series(self, key: Key) -> list[tuple[str, CellFigure]]:
        """Return (period, figure) of one line over twelve periods, oldest first, gaps included."""
        return [
            (past.label, self.figures.get(past.pk, NOTHING_SENT).get(key, CellFigure()))
            for past in reversed(self.periods[:HISTORY_PERIODS])
        ]

    def year_so_far(self, key: Key) -> YearSoFar:
        """Return the sum of one flow over the earlier periods of this year that were sent."""
        said = [
            figure
            for past in self.periods
            if past.year == self.period.year
            and (figure := self.figures.get(past.pk, NOTHING_SENT).get(key)) is not None
            and figure.number is not None
        ]
        return YearSoFar(
            sum((figure.number or Decimal(0) for figure in said), Decimal(0)),
            weakest(figure.qualifier for figure in said),
            len(said),
        )

    @property
    def kept_this_year(self) -> tuple[int, int]:
        """Return how many earlier periods of this year were sent, of how many there are."""
        earlier = [past for past in self.periods if past.year == self.period.year]
        return sum(bool(self.figures.get(past.pk)) for past in earlier), self.period.number - 1

    def unchanged_since(self, key: Key) -> tuple[str, int] | None:
        """Return where the run of equal figures that ends last period began, and its length."""
        latest = self.before.get(key)
        if latest is None or latest.number is None:
            return None
        label, count = "", 0
        for past in self.periods:
            figure = self.figures.get(past.pk, NOTHING_SENT).get(key)
            if figure is None or figure.number != latest.number:
                break
            label, count = past.label, count + 1
        return (label, count) if count else None


def past_of(obligation: Obligation) -> Past:
    """Return what the unit sent in earlier periods of the same calendar and kind: two queries."""
    period = obligation.period
    depth = WEEKS_BACK if period.kind == PeriodKind.WEEK else HISTORY_PERIODS
    periods = tuple(
        Period.objects.filter(
            calendar_id=period.calendar_id, kind=period.kind, end__lte=period.start
        ).order_by("-start")[:depth]
    )
    return Past(period, periods, sent_figures(obligation.unit_id, [past.pk for past in periods]))
