"""The figures that units gave for targets, their sums with joint records once, and verdicts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.indicators.figures import Figure, Key, RegisterFigure
from apps.indicators.rules import Qualifier, weakest
from apps.programs.models import ProgramTarget
from apps.programs.rules import TargetSign, is_reached

UPWARD = frozenset({TargetSign.AT_LEAST, TargetSign.MORE_THAN})
Shares = Mapping[int, Decimal]  # record of a register → what it adds to a unit's figure


@dataclass(frozen=True, slots=True)
class Given:
    """Figures of units in one period, and the records in them that other units own too."""

    figures: Mapping[Key, Figure]
    shares: Mapping[Key, Shares]

    def side(self, codes: Sequence[str], unit_id: int, part: str) -> Figure | None:
        """Return the sum of a unit's codes; None when one of them is not known."""
        said = [self.figures.get((code, unit_id, part)) for code in codes]
        known = [figure for figure in said if figure is not None]
        return sum_of(known) if codes and len(known) == len(codes) else None

    def counted_twice(self, codes: Sequence[str], units: Collection[int], part: str) -> Decimal:
        """Return what the sum over units holds too much, because several of them own a record."""
        held: dict[tuple[str, int], list[Decimal]] = {}
        for (code, unit_id, of_part), shares in self.shares.items():
            if code in codes and of_part == part and unit_id in units:
                for record_id, value in shares.items():
                    held.setdefault((code, record_id), []).append(value)
        return sum((sum(values) - max(values) for values in held.values()), Decimal(0))


def given(figures: Mapping[Key, Figure], added: Mapping[str, bool]) -> Given:
    """Return figures with the sums of parts where a unit gave no total and parts may be added."""
    parts: dict[Key, list[Key]] = {}
    for code, unit_id, part in figures:
        if part and added.get(code) and (code, unit_id, "") not in figures:
            parts.setdefault((code, unit_id, ""), []).append((code, unit_id, part))
    totals = {key: sum_of([figures[one] for one in of]) for key, of in parts.items()}
    shares = {key: found for key, figure in figures.items() if (found := _shares([figure]))}
    for key, of in parts.items():
        if found := _shares([figures[one] for one in of]):
            shares[key] = found
    return Given({**figures, **totals}, shares)


def _shares(figures: Sequence[Figure]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for figure in figures:
        for joint in figure.joint if isinstance(figure, RegisterFigure) else ():
            found[joint.record_id] = found.get(joint.record_id, Decimal(0)) + joint.value
    return found


def sum_of(figures: Sequence[Figure], less: Decimal = Decimal(0)) -> Figure:
    """Return a sum, as weak as its weakest part, less what it holds twice."""
    value = sum((figure.value for figure in figures), Decimal(0))
    return Figure(value - less, weakest(figure.qualifier for figure in figures))


def verdict_on(target: ProgramTarget, over: Figure, under: Figure | None) -> bool | None:
    """Say whether figures meet a target; a ratio over nothing says nothing.

    "Hơn 90" of 100 is above 90 %, "gần 100" of 100 is below 100 %: where a figure stands right on
    the level, its qualifier decides.
    """
    if under is None:
        figure = over.value
    elif under.value:
        figure = 100 * over.value / under.value
    else:
        return None
    lean = _lean(over, under)
    if figure == target.value and lean:
        return target.sign in (UPWARD if lean > 0 else {TargetSign.AT_MOST})
    return is_reached(target.sign, target.value, figure)


def _lean(over: Figure, under: Figure | None) -> int:
    """Say whether the true figure lies above (1) or below (-1) the one told; 0 is not known."""
    signs = {Qualifier.OVER: 1, Qualifier.NEARLY: -1}
    top = signs.get(Qualifier(over.qualifier), 0)
    bottom = signs.get(Qualifier(under.qualifier), 0) if under else 0
    is_known = over.qualifier != Qualifier.ABOUT and (
        under is None or under.qualifier != Qualifier.ABOUT
    )
    return (top > bottom) - (top < bottom) if is_known else 0


def own_verdict(target: ProgramTarget, over: Figure, under: Figure | None) -> bool | None:
    """Say whether one unit meets a target; a number set for all together binds no single unit."""
    is_none = not target.value and target.sign in {TargetSign.EXACTLY, TargetSign.AT_MOST}
    if under is None and not is_none:
        return None
    return verdict_on(target, over, under)
