"""Import activities from Excel: template, upload, preview, apply, undo."""

from __future__ import annotations

import io

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.numbers import format_number
from apps.desk.models import ImportBatch
from apps.programs.forms.lists import ImportForm
from apps.programs.services.activity_import import (
    IMPORT_KIND,
    import_activities,
    read_activity_list,
    undo_activity_import,
)
from apps.programs.services.activity_sheet import ACTIVITY_SHEET, activities_template
from apps.programs.services.import_sheets import restored_rows
from apps.units.permissions import requires, scope_unit_ids, user_of
from apps.units.queries import described

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN_ROWS, _LATEST = 100, 10


@requires(Permission.REGISTER_ENTER)
def activity_import(request: HttpRequest) -> HttpResponse:
    """Take a filled-in list and go on to its preview."""
    is_post = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_post else ImportForm()
    if is_post and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = read_activity_list(
                file_name=file.name, content=file.read(), by=user_of(request), at=timezone.now()
            )
        except DomainError as error:
            form.refuse(error, "file")
        else:
            return redirect("programs:activity_import_preview", pk=batch.pk)
    latest = _batches(request).order_by("-created_at", "-pk").defer("summary")[:_LATEST]
    status = 422 if form.errors else 200
    context = {"form": form, "latest": latest}
    return render(request, "programs/activity_import.html", context, status=status)


@require_GET
@requires(Permission.REGISTER_ENTER)
def activity_template(request: HttpRequest) -> FileResponse:
    """Give the workbook to fill in, with the units of the scope."""
    on = timezone.localdate()
    units = described(scope_unit_ids(user_of(request), on, Permission.REGISTER_ENTER), on)
    return FileResponse(
        io.BytesIO(activities_template(units)),
        as_attachment=True,
        filename="mau-hoat-dong.xlsx",
        content_type=_XLSX,
    )


@require_GET
@requires(Permission.REGISTER_ENTER)
def activity_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a list would do, what it did, or what was taken back."""
    batch = _batch(request, pk)
    rows = restored_rows(ACTIVITY_SHEET, batch.summary["rows"][:_SHOWN_ROWS])
    context = {
        "batch": batch,
        "summary": batch.summary,
        "rows": rows,
        "more": batch.summary["n_rows"] - len(rows),
        "more_faults": batch.summary["n_faults"] - len(batch.summary["faults"]),
    }
    return render(request, "programs/activity_import_preview.html", context)


@require_POST
@requires(Permission.REGISTER_ENTER)
def activity_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a list that has no faults."""
    batch = _batch(request, pk)
    try:
        applied = import_activities(batch=batch, by=user_of(request), at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Đã ghi {format_number(applied.summary['new'])} hoạt động.")
    return redirect("programs:activity_import_preview", pk=pk)


@require_POST
@requires(Permission.REGISTER_ENTER)
def activity_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what a list wrote."""
    batch = _batch(request, pk)
    try:
        undone = undo_activity_import(batch=batch, by=user_of(request), at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        words = f"Đã bỏ {format_number(undone.removed)} hoạt động của đợt nhập."
        kept = f" Giữ lại {format_number(undone.kept)} hoạt động đã có người sửa."
        messages.success(request, words + (kept if undone.kept else ""))
    return redirect("programs:activity_import_preview", pk=pk)


def _batches(request: HttpRequest) -> QuerySet[ImportBatch]:
    """Return the user's own imports of activities."""
    return ImportBatch.objects.visible_to(user_of(request)).filter(kind=IMPORT_KIND)


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    """Fetch one of them, or 404."""
    return get_object_or_404(_batches(request), pk=pk)
