"""The records of registers behind a figure: of one report's line, of a consolidated total."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.indicators.figures import Record
from apps.indicators.models import Breakdown, Indicator, Period
from apps.indicators.rules import measured_in
from apps.reports.models import JointShare, Report, SubmissionLine, TemplateLine
from apps.reports.models.entry import CellSource
from apps.reports.queries.forms import FormRow, form_rows
from apps.reports.queries.registers import (
    lines_say,
    records_behind,
    register_when_sent,
    window_of,
)
from apps.reports.queries.sums import Node, SharedRecord, Total, read_node
from apps.reports.rules import CellFigure, says_register
from apps.units.models import Unit
from apps.units.queries import names_of


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record as the page shows it."""

    record: Record
    units: tuple[str, ...]

    @property
    def is_joint(self) -> bool:
        """Return whether several units own it."""
        return len(self.units) > 1


def record_rows(found: Sequence[Record], on: date) -> list[RecordRow]:
    """Return records with the names that their units bear on a day: one query."""
    names = names_of({unit for record in found for unit in record.unit_ids}, on)
    return [
        RecordRow(record, tuple(names.get(unit, str(unit)) for unit in record.unit_ids))
        for record in found
    ]


def value_of(found: Sequence[Record]) -> Decimal:
    """Return what records add up to."""
    return sum((record.value for record in found), Decimal(0))


@dataclass(frozen=True, slots=True)
class CellRecords:
    """What stands behind one line of a report."""

    row: FormRow
    records: list[Record]
    now: CellFigure | None

    @property
    def total(self) -> Decimal:
        """Return the sum of the records."""
        return value_of(self.records)

    @property
    def has_moved(self) -> bool:
        """Return whether the register says something else now than stands in the report."""
        return self.now is not None and not says_register(self.row.figure, self.now)


def cell_records(report: Report, line: TemplateLine) -> CellRecords:
    """Return the records behind a line, and what its register says now."""
    row = next(row for row in form_rows(report) if row.line.line_id == line.pk)
    now = lines_say(report, [line]).get(line.pk)
    return CellRecords(row, records_of_line(report, line), now)


def records_of_line(report: Report, line: TemplateLine) -> list[Record]:
    """Return the records of the report's unit and period that a line counts."""
    owed = report.obligation
    return records_behind(line.indicator, line.breakdown, [owed.unit_id], window_of(owed))


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A record that several parts of a total hold, with its title where the register tells it."""

    shared: SharedRecord
    title: str
    url: str


def shared_rows(
    node: Node, period: Period, indicator: Indicator, shared: Sequence[SharedRecord]
) -> list[SharedRow]:
    """Return the records that a total counts once, named; nothing is asked where there are none."""
    if not shared:
        return []
    holders = JointShare.objects.filter(
        submission__period_id=node.period_id,
        submission__state="accepted",
        indicator__code__in={row.code for row in shared},
        record_id__in={row.record_id for row in shared},
    ).values_list("submission__unit_id", flat=True)
    unit_ids = sorted(set(holders))
    window = (period.start, period.end)
    found = records_behind(indicator, shared[0].breakdown, unit_ids, window)
    known = {record.record_id: record for record in found}
    return [
        SharedRow(
            row,
            known[row.record_id].title if row.record_id in known else f"Bản ghi {row.record_id}",
            known[row.record_id].url if row.record_id in known else "",
        )
        for row in shared
    ]


@dataclass(frozen=True, slots=True)
class Override:
    """A unit whose accepted figure is not the register's."""

    name: str
    figure: CellFigure
    register: CellFigure


@dataclass(frozen=True, slots=True)
class FigureRecords:
    """What stands behind one consolidated figure."""

    indicator: Indicator
    breakdown: str
    breakdown_name: str
    unit_id: int
    unit_name: str
    total: Total | None
    records: list[Record]
    overrides: list[Override]
    n_typed: int

    @property
    def name(self) -> str:
        """Return what is counted, with its part."""
        part = f" ({self.breakdown_name})" if self.breakdown_name else ""
        return f"{self.indicator.name}{part}"

    @property
    def measure_unit(self) -> str:
        """Return what the figure is counted in."""
        return measured_in(self.indicator.measure_unit, self.breakdown_name)

    @property
    def value(self) -> Decimal:
        """Return the sum of the records."""
        return value_of(self.records)

    @property
    def has_moved(self) -> bool:
        """Return whether the records do not add up to the figure that was accepted."""
        return self.total is not None and self.total.value != self.value


def figure_records(
    node: Node, unit: Unit, period: Period, indicator: Indicator, breakdown: str
) -> FigureRecords:
    """Return the records of the accepted units behind a total; joint ones once."""
    below = Unit.objects.below(unit, node.tree_on).values_list("pk", flat=True)
    lines = _accepted(list(below), period, indicator, breakdown)
    fed = [line.submission.unit_id for line in lines if line.source == CellSource.REGISTER]
    others = [line for line in lines if line.source != CellSource.REGISTER]
    part = Breakdown.objects.filter(indicator=indicator, code=breakdown).values_list("name")
    return FigureRecords(
        indicator=indicator,
        breakdown=breakdown,
        breakdown_name=part[0][0] if breakdown and part else "",
        unit_id=unit.pk,
        unit_name=names_of([unit.pk], node.tree_on).get(unit.pk, unit.code),
        total=read_node(node).get((indicator.code, breakdown)),
        records=records_behind(indicator, breakdown, fed, (period.start, period.end)),
        overrides=_overrides(others, node.tree_on),
        n_typed=sum(line.register_value is None for line in others),
    )


def _accepted(
    unit_ids: Collection[int], period: Period, indicator: Indicator, breakdown: str
) -> list[SubmissionLine]:
    lines = SubmissionLine.objects.filter(
        submission__unit_id__in=unit_ids,
        submission__period=period,
        submission__state="accepted",
        indicator=indicator,
        breakdown=breakdown,
    ).exclude(state="missing")
    return list(
        lines.select_related("submission", "indicator").order_by("submission__unit_id", "pk")
    )


def _overrides(lines: Sequence[SubmissionLine], on: date) -> list[Override]:
    """Return the figures that units wrote instead of their register's, named: one query."""
    known = [(line, said) for line in lines if (said := register_when_sent(line)) is not None]
    names = names_of({line.submission.unit_id for line, _register in known}, on)
    return [
        Override(
            names.get(line.submission.unit_id, str(line.submission.unit_id)),
            CellFigure(line.state, line.value, line.qualifier, line.note),
            register,
        )
        for line, register in known
    ]
