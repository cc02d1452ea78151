"""The entry grid: each line with its figure, its neighbours in time and what the rules say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from apps.indicators.models import Section
from apps.reports.models import CellChange, Remark, Report, ReportText, TemplateLine
from apps.reports.models.templates import NarrativePart
from apps.reports.queries.forms import FormRow, form_rows, subset_rules
from apps.reports.queries.past import Past, past_of
from apps.reports.rules import (
    CellFigure,
    Finding,
    Key,
    Line,
    Look,
    Subset,
    broken_subsets,
    cell_text,
    soft_warnings,
    unexplained_overrides,
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
    register_text: str

    @property
    def line_id(self) -> int:
        """Return the id of the line."""
        return self.row.line.line_id

    @property
    def messages(self) -> tuple[str, ...]:
        """Return what stands under the cell: what is wrong first."""
        return self.errors + self.warnings

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
    names: Mapping[str, str]

    @cached_property
    def figures(self) -> dict[int, CellFigure]:
        """Return the figures by line."""
        return {row.line.line_id: row.figure for row in self.rows}

    @cached_property
    def findings(self) -> dict[int, list[Finding]]:
        """Return broken rules and warnings by line; lines not yet filled are not listed here."""
        lines = [row.line for row in self.rows]
        found: dict[int, list[Finding]] = {}
        registers = {row.line.line_id: row.register for row in self.rows if row.register}
        for finding in (
            broken_subsets(lines, self.figures, self.subsets)
            + unexplained_overrides(lines, self.figures, registers)
            + soft_warnings(lines, self.figures, self.past.before, self.past.history)
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

    def section(self, code: str) -> list[GridLine]:
        """Return the lines of a section; none when the form does not have it."""
        return [self._line(row) for row in self.rows if row.line.section == code]

    def of_kind(self, code: str, kind: str) -> list[int]:
        """Return the lines of a section whose indicator is of a kind."""
        lines = [row.line for row in self.rows]
        return [line.line_id for line in lines if line.section == code and line.kind == kind]

    def stocks_before(self, code: str) -> dict[int, CellFigure]:
        """Return last period's figures of a section's stocks, where there are any."""
        found = {}
        for row in self.rows:
            figure = self.past.before.get((row.line.code, row.line.breakdown))
            if row.line.section == code and row.line.kind == "stock" and figure is not None:
                found[row.line.line_id] = figure
        return found

    @cached_property
    def sections(self) -> list[SectionProgress]:
        """Return the sections that the form has, in its order."""
        return progress_of(self.rows, self.names)

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
            errors=tuple(_here(line, f.text) for f in found if f.kind == "error"),
            warnings=tuple(_here(line, f.text) for f in found if f.kind == "warning"),
            register_text=cell_text(row.register or CellFigure(), line.decimals),
        )

    def _year_total(self, row: FormRow, key: Key) -> str:
        """Return the year's sum of a flow; a stock has none, its last figure is what stands."""
        if row.line.kind != "flow":
            return ""
        total = self.past.year_so_far(key).with_current(row.figure)
        return cell_text(total, row.line.decimals)

    def _carried_age(self, row: FormRow, key: Key) -> str:
        if row.source != "carried":
            return ""
        since = self.past.unchanged_since(key)
        return f"không thay đổi từ {since[0]} ({since[1]} kỳ)" if since else "không thay đổi"


def _here(line: Line, text: str) -> str:
    """Leave out the line's name where the message stands beside it."""
    rest = text.removeprefix(f"{line.code} {line.name}: ")
    return rest[:1].upper() + rest[1:]


def progress_of(rows: Sequence[FormRow], names: Mapping[str, str]) -> list[SectionProgress]:
    """Return how far each section of a form is, in the form's order."""
    found = []
    for code in dict.fromkeys(row.line.section for row in rows):
        mine = [row for row in rows if row.line.section == code]
        said = [row for row in mine if row.figure.state != "missing"]
        needed = sum(row.line.is_required for row in mine)
        done = sum(row.line.is_required for row in said)
        found.append(SectionProgress(code, names.get(code, code), done, needed, len(said)))
    return found


def section_names() -> dict[str, str]:
    """Return the names of the catalogue's sections by letter."""
    return dict(Section.objects.values_list("code", "name"))


def read_sections(report: Report) -> list[SectionProgress]:
    """Return how far the sections of a report are: two queries."""
    return progress_of(form_rows(report), section_names())


def read_sheet(report: Report) -> Sheet:
    """Return the whole report for the grid: five queries, and those of registers."""
    return Sheet(
        rows=form_rows(report),
        past=past_of(report.obligation),
        subsets=subset_rules(),
        names=section_names(),
    )


def line_of_form(report: Report, line_id: int) -> TemplateLine | None:
    """Return a line of the form that this report uses, with its indicator."""
    return (
        TemplateLine.objects.filter(version_id=report.obligation.version_id, pk=line_id)
        .select_related("indicator__section")
        .first()
    )


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of a figure, in words."""

    change: CellChange
    old: str
    new: str


def changes_of(report: Report, line: TemplateLine) -> list[ChangeLine]:
    """Return who changed a cell, newest first."""
    changes = CellChange.objects.filter(report=report, line=line).select_related("changed_by")
    decimals = line.indicator.decimals
    return [
        ChangeLine(
            change,
            cell_text(CellFigure(change.old_state, change.old_value), decimals),
            cell_text(CellFigure(change.new_state, change.new_value), decimals),
        )
        for change in changes.order_by("-pk")[:CHANGES_SHOWN]
    ]


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
