"""What the grid is told after a save: the lines as they stand, or why nothing was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import JsonResponse

from apps.core.dates import format_datetime
from apps.core.errors import DomainError
from apps.reports.forms.entry import SectionForm, Typed
from apps.reports.models import Cell, Remark
from apps.reports.queries.grid import GridLine, SectionProgress, Sheet
from apps.reports.rules import CellFigure, cell_text

UNREADABLE, CONFLICT, LOCKED = 422, 409, 423


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the grid with what the person typed, where that is not what is kept."""

    line: GridLine
    text: str
    note: str
    base: int
    problem: str
    conflict: Mapping[str, Any] | None
    remarks: tuple[Remark, ...]

    @property
    def state(self) -> str:
        """Return the state that the cell shows."""
        if self.problem or self.conflict:
            return "error"
        return self.line.state


def shown_lines(
    lines: Sequence[GridLine],
    remarks: Iterable[Remark],
    form: SectionForm | None = None,
    conflicts: Iterable[Cell] = (),
) -> list[ShownLine]:
    """Put the grid together: kept figures, what came back from a form, conflicts, remarks."""
    theirs = {cell.line_id: cell for cell in conflicts}
    asked: dict[int, list[Remark]] = {}
    for remark in remarks:
        asked.setdefault(remark.line_id or 0, []).append(remark)
    shown = []
    for line in lines:
        typed = _typed(line, form)
        cell = theirs.get(line.line_id)
        shown.append(
            ShownLine(
                line=line,
                text=typed.text,
                note=typed.note,
                # Sent again after a conflict was shown, it is meant: the base is what stands now.
                base=cell.lock_version if cell else typed.base,
                problem=typed.problem,
                conflict=conflict_words(cell, line.row.line.decimals) if cell else None,
                remarks=tuple(asked.get(line.line_id, ())),
            )
        )
    return shown


def _typed(line: GridLine, form: SectionForm | None) -> Typed:
    row = line.row
    kept = Typed(line.text, row.figure.note, row.lock_version)
    typed = form.typed.get(line.line_id, kept) if form else kept
    is_unsaved = bool(form and (typed.problem or line.line_id in form.unsaved))
    return typed if is_unsaved else kept


def conflict_words(cell: Cell, decimals: int) -> dict[str, Any]:
    """Return what somebody else wrote meanwhile: the value, who, when."""
    figure = CellFigure(cell.state, cell.value, cell.qualifier)
    return {
        "line": cell.line_id,
        "text": cell_text(figure, decimals),
        "note": cell.note,
        "version": cell.lock_version,
        "by": cell.updated_by.full_name if cell.updated_by else "",
        "at": format_datetime(cell.updated_at),
    }


def sheet_answer(sheet: Sheet, line_ids: Iterable[int], code: str) -> dict[str, Any]:
    """Return saved lines, what the rules say of them and of their partners, and the progress."""
    saved = set(line_ids)
    progress = next(section for section in sheet.sections if section.code == code)
    return {
        "kind": "saved",
        "lines": [_line(line) for line in sheet.lines(sheet.partners(saved))],
        "saved": sorted(saved),
        "section": _progress(progress),
    }


def _line(line: GridLine) -> dict[str, Any]:
    return {
        "line": line.line_id,
        "text": line.text,
        "note": line.row.figure.note,
        "version": line.row.lock_version,
        "state": line.state,
        "figure": line.row.figure.state,
        "year_total": line.year_total,
        "messages": line.messages,
    }


def _progress(progress: SectionProgress) -> dict[str, Any]:
    return {
        "done": progress.done,
        "total": progress.total,
        "label": progress.look.label,
    }


def unreadable(message: str, **more: Any) -> JsonResponse:
    """Say that what was typed cannot be taken; nothing was written."""
    answer = {"kind": "unreadable", "message": message} | more
    return JsonResponse(answer, status=UNREADABLE)


def conflicting(cell: Cell, decimals: int) -> JsonResponse:
    """Show what somebody else wrote meanwhile; nothing was written."""
    words = conflict_words(cell, decimals)
    return JsonResponse({"kind": "conflict"} | words, status=CONFLICT)


def locked(refusal: DomainError) -> JsonResponse:
    """Say that the report or its form is not open any more; nothing was written."""
    return JsonResponse({"kind": "locked", "message": refusal.message}, status=LOCKED)
