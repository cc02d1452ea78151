"""The forces of one unit: numbers as of a day, no change in one click; and of all units."""

from __future__ import annotations

import io
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.dates import format_date
from apps.core.sheet_writing import XLSX
from apps.units.documents import forces_workbook
from apps.units.forms.forces import ForceFilter, StockForm
from apps.units.models import ForceStock, Unit
from apps.units.permissions import permissions_for, posts_of, requires, scope_unit_ids, user_of
from apps.units.queries import names_of
from apps.units.queries.forces import (
    ForceTable,
    UnitForces,
    force_table,
    forces_of,
    next_told_on,
)
from apps.units.rules import UnitKind
from apps.units.services.forces import (
    StockRefused,
    confirm_unchanged,
    record_stocks,
    remove_stock,
    undo_confirmation,
)

PER_PAGE = 50


@require_GET
@requires(Permission.REGISTER_VIEW)
def forces(request: HttpRequest) -> HttpResponse:
    """Show all units of the scope; who has one unit is led to it."""
    user, today = user_of(request), timezone.localdate()
    own = _only_unit(user, today)
    if own is not None:
        url = reverse("units:unit_forces", args=[own])
        return redirect(f"{url}?{request.GET.urlencode()}" if request.GET else url)
    form = _filters(request)
    day, table = _table(user, form)
    page = Paginator(table.rows, PER_PAGE).get_page(request.GET.get("trang"))
    context = {
        "form": form,
        "day": day,
        "kind": form.kind,
        "may_remind": day == today and Permission.REGISTER_MANAGE in permissions_for(user, today),
        "table": table,
        "page": page,
        "rows": [(row, table.cells(row)) for row in page.object_list],
        "kinds": _heads(table),
    }
    return render(request, "units/forces.html", context)


@require_GET
@requires(Permission.REGISTER_VIEW)
def forces_export(request: HttpRequest) -> FileResponse:
    """Give the table of all units as an Excel file."""
    day, table = _table(user_of(request), _filters(request))
    content, name = io.BytesIO(forces_workbook(table, day)), f"luc-luong-{day:%Y-%m-%d}.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)


