"""The grid of a section as a page: shown, saved whole without scripts, declared, carried over."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.reports.forms.entry import SectionForm
from apps.reports.models import Cell, Report
from apps.reports.queries.contents import last_return
from apps.reports.queries.grid import read_sheet, remarks_of
from apps.reports.services.entry import carry_stocks, declare_nothing, save_block
from apps.reports.views.answers import shown_lines
from apps.reports.views.scope import page_context, person, visible_report, written_report
from apps.units.permissions import requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT_VIEW)
def section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show a section's grid; a POST of the whole section saves it where no script runs."""
    if request.method == "POST":
        return _save_section(request, pk, code)
    return _section_page(request, visible_report(request, pk), code)


def _section_page(
    request: HttpRequest,
    report: Report,
    code: str,
    form: SectionForm | None = None,
    conflicts: Sequence[Cell] = (),
) -> HttpResponse:
    sheet = read_sheet(report)
    lines = sheet.section(code)
    if not lines:
        raise Http404
    codes = [each.code for each in sheet.sections]
    place = codes.index(code)
    is_returned = report.state == "returned"
    shown = {line.line_id for line in lines} | {None}
    remarks = remarks_of(report) if is_returned else []
    context = page_context(request, report) | {
        "section": sheet.sections[place],
        "lines": shown_lines(lines, remarks, form, conflicts),
        "previous_section": codes[place - 1] if place else "",
        "next_section": codes[place + 1] if place + 1 < len(codes) else "",
        "remarks": [remark for remark in remarks if remark.line_id in shown],
        "returned": last_return(report) if is_returned else None,
        "year_kept": sheet.past.kept_this_year,
        "kinds": {line.row.line.kind for line in lines},
        "form": form,
        "n_conflicts": len(conflicts),
    }
    return render(request, "reports/entry.html", context)


def _save_section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    report = written_report(request, pk)
    form = SectionForm(request.POST, read_sheet(report).section(code))
    try:
        result = save_block(
            report=report, entries=form.entries, by=person(request), at=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return _section_page(request, report, code, form)
    form.keep([cell.line_id for cell in result.conflicts])
    form.refuse_lines(result.refused)
    if result.saved:
        messages.success(request, f"Đã lưu {len(result.saved)} ô.")
    if form.has_problems or result.conflicts:
        return _section_page(request, report, code, form, result.conflicts)
    return redirect("reports:section", pk=pk, code=code)


@require_POST
@requires(Permission.REPORT_VIEW)
def declare(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Say "không phát sinh" for the flows of a section that hold nothing yet."""
    report = written_report(request, pk)
    flows = read_sheet(report).of_kind(code, "flow")
    try:
        written = declare_nothing(
            report=report, line_ids=flows, by=person(request), at=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Đã khai “Không phát sinh” cho {len(written)} ô còn trống.")
    return redirect("reports:section", pk=pk, code=code)


@require_POST
@requires(Permission.REPORT_VIEW)
def carry(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Say "không thay đổi": fill the stocks of a section with last period's figures."""
    report = written_report(request, pk)
    before = read_sheet(report).stocks_before(code)
    try:
        written = carry_stocks(report=report, before=before, by=person(request), at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Đã giữ số kỳ trước cho {len(written)} ô còn trống.")
    return redirect("reports:section", pk=pk, code=code)
