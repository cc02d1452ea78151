"""Check a report, hand it to the leader, submit it, show the receipt, answer what was asked."""

from __future__ import annotations

import json
import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.reports.forms.sending import AnswerForm, DeclarationForm, OnBehalfForm, SendBackForm
from apps.reports.models import Remark, Report
from apps.reports.permissions import enters_on_behalf, submits_directly
from apps.reports.queries.contents import check_page, last_submission, receipt_page, scans_of
from apps.reports.queries.sending import report_to_submit
from apps.reports.services.entry import ReportClosed
from apps.reports.services.review import answer_remark
from apps.reports.services.submission import (
    AlreadySent,
    send_back,
    send_to_leader,
    start_on_behalf,
    submit_report,
)
from apps.reports.views.scope import (
    page_context,
    person,
    submitted_report,
    visible_report,
    written_report,
)
from apps.units.permissions import requires


@require_GET
@requires(Permission.REPORT_VIEW)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what must be mended, what deserves a look, what moved; and the way on."""
    return _check_page(request, visible_report(request, pk))


def _check_page(
    request: HttpRequest,
    report: Report,
    form: DeclarationForm | None = None,
    back_form: SendBackForm | None = None,
) -> HttpResponse:
    last = last_submission(report)
    check = check_page(report, last)
    context = page_context(request, report) | {
        "check": check,
        "changed": check.changed_since(form.seen_texts) if form else [],
        "seen": json.dumps(check.texts, ensure_ascii=False),
        "last": last,
        "form": form or DeclarationForm(initial={"client_token": secrets.token_urlsafe(24)}),
        "back_form": back_form or SendBackForm(),
        "needs_scan": report.is_on_behalf and not scans_of(report).exists(),
    }
    return render(request, "reports/check.html", context)


@require_POST
@requires(Permission.REPORT_VIEW)
def hand_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the report to the unit's own leader."""
    report = written_report(request, pk)
    form = DeclarationForm(request.POST)
    if form.is_valid():
        try:
            send_to_leader(report=report, by=person(request), at=timezone.now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã gửi lãnh đạo duyệt. Báo cáo chưa nộp lên cấp trên.")
            return redirect("reports:contents", pk=pk)
    return _check_page(request, report, form)


@require_POST
@requires(Permission.REPORT_VIEW)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the report back to the clerk, with what is to be mended."""
    report = submitted_report(request, pk)
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            send_back(
                report=report,
                text=form.cleaned_data["text"],
                by=person(request),
                at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã trả lại người nhập.")
            return redirect("reports:contents", pk=pk)
    return _check_page(request, report, back_form=form)


@require_POST
@requires(Permission.REPORT_VIEW)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit a version; the same one sent twice, or from two tabs, leads to one receipt."""
    report = _report_to_submit(request, pk)
    form = DeclarationForm(request.POST)
    if form.is_valid():
        try:
            submit_report(
                report=report,
                client_token=form.cleaned_data["client_token"],
                seen_hash=form.cleaned_data["seen_hash"],
                by=person(request),
                at=timezone.now(),
            )
        except AlreadySent as refusal:
            messages.info(request, refusal.message)
        except DomainError as refusal:
            form.refuse(refusal)
            return _check_page(request, report, form)
        return redirect("reports:receipt", pk=pk)
    return _check_page(request, report, form)


def _report_to_submit(request: HttpRequest, pk: int) -> Report:
    """Return the report: to its own leader bare, as no page shows it; others by their scope."""
    report = report_to_submit(pk)
    if report is not None and submits_directly(
        person(request), report.obligation, timezone.localdate()
    ):
        return report
    return submitted_report(request, pk)


@require_GET
@requires(Permission.REPORT_VIEW)
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the receipt of the version sent last; it may be opened again at any time."""
    report = visible_report(request, pk)
    submission = last_submission(report)
    if submission is None:
        raise Http404
    context = page_context(request, report) | {
        "receipt": receipt_page(report, submission),
        "scans": scans_of(report),
    }
    return render(request, "reports/sent.html", context)


@require_POST
@requires(Permission.REPORT_VIEW)
def answer(request: HttpRequest, pk: int, remark_id: int) -> HttpResponse:
    """Say what was done about a remark."""
    report = written_report(request, pk)
    remark = get_object_or_404(Remark, pk=remark_id, report=report)
    form = AnswerForm(request.POST)
    try:
        if not report.is_open:
            raise ReportClosed("Báo cáo không còn mở nên không trả lời ý kiến được nữa.")
        if form.is_valid():
            values = form.cleaned_data
            answer_remark(
                remark=remark,
                answer=values["answer"],
                text=values["text"],
                by=person(request),
                at=timezone.now(),
            )
            messages.success(request, "Đã ghi câu trả lời.")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{_page_of(request, pk)}#y-kien-{remark_id}")


def _page_of(request: HttpRequest, pk: int) -> str:
    """Return the page on which the remark was answered: a section's, else the contents."""
    code = request.POST.get("section", "")
    if code.isascii() and code.isalnum():
        return reverse("reports:section", args=[pk, code])
    return reverse("reports:contents", args=[pk])


@require_POST
@requires(Permission.REPORT_VIEW)
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Start to enter for a unit without a computer."""
    report = visible_report(request, pk)
    if not enters_on_behalf(person(request), report.obligation, timezone.localdate()):
        raise PermissionDenied
    form = OnBehalfForm(request.POST)
    try:
        if form.is_valid():
            day = form.cleaned_data["paper_received_on"]
            start_on_behalf(
                report=report, paper_received_on=day, by=person(request), at=timezone.now()
            )
            messages.success(request, "Đã bắt đầu nhập thay. Nhớ tải lên bản quét trước khi nộp.")
        else:
            messages.error(request, str(form.errors["paper_received_on"][0]))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("reports:contents", pk=pk)
