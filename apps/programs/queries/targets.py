"""How the figures of a programme's units stand to its targets in a period, unit by unit.

A rate is the sum of numerators over the sum of denominators of the units that have both; it is
never an average of rates. Groups that overlap (C5) are not added: each gets its own rate. A record
of several units (a site of two owners) counts for each of them and once in the common figure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from apps.core.numbers import format_number
from apps.core.text import sort_key
from apps.indicators.figures import Figure, answer
from apps.indicators.models import (
    Breakdown,
    Indicator,
    IndicatorAsk,
    IndicatorKind,
    Period,
    PeriodKind,
)
from apps.indicators.rules import parse_ratio, ratio, say
from apps.programs.models import Program, ProgramTarget
from apps.programs.queries.target_figures import Given, given, own_verdict, sum_of, verdict_on
from apps.programs.rules import review_calendar, target_text

ACCEPTED = "reports"
CALENDAR = "nd09"
PERIODS_TRIED = 20


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """What one unit brings to a target."""

    unit_id: int
    name: str
    numerator: Figure
    denominator: Figure | None
    rate: Figure | None
    is_reached: bool | None

    @property
    def words(self) -> str:
        """Write the unit's own figures: "45/50 = 90,0 %"."""
        return figures_text(self.numerator, self.denominator, self.rate)


@dataclass(frozen=True, slots=True)
class TargetPart:
    """A target held against the figures of one group of people or of all."""

    name: str
    numerator: Figure
    denominator: Figure | None
    rate: Figure | None
    is_reached: bool | None
    units: list[UnitFigures]
    left_out: list[str]
    counted_twice: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))

    @property
    def coverage(self) -> str:
        """Say how many units stand behind the figures: "91/95 đơn vị"."""
        n_units = len(self.units) + len(self.left_out)
        return f"{format_number(len(self.units))}/{format_number(n_units)} đơn vị"

    @property
    def once_words(self) -> str:
        """Say what was taken off the sum of the units because they share records."""
        over, under = self.counted_twice
        if self.denominator is None:
            return format_number(over) if over else ""
        sides = ((over, "ở tử số"), (under, "ở mẫu số"))
        return ", ".join(f"{format_number(value)} {where}" for value, where in sides if value)

    @property
    def words(self) -> str:
        """Write the figures behind the result."""
        return figures_text(self.numerator, self.denominator, self.rate)

    @property
    def below(self) -> list[UnitFigures]:
        """Return the units that do not meet the target by themselves."""
        return [unit for unit in self.units if unit.is_reached is False]

    @property
    def percent(self) -> float | None:
        """Return the rate as a bar draws it, at most 100."""
        return min(float(self.rate.value), 100.0) if self.rate else None

    @property
    def value_text(self) -> str:
        """Write what is held against the target: a rate with one decimal, or a number."""
        if self.denominator is None:
            return say(self.numerator.value, self.numerator.qualifier) if self.units else ""
        return f"{say(self.rate.value, self.rate.qualifier, 1)} %" if self.rate else ""


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """A target with its level in words and what the figures say."""

    target: ProgramTarget
    period: Period
    level: str
    parts: list[TargetPart]

    @property
    def period_name(self) -> str:
        """Name the period that the figures are of."""
        return period_name(self.period)


@dataclass(frozen=True, slots=True)
class Units:
    """The units that are looked at, by name, and whether these are all that were sent to."""

    names: Mapping[int, str]
    are_all: bool = True


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Which codes are the sum of their parts, and what parts are called."""

    is_added: Mapping[str, bool]
    part_names: Mapping[tuple[str, str], str]


def figures_text(numerator: Figure, denominator: Figure | None, rate: Figure | None) -> str:
    """Write "1.042/1.165 = 89,4 %"; a ratio over nothing says so."""
    top = say(numerator.value, numerator.qualifier)
    if denominator is None:
        return top
    sides = f"{top}/{say(denominator.value, denominator.qualifier)}"
    if rate is None:
        return f"{sides}: mẫu số bằng 0, không tính được tỷ lệ"
    return f"{sides} = {say(rate.value, rate.qualifier, 1)} %"


def sides_of(indicator: Indicator) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes over and under the line; a plain indicator stands over nothing."""
    if indicator.kind != IndicatorKind.RATIO:
        return (indicator.code,), ()
    return parse_ratio(indicator.numerator), parse_ratio(indicator.denominator)


