"""The entry grid: each line with its figure, its neighbours in time and what the rules say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from apps.indicators.models import Section
from apps.reports.models import Cell, CellChange, Remark, Report, ReportText, TemplateLine
from apps.reports.models.templates import NarrativePart
from apps.reports.queries.forms import FormRow, form_rows, subset_rules
from apps.reports.queries.past import Past, past_of
from apps.reports.rules import (
    CellFigure,
    Finding,
    Key,
    Look,
    Subset,
    broken_subsets,
    cell_text,
    soft_warnings,
)

SECTION_LOOKS = {
    "empty": Look("Chưa nhập", "neutral", "circle"),
    "draft": Look("Đang nhập", "info", "pencil"),
    "done": Look("Xong", "done", "check-circle-fill"),
}
CHANGES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of the grid, every figure as text."""

    row: FormRow
    text: str
    before: str
    last_year: str
    year_total: str
    carried_age: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def line_id(self) -> int:
        """Return the id of the line."""
        return self.row.line.line_id

    @property
    def state(self) -> str:
        """Return the one state the cell shows: what is wrong comes before what is kept."""
        if self.errors:
            return "error"
        if self.warnings:
            return "warning"
        return "saved" if self.row.figure.state != "missing" else ""


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How far a section is: required lines that say something, of all required ones."""

    code: str
    name: str
    done: int
    total: int
    touched: int

    @property
    def look(self) -> Look:
        """Return the section's state in a word."""
        if self.done == self.total:
            return SECTION_LOOKS["done"]
        return SECTION_LOOKS["draft" if self.touched else "empty"]


@dataclass(frozen=True)
class Sheet:
    """A whole report as the grid needs it; sections are cut from it."""

    rows: Sequence[FormRow]
    past: Past
    subsets: Sequence[Subset]
    names: dict[str, str]

    @cached_property
    def figures(self) -> dict[int, CellFigure]:
        """Return the figures by line."""
        return {row.line.line_id: row.figure for row in self.rows}

    @cached_property
    def findings(self) -> dict[int, list[Finding]]:
        """Return broken rules and warnings by line; lines not yet filled are not listed here."""
        lines = [row.line for row in self.rows]
        found: dict[int, list[Finding]] = {}
        for finding in broken_subsets(lines, self.figures, self.subsets) + soft_warnings(
            lines, self.figures, self.past.before, self.past.history
        ):
            found.setdefault(finding.line_id, []).append(finding)
        return found

    def partners(self, line_ids: Iterable[int]) -> set[int]:
        """Return these lines and every line that a hard rule ties to one of them."""
        wanted = set(line_ids)
        codes = {row.line.code for row in self.rows if row.line.line_id in wanted}
        tied = {rule.smaller for rule in self.subsets if rule.larger in codes} | {
            rule.larger for rule in self.subsets if rule.smaller in codes
        }
        return wanted | {row.line.line_id for row in self.rows if row.line.code in tied}

    def lines(self, line_ids: Iterable[int]) -> list[GridLine]:
        """Return some lines in the form's order."""
        wanted = set(line_ids)
        return [self._line(row) for row in self.rows if row.line.line_id in wanted]

    def section_rows(self, code: str) -> list[FormRow]:
        """Return the rows of a section; none when the form does not have it."""
        return [row for row in self.rows if row.line.section == code]

    def section(self, code: str) -> list[GridLine]:
        """Return the lines of a section."""
        return [self._line(row) for row in self.section_rows(code)]

    @cached_property
    def sections(self) -> list[SectionProgress]:
        """Return the sections that the form has, in its order."""
        codes = dict.fromkeys(row.line.section for row in self.rows)
        return [self._progress(code) for code in codes]

    def _progress(self, code: str) -> SectionProgress:
        rows = self.section_rows(code)
        needed = [row for row in rows if row.line.is_required]
        said = [row for row in needed if row.figure.state != "missing"]
        touched = sum(row.figure.state != "missing" for row in rows)
        return SectionProgress(code, self.names.get(code, code), len(said), len(needed), touched)

    def _line(self, row: FormRow) -> GridLine:
        line = row.line
        key: Key = (line.code, line.breakdown)
        found = self.findings.get(line.line_id, [])
        return GridLine(
            row=row,
            text=cell_text(row.figure, line.decimals),
            before=cell_text(self.past.before.get(key, CellFigure()), line.decimals),
            last_year=cell_text(self.past.last_year.get(key, CellFigure()), line.decimals),
            year_total=self._year_total(row, key),
            carried_age=self._carried_age(row, key),
            errors=tuple(finding.text for finding in found if finding.kind == "error"),
            warnings=tuple(finding.text for finding in found if finding.kind == "warning"),
        )

    def _year_total(self, row: FormRow, key: Key) -> str:
        """Return the year's sum of a flow; a stock has none, its last figure is what stands."""
        if row.line.kind != "flow":
            return ""
        total = self.past.year_so_far(key).with_current(row.figure)
        word = "khoảng " if total.qualifier == "about" else ""
        exact = CellFigure(total.state, total.value) if word else total
        return word + cell_text(exact, row.line.decimals)

    def _carried_age(self, row: FormRow, key: Key) -> str:
        if row.source != "carried":
            return ""
        since = self.past.unchanged_since(key)
        return f"không thay đổi từ {since[0]} ({since[1]} kỳ)" if since else "không thay đổi"


def read_sheet(report: Report) -> Sheet:
    """Return the whole report for the grid: five queries, however many lines."""
    return Sheet(
        rows=form_rows(report),
        past=past_of(report.obligation),
        subsets=subset_rules(),
        names=dict(Section.objects.values_list("code", "name")),
    )


def line_of_form(report: Report, line_id: int) -> TemplateLine | None:
    """Return a line of the form that this report uses, with its indicator."""
    return (
        TemplateLine.objects.filter(version_id=report.obligation.version_id, pk=line_id)
        .select_related("indicator")
        .first()
    )


def changes_of(report: Report, line_id: int) -> list[CellChange]:
    """Return who changed a cell, newest first."""
    changes = CellChange.objects.filter(report=report, line_id=line_id)
    return list(changes.select_related("changed_by").order_by("-pk")[:CHANGES_SHOWN])


def cell_of(report: Report, line_id: int) -> Cell | None:
    """Return a cell with the person who wrote it."""
    cells = Cell.objects.filter(report=report, line_id=line_id)
    return cells.select_related("updated_by").first()


def remarks_of(report: Report) -> list[Remark]:
    """Return what reviewers asked, open ones first, in the order of the form."""
    remarks = Remark.objects.filter(report=report).select_related(
        "line__indicator__section", "made_by", "answered_by"
    )
    return list(remarks.order_by("answer", "line__order", "pk"))


def parts_of(report: Report) -> list[NarrativePart]:
    """Return the parts of the form that are written in words."""
    parts = NarrativePart.objects.filter(version_id=report.obligation.version_id)
    return list(parts.order_by("order", "pk"))


def texts_of(report: Report) -> dict[str, ReportText]:
    """Return what was written, by part."""
    texts = ReportText.objects.filter(report=report).select_related("updated_by")
    return {text.part: text for text in texts}
