"""Make accounts and contacts from an Excel list: upload, preview, confirm, print slips."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.core.sheet_writing import XLSX
from apps.core.uploads import clean_name
from apps.units.forms import AccountListForm
from apps.units.models import AccountImport
from apps.units.permissions import grantable_roles, requires, scope_unit_ids, user_of
from apps.units.queries import described
from apps.units.services import (
    SLIPS_AT_ONCE,
    account_template,
    import_accounts,
    issue_slips,
    preview_import,
    read_account_list,
    slip_parts,
)
from apps.units.views.people import pdf_of_slips


@requires(Permission.PEOPLE_MANAGE)
def import_upload(request: HttpRequest) -> HttpResponse:
    """Take a filled-in list and go on to its preview."""
    is_post = request.method == "POST"
    form = AccountListForm(request.POST, request.FILES) if is_post else AccountListForm()
    if is_post and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = read_account_list(
                file_name=clean_name(file.name)[0],
                content=file.read(),
                by=user_of(request),
                at=timezone.now(),
            )
        except DomainError as error:
            form.refuse(error, "file")
        else:
            return redirect("units:import_preview", pk=batch.pk)
    latest = AccountImport.objects.filter(owner=user_of(request)).order_by("-created_at", "-pk")[
        :10
    ]
    context = {"form": form, "latest": latest}
    return render_page_or_part(request, "units/import_upload.html", context)


@require_GET
@requires(Permission.PEOPLE_MANAGE)
def import_template(request: HttpRequest) -> HttpResponse:
    """Give the workbook to fill in, with the units in scope."""
    by, on = user_of(request), timezone.localdate()
    units = described(scope_unit_ids(by, on, Permission.PEOPLE_MANAGE), on)
    response = HttpResponse(account_template(units, grantable_roles(by, on)), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="mau-danh-sach-tai-khoan.xlsx"'
    return response


@require_GET
@requires(Permission.PEOPLE_MANAGE)
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a list would do, or what it did and the slips to print."""
    batch, by, at = _batch(request, pk), user_of(request), timezone.now()
    if batch.applied_at:
        context = {"batch": batch, "parts": _runs(slip_parts(batch, by, at))}
        return render_page_or_part(request, "units/import_done.html", context)
    plan = preview_import(batch, by, at)
    context = {"batch": batch, "plan": plan, "counts": plan.counts()}
    return render_page_or_part(request, "units/import_preview.html", context)


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a list that has no errors."""
    batch = _batch(request, pk)
    try:
        plan = import_accounts(batch=batch, by=user_of(request), at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Đã ghi {len(plan.lines)} dòng của danh sách.")
    return redirect("units:import_preview", pk=pk)


@never_cache
@require_POST
@requires(Permission.PEOPLE_MANAGE)
def import_slips(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Give new one-time passwords to those who never signed in, straight onto paper."""
    batch = _batch(request, pk)
    try:
        slips = issue_slips(batch=batch, part=part, by=user_of(request), at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("units:import_preview", pk=pk)
    return pdf_of_slips(request, slips, f"phieu-dang-nhap-{pk}-{part + 1}.pdf")


def _runs(waiting: list[int]) -> list[dict[str, int]]:
    """Number the print runs of a list and say whom each is for."""
    return [
        {"part": part, "first": part * SLIPS_AT_ONCE + 1, "waiting": count}
        for part, count in enumerate(waiting)
        if count
    ]


def _batch(request: HttpRequest, pk: int) -> AccountImport:
    """Fetch one of the user's own lists, or 404."""
    return get_object_or_404(AccountImport.objects.filter(owner=user_of(request)), pk=pk)
