"""What stands behind one total: the units it is made of, down to the cell that was sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from apps.indicators.figures import has_source
from apps.indicators.models import Breakdown, Indicator, Period
from apps.indicators.rules import measured_in, parse_ratio
from apps.reports.models import Adjustment, Report, RollupNode, SubmissionLine
from apps.reports.queries.summary import Ratio, rate
from apps.reports.queries.sums import (
    ADDITIVE,
    Node,
    SharedRecord,
    Total,
    Totals,
    read_node,
    read_parts_of,
    read_shared,
)
from apps.reports.rules import STATE_LOOKS, CellFigure, Look
from apps.units.models import Unit, UnitClosure, UnitSpan
from apps.units.queries import names_of

REVERSAL = "Hủy điều chỉnh số "  # how an opposite row names, by number, the row that it undoes


@dataclass(frozen=True, slots=True)
class PartRow:
    """One unit behind a total: an inner unit leads further down, a leaf to its report."""

    unit_id: int
    name: str
    is_self: bool
    is_inner: bool
    total: Total | None
    ratio: Ratio | None
    figure: CellFigure | None
    report_id: int | None
    report_state: str

    @property
    def look(self) -> Look | None:
        """Return how the state of the report is shown, unless its figures are in the sum."""
        return STATE_LOOKS.get(self.report_state) if self.report_state != "accepted" else None


@dataclass(frozen=True, slots=True)
class DrillDown:
    """A total with the units that it is made of."""

    node: Node
    indicator: Indicator
    breakdown: str
    breakdown_name: str
    total: Total | None
    ratio: Ratio | None
    rows: list[PartRow]
    adjustments: list[Adjustment]
    shared: list[SharedRecord]
    path: list[tuple[int, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what is counted, with its part."""
        part = f" ({self.breakdown_name})" if self.breakdown_name else ""
        return f"{self.indicator.name}{part}"

    @property
    def measure_unit(self) -> str:
        """Return what the total is counted in."""
        return measured_in(self.indicator.measure_unit, self.breakdown_name)

    @property
    def shared_value(self) -> Decimal:
        """Return what the total takes off, because several of its parts hold the same record."""
        return sum((row.value for row in self.shared), Decimal(0))

    @property
    def is_from_register(self) -> bool:
        """Return whether a register feeds the figure, so that there are records behind it."""
        return has_source(self.indicator.source_register)

    @property
    def is_additive(self) -> bool:
        """Return whether figures of units may be added, and so adjusted."""
        return self.indicator.kind in ADDITIVE


def drill_down(root: Unit, node: Node, indicator: Indicator, breakdown: str) -> DrillDown:
    """Return what stands behind one total; the number of queries does not grow with units."""
    codes = parse_codes(indicator)
    asked = list(Indicator.objects.filter(code__in=codes).values_list("pk", flat=True))
    parts = read_parts_of(node, asked)
    own = read_node(node)
    name = Breakdown.objects.filter(indicator__code=codes[0], code=breakdown).values_list("name")
    key = (indicator.code, breakdown)
    on = _day(node)
    return DrillDown(
        node=node,
        indicator=indicator,
        breakdown=breakdown,
        breakdown_name=name[0][0] if breakdown and name else "",
        total=own.get(key),
        ratio=rate(indicator, own, breakdown) if indicator.kind == "ratio" else None,
        rows=_part_rows(node, indicator, breakdown, parts, on),
        adjustments=_adjustments(node, codes, breakdown),
        shared=_shared(node, indicator, breakdown),
        path=_path(root, node, on),
    )


def _shared(node: Node, indicator: Indicator, breakdown: str) -> list[SharedRecord]:
    """Return the records that the total counts once; a rate has sides, each with its own."""
    if indicator.kind not in ADDITIVE:
        return []
    return [row for row in read_shared(node, [indicator.pk]) if row.breakdown == breakdown]


def _day(node: Node) -> date:
    assert isinstance(node.tree_on, date)  # noqa: S101 (narrows the type)
    return node.tree_on


def parse_codes(indicator: Indicator) -> list[str]:
    """Return the codes that a figure is made of: itself, or both sides of a rate."""
    if indicator.kind != "ratio":
        return [indicator.code]
    return [*parse_ratio(indicator.numerator), *parse_ratio(indicator.denominator)]


