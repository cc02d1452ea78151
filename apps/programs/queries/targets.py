"""How the figures of a programme's units stand to its targets in a period, unit by unit.

A rate is the sum of numerators over the sum of denominators of the units that have both; it is
never an average of rates. Groups that overlap (C5) are not added: each gets its own rate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.core.text import sort_key
from apps.indicators.figures import Figure, Key, answer
from apps.indicators.models import (
    Breakdown,
    Indicator,
    IndicatorAsk,
    IndicatorKind,
    Period,
)
from apps.indicators.rules import parse_ratio, ratio, say, weakest
from apps.programs.models import Program, ProgramTarget
from apps.programs.rules import TargetSign, is_reached, target_text

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

    Only kinds of period in which somebody is asked for the figures; the longer one first where two
    end on the same day.
    """
    kinds = IndicatorAsk.objects.filter(indicator__code__in=codes_of(targets))
    rows = Period.objects.filter(
        calendar__code=CALENDAR,
        kind__in=kinds.values("period_kind"),
        end__gt=program.valid_from,
        start__lte=on,
    )
    if program.valid_to is not None:
        rows = rows.filter(end__lte=program.valid_to)
    return list(rows.order_by("-end", "start", "pk"))


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
    catalogue = _catalogue(codes_of(targets))
    for period in periods[:PERIODS_TRIED]:
        for row in _held(targets, units, period, catalogue):
            has_units = any(part.units for part in row.parts)
            if has_units and row.target.pk not in found:
                found[row.target.pk] = row
        if len(found) == len(targets):
            break
    missing = [target for target in targets if target.pk not in found]
    for row in _held(missing, units, periods[0], catalogue) if periods and missing else []:
        found[row.target.pk] = row
    return [found[target.pk] for target in targets if target.pk in found]


def target_progress(
    targets: Sequence[ProgramTarget], units: Units, period: Period
) -> list[TargetProgress]:
    """Hold accepted figures of units in a period against targets: three queries."""
    return _held(targets, units, period, _catalogue(codes_of(targets)))


def _catalogue(codes: Collection[str]) -> Catalogue:
    """Return which codes are the sum of their parts, and what the parts are called."""
    added = Indicator.objects.filter(code__in=codes).values_list("code", "total_of_breakdowns")
    parts = Breakdown.objects.filter(indicator__code__in=codes).order_by("order", "pk")
    names = parts.values_list("indicator__code", "code", "name")
    return Catalogue(dict(added), {(code, part): name for code, part, name in names})


def _held(
    targets: Sequence[ProgramTarget], units: Units, period: Period, catalogue: Catalogue
) -> list[TargetProgress]:
    window = (period.start, period.end)
    figures = answer(ACCEPTED, codes_of(targets), list(units.names), window)
    figures |= _totals(figures, catalogue.is_added)
    return [
        TargetProgress(
            target=target,
            period=period,
            level=_level(target),
            parts=[
                _part(target, part, name, figures, units)
                for part, name in _parts_of(target, catalogue, figures)
            ],
        )
        for target in targets
    ]


def _totals(figures: Mapping[Key, Figure], added: Mapping[str, bool]) -> dict[Key, Figure]:
    """Add up the parts of codes whose parts may be added, where a unit gave no total."""
    found: dict[tuple[str, int], list[Figure]] = {}
    for (code, unit, part), figure in figures.items():
        if part and added.get(code) and (code, unit, "") not in figures:
            found.setdefault((code, unit), []).append(figure)
    return {(code, unit, ""): _sum(said) for (code, unit), said in found.items()}


def _sum(figures: Sequence[Figure]) -> Figure:
    value = sum((figure.value for figure in figures), Decimal(0))
    return Figure(value, weakest(figure.qualifier for figure in figures))


def _parts_of(
    target: ProgramTarget, catalogue: Catalogue, figures: Mapping[Key, Figure]
) -> list[tuple[str, str]]:
    """Return the groups a target is computed by: those with figures where groups overlap."""
    top, _bottom = sides_of(target.indicator)
    if all(catalogue.is_added.get(code, True) for code in top):
        return [("", "")]
    given = {part for code, _unit, part in figures if code in top and part}
    found = [
        (part, name)
        for (code, part), name in catalogue.part_names.items()
        if code == top[0] and part in given
    ]
    return found or [("", "")]


def _part(
    target: ProgramTarget,
    part: str,
    name: str,
    figures: Mapping[Key, Figure],
    units: Units,
) -> TargetPart:
    top, bottom = sides_of(target.indicator)
    rows: list[UnitFigures] = []
    left_out: list[str] = []
    for unit_id, unit_name in sorted(
        units.names.items(), key=lambda row: (sort_key(row[1]), row[0])
    ):
        over = _side(top, unit_id, part, figures)
        under = _side(bottom, unit_id, part, figures)
        if over is None or (bottom and under is None):
            left_out.append(unit_name)
            continue
        rate = ratio(over, under) if under is not None else None
        rows.append(
            UnitFigures(unit_id, unit_name, over, under, rate, _own_verdict(target, over, under))
        )
    verdict = _verdict if units.are_all else _own_verdict
    over = _sum([row.numerator for row in rows])
    under = _sum([row.denominator for row in rows if row.denominator]) if bottom else None
    return TargetPart(
        name=name,
        numerator=over,
        denominator=under,
        rate=ratio(over, under) if under is not None else None,
        is_reached=verdict(target, over, under) if rows else None,
        units=rows,
        left_out=left_out,
    )


def _side(
    codes: Sequence[str], unit_id: int, part: str, figures: Mapping[Key, Figure]
) -> Figure | None:
    """Return the sum of a unit's codes; None when one of them is not known."""
    said = [figures.get((code, unit_id, part)) for code in codes]
    known = [figure for figure in said if figure is not None]
    return _sum(known) if codes and len(known) == len(codes) else None


def _verdict(target: ProgramTarget, over: Figure, under: Figure | None) -> bool | None:
    """Say whether figures meet a target; a ratio over nothing says nothing."""
    if under is None:
        return is_reached(target.sign, target.value, over.value)
    if not under.value:
        return None
    return is_reached(target.sign, target.value, 100 * over.value / under.value)


def _own_verdict(target: ProgramTarget, over: Figure, under: Figure | None) -> bool | None:
    """Say whether one unit meets a target; a number set for all together binds no single unit."""
    is_none = not target.value and target.sign in {TargetSign.EXACTLY, TargetSign.AT_MOST}
    if under is None and not is_none:
        return None
    return _verdict(target, over, under)
