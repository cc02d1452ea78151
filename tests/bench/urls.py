"""The portal's addresses and the yardsticks of the `submit` and `model_list` benches."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from antq_portal.urls import urlpatterns as portal_urls
from apps.audit.services import record_action
from apps.core.access import signed_in


@signed_in
def commit_audit_row(request: HttpRequest) -> HttpResponse:
    """Commit one audit row, nothing else."""
    record_action(action="bench.posted", by=request.user, at=timezone.now())
    return HttpResponse("ok")


@signed_in
def empty(request: HttpRequest) -> HttpResponse:
    """Show a signed-in person the portal's frame with nothing in it."""
    return render(request, "base.html")


@signed_in
def bare(request: HttpRequest) -> HttpResponse:
    """Answer a signed-in person without a page."""
    return HttpResponse("ok")


urlpatterns = [
    *portal_urls,
    path("bench/audit-row/", commit_audit_row, name="audit_row"),
    path("bench/empty/", empty, name="empty"),
    path("bench/bare/", bare, name="bare"),
]
