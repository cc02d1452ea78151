"""Doorbells of the registers: each rings one service."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.desk.tasks import at_work
from apps.programs.services.exports import make_site_list


@shared_task(name="programs.export_sites")
def export_sites(*, job_id: int, **_: Any) -> None:
    """Write a list of sites that was too long for a click."""
    with at_work(job_id):
        make_site_list(job_id=job_id, clock=timezone.now)