def _part_rows(
    node: Node, indicator: Indicator, breakdown: str, parts: dict[int, Totals], on: date
) -> list[PartRow]:
    wanted = set(parse_codes(indicator))
    is_ratio = indicator.kind == "ratio"
    asked = {
        unit: totals
        for unit, totals in parts.items()
        if any(code in wanted and (is_ratio or part == breakdown) for code, part in totals)
    }
    inner = set(
        RollupNode.objects.filter(period_id=node.period_id, unit_id__in=asked).values_list(
            "unit_id", flat=True
        )
    )
    figures = _figures(asked, node.period_id, indicator, breakdown)
    reports = _reports(asked, node.period_id, wanted)
    units = _ordered(asked, on)
    return [
        PartRow(
            unit_id=unit,
            name=name,
            is_self=unit == node.unit_id,
            is_inner=unit in inner and unit != node.unit_id,
            total=asked[unit].get((indicator.code, breakdown)),
            ratio=rate(indicator, asked[unit], breakdown) if is_ratio else None,
            figure=figures.get(unit),
            report_id=reports.get(unit, (None, ""))[0],
            report_state=reports.get(unit, (None, ""))[1],
        )
        for unit, name in units
    ]


def _ordered(unit_ids: Iterable[int], on: date) -> list[tuple[int, str]]:
    """Return units with their latest names in Vietnamese order."""
    spans = UnitSpan.objects.filter(unit_id__in=list(unit_ids), valid__startswith__lte=on)
    latest = {
        unit: (key, name)
        for unit, key, name in spans.order_by("unit_id", "valid").values_list(
            "unit_id", "sort_key", "name"
        )
    }
    ordered = sorted(unit_ids, key=lambda unit: (latest.get(unit, ("", ""))[0], unit))
    return [(unit, latest.get(unit, ("", str(unit)))[1]) for unit in ordered]


def _figures(
    unit_ids: Iterable[int], period_id: int, indicator: Indicator, breakdown: str
) -> dict[int, CellFigure]:
    """Return the accepted cells themselves, with state and note, of units that sent one."""
    rows = SubmissionLine.objects.filter(
        submission__unit_id__in=list(unit_ids),
        submission__period_id=period_id,
        submission__state="accepted",
        indicator=indicator,
        breakdown=breakdown,
    ).values_list("submission__unit_id", "state", "value", "qualifier", "note")
    return {
        unit: CellFigure(state, value, qualifier, note)
        for unit, state, value, qualifier, note in rows
    }


def _reports(
    unit_ids: Iterable[int], period_id: int, codes: Collection[str]
) -> dict[int, tuple[int, str]]:
    """Return the report that asks each unit for these figures, with its state."""
    rows = (
        Report.objects.filter(
            obligation__unit_id__in=list(unit_ids),
            obligation__period_id=period_id,
            obligation__version__lines__indicator__code__in=codes,
        )
        .order_by("pk")
        .values_list("obligation__unit_id", "pk", "state")
        .distinct()
    )
    return {unit: (report, state) for unit, report, state in rows}


def _adjustments(node: Node, codes: Collection[str], breakdown: str) -> list[Adjustment]:
    rows = Adjustment.objects.filter(
        unit_id=node.unit_id,
        period_id=node.period_id,
        indicator__code__in=codes,
        breakdown=breakdown,
    )
    return list(rows.select_related("indicator", "made_by").order_by("-pk"))


def _path(root: Unit, node: Node, on: date) -> list[tuple[int, str]]:
    """Return the units from the root down to a node."""
    above = UnitClosure.objects.alive_on(on).filter(descendant_id=node.unit_id)
    below_root = UnitClosure.objects.alive_on(on).filter(ancestor=root)
    ids = list(
        above.filter(ancestor_id__in=below_root.values("descendant_id"))
        .order_by("-depth")
        .values_list("ancestor_id", flat=True)
    )
    names = names_of(ids, on)
    return [(unit, names.get(unit, str(unit))) for unit in ids]


@dataclass(frozen=True, slots=True)
class SignedRow:
    """An adjustment on the page, with the unit's name and whether it has been undone."""

    row: Adjustment
    unit_name: str
    is_undone: bool
    is_reversal: bool


def adjustments_within(root: Unit, period: Period, on: date) -> list[SignedRow]:
    """Return every signed row at a root or below it, newest first; two queries."""
    below = UnitClosure.objects.filter(ancestor=root).values("descendant_id")
    rows = list(
        Adjustment.objects.filter(unit__in=below, period=period)
        .select_related("indicator", "made_by")
        .order_by("-pk")
    )
    names = names_of({row.unit_id for row in rows}, on)
    refs = {row.decision_ref for row in rows}
    return [
        SignedRow(
            row=row,
            unit_name=names.get(row.unit_id, str(row.unit_id)),
            is_undone=f"{REVERSAL}{row.pk}" in refs,
            is_reversal=row.decision_ref.startswith(REVERSAL),
        )
        for row in rows
    ]
