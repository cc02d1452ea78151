"""Remind communes that have told nothing of their forces, and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.desk.models import Notice
from apps.desk.rules import NoticeKind
from apps.desk.services import notify
from apps.programs.queries.program_people import people_by_recipient
from apps.units.models import ForceKind

PAUSE = timedelta(minutes=10)  # a second click is not a second reminder


class NobodyToRemind(DomainError):
    """Every commune has told its numbers, or was reminded a moment ago."""


@dataclass(frozen=True, slots=True)
class ForcesReminded:
    """What a round of reminders did; units without an account have to be called."""

    n_units: int
    n_people: int
    without_people: tuple[int, ...]


@transaction.atomic
def remind_of_forces(
    *, unit_ids: Sequence[int], kind: ForceKind | None, by: User, at: datetime
) -> ForcesReminded:
    """Ask the people of communes for the numbers of their forces, or of one kind."""
    if not unit_ids:
        raise NobodyToRemind("Không còn xã, phường nào để nhắc: tất cả đã ghi số liệu.")
    text = f"Nhắc ghi số liệu lực lượng{f': {kind.name}' if kind else ''}."
    people = people_by_recipient(unit_ids, timezone.localdate(at))
    just_told = set(
        Notice.objects.filter(text=text, created_at__gt=at - PAUSE).values_list("user_id", "url")
    )
    told: set[int] = set()
    for unit_id, users in people.items():
        url = reverse("units:unit_forces", args=[unit_id])
        fresh = [user for user in users if (user.pk, url) not in just_told]
        notify(users=fresh, text=text, url=url, kind=NoticeKind.TASK, at=at)
        told |= {user.pk for user in fresh}
    if people and not told:
        raise NobodyToRemind("Các xã, phường này vừa được nhắc. Hãy đợi ít phút.")
    detail = {"kind": kind.pk if kind else None, "units": [*unit_ids], "people": len(told)}
    record_action(action="programs.forces_reminded", by=by, at=at, detail=detail)
    without = tuple(unit_id for unit_id in unit_ids if unit_id not in people)
    return ForcesReminded(len(unit_ids) - len(without), len(told), without)
