"""The user's own desk: jobs in the background, messages, kept filters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.access import signed_in
from apps.core.errors import DomainError
from apps.core.htmx import is_htmx, render_page_or_part
from apps.core.sheet_writing import XLSX
from apps.desk.forms import SavedFilterForm
from apps.desk.models import Job, Notice, SavedFilter
from apps.desk.queries import jobs_of, notices_of, states_in_words, units_to_share_with
from apps.desk.rules import FILTER_PAGES, JobState
from apps.desk.services import (
    FilterRefused,
    JobNotRetryable,
    change_filter,
    delete_filter,
    read_notices,
    retry_job,
    save_filter,
)
from apps.desk.services.exports import EXPORT_KIND, hand_out_export
from apps.desk.tasks import ring
from apps.units.permissions import requires

STOP_POLLING = 286  # htmx: take this part and ask no more


@require_GET
@requires(Permission.JOBS_VIEW)
def jobs(request: HttpRequest) -> HttpResponse:
    """List the user's jobs."""
    return _answer(request, "desk/jobs.html", list(jobs_of(_user(request), timezone.now())))


@require_GET
@requires(Permission.JOBS_VIEW)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one of the user's jobs."""
    shown = get_object_or_404(Job.objects.visible_to(_user(request), timezone.now()), pk=pk)
    return _answer(request, "desk/job.html", [shown])


@require_GET
@never_cache
@requires(Permission.JOBS_VIEW)
def export(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Send the file that a job made, to its owner alone, while he may see what is in it."""
    user, at = _user(request), timezone.now()
    done = Job.objects.visible_to(user, at).filter(kind=EXPORT_KIND, state=JobState.DONE)
    job = get_object_or_404(done, pk=pk)
    try:
        file = hand_out_export(job=job, by=user, at=at)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("desk:job", pk=pk)
    name = job.params["file_name"]
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_POST
@requires(Permission.JOBS_VIEW)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a failed job back into the queue and ring for it."""
    at = timezone.now()
    failed = get_object_or_404(Job.objects.visible_to(_user(request), at), pk=pk)
    try:
        ring(retry_job(job=failed, by=_user(request), at=at))
    except JobNotRetryable as refusal:
        messages.error(request, refusal.message)
    return redirect("desk:job", pk=pk)


@require_GET
@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    """List the user's messages."""
    rows = list(notices_of(_user(request)))
    context = {"notices": rows, "has_unread": any(row.read_at is None for row in rows)}
    return render_page_or_part(request, "desk/notices.html", context)


@require_POST
@signed_in
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a message as read and go to the page it is about."""
    notice = get_object_or_404(Notice.objects.visible_to(_user(request)), pk=pk)
    read_notices(by=_user(request), at=timezone.now(), notice=notice)
    return redirect(notice.url or "desk:notices")


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all messages as read."""
    read_notices(by=_user(request), at=timezone.now())
    return redirect("desk:notices")


@signed_in
def filter_save(request: HttpRequest) -> HttpResponse:
    """Ask under which name to keep the filters of a list, and keep them."""
    page, query = request.GET.get("bang", ""), request.GET.get("dieu_kien", "")
    if page not in FILTER_PAGES:
        raise BadRequest("no such list")
    units = units_to_share_with(_user(request), timezone.localdate())
    form = SavedFilterForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_valid():
        try:
            saved = save_filter(
                page=page, query=query, by=_user(request), at=timezone.now(), **form.cleaned_data
            )
        except FilterRefused as refusal:
            form.refuse(refusal, refusal.field)
        else:
            messages.success(request, f"Đã lưu bộ lọc “{saved.name}”.")
            return redirect(_list_address(saved))
    context = {"form": form, "list_url": f"{reverse(page)}?{query}"}
    return render_page_or_part(request, "desk/filter.html", context)


@signed_in
def filter_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename one of the user's filters, share it or stop sharing it."""
    saved = get_object_or_404(SavedFilter.objects.filter(owner=_user(request)), pk=pk)
    units = units_to_share_with(_user(request), timezone.localdate())
    known = {"name": saved.name, "share_with": saved.shared_with_id}
    typed = request.POST if request.method == "POST" else None
    form = SavedFilterForm(typed, units=units, initial=known)
    context = {"form": form, "saved": saved, "list_url": _list_address(saved)}
    if form.is_valid():
        try:
            change_filter(saved=saved, by=_user(request), at=timezone.now(), **form.cleaned_data)
        except FilterRefused as refusal:
            form.refuse(refusal, refusal.field)
        else:
            messages.success(request, "Đã lưu thay đổi của bộ lọc.")
            return redirect(_list_address(saved))
    return render_page_or_part(request, "desk/filter.html", context)


@require_POST
@signed_in
def filter_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of the user's filters."""
    saved = get_object_or_404(SavedFilter.objects.filter(owner=_user(request)), pk=pk)
    delete_filter(saved=saved, by=_user(request), at=timezone.now())
    messages.success(request, f"Đã xóa bộ lọc “{saved.name}”.")
    return redirect(saved.page)


def _list_address(saved: SavedFilter) -> str:
    """Return the list as the filter shows it."""
    return f"{reverse(saved.page)}?{saved.query}"


def _answer(request: HttpRequest, template: str, rows: list[Job]) -> HttpResponse:
    """Answer with the page, or with the part that polls itself until nothing runs."""
    is_over = not any(row.is_active for row in rows)
    words = states_in_words(rows)
    context: dict[str, Any] = {
        "jobs": rows,
        "is_over": is_over,
        "words": words,
        "announce": is_htmx(request) and request.GET.get("seen") != words,
    }
    status = STOP_POLLING if is_over and is_htmx(request) else 200
    return render_page_or_part(request, template, context, part="jobs", status=status)


def _user(request: HttpRequest) -> User:
    """Return the signed-in user; the decorators have let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101 (narrows the type)
    return request.user
