"""What a form shows and what is wrong with it: rows, figures of other periods, findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.core.prepared import Prepared
from apps.indicators.figures import Joint
from apps.indicators.models import Period
from apps.indicators.queries import previous_period, same_period_last_year
from apps.indicators.rules import Figure, measured_in
from apps.reports.models import Obligation, Report, SubmissionLine
from apps.reports.models.entry import CellSource
from apps.reports.queries.registers import Asked, Said, follows_registers, registers_say
from apps.reports.rules import (
    CellFigure,
    Finding,
    Key,
    Line,
    Subset,
    broken_subsets,
    missing_lines,
    register_figure,
    says_register,
    soft_warnings,
    unexplained_overrides,
)

HISTORY_PERIODS = 12


@dataclass(frozen=True, slots=True)
class FormRow:
    """One line of a report: what is asked, what stands there, what the line's register says."""

    line: Line
    order: int
    measure_unit: str
    breakdown_name: str
    figure: CellFigure
    lock_version: int
    source: str
    updated_at: datetime | None
    updated_by: str
    indicator_id: int
    source_register: str
    register: CellFigure | None = None
    joint: tuple[Joint, ...] = ()

    @property
    def is_register(self) -> bool:
        """Return whether the register's figure stands."""
        return self.register is not None and self.source == CellSource.REGISTER

    @property
    def is_override(self) -> bool:
        """Return whether the unit wrote another figure than the register's."""
        return self.register is not None and self.source != CellSource.REGISTER

    def hash_parts(self) -> tuple[object, ...]:
        """Return what the content hash of a version is made from, in the form's order."""
        figure = self.figure
        return (
            self.line.code,
            self.line.breakdown,
            figure.state,
            figure.value,
            figure.qualifier,
            figure.note,
        )


# What stands in a report: while it is open its cells, once it was sent the version sent last.
FORM_ROWS = """
SELECT t.id, i.code, t.breakdown, i.name, b.name, sec.code, i.kind, i.decimals, t.is_required,
       {figure}, t."order", i.measure_unit, c.lock_version, c.updated_at, u.full_name,
       i.id, i.source_register, {register}
  FROM reports_templateline t
  JOIN indicators_indicator i ON i.id = t.indicator_id
  JOIN indicators_section sec ON sec.id = i.section_id
  LEFT JOIN indicators_breakdown b ON b.indicator_id = i.id AND b.code = t.breakdown
  LEFT JOIN reports_cell c ON c.line_id = t.id AND c.report_id = %(report)s
  LEFT JOIN accounts_user u ON u.id = c.updated_by_id
  {sent}
 WHERE t.version_id = %(version)s
 ORDER BY t."order", t.id
"""
OPEN_ROWS = Prepared(
    FORM_ROWS.format(
        figure="c.state, c.value, c.qualifier, c.note, c.source", register="NULL, NULL", sent=""
    ),
    {"report": "bigint", "version": "bigint"},
)
SENT_ROWS = Prepared(
    FORM_ROWS.format(
        figure="""coalesce(l.state, c.state), CASE WHEN l.id IS NULL THEN c.value ELSE l.value END,
       coalesce(l.qualifier, c.qualifier), coalesce(l.note, c.note),
       coalesce(l.source, c.source)""",
        register="l.register_value, l.register_qualifier",
        sent="""LEFT JOIN reports_submissionline l ON l.line_id = t.id AND l.submission_id =
       (SELECT s.id FROM reports_submission s WHERE s.report_id = %(report)s
         ORDER BY s.number DESC LIMIT 1)""",
    ),
    {"report": "bigint", "version": "bigint"},
)


def form_rows(report: Report) -> list[FormRow]:
    """Return the lines of a report's form with what stands there, in order.

    One query, and one of each register that some line is filled from while the report is open.
    """
    is_live = follows_registers(report)
    names = {"report": report.pk, "version": report.obligation.version_id}
    rows = [_form_row(*row) for row in (OPEN_ROWS if is_live else SENT_ROWS).rows(names)]
    return _filled(report.obligation, rows) if is_live else rows


def _form_row(*row: Any) -> FormRow:
    line_id, code, breakdown, name, part, section, kind, decimals, is_required = row[:9]
    state, value, qualifier, note, source = row[9:14]
    order, measure_unit, lock_version, updated_at, updated_by = row[14:19]
    indicator_id, source_register, register_value, register_word = row[19:]
    figure = CellFigure(state or "missing", value, qualifier or "exact", note or "")
    register = None
    if register_value is not None:
        register = register_figure(Figure(register_value, register_word), decimals)
    return FormRow(
        line=Line(
            line_id=line_id,
            code=code,
            breakdown=breakdown,
            name=f"{name} ({part})" if part else name,
            section=section,
            kind=kind,
            decimals=decimals,
            is_required=is_required,
        ),
        order=order,
        measure_unit=measured_in(measure_unit, part or ""),
        breakdown_name=part or "",
        figure=figure,
        lock_version=lock_version or 0,
        source=source or "",
        updated_at=updated_at,
        updated_by=updated_by or "",
        indicator_id=indicator_id,
        source_register=source_register,
        register=register,
    )


