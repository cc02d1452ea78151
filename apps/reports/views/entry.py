"""Write in a report: the grid of a section, one cell, a pasted block, texts, declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.reports.forms.entry import CellForm, PasteForm, SectionForm, TextForm
from apps.reports.models import Report
from apps.reports.models.templates import NarrativePart
from apps.reports.queries.contents import last_return
from apps.reports.queries.forms import form_rows
from apps.reports.queries.grid import (
    Sheet,
    cell_of,
    changes_of,
    conflict_text,
    line_of_form,
    parts_of,
    read_sheet,
    remarks_of,
    texts_of,
)
from apps.reports.services.entry import (
    CellConflict,
    FormChanged,
    TextConflict,
    carry_stocks,
    declare_nothing,
    save_block,
    save_cell,
    save_text,
)
from apps.reports.views.answers import (
    as_json,
    closed_answer,
    conflict_answer,
    merged_lines,
    unreadable_answer,
)
from apps.reports.views.scope import page_context, person, visible_report, written_report
from apps.units.permissions import requires

MISSING_LINE = "Biểu mẫu đã thay đổi, ô này không còn trong mẫu. Tải lại trang; số đã nhập vẫn còn."


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT_VIEW)
def section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show a section's grid; a POST of the whole section saves it where no script runs."""
    if request.method == "POST":
        return _save_section(request, pk, code)
    report = visible_report(request, pk)
    return _section_page(request, report, read_sheet(report), code)


def _section_page(
    request: HttpRequest,
    report: Report,
    sheet: Sheet,
    code: str,
    form: SectionForm | None = None,
    conflicts: Iterable[Any] = (),
) -> HttpResponse:
    lines = sheet.section(code)
    if not lines:
        raise Http404
    codes = [each.code for each in sheet.sections]
    place = codes.index(code)
    remarks = [remark for remark in remarks_of(report) if _concerns(remark, lines)]
    context = page_context(request, report) | {
        "section": sheet.sections[place],
        "lines": merged_lines(lines, form, conflicts, remarks),
        "past": sheet.past,
        "before": codes[place - 1] if place else "",
        "after": codes[place + 1] if place + 1 < len(codes) else "",
        "remarks": remarks if report.state == "returned" else [],
        "returned": last_return(report) if report.state == "returned" else None,
        "has_flows": any(line.row.line.kind == "flow" for line in lines),
        "has_stocks": any(line.row.line.kind == "stock" for line in lines),
        "form": form,
        "conflicts": conflicts,
    }
    return render(request, "reports/entry.html", context)


def _concerns(remark: Any, lines: Iterable[Any]) -> bool:
    return remark.line_id is None or remark.line_id in {line.line_id for line in lines}


def _save_section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    report = written_report(request, pk)
    rows = [row for row in form_rows(report) if row.line.section == code]
    if not rows:
        raise Http404
    form = SectionForm(request.POST, rows)
    conflicts = []
    try:
        result = save_block(
            report=report, entries=form.entries, by=person(request), at=timezone.now()
        )
        conflicts = result.conflicts
        if result.saved:
            messages.success(request, f"Đã lưu {len(result.saved)} ô.")
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return _section_page(request, report, read_sheet(report), code, form)
    if form.has_problems or conflicts:
        return _section_page(request, report, read_sheet(report), code, form, conflicts)
    return redirect("reports:section", pk=pk, code=code)


@require_POST
@requires(Permission.REPORT_VIEW)
def cell(request: HttpRequest, pk: int, line_id: int) -> JsonResponse:
    """Save one cell and say how it and its partners stand now."""
    report = written_report(request, pk)
    line = line_of_form(report, line_id)
    if line is None:
        return closed_answer(FormChanged(MISSING_LINE), "form_changed")
    form = CellForm(request.POST, line=line)
    if not form.is_valid():
        return unreadable_answer(form.problem)
    try:
        save_cell(report=report, entry=form.entry, by=person(request), at=timezone.now())
    except CellConflict as conflict:
        text = conflict_text(conflict.current, line.indicator.decimals)
        return conflict_answer(conflict.current, text)
    except DomainError as refusal:
        return closed_answer(refusal, "closed")
    return JsonResponse(as_json(read_sheet(report), [line_id], line.indicator.section_id))


@require_POST
@requires(Permission.REPORT_VIEW)
def paste(request: HttpRequest, pk: int, code: str) -> JsonResponse:
    """Save a block copied from Excel; what cannot be read is named at its cell."""
    report = written_report(request, pk)
    rows = [row for row in form_rows(report) if row.line.section == code]
    form = PasteForm(request.POST, rows=rows)
    if not form.is_valid():
        return unreadable_answer(form.problem, fits=form.fits)
    try:
        result = save_block(
            report=report, entries=form.entries, by=person(request), at=timezone.now()
        )
    except DomainError as refusal:
        return closed_answer(refusal, "closed")
    places = [entry.line_id for entry in form.entries]
    return JsonResponse(
        as_json(read_sheet(report), places, code)
        | {
            "problems": form.problems,
            "blank": form.n_blank,
            "conflicts": [conflict_pair(current, rows) for current in result.conflicts],
        }
    )
