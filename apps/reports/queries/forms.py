"""What a form shows and what is wrong with it: rows, figures of other periods, findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.indicators.models import Period, SubsetRule
from apps.indicators.queries import previous_period, same_period_last_year
from apps.reports.models import Obligation, Report, SubmissionLine
from apps.reports.rules import (
    CellFigure,
    Finding,
    Key,
    Line,
    Subset,
    broken_subsets,
    missing_lines,
    soft_warnings,
)

HISTORY_PERIODS = 12


@dataclass(frozen=True, slots=True)
class FormRow:
    """One line of a report: what is asked, and what stands there."""

    line: Line
    order: int
    measure_unit: str
    breakdown_name: str
    figure: CellFigure
    lock_version: int
    source: str
    updated_at: datetime | None
    updated_by: str

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


FORM_ROWS = """
SELECT t.id, i.code, t.breakdown, i.name, b.name, sec.code, i.kind, i.decimals, t.is_required,
       c.state, c.value, c.qualifier, c.note, t."order", i.measure_unit, c.lock_version, c.source,
       c.updated_at, u.full_name
  FROM reports_templateline t
  JOIN indicators_indicator i ON i.id = t.indicator_id
  JOIN indicators_section sec ON sec.id = i.section_id
  LEFT JOIN indicators_breakdown b ON b.indicator_id = i.id AND b.code = t.breakdown
  LEFT JOIN reports_cell c ON c.line_id = t.id AND c.report_id = %s
  LEFT JOIN accounts_user u ON u.id = c.updated_by_id
 WHERE t.version_id = %s
 ORDER BY t."order", t.id
"""


def form_rows(report: Report) -> list[FormRow]:
    """Return the lines of a report's form with its cells, in order: one query."""
    with connection.cursor() as cursor:
        cursor.execute(FORM_ROWS, [report.pk, report.obligation.version_id])
        return [_form_row(*row) for row in cursor.fetchall()]


def _form_row(*row: Any) -> FormRow:
    line_id, code, breakdown, name, part, section, kind, decimals, is_required = row[:9]
    state, value, qualifier, note = row[9:13]
    order, measure_unit, lock_version, source, updated_at, updated_by = row[13:]
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
        measure_unit=measure_unit,
        breakdown_name=part or "",
        figure=CellFigure(state or "missing", value, qualifier or "exact", note or ""),
        lock_version=lock_version or 0,
        source=source or "",
        updated_at=updated_at,
        updated_by=updated_by or "",
    )


def subset_rules() -> list[Subset]:
    """Return the hard rules of the catalogue."""
    rows = SubsetRule.objects.order_by("pk").values_list(
        "smaller__code", "larger__code", "per_breakdown", "message"
    )
    return [Subset(*row) for row in rows]


def hard_findings(rows: Sequence[FormRow]) -> list[Finding]:
    """Return what blocks a submission: lines nobody filled, and parts larger than the whole."""
    lines = [row.line for row in rows]
    figures = {row.line.line_id: row.figure for row in rows}
    return missing_lines(lines, figures) + broken_subsets(lines, figures, subset_rules())


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

    @property
    def blocking(self) -> list[Finding]:
        """Return what must be mended first."""
        return [found for found in self.findings if found.kind != "warning"]

    @property
    def warnings(self) -> list[Finding]:
        """Return what asks for a note but blocks nothing."""
        return [found for found in self.findings if found.kind == "warning"]


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