def _filled(obligation: Obligation, rows: list[FormRow]) -> list[FormRow]:
    """Put what registers say into the lines where nobody wrote anything else."""
    said = registers_say(
        obligation,
        (
            Asked(row.source_register, row.line.code, row.line.breakdown, row.line.decimals)
            for row in rows
        ),
    )
    return [_filled_row(row, said.get((row.line.code, row.line.breakdown))) for row in rows]


def _filled_row(row: FormRow, said: Said | None) -> FormRow:
    if said is None:
        return row
    if row.figure.state != "missing" and not says_register(row.figure, said.figure):
        return replace(row, register=said.figure)
    return replace(
        row,
        register=said.figure,
        joint=said.joint,
        figure=replace(said.figure, note=row.figure.note),
        source=CellSource.REGISTER.value,
    )


SUBSETS = Prepared(
    """
SELECT smaller.code, larger.code, r.per_breakdown, r.message
  FROM indicators_subsetrule r
  JOIN indicators_indicator smaller ON smaller.id = r.smaller_id
  JOIN indicators_indicator larger ON larger.id = r.larger_id
 ORDER BY r.id
""",
    {},
)


def subset_rules() -> list[Subset]:
    """Return the hard rules of the catalogue."""
    return [Subset(*row) for row in SUBSETS.rows({})]


def hard_findings(rows: Sequence[FormRow]) -> list[Finding]:
    """Return what blocks a submission: empty lines, parts over the whole, missing reasons."""
    lines = [row.line for row in rows]
    figures = {row.line.line_id: row.figure for row in rows}
    registers = {row.line.line_id: row.register for row in rows if row.register}
    return (
        missing_lines(lines, figures)
        + broken_subsets(lines, figures, subset_rules())
        + unexplained_overrides(lines, figures, registers)
    )


def sent_figures(unit_id: int, period_ids: Iterable[int]) -> dict[int, dict[Key, CellFigure]]:
    """Return what a unit sent for each period: its accepted version, else the waiting one."""
    rows = (
        SubmissionLine.objects.filter(
            submission__unit_id=unit_id,
            submission__period_id__in=list(period_ids),
            submission__state__in=["accepted", "waiting"],
        )
        .order_by("-submission__state", "pk")  # accepted is written last and so wins
        .values_list(
            "submission__period_id",
            "indicator__code",
            "breakdown",
            "state",
            "value",
            "qualifier",
        )
    )
    found: dict[int, dict[Key, CellFigure]] = {}
    for period_id, code, breakdown, state, value, qualifier in rows:
        found.setdefault(period_id, {})[(code, breakdown)] = CellFigure(state, value, qualifier)
    return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures of the same unit in other periods, beside the one being written."""

    before: dict[Key, CellFigure]
    last_year: dict[Key, CellFigure]
    history: dict[Key, list[Decimal]]


def comparison_of(obligation: Obligation) -> Comparison:
    """Return last period, the same period last year, and up to twelve periods back."""
    period = obligation.period
    back = list(
        Period.objects.filter(
            calendar_id=period.calendar_id, kind=period.kind, end__lte=period.start
        ).order_by("-start")[:HISTORY_PERIODS]
    )
    previous, year_ago = previous_period(period), same_period_last_year(period)
    wanted = {p.pk for p in back} | {p.pk for p in (previous, year_ago) if p is not None}
    sent = sent_figures(obligation.unit_id, wanted)
    history: dict[Key, list[Decimal]] = {}
    for past in reversed(back):
        for key, figure in sent.get(past.pk, {}).items():
            if figure.number is not None:
                history.setdefault(key, []).append(figure.number)
    return Comparison(
        before=sent.get(previous.pk, {}) if previous else {},
        last_year=sent.get(year_ago.pk, {}) if year_ago else {},
        history=history,
    )


@dataclass(frozen=True, slots=True)
class Check:
    """Everything that stands between a report and its submission, and what deserves a look."""

    findings: list[Finding]
    rows: list[FormRow]


def check_report(report: Report) -> Check:
    """Check a report before it is sent: hard rules, missing lines, soft warnings."""
    rows = form_rows(report)
    compared = comparison_of(report.obligation)
    warnings = soft_warnings(
        [row.line for row in rows],
        {row.line.line_id: row.figure for row in rows},
        compared.before,
        compared.history,
    )
    return Check(findings=hard_findings(rows) + warnings, rows=rows)
