"""One version of a report beside what stood before: last period, last year, last decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, FilteredRelation, Q

from apps.indicators.rules import measured_in
from apps.reports.models import Remark, Report, Submission, SubmissionLine
from apps.reports.models.entry import CellSource
from apps.reports.models.review import SubmissionState
from apps.reports.queries.drift import Drift, drifts_of
from apps.reports.queries.forms import comparison_of
from apps.reports.queries.registers import register_when_sent
from apps.reports.rules import CellFigure, Line, soft_warnings

ASKS_FOR_NOTE = " Ghi lý do vào ô ghi chú."  # said to the one who types, not to the reviewer


@dataclass(slots=True)
class ReviewRow:
    """One line of a version: now, before, a year ago, and what it was when last decided on."""

    line: Line
    measure_unit: str
    now: CellFigure
    before: CellFigure
    last_year: CellFigure
    was: CellFigure | None
    source: str
    register: CellFigure | None
    drift: Drift | None = None
    warnings: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Return whether the figure differs from the one last decided on."""
        return self.was is not None and _said(self.was) != _said(self.now)

    @property
    def is_from_register(self) -> bool:
        """Return whether the figure is the register's."""
        return self.source == CellSource.REGISTER

    @property
    def is_override(self) -> bool:
        """Return whether the unit wrote another figure than its register had."""
        return self.register is not None and not self.is_from_register

    @property
    def is_warned(self) -> bool:
        """Return whether the row asks for a second look."""
        return bool(self.warnings) or self.is_override or self.drift is not None

    @property
    def difference(self) -> Decimal | None:
        """Return the change against the period before."""
        now, before = self.now.number, self.before.number
        return None if now is None or before is None else now - before


def _said(figure: CellFigure) -> tuple[str, Decimal | None, str, str]:
    return (figure.state, figure.value, figure.qualifier, figure.note)


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A version laid out for review."""

    submission: Submission
    decided: Submission | None
    rows: list[ReviewRow]
    texts: list[tuple[str, str, bool]]
    general_remarks: list[Remark]

    @property
    def n_changed(self) -> int:
        """Return how many figures changed since the last decision."""
        return sum(row.is_changed for row in self.rows)

    @property
    def n_warned(self) -> int:
        """Return how many lines carry a warning."""
        return sum(row.is_warned for row in self.rows)


def latest_submission(report: Report) -> Submission | None:
    """Return the newest version that was sent."""
    return (
        Submission.objects.filter(report=report)
        .select_related("submitted_by", "decided_by")
        .order_by("-number")
        .first()
    )


def review_sheet(report: Report, submission: Submission) -> ReviewSheet:
    """Lay a version out beside the period before, the year before and the last decided version."""
    decided = (
        Submission.objects.filter(report=report, number__lt=submission.number)
        .exclude(state=SubmissionState.WAITING)
        .order_by("-number")
        .first()
    )
    was = _figures_of(decided) if decided else {}
    compared = comparison_of(report.obligation)
    rows = _review_rows(submission)
    for row in rows:
        key = (row.line.code, row.line.breakdown)
        row.before = compared.before.get(key, CellFigure())
        row.last_year = compared.last_year.get(key, CellFigure())
        row.was = was.get(row.line.line_id, CellFigure()) if decided else None
    by_line = {row.line.line_id: row for row in rows}
    figures = {row.line.line_id: row.now for row in rows}
    lines = [row.line for row in rows]
    for found in soft_warnings(lines, figures, compared.before, compared.history):
        by_line[found.line_id].warnings.append(found.text.removesuffix(ASKS_FOR_NOTE))
    for drift in drifts_of(report):
        by_line[drift.line_id].drift = drift
    general = _place_remarks(report, by_line)
    return ReviewSheet(submission, decided, rows, _texts(report, submission, decided), general)


def _review_rows(submission: Submission) -> list[ReviewRow]:
    rows = (
        SubmissionLine.objects.filter(submission=submission)
        .annotate(
            bd=FilteredRelation(
                "indicator__breakdowns", condition=Q(indicator__breakdowns__code=F("breakdown"))
            ),
            part_name=F("bd__name"),
        )
        .select_related("indicator__section", "line")
        .order_by("line__order", "pk")
    )
    return [_review_row(row) for row in rows]


def _review_row(row: SubmissionLine) -> ReviewRow:
    part = row.part_name  # type: ignore[attr-defined]  # annotated above
    indicator = row.indicator
    line = Line(
        line_id=row.line_id,
        code=indicator.code,
        breakdown=row.breakdown,
        name=f"{indicator.name} ({part})" if part else indicator.name,
        section=f"{indicator.section.code}. {indicator.section.name}",
        kind=indicator.kind,
        decimals=indicator.decimals,
        is_required=row.line.is_required,
    )
    now = CellFigure(row.state, row.value, row.qualifier, row.note)
    return ReviewRow(
        line=line,
        measure_unit=measured_in(indicator.measure_unit, part or ""),
        now=now,
        before=CellFigure(),
        last_year=CellFigure(),
        was=None,
        source=row.source,
        register=register_when_sent(row),
    )


def _figures_of(submission: Submission) -> dict[int, CellFigure]:
    rows = SubmissionLine.objects.filter(submission=submission).values_list(
        "line_id", "state", "value", "qualifier", "note"
    )
    return {
        line_id: CellFigure(state, value, qualifier, note)
        for line_id, state, value, qualifier, note in rows
    }


def _place_remarks(report: Report, by_line: dict[int, ReviewRow]) -> list[Remark]:
    """Hang each remark on its line; return those about the whole report."""
    general: list[Remark] = []
    remarks = Remark.objects.filter(report=report).select_related(
        "submission", "made_by", "answered_by"
    )
    for remark in remarks.order_by("-pk"):
        row = by_line.get(remark.line_id) if remark.line_id else None
        (row.remarks if row else general).append(remark)
    return general


def _texts(
    report: Report, submission: Submission, decided: Submission | None
) -> list[tuple[str, str, bool]]:
    """Return (title, body, changed) of the parts written in words."""
    titles = report.obligation.version.parts.order_by("order", "pk").values_list("code", "title")
    return [
        (
            title,
            submission.texts.get(code, ""),
            decided is not None and decided.texts.get(code, "") != submission.texts.get(code, ""),
        )
        for code, title in titles
    ]
