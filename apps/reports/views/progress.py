"""Follow who has sent what, remind who has not, and take the list of them along."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.dates import format_date
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.core.sheet_writing import XLSX
from apps.core.sheets import write_workbook
from apps.indicators.models import Period
from apps.reports.forms.progress import ProgressFilter, ReminderForm
from apps.reports.models import Obligation
from apps.reports.queries.people import people_of
from apps.reports.queries.progress import (
    LEGEND,
    Debt,
    Wanted,
    choices_for,
    columns_of,
    debts_of,
    fillers_of,
    heat_rows,
    missing_in,
    obligations_wanted,
    units_wanted,
)
from apps.reports.rules import due_text
from apps.reports.services.reminders import remind_units, reminder_text
from apps.reports.views.scope import person
from apps.units.permissions import permissions_for, requires

PAGE_SIZE = 50
HEADINGS = (
    "STT",
    "Đơn vị",
    "Mã đơn vị",
    "Biểu mẫu",
    "Kỳ",
    "Hạn nộp",
    "Số ngày quá hạn",
    "Người liên hệ",
    "Điện thoại",
    "Nhắc lần cuối",
)
WIDTHS = (6, 40, 14, 36, 18, 18, 16, 28, 18, 18)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, with the rows it leaves; no filters where nothing is owed."""

    filters: ProgressFilter
    wanted: Wanted | None
    rows: QuerySet[Obligation]

    @property
    def carried(self) -> list[tuple[str, object]]:
        """Return the filters as the next address must carry them."""
        said = asdict(self.wanted).items() if self.wanted else ()
        return [(name, value) for name, value in said if value]


def _asked(request: HttpRequest, data: QueryDict, at: datetime) -> Asked:
    user, on = person(request), timezone.localdate(at)
    offered = choices_for(user, on)
    wanted = ProgressFilter(data, offered=offered).wanted()
    if wanted is None:
        return Asked(ProgressFilter({}, offered=offered), None, Obligation.objects.none())
    shown = ProgressFilter(asdict(wanted), offered=offered)
    return Asked(shown, wanted, obligations_wanted(user, on, wanted))


@require_GET
@requires(Permission.PROGRESS_VIEW)
def progress(request: HttpRequest) -> HttpResponse:
    """Show the map of units by periods."""
    at = timezone.now()
    asked = _asked(request, request.GET, at)
    if asked.wanted is None:
        return render_page_or_part(request, "reports/progress.html", {"filters": None})
    columns = columns_of(asked.rows, asked.wanted, at)
    units = units_wanted(asked.rows, timezone.localdate(at))
    page = Paginator(units, PAGE_SIZE).get_page(request.GET.get("trang"))
    periods = [column.period for column in columns]
    late = [column for column in columns if column.n_missing]
    context = {
        "filters": asked.filters,
        "wanted": asked.wanted,
        "carried": asked.carried,
        "columns": columns,
        "page": page,
        "rows": heat_rows(asked.rows, page.object_list, periods, at),
        "legend": LEGEND,
        "remindable": [column for column in columns if column.n_sent < column.n_expected],
        "chosen_period": late[-1].period.pk if late else None,
        "may_remind": _may(request, Permission.REMIND),
        "opens_review": _may(request, Permission.REPORT_REVIEW),
    }
    return render_page_or_part(request, "reports/progress.html", context, part="map")


def _may(request: HttpRequest, permission: Permission) -> bool:
    return permission in permissions_for(person(request), timezone.localdate())


@require_GET
@requires(Permission.PROGRESS_VIEW)
def missing_sheet(request: HttpRequest) -> HttpResponse:
    """Send the units that have not sent a period's report as an Excel list to call them by."""
    at = timezone.now()
    asked = _asked(request, request.GET, at)
    period = get_object_or_404(Period, pk=_number(request.GET.get("period")))
    debts = _debts(missing_in(asked.rows, period.pk), at)
    rows = [HEADINGS, *(_sheet_row(number, debt, at) for number, debt in enumerate(debts, 1))]
    content = write_workbook(rows, title=f"Chưa nộp {period.label}", widths=WIDTHS)
    answer = HttpResponse(content, content_type=XLSX)
    name = f"chua-nop-{period.kind}-{period.year}-{period.number}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 19 else 0


