"""The portal's addresses and the yardstick of the `submit` bench."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
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


urlpatterns = [*portal_urls, path("bench/audit-row/", commit_audit_row, name="audit_row")]