def targets_of(program: Program) -> list[ProgramTarget]:
    """Return the targets of a programme in order, with their indicators: one query."""
    return list(program.targets.select_related("indicator").order_by("order", "pk"))


def stated_targets(targets: Iterable[ProgramTarget]) -> list[tuple[ProgramTarget, str]]:
    """Return each target with its level in words."""
    return [(target, _level(target)) for target in targets]


def _level(target: ProgramTarget) -> str:
    return target_text(target.sign, target.value, target.indicator.measure_unit)


def codes_of(targets: Iterable[ProgramTarget]) -> list[str]:
    """Return the codes of all figures that targets are computed from, each once."""
    both = [sides_of(target.indicator) for target in targets]
    return list(dict.fromkeys(code for top, bottom in both for code in (*top, *bottom)))


def periods_for(program: Program, targets: Sequence[ProgramTarget], on: date) -> list[Period]:
    """Return the begun periods whose last day a programme covers, newest first.

    Only kinds of period in which somebody is asked for the figures, and the windows of its own
    sơ kết and tổng kết; the longer one first where two end on the same day.
    """
    kinds = IndicatorAsk.objects.filter(indicator__code__in=codes_of(targets))
    ordinary = Q(calendar__code=CALENDAR, kind__in=kinds.values("period_kind"))
    ordinary &= Q(end__gt=program.valid_from)
    if program.valid_to is not None:
        ordinary &= Q(end__lte=program.valid_to)
    reviews = Q(calendar__code=review_calendar(program.pk))
    rows = Period.objects.filter(ordinary | reviews, start__lte=on)
    return list(rows.select_related("calendar").order_by("-end", "start", "pk"))


def period_name(period: Period) -> str:
    """Name a period; a review of a programme by what it is."""
    if period.calendar.code == CALENDAR:
        return period.label
    word = "sơ kết" if period.kind == PeriodKind.HALF_YEAR else "tổng kết"
    return f"báo cáo {word}, {period.label}"


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """Targets as a page shows them: in a chosen period, or each in its latest with figures."""

    stated: list[tuple[ProgramTarget, str]]
    periods: list[tuple[int, str]]
    chosen: int | None
    progress: list[TargetProgress]

    @property
    def targets(self) -> list[ProgramTarget]:
        """Return the targets in order."""
        return [target for target, _level in self.stated]


def shown_figures(program: Program, units: Units, on: date, asked: str) -> ShownFigures:
    """Return the targets of a programme with the figures of the period that was asked for."""
    targets = targets_of(program)
    periods = periods_for(program, targets, on) if targets else []
    chosen = next((row for row in periods if str(row.pk) == asked), None)
    progress: list[TargetProgress] = []
    if units.names and chosen is not None:
        progress = target_progress(targets, units, chosen)
    elif units.names:
        progress = latest_progress(targets, units, periods)
    return ShownFigures(
        stated=stated_targets(targets),
        periods=[(row.pk, period_name(row)) for row in periods],
        chosen=chosen.pk if chosen else None,
        progress=progress,
    )


def latest_progress(
    targets: Sequence[ProgramTarget],
    units: Units,
    periods: Sequence[Period],
) -> list[TargetProgress]:
    """Hold each target against the latest period in which its figures are accepted.

    A target without any figure stands in the latest period. The number of queries grows with the
    periods tried, never with the units.
    """
    found: dict[int, TargetProgress] = {}
    empty: dict[int, TargetProgress] = {}
    catalogue, ordered = _catalogue(codes_of(targets)), _ordered(units)
    for period in periods[:PERIODS_TRIED]:
        missing = [target for target in targets if target.pk not in found]
        if not missing:
            break
        said = _given(missing, ordered, period, catalogue)
        told = {code for code, _unit, _part in said.figures}
        for target in missing:
            if period is not periods[0] and told.isdisjoint(sides_of(target.indicator)[0]):
                continue
            row = _progress(target, ordered, period, catalogue, said)
            place = found if any(part.units for part in row.parts) else empty
            place.setdefault(target.pk, row)
    held = empty | found
    return [held[target.pk] for target in targets if target.pk in held]


