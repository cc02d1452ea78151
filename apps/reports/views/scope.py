"""The first beat of every view of a report: fetch it within the person's rights."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.reports.models import Report
from apps.reports.permissions import may_submit, may_write, rights_at
from apps.reports.queries.contents import frame_of
from apps.reports.queries.lists import own_reports, reports_in_scope, timing_in_words
from apps.reports.rules import STATE_LOOKS, due_text
from apps.units.permissions import permissions_for


def person(request: HttpRequest) -> User:
    """Return the signed-in user."""
    return cast("User", request.user)


def visible_report(request: HttpRequest, pk: int) -> Report:
    """Return a report in the person's scope; another one is 404 like a missing one."""
    user, on = person(request), timezone.localdate()
    if Permission.REPORT_ENTER in permissions_for(user, on):
        own = own_reports(user, on).filter(pk=pk).first()
        if own is not None:
            return own
    return get_object_or_404(reports_in_scope(user, on), pk=pk)


def written_report(request: HttpRequest, pk: int) -> Report:
    """Return a report that the person may write in; a known one without the right is 403."""
    report = visible_report(request, pk)
    if not may_write(person(request), report, timezone.localdate()):
        raise PermissionDenied
    return report


def submitted_report(request: HttpRequest, pk: int) -> Report:
    """Return a report that the person may submit."""
    report = visible_report(request, pk)
    if not may_submit(person(request), report.obligation, timezone.localdate()):
        raise PermissionDenied
    return report


def page_context(request: HttpRequest, report: Report) -> dict[str, Any]:
    """Return what the head of every page of a report shows: one query."""
    at = timezone.now()
    return {
        "report": report,
        "owed": report.obligation,
        "frame": frame_of(report, timezone.localdate(at)),
        "look": STATE_LOOKS[report.state],
        "timing": timing_in_words(report.obligation, at),
        "due": due_text(report.obligation.due_at),
        "rights": rights_at(person(request), report, at),
    }
