"""Celery's doorbells of the audit."""

from celery import shared_task
from django.utils import timezone

from apps.audit.services import seal_entries


@shared_task(name="audit.seal")
def seal() -> None:
    """Chain what was committed since the last tick."""
    seal_entries(at=timezone.now())
