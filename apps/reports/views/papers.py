"""The report on paper: printed to sign, scanned and kept, downloaded again."""

from __future__ import annotations

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.files import read_stored, store_bytes
from apps.core.uploads import check_upload
from apps.reports.documents.unit_report import unit_report_pdf
from apps.reports.forms.sending import ScanForm
from apps.reports.permissions import rights_at
from apps.reports.queries.contents import scans_of
from apps.reports.queries.printing import printed_report
from apps.reports.services.submission import add_scan
from apps.reports.views.scope import person, visible_report
from apps.units.permissions import requires


@require_GET
@requires(Permission.REPORT_VIEW)
def print_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the report as it stands now as a PDF to sign on paper."""
    report = visible_report(request, pk)
    at = timezone.now()
    try:
        content = unit_report_pdf(printed_report(report, timezone.localdate(at)), at)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("reports:contents", pk=pk)
    name = f"bao-cao-{report.pk}.pdf"
    return FileResponse(io.BytesIO(content), filename=name, content_type="application/pdf")


@require_POST
@requires(Permission.REPORT_VIEW)
def upload_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the scan of the signed paper."""
    report = visible_report(request, pk)
    if not rights_at(person(request), report, timezone.now()).is_adding_scan:
        raise PermissionDenied
    form = ScanForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            upload = check_upload(form.cleaned_data["scan"])
            stored = store_bytes(upload.content, upload.suffix)
            at = timezone.now()
            add_scan(report=report, upload=upload, stored=stored, by=person(request), at=at)
            messages.success(request, f"Đã tải lên “{upload.name}”.")
        else:
            messages.error(request, str(form.errors["scan"][0]))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("reports:contents", pk=pk)


@require_GET
@requires(Permission.REPORT_VIEW)
def download_scan(request: HttpRequest, pk: int, scan_id: int) -> FileResponse:
    """Give a scan to whoever may see the report, always as a download."""
    report = visible_report(request, pk)
    scan = get_object_or_404(scans_of(report), pk=scan_id)
    content = io.BytesIO(read_stored(scan.path, scan.sha256))
    return FileResponse(content, as_attachment=True, filename=scan.name, content_type=scan.mime)
