"""Have the official report made, and give it number and date."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.reports.forms.consolidation import IssueForm, OrderForm
from apps.reports.models import Document
from apps.reports.services.documents import issue_document, order_document
from apps.reports.tasks import ring_document
from apps.reports.views.consolidated import scope_of
from apps.reports.views.scope import person
from apps.units.permissions import requires


@require_POST
@requires(Permission.CONSOLIDATE)
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the figures and words and have the paper made in the background."""
    scope = scope_of(request, pk)
    form = OrderForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Lý do quá dài: tối đa 500 ký tự.")
        return redirect(f"{scope.url}#lap-bao-cao")
    try:
        job = order_document(
            root=scope.root,
            period=scope.period,
            incomplete_reason=form.cleaned_data["incomplete_reason"],
            by=person(request),
            at=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{scope.url}#lap-bao-cao")
    ring_document(job)
    return redirect("desk:job", pk=job.pk)


@require_POST
@requires(Permission.DOCUMENT_ISSUE)
def issue(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """Give a paper the number and date of the office's register and have it closed for good."""
    scope = scope_of(request, pk)
    made = get_object_or_404(Document, pk=document, root=scope.root, period=scope.period)
    form = IssueForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return redirect(f"{scope.url}#lap-bao-cao")
    try:
        job = issue_document(
            document=made,
            number=form.cleaned_data["number"],
            issued_on=form.cleaned_data["issued_on"],
            by=person(request),
            at=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{scope.url}#lap-bao-cao")
    ring_document(job)
    return redirect("desk:job", pk=job.pk)
