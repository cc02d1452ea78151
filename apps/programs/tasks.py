"""Doorbells of the registers: each rings one service."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.desk.tasks import at_work
from apps.programs.services.activity_export import ACTIVITY_LIST
from apps.programs.services.exports import ListExport, make_list
from apps.programs.services.program_export import PROGRAM_UNITS
from apps.programs.services.site_export import SITE_LIST


@shared_task(name="programs.export_sites")
def export_sites(*, job_id: int, **_: Any) -> None:
    """Write a list of sites that was too long for a click."""
    _export(SITE_LIST, job_id)


@shared_task(name="programs.export_activities")
def export_activities(*, job_id: int, **_: Any) -> None:
    """Write a list of activities that was too long for a click."""
    _export(ACTIVITY_LIST, job_id)


@shared_task(name="programs.export_program")
def export_program(*, job_id: int, **_: Any) -> None:
    """Write the units of a programme that were too many for a click."""
    _export(PROGRAM_UNITS, job_id)


def _export(export: ListExport[Any], job_id: int) -> None:
    with at_work(job_id):
        make_list(export=export, job_id=job_id, clock=timezone.now)
