"""The list of reports and the contents page of one."""

from __future__ import annotations

import io

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.core.sheet_writing import XLSX
from apps.reports.documents.report_list import list_workbook
from apps.reports.forms.sending import AnswerForm, ListForm, OnBehalfForm, ScanForm
from apps.reports.queries.contents import (
    events_of,
    finished,
    last_return,
    last_send_back,
    parts_progress,
    scans_of,
)
from apps.reports.queries.drift import drifts_of
from apps.reports.queries.grid import read_sections, remarks_of
from apps.reports.queries.lists import list_rows, listed_reports, years_listed
from apps.reports.views.scope import page_context, person, visible_report
from apps.units.permissions import requires

PER_PAGE = 25
EXPORT_MAX = 5_000


@require_GET
@requires(Permission.REPORT_VIEW)
def report_list(request: HttpRequest) -> HttpResponse:
    """List reports: own ones, or those of the units in charge of."""
    at, on = timezone.now(), timezone.localdate()
    form = ListForm(request.GET, years=years_listed(person(request), on))
    narrowing = form.narrowing
    reports = listed_reports(person(request), on, narrowing)
    page = Paginator(reports, PER_PAGE).get_page(request.GET.get("trang"))
    context = {
        "form": form,
        "narrowing": narrowing,
        "is_narrowed": any([narrowing.year, narrowing.kind, narrowing.state, narrowing.text]),
        "page": page,
        "rows": list_rows(list(page.object_list), at, on),
    }
    return render_page_or_part(request, "reports/list.html", context, part="reports")


@require_GET
@requires(Permission.REPORT_VIEW)
def export_list(request: HttpRequest) -> FileResponse:
    """Give the list as it is narrowed now as an Excel file."""
    at, on = timezone.now(), timezone.localdate()
    form = ListForm(request.GET, years=years_listed(person(request), on))
    reports = listed_reports(person(request), on, form.narrowing)[:EXPORT_MAX]
    content = list_workbook(list_rows(list(reports), at, on))
    name = f"bao-cao-{on:%Y-%m-%d}.xlsx"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)


@require_GET
@requires(Permission.REPORT_VIEW)
def contents(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a report's sections, what was said about it and what happened to it."""
    report = visible_report(request, pk)
    sections = read_sections(report)
    context = page_context(request, report) | {
        "sections": sections,
        "finished": finished(sections),
        "parts": parts_progress(report),
        "scans": scans_of(report),
        "events": events_of(report),
        "remarks": remarks_of(report),
        "drifts": drifts_of(report),
        "returned": last_return(report) if report.state == "returned" else None,
        "sent_back": last_send_back(report),
        "answer_form": AnswerForm(),
        "on_behalf_form": OnBehalfForm(),
        "scan_form": ScanForm(),
    }
    return render_page_or_part(request, "reports/contents.html", context)
