"""The user's own desk: jobs in the background, and messages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.access import signed_in
from apps.core.htmx import is_htmx, render_page_or_part
from apps.desk.models import Job, Notice
from apps.desk.queries import jobs_of, notices_of, states_in_words
from apps.desk.services import JobNotRetryable, read_notices, retry_job
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
