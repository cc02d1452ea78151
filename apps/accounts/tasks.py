"""Celery's doorbells of the accounts."""

from celery import shared_task
from django.utils import timezone

from apps.accounts.services import sweep_sign_in_counters


@shared_task(name="accounts.sweep_sign_in")
def sweep_sign_in() -> None:
    """Forget old sign-in counters."""
    sweep_sign_in_counters(at=timezone.now())