def target_progress(
    targets: Sequence[ProgramTarget], units: Units, period: Period
) -> list[TargetProgress]:
    """Hold accepted figures of units in a period against targets: three queries."""
    catalogue, ordered = _catalogue(codes_of(targets)), _ordered(units)
    said = _given(targets, ordered, period, catalogue)
    return [_progress(target, ordered, period, catalogue, said) for target in targets]


def _ordered(units: Units) -> Units:
    """Return the units in Vietnamese order; sorted once for all targets and periods."""
    rows = sorted(units.names.items(), key=lambda row: (sort_key(row[1]), row[0]))
    return Units(dict(rows), units.are_all)


def _catalogue(codes: Collection[str]) -> Catalogue:
    """Return which codes are the sum of their parts, and what the parts are called."""
    added = Indicator.objects.filter(code__in=codes).values_list("code", "total_of_breakdowns")
    parts = Breakdown.objects.filter(indicator__code__in=codes).order_by("order", "pk")
    names = parts.values_list("indicator__code", "code", "name")
    return Catalogue(dict(added), {(code, part): name for code, part, name in names})


def _given(
    targets: Sequence[ProgramTarget], units: Units, period: Period, catalogue: Catalogue
) -> Given:
    window = (period.start, period.end)
    figures = answer(ACCEPTED, codes_of(targets), list(units.names), window)
    return given(figures, catalogue.is_added)


def _progress(
    target: ProgramTarget, units: Units, period: Period, catalogue: Catalogue, said: Given
) -> TargetProgress:
    parts = [
        _part(target, part, name, said, units) for part, name in _parts_of(target, catalogue, said)
    ]
    return TargetProgress(target, period, _level(target), parts)


def _parts_of(target: ProgramTarget, catalogue: Catalogue, said: Given) -> list[tuple[str, str]]:
    """Return the groups a target is computed by: those with figures where groups overlap."""
    top, _bottom = sides_of(target.indicator)
    if all(catalogue.is_added.get(code, True) for code in top):
        return [("", "")]
    told = {part for code, _unit, part in said.figures if code in top and part}
    found = [
        (part, name)
        for (code, part), name in catalogue.part_names.items()
        if code == top[0] and part in told
    ]
    return found or [("", "")]


def _part(target: ProgramTarget, part: str, name: str, said: Given, units: Units) -> TargetPart:
    top, bottom = sides_of(target.indicator)
    rows: list[UnitFigures] = []
    left_out: list[str] = []
    for unit_id, unit_name in units.names.items():
        over, under = said.side(top, unit_id, part), said.side(bottom, unit_id, part)
        if over is None or (bottom and under is None):
            left_out.append(unit_name)
            continue
        rate = ratio(over, under) if under is not None else None
        rows.append(
            UnitFigures(unit_id, unit_name, over, under, rate, own_verdict(target, over, under))
        )
    counted = {row.unit_id for row in rows}
    twice = (said.counted_twice(top, counted, part), said.counted_twice(bottom, counted, part))
    over = sum_of([row.numerator for row in rows], twice[0])
    below = [row.denominator for row in rows if row.denominator]
    under = sum_of(below, twice[1]) if bottom else None
    verdict = verdict_on if units.are_all else own_verdict
    return TargetPart(
        name=name,
        numerator=over,
        denominator=under,
        rate=ratio(over, under) if under is not None else None,
        is_reached=verdict(target, over, under) if rows else None,
        units=rows,
        left_out=left_out,
        counted_twice=twice,
    )