@requires(Permission.REGISTER_VIEW)
def unit_forces(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the forces of a unit on a day; who may, writes new numbers."""
    unit, today = _unit(request, pk), timezone.localdate()
    day = _filters(request).day(today)
    known, may_enter = forces_of(unit, day), _may_enter(user_of(request), pk, today)
    typed = request.POST if request.method == "POST" and may_enter else None
    form = StockForm(typed, lines=known.lines, initial={"as_of": day})
    if form.is_valid() and _is_recorded(request, unit, form):
        written = form.cleaned_data["as_of"]
        kept = "" if written == today else f"?ngay={format_date(written)}"
        return redirect(f"{reverse('units:unit_forces', args=[pk])}{kept}")
    return _unit_page(request, unit, known, form if may_enter else None)


def _is_recorded(request: HttpRequest, unit: Unit, form: StockForm) -> bool:
    """Write what was changed on a form; where it is refused, the form says why."""
    stocks = form.stocks()
    if not form.is_valid():
        return False
    if not stocks:
        form.add_error(None, "Bạn chưa đổi số nào. Nếu vẫn như cũ, bấm “Không thay đổi”.")
        return False
    try:
        count = record_stocks(unit=unit, stocks=stocks, by=user_of(request), at=timezone.now())
    except StockRefused as refusal:
        form.refuse_all(refusal)
        return False
    day = form.cleaned_data["as_of"]
    words = f"Đã ghi số liệu của {count} loại lực lượng, tính đến {format_date(day)}."
    later = next_told_on(unit, stocks, day)
    if later is not None:
        words += f" Từ {format_date(later)} vẫn theo số đã ghi sau đó."
    messages.success(request, words)
    return True


@require_POST
@requires(Permission.REGISTER_ENTER)
def forces_unchanged(request: HttpRequest, pk: int) -> HttpResponse:
    """Say in one click that nothing has changed up to today."""
    unit, at = _unit(request, pk, Permission.REGISTER_ENTER), timezone.now()
    on = timezone.localdate(at)
    count = confirm_unchanged(unit=unit, on=on, by=user_of(request), at=at)
    if count:
        messages.success(request, f"Đã xác nhận {count} loại không thay đổi đến {format_date(on)}.")
    else:
        messages.info(request, "Không có gì để xác nhận: số liệu đã tính đến hôm nay.")
    return redirect("units:unit_forces", pk=pk)


@require_POST
@requires(Permission.REGISTER_ENTER)
def forces_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back today's word that nothing has changed."""
    unit, at = _unit(request, pk, Permission.REGISTER_ENTER), timezone.now()
    count = undo_confirmation(unit=unit, on=timezone.localdate(at), by=user_of(request), at=at)
    messages.success(request, f"Đã bỏ xác nhận hôm nay của {count} loại lực lượng.")
    return redirect("units:unit_forces", pk=pk)


@require_POST
@requires(Permission.REGISTER_ENTER)
def stock_remove(request: HttpRequest, pk: int, stock_pk: int) -> HttpResponse:
    """Take back one line that was written by mistake."""
    unit = _unit(request, pk, Permission.REGISTER_ENTER)
    stock = get_object_or_404(
        ForceStock.objects.select_related("kind", "unit"), pk=stock_pk, unit=unit
    )
    remove_stock(stock=stock, by=user_of(request), at=timezone.now())
    messages.success(request, f"Đã bỏ số liệu {stock.kind.name} ngày {format_date(stock.as_of)}.")
    return redirect("units:unit_forces", pk=pk)


def _filters(request: HttpRequest) -> ForceFilter:
    """Read the day, the kind and the search from the address; without a day it is today."""
    asked = request.GET.copy()
    asked.setdefault("ngay", format_date(timezone.localdate()))
    return ForceFilter(asked)


def _table(user: User, form: ForceFilter) -> tuple[date, ForceTable]:
    """Return the day that is looked at and its table, of the units that a person sees today."""
    today = timezone.localdate()
    day = form.day(today)
    units = scope_unit_ids(user, today, Permission.REGISTER_VIEW)
    return day, force_table(units, day, form.text, form.kind)


def _unit(request: HttpRequest, pk: int, permission: Permission = Permission.REGISTER_VIEW) -> Unit:
    """Fetch a unit of the user's scope, or 404."""
    units = Unit.objects.visible_to(user_of(request), timezone.localdate(), permission)
    return get_object_or_404(units, pk=pk)


def _may_enter(user: User, pk: int, on: date) -> bool:
    return Unit.objects.visible_to(user, on, Permission.REGISTER_ENTER).filter(pk=pk).exists()


def _only_unit(user: User, on: date) -> int | None:
    """Return the unit of a person who has one: for police of a commune, the commune itself."""
    scope = Unit.objects.visible_to(user, on, Permission.REGISTER_VIEW)
    communes = list(scope.of_kind(on, UnitKind.COMMUNE).order_by("pk")[:2])
    if len(communes) > 1:
        return None
    return communes[0].pk if communes else min(posts_of(user, on), default=None)


def _heads(table: ForceTable) -> list[tuple[str, int]]:
    """Return the kinds over the columns with how many columns each has."""
    heads: dict[str, int] = {}
    for column in table.columns:
        heads[column.kind.name] = heads.get(column.kind.name, 0) + 1
    return list(heads.items())


def _unit_page(
    request: HttpRequest, unit: Unit, known: UnitForces, form: StockForm | None
) -> HttpResponse:
    """Render the page of a unit, with a form that was refused where there is one."""
    today = timezone.localdate()
    filters = _filters(request)
    day = filters.day(today)
    context = {
        "unit": unit,
        "name": names_of([unit.pk], day).get(unit.pk, unit.code),
        "known": known,
        "form": form,
        "filters": filters,
        "day": day,
        "is_today": day == today,
        "confirmed_today": known.confirmed_on(today),
        "has_others": _only_unit(user_of(request), today) is None,
        "may_decide": Permission.REGISTER_DECIDE in permissions_for(user_of(request), today),
    }
    refused = form is not None and form.errors
    return render(request, "units/unit_forces.html", context, status=422 if refused else 200)
