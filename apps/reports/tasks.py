"""Doorbells of the reporting engine: each rings one service."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.desk.models import Job
from apps.desk.tasks import at_work, ring
from apps.reports.services.documents import render_document, render_issued
from apps.reports.services.obligations import open_due_reports
from apps.reports.services.program_reviews import open_program_reviews
from apps.reports.services.rollups import (
    periods_in_use,
    periods_to_recompute,
    recompute_dirty,
    reconcile_period,
)


def ring_document(job: Job) -> None:
    """Ring for a document once the transaction is committed."""
    ring(job)


@shared_task(name="reports.render_document")
def render(*, job_id: int, **_: Any) -> None:
    """Render an ordered document."""
    with at_work(job_id):
        render_document(job_id=job_id, clock=timezone.now)


@shared_task(name="reports.issue_document")
def issue(*, job_id: int, **_: Any) -> None:
    """Render the numbered paper and issue it."""
    with at_work(job_id):
        render_issued(job_id=job_id, clock=timezone.now)


@shared_task(name="reports.open_due")
def open_due(**_: Any) -> int:
    """Open what has come due; a missed tick catches up."""
    return open_due_reports(at=timezone.now())


@shared_task(name="reports.open_program_reviews")
def open_reviews(**_: Any) -> int:
    """Open the reviews of programmes whose day is near."""
    return open_program_reviews(by=None, at=timezone.now())


@shared_task(name="reports.recompute")
def recompute(**_: Any) -> int:
    """Recompute the sums that changed."""
    at = timezone.now()
    return sum(recompute_dirty(period=period, at=at) for period in periods_to_recompute())


@shared_task(name="reports.reconcile")
def reconcile(**_: Any) -> int:
    """Compare stored sums with one recomputation; return how many differ."""
    at = timezone.now()
    return sum(reconcile_period(period=period, at=at).n_differences for period in periods_in_use())
