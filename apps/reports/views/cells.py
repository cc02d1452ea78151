"""One cell, a pasted block, the side panel of a cell: what the grid asks for while one types."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.reports.forms.entry import CellForm, PasteForm
from apps.reports.models import Cell
from apps.reports.queries.grid import GridLine, changes_of, line_of_form, read_sheet
from apps.reports.rules import cell_text
from apps.reports.services.entry import CellConflict, FormChanged, save_block, save_cell
from apps.reports.views.answers import (
    conflict_words,
    conflicting,
    locked,
    sheet_answer,
    unreadable,
)
from apps.reports.views.scope import page_context, person, visible_report, written_report
from apps.units.permissions import requires

LINE_GONE = "Biểu mẫu đã thay đổi, ô này không còn trong mẫu. Tải lại trang; số đã nhập vẫn còn."


@require_POST
@requires(Permission.REPORT_VIEW)
def cell(request: HttpRequest, pk: int, line_id: int) -> JsonResponse:
    """Save one cell and say how it and its partners stand now."""
    report = written_report(request, pk)
    line = line_of_form(report, line_id)
    if line is None:
        return locked(FormChanged(LINE_GONE))
    form = CellForm(request.POST, line=line)
    if not form.is_valid():
        return unreadable(form.problem)
    try:
        save_cell(report=report, entry=form.entry, by=person(request), at=timezone.now())
    except CellConflict as conflict:
        return conflicting(conflict.current, line.indicator.decimals)
    except DomainError as refusal:
        return locked(refusal)
    return JsonResponse(sheet_answer(read_sheet(report), [line_id], line.indicator.section.code))


@require_POST
@requires(Permission.REPORT_VIEW)
def paste(request: HttpRequest, pk: int, code: str) -> JsonResponse:
    """Save a block copied from Excel; what cannot be read is named at its cell."""
    report = written_report(request, pk)
    lines = read_sheet(report).section(code)
    form = PasteForm(request.POST, lines=lines)
    if not form.is_valid():
        return unreadable(form.problem, fits=form.fits)
    try:
        result = save_block(
            report=report, entries=form.entries, by=person(request), at=timezone.now()
        )
    except DomainError as refusal:
        return locked(refusal)
    answer = sheet_answer(read_sheet(report), [saved.line_id for saved in result.saved], code)
    return JsonResponse(answer | _pasted(form, lines, result.conflicts))


def _pasted(form: PasteForm, lines: list[GridLine], conflicts: list[Cell]) -> dict[str, Any]:
    """Say what of a block was not written, with what was typed, so that nothing is lost."""
    decimals = {line.line_id: line.row.line.decimals for line in lines}
    return {
        "problems": form.problems,
        "blank": form.n_blank,
        "conflicts": [
            conflict_words(cell, decimals[cell.line_id]) | {"mine": form.typed[cell.line_id]}
            for cell in conflicts
        ],
    }


@require_GET
@requires(Permission.REPORT_VIEW)
def cell_panel(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Say what a line means, what it was in twelve periods, and who changed it."""
    report = visible_report(request, pk)
    line = line_of_form(report, line_id)
    if line is None:
        raise Http404
    series = read_sheet(report).past.series((line.indicator.code, line.breakdown))
    context = page_context(request, report) | {
        "line": line,
        "labels": [label for label, _ in series],
        "numbers": [figure.number for _, figure in series],
        "series": [(label, cell_text(f, line.indicator.decimals)) for label, f in series],
        "changes": changes_of(report, line),
    }
    return render_page_or_part(request, "reports/cell.html", context, part="panel")
