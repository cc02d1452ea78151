"""Lists from Excel into a register: template, upload, preview, apply, undo; alike for each."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.numbers import format_number
from apps.core.sheet_writing import XLSX
from apps.desk.models import ImportBatch
from apps.desk.rules import ImportState
from apps.desk.services.imports import EXPIRED
from apps.programs.forms.lists import ImportForm
from apps.programs.services.activity_import import ACTIVITIES
from apps.programs.services.register_import import (
    ImportedRegister,
    apply_list,
    import_template,
    marked_list,
    preview_rows,
    read_list,
    undo_list,
)
from apps.programs.services.site_import import SITES
from apps.units.permissions import requires, user_of

_LATEST = 10


@dataclass(frozen=True, slots=True)
class ImportPages:
    """What the pages of one register's imports are called and where they lead."""

    register: ImportedRegister[Any]
    address: str  # of the upload; the other steps add to its name: …_preview, …_apply
    noun: str
    menu: str
    list_address: str
    record_address: str
    file_name: str
    known_by: str  # what makes two rows the same

    def to(self, step: str, pk: int | None = None) -> str:
        """Return the address of a step."""
        return reverse(f"programs:{self.address}{step}", args=[] if pk is None else [pk])


_SITES = ImportPages(
    SITES,
    "site_import",
    noun="điểm mô hình",
    menu="Mô hình",
    list_address="programs:sites",
    record_address="programs:site",
    file_name="mau-diem-mo-hinh.xlsx",
    known_by="cùng loại, đơn vị, nơi, ngày ra mắt",
)
_ACTIVITIES = ImportPages(
    ACTIVITIES,
    "activity_import",
    noun="hoạt động",
    menu="Hoạt động",
    list_address="programs:activities",
    record_address="programs:activity",
    file_name="mau-hoat-dong.xlsx",
    known_by="cùng đơn vị, ngày, loại, nội dung",
)


def _steps(base: str, pages: ImportPages) -> list[URLPattern]:
    """Return the addresses of the steps of one register."""
    name, given = pages.address, {"pages": pages}
    one = f"{base}<int:pk>/"
    return [
        path(base, upload, given, name=name),
        path(f"{base}mau/", give_template, given, name=f"{name}_template"),
        path(one, preview, given, name=f"{name}_preview"),
        path(f"{one}danh-dau-loi/", give_marked, given, name=f"{name}_marked"),
        path(f"{one}ghi/", apply, given, name=f"{name}_apply"),
        path(f"{one}hoan-tac/", undo, given, name=f"{name}_undo"),
    ]


@requires(Permission.REGISTER_ENTER)
def upload(request: HttpRequest, pages: ImportPages) -> HttpResponse:
    """Take a filled-in list and go on to its preview."""
    is_post = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_post else ImportForm()
    if is_post and form.is_valid():
        file, by, at = form.cleaned_data["file"], user_of(request), timezone.now()
        try:
            batch = read_list(
                register=pages.register, file_name=file.name, content=file.read(), by=by, at=at
            )
        except DomainError as error:
            form.refuse(error, "file")
        else:
            return redirect(pages.to("_preview", batch.pk))
    latest = _batches(request, pages).order_by("-created_at", "-pk").defer("summary")[:_LATEST]
    context = {
        "pages": pages,
        "form": form,
        "latest": latest,
        "preview": f"programs:{pages.address}_preview",
        "template_url": pages.to("_template"),
    }
    status = 422 if form.errors else 200
    return render(request, "programs/import.html", context, status=status)


@require_GET
@requires(Permission.REGISTER_ENTER)
def give_template(request: HttpRequest, pages: ImportPages) -> FileResponse:
    """Give the workbook to fill in."""
    content = import_template(pages.register, user_of(request), timezone.localdate())
    return _workbook(content, pages.file_name)


@require_GET
@requires(Permission.REGISTER_ENTER)
def preview(request: HttpRequest, pk: int, pages: ImportPages) -> HttpResponse:
    """Show what a list would do, what it did, or what was taken back."""
    batch, register = _batch(request, pk, pages), pages.register
    if batch.state == ImportState.EXPIRED:
        messages.error(request, EXPIRED)
        return redirect(pages.to(""))
    summary, on = batch.summary, timezone.localdate()
    rows = [] if summary["n_faults"] else preview_rows(register, batch, on)
    context = {
        "pages": pages,
        "batch": batch,
        "summary": summary,
        "columns": [register.sheet.column(name) for name in register.shown],
        "rows": rows,
        "more": summary["n_rows"] - len(rows),
        "more_faults": summary["n_faults"] - len(summary["faults"]),
        "kept": register.model._default_manager.filter(pk__in=summary.get("kept", [])),
        "list_url": reverse(pages.list_address),
        "upload_url": pages.to(""),
        **{f"{step}_url": pages.to(f"_{step}", pk) for step in ("marked", "apply", "undo")},
    }
    return render(request, "programs/import_preview.html", context)


@require_GET
@requires(Permission.REGISTER_ENTER)
def give_marked(request: HttpRequest, pk: int, pages: ImportPages) -> FileResponse:
    """Give the list back with its wrong cells in colour."""
    batch = get_object_or_404(
        _batches(request, pages).filter(state=ImportState.PREVIEWED, summary__n_faults__gt=0), pk=pk
    )
    content = marked_list(pages.register, batch, user_of(request), timezone.localdate())
    return _workbook(content, f"{batch.file_name.removesuffix('.xlsx')}-loi.xlsx")


@require_POST
@requires(Permission.REGISTER_ENTER)
def apply(request: HttpRequest, pk: int, pages: ImportPages) -> HttpResponse:
    """Write a list that has no faults."""
    batch, by, at = _batch(request, pk, pages), user_of(request), timezone.now()
    try:
        applied = apply_list(register=pages.register, batch=batch, by=by, at=at)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        _tell_applied(request, applied, pages)
    return redirect(pages.to("_preview", pk))


@require_POST
@requires(Permission.REGISTER_ENTER)
def undo(request: HttpRequest, pk: int, pages: ImportPages) -> HttpResponse:
    """Take back what a list wrote."""
    batch, by, at = _batch(request, pk, pages), user_of(request), timezone.now()
    try:
        undone = undo_list(register=pages.register, batch=batch, by=by, at=at)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Đã bỏ {format_number(undone.removed)} {pages.noun}.")
    return redirect(pages.to("_preview", pk))


def _tell_applied(request: HttpRequest, batch: ImportBatch, pages: ImportPages) -> None:
    """Say what was written, or that the register changed meanwhile."""
    new, faults = batch.summary["new"], batch.summary["n_faults"]
    if batch.state == ImportState.APPLIED:
        messages.success(request, f"Đã ghi {format_number(new)} {pages.noun}.")
    else:
        why = f"sổ đã thay đổi sau khi bạn xem trước, nay tệp có {format_number(faults)} lỗi"
        messages.error(request, f"Chưa ghi dòng nào: {why}.")


def _workbook(content: bytes, name: str) -> FileResponse:
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)


def _batches(request: HttpRequest, pages: ImportPages) -> QuerySet[ImportBatch]:
    """Return the user's own imports into the register."""
    return ImportBatch.objects.visible_to(user_of(request)).filter(kind=pages.register.kind)


def _batch(request: HttpRequest, pk: int, pages: ImportPages) -> ImportBatch:
    """Fetch one of them, or 404."""
    return get_object_or_404(_batches(request, pages), pk=pk)


site_steps = _steps("mo-hinh/nhap-excel/", _SITES)
activity_steps = _steps("hoat-dong/nhap/", _ACTIVITIES)
