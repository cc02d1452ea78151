"""Import sites from Excel: template, upload, preview, apply, undo."""

from __future__ import annotations

import io

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.core.numbers import format_number
from apps.desk.models import ImportBatch
from apps.programs.forms.lists import ImportForm
from apps.programs.models import ModelSite, ModelType
from apps.programs.services.import_sheets import restored_rows
from apps.programs.services.site_import import (
    IMPORT_KIND,
    SHOWN_ROWS,
    import_sites,
    read_site_list,
    undo_site_import,
)
from apps.programs.services.site_plan import unit_names
from apps.programs.services.site_sheet import SITE_SHEET, sites_template
from apps.units.permissions import requires, scope_unit_ids, user_of
from apps.units.queries import described

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LATEST = 10


@requires(Permission.REGISTER_ENTER)
def import_upload(request: HttpRequest) -> HttpResponse:
    """Take a filled-in list and go on to its preview."""
    is_post = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_post else ImportForm()
    if is_post and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = read_site_list(
                file_name=file.name, content=file.read(), by=user_of(request), at=timezone.now()
            )
        except DomainError as error:
            form.refuse(error, "file")
        else:
            return redirect("programs:site_import_preview", pk=batch.pk)
    latest = _batches(request).order_by("-created_at", "-pk").defer("summary")[:_LATEST]
    context = {"form": form, "latest": latest}
    return render_page_or_part(request, "programs/import.html", context)


@require_GET
@requires(Permission.REGISTER_ENTER)
def import_template(request: HttpRequest) -> FileResponse:
    """Give the workbook to fill in, with the units of the scope and the kinds of models."""
    on = timezone.localdate()
    units = described(scope_unit_ids(user_of(request), on, Permission.REGISTER_ENTER), on)
    types = ModelType.objects.in_use().select_related("field").order_by("sort_key", "pk")
    return FileResponse(
        io.BytesIO(sites_template(units, types)),
        as_attachment=True,
        filename="mau-diem-mo-hinh.xlsx",
        content_type=_XLSX,
    )


@require_GET
@requires(Permission.REGISTER_ENTER)
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a list would do, what it did, or what was taken back."""
    batch = _batch(request, pk)
    rows = restored_rows(SITE_SHEET, batch.summary["rows"][:SHOWN_ROWS])
    context = {
        "batch": batch,
        "summary": batch.summary,
        "rows": list(zip(rows, unit_names(rows, timezone.localdate()), strict=True)),
        "more": batch.summary["n_rows"] - len(rows),
        "more_faults": batch.summary["n_faults"] - len(batch.summary["faults"]),
        "kept": ModelSite.objects.filter(pk__in=batch.summary.get("kept", [])).order_by("pk"),
    }
    return render_page_or_part(request, "programs/import_preview.html", context)


@require_POST
@requires(Permission.REGISTER_ENTER)
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a list that has no faults."""
    batch = _batch(request, pk)
    try:
        applied = import_sites(batch=batch, by=user_of(request), at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Đã ghi {format_number(applied.summary['new'])} điểm mô hình.")
    return redirect("programs:site_import_preview", pk=pk)


@require_POST
@requires(Permission.REGISTER_ENTER)
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what a list created."""
    batch = _batch(request, pk)
    try:
        undone = undo_site_import(batch=batch, by=user_of(request), at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        words = f"Đã bỏ {format_number(undone.removed)} điểm của đợt nhập."
        kept = f" Giữ lại {len(undone.kept)} điểm đã có người sửa." if undone.kept else ""
        messages.success(request, words + kept)
    return redirect("programs:site_import_preview", pk=pk)


def _batches(request: HttpRequest) -> QuerySet[ImportBatch]:
    """Return the user's own imports of sites."""
    return ImportBatch.objects.visible_to(user_of(request)).filter(kind=IMPORT_KIND)


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    """Fetch one of them, or 404."""
    return get_object_or_404(_batches(request), pk=pk)
