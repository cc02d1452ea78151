"""One cell, a pasted block, the side panel of a cell: what the grid asks for while one types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.reports.forms.entry import CellForm, OverrideForm, PasteForm
from apps.reports.models import Cell, Report, TemplateLine
from apps.reports.queries.grid import GridLine, changes_of, line_of_form, read_sheet
from apps.reports.queries.records import records_of_line
from apps.reports.rules import Reading, cell_text
from apps.reports.services.entry import (
    BlockResult,
    CellConflict,
    Entry,
    FormChanged,
    RegisterSays,
    save_block,
    save_cell,
)
from apps.reports.views.answers import (
    UNREADABLE,
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
    except RegisterSays as refusal:
        return unreadable(refusal.message)
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
    return JsonResponse(answer | _pasted(form, lines, result))


def _pasted(form: PasteForm, lines: list[GridLine], result: BlockResult) -> dict[str, Any]:
    """Say what of a block was not written, with what was typed, so that nothing is lost."""
    asked = {line.line_id: line.row.line for line in lines}
    return {
        "problems": form.problems,
        "blank": form.n_blank,
        "kept": [
            {"code": asked[line_id].code, "mine": form.typed[line_id], "message": message}
            for line_id, message in result.refused.items()
        ],
        "conflicts": [
            conflict_words(cell, asked[cell.line_id].decimals) | {"mine": form.typed[cell.line_id]}
            for cell in result.conflicts
        ],
    }


@require_GET
@requires(Permission.REPORT_VIEW)
def cell_panel(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Say what a line means, what it was in twelve periods, and who changed it."""
    report = visible_report(request, pk)
    return _panel(request, report, _line(report, line_id))


def _line(report: Report, line_id: int) -> TemplateLine:
    line = line_of_form(report, line_id)
    if line is None:
        raise Http404
    return line


def _panel(
    request: HttpRequest,
    report: Report,
    line: TemplateLine,
    form: OverrideForm | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = read_sheet(report)
    [shown] = sheet.lines([line.pk])
    series = sheet.past.series((line.indicator.code, line.breakdown))
    kept = {"text": shown.text, "note": shown.row.figure.note, "seen": shown.register_text}
    context = page_context(request, report) | {
        "line": line,
        "shown": shown,
        "form": form or OverrideForm(initial=kept | {"base": shown.row.lock_version}, line=line),
        "n_records": len(records_of_line(report, line)) if shown.row.register else 0,
        "labels": [label for label, _ in series],
        "numbers": [figure.number for _, figure in series],
        "series": [(label, cell_text(f, line.indicator.decimals)) for label, f in series],
        "changes": changes_of(report, line),
    }
    return render_page_or_part(request, "reports/cell.html", context, part="panel", status=status)


@require_POST
@requires(Permission.REPORT_VIEW)
def override(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Write another figure than the register's, with the reason."""
    report = written_report(request, pk)
    line = _line(report, line_id)
    form = OverrideForm(request.POST, line=line)
    if form.is_valid():
        try:
            save_cell(report=report, entry=form.entry, by=person(request), at=timezone.now())
        except RegisterSays as refusal:
            form.refuse(refusal, "note")
        except DomainError as refusal:
            form.refuse(refusal, "text")
        else:
            return redirect(_place_of(report, line))
    return _panel(request, report, line, form, UNREADABLE)


@require_POST
@requires(Permission.REPORT_VIEW)
def restore(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Let the register's figure stand again."""
    report = written_report(request, pk)
    line = _line(report, line_id)
    cell = Cell.objects.filter(report=report, line=line).first()
    entry = Entry(line.pk, Reading("missing"), cell.lock_version if cell else 0, note="")
    try:
        save_cell(report=report, entry=entry, by=person(request), at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{line.indicator.code}: đã lấy lại số từ sổ.")
    return redirect(_place_of(report, line))


def _place_of(report: Report, line: TemplateLine) -> str:
    section = reverse("reports:section", args=[report.pk, line.indicator.section.code])
    return f"{section}#dong-{line.pk}"
