"""Receive reports: the queue, one report beside what stood before, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.indicators.models import Period
from apps.reports.forms.review import (
    AcceptForm,
    DecisionForm,
    QueueFilter,
    ReopenForm,
    ReturnForm,
)
from apps.reports.models import Report, Submission
from apps.reports.models.entry import ReportState
from apps.reports.permissions import may_review
from apps.reports.queries.lists import timing_in_words
from apps.reports.queries.review import (
    QueueRow,
    decided_today,
    history_of,
    neighbours,
    queue_of,
    report_for_review,
)
from apps.reports.queries.review_sheet import ReviewRow, latest_submission, review_sheet
from apps.reports.rules import STATE_LOOKS
from apps.reports.services.review import (
    VersionOutdated,
    accept_report,
    reopen_report,
    return_report,
)
from apps.reports.views.scope import person
from apps.units.permissions import requires

PAGE_SIZE = 50
CONFLICT, UNREADY = 409, 422
GROUPS = (
    ("overdue", "Quá hạn xử lý"),
    ("new", "Mới nộp"),
    ("returned", "Đã trả lại, chờ đơn vị"),
)


@require_GET
@requires(Permission.REPORT_REVIEW)
def inbox(request: HttpRequest) -> HttpResponse:
    """List what waits for this reviewer."""
    user, at = person(request), timezone.now()
    filters = QueueFilter(request.GET or None)
    asked: dict[str, Any] = filters.cleaned_data if filters.is_valid() else {}
    typed = asked.get("q") or ""
    period = Period.objects.filter(pk=asked["period"]).first() if asked.get("period") else None
    queue = queue_of(user, at, typed, period)
    page = Paginator(queue, PAGE_SIZE).get_page(request.GET.get("trang"))
    n_decided = decided_today(user, at)
    context = {
        "filters": filters,
        "typed": typed,
        "period_label": period.label if period else "",
        "page": page,
        "groups": _grouped(page.object_list),
        "n_waiting": sum(row.group != "returned" for row in queue),
        "n_decided": n_decided,
        "done_title": f"Đã xử lý hết {n_decided} báo cáo hôm nay",
        "progress_url": reverse("reports:progress"),
    }
    return render_page_or_part(request, "reports/inbox.html", context, part="queue")


def _grouped(rows: Iterable[QueueRow]) -> list[tuple[str, str, list[QueueRow]]]:
    """Return the groups of a page that have rows, with their headings."""
    found: dict[str, list[QueueRow]] = {group: [] for group, _title in GROUPS}
    for row in rows:
        found[row.group].append(row)
    return [(title, group, found[group]) for group, title in GROUPS if found[group]]


@require_GET
@never_cache
@requires(Permission.REPORT_REVIEW)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the newest version of a report beside what stood before."""
    return _page(request, _report(request, pk))


@require_POST
@requires(Permission.REPORT_REVIEW)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the version that was looked at."""

    def act(report: Report, seen: Submission, _form: DecisionForm, at: datetime) -> str:
        accept_report(report=report, looked_at=seen, by=person(request), at=at)
        return "Đã tiếp nhận báo cáo"

    return _decide(request, pk, AcceptForm, act)


@require_POST
@requires(Permission.REPORT_REVIEW)
def return_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the version that was looked at back with a reason and remarks."""

    def act(report: Report, seen: Submission, form: DecisionForm, at: datetime) -> str:
        return_report(
            report=report,
            looked_at=seen,
            reason=form.cleaned_data["reason"],
            remarks=form.remarks(),
            by=person(request),
            at=at,
        )
        return "Đã trả lại báo cáo"

    return _decide(request, pk, ReturnForm, act)


@require_POST
@requires(Permission.REPORT_REVIEW)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an accepted report again for its unit."""
    report = _report(request, pk)
    _refuse_stranger(request, report)
    form = ReopenForm(request.POST)
    if form.is_valid():
        try:
            reopen_report(
                report=report,
                reason=form.cleaned_data["reason"],
                by=person(request),
                at=timezone.now(),
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Đã mở lại báo cáo. Số liệu đã rút khỏi tổng hợp.")
        return redirect("reports:review", pk=pk)
    return _page(request, report, reopening=form, status=UNREADY)


Act = Callable[[Report, Submission, DecisionForm, datetime], str]


def _decide(
    request: HttpRequest, pk: int, form_class: type[DecisionForm], act: Act
) -> HttpResponse:
    """Check what was typed, decide, and go on to the next report; lose nothing when refused."""
    report = _report(request, pk)
    _refuse_stranger(request, report)
    lines = report.obligation.version.lines.values_list("pk", flat=True)
    form = form_class(request.POST, line_ids=lines)
    status = UNREADY
    if form.is_valid():
        seen = get_object_or_404(Submission, pk=form.cleaned_data["looked_at"], report=report)
        try:
            done = act(report, seen, form, timezone.now())
        except DomainError as refusal:
            form.refuse(refusal)
            status = CONFLICT if isinstance(refusal, VersionOutdated) else UNREADY
        else:
            messages.success(request, f"{done} {report.unit_name}.")  # type: ignore[attr-defined]
            return _go_on(request, pk)
    return _page(request, report, form=form, status=status)


def _go_on(request: HttpRequest, pk: int) -> HttpResponse:
    _before, following = neighbours(queue_of(person(request), timezone.now()), pk)
    return redirect("reports:review", pk=following) if following else redirect("reports:inbox")


def _page(
    request: HttpRequest,
    report: Report,
    *,
    form: DecisionForm | None = None,
    reopening: ReopenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    sent = latest_submission(report)
    sheet = review_sheet(report, sent) if sent else None
    line_ids = [row.line.line_id for row in sheet.rows] if sheet else []
    shown = form or DecisionForm(line_ids=line_ids)
    context = _rights(request, report, at) | {
        "report": report,
        "look": STATE_LOOKS[report.state],
        "timing": timing_in_words(report.obligation, at),
        "sheet": sheet,
        "sections": _sections(sheet.rows, shown) if sheet else [],
        "form": shown,
        "reopening": reopening or ReopenForm(),
        "history": history_of(report),
    }
    return render_page_or_part(request, "reports/review.html", context, status=status)


def _rights(request: HttpRequest, report: Report, at: datetime) -> dict[str, Any]:
    """Return what the user may do here, and the reports before and after in his queue."""
    user = person(request)
    may = may_review(user, report.obligation, timezone.localdate(at))
    before, following = neighbours(queue_of(user, at), report.pk) if may else (None, None)
    return {
        "may_decide": may and report.state == ReportState.SUBMITTED,
        "may_reopen": may and report.state == ReportState.ACCEPTED,
        "before": before,
        "following": following,
    }


def _sections(rows: list[ReviewRow], form: DecisionForm) -> list[tuple[str, list[Any]]]:
    """Pair each line with its remark box, section by section."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        name = f"remark-{row.line.line_id}"
        box = form[name] if name in form.fields else None
        found.setdefault(row.line.section, []).append((row, box))
    return list(found.items())


def _report(request: HttpRequest, pk: int) -> Report:
    """Fetch a report within the user's scope; anything else is not there."""
    return get_object_or_404(report_for_review(person(request), timezone.localdate()), pk=pk)


def _refuse_stranger(request: HttpRequest, report: Report) -> None:
    """Refuse who may see a report but does not receive it."""
    if not may_review(person(request), report.obligation, timezone.localdate()):
        raise PermissionDenied