def _debts(rows: QuerySet[Obligation], at: datetime) -> list[Debt]:
    on = timezone.localdate(at)
    return debts_of(rows, people_of(fillers_of(rows), on), on)


def _sheet_row(number: int, debt: Debt, at: datetime) -> tuple[str | int, ...]:
    owed = debt.obligation
    days = (timezone.localdate(at) - timezone.localdate(owed.due_at)).days + 1
    return (
        number,
        debt.unit_name,
        owed.unit.code,
        owed.template.name,
        owed.period.label,
        due_text(owed.due_at),
        max(days, 0) if owed.due_at <= at else "",
        debt.contact.full_name if debt.contact else "",
        debt.contact.phone if debt.contact else "",
        format_date(debt.reminded_at),
    )


@require_GET
@requires(Permission.REMIND)
def reminder(request: HttpRequest) -> HttpResponse:
    """Show the message and whom it will reach, before anything is sent."""
    return _preview(request, ReminderForm(request.GET), request.GET, 200)


@require_POST
@requires(Permission.REMIND)
def send_reminder(request: HttpRequest) -> HttpResponse:
    """Send the reminder to the people of units that still have not sent."""
    at = timezone.now()
    form = ReminderForm(request.POST)
    if form.is_valid():
        rows = _chosen(_asked(request, request.POST, at), form)
        try:
            done = remind_units(
                obligations=rows, note=form.cleaned_data["note"], by=person(request), at=at
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            text = f"Đã nhắc {done.n_reports} đơn vị ({done.n_people} người)."
            if done.without_people:
                text += f" {len(done.without_people)} đơn vị chưa có tài khoản: hãy gọi điện."
            messages.success(request, text)
            return redirect(f"{reverse('reports:progress')}?{_back(request.POST)}")
    return _preview(request, form, request.POST, 422)


def _chosen(asked: Asked, form: ReminderForm) -> QuerySet[Obligation]:
    rows = missing_in(asked.rows, form.cleaned_data.get("period") or 0)
    if form.cleaned_data.get("every"):
        return rows
    return rows.filter(unit__in=form.unit_ids())


def _preview(
    request: HttpRequest, form: ReminderForm, data: QueryDict, status: int
) -> HttpResponse:
    at = timezone.now()
    asked = _asked(request, data, at)
    form.is_valid()
    period = get_object_or_404(Period, pk=form.cleaned_data.get("period") or 0)
    rows = _chosen(asked, form)
    debts = _debts(rows.filter(opens_at__lte=at), at)
    context = {
        "form": form,
        "period": period,
        "debts": debts,
        "text": reminder_text(debts[0].obligation) if debts else "",
        "reached": [debt for debt in debts if debt.people],
        "unreached": [debt for debt in debts if not debt.people],
        "n_people": len({user.pk for debt in debts for user in debt.people}),
        "skipped": _skipped(form, debts),
        "said": _said(data),
        "back_url": f"{reverse('reports:progress')}?{urlencode(asked.carried)}",
    }
    return render(request, "reports/reminder.html", context, status=status)


def _skipped(form: ReminderForm, debts: list[Debt]) -> str:
    """Say that some of the ticked units need no reminder."""
    n_left = len(form.unit_ids()) - len(debts)
    if form.cleaned_data.get("every") or n_left <= 0:
        return ""
    return (
        f"{n_left} đơn vị đã chọn không nằm trong danh sách vì đã nộp hoặc không phải nộp kỳ này."
    )


FILTER_NAMES = ("asked_of", "kind", "year", "block", "area", "unit_kind", "q")


def _said(data: QueryDict) -> list[tuple[str, str]]:
    """Return what the next request must carry: filters, ticked units, the period."""
    names = (*FILTER_NAMES, "unit", "every", "period")
    return [(name, value) for name in names for value in data.getlist(name) if value]


def _back(data: QueryDict) -> str:
    return urlencode({name: data[name] for name in FILTER_NAMES if data.get(name)})
