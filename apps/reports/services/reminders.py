"""Remind units that have not sent, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.text import nfc
from apps.desk.rules import NoticeKind
from apps.desk.services import notify
from apps.reports.models import Event, Obligation
from apps.reports.models.review import EventKind
from apps.reports.queries.people import people_of
from apps.reports.rules import due_text

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
PAUSE = timedelta(minutes=10)  # a second click is not a second reminder
NOTE_LIMIT = 200
WORK_LIST = "/"


class NobodyToRemind(DomainError):
    """Every chosen unit has sent, is excused, or was reminded a moment ago."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a round of reminders did."""

    n_reports: int
    n_people: int
    without_people: list[Obligation]


def reminder_text(obligation: Obligation, note: str = "") -> str:
    """Return what the unit reads."""
    text = (
        f"Nhắc nộp: {obligation.template.name}, {obligation.period.label}; "
        f"hạn nộp {due_text(obligation.due_at)}."
    )
    return f"{text} {note}".strip()


@transaction.atomic
def remind_units(
    *, obligations: Iterable[Obligation], note: str, by: User, at: datetime
) -> Reminded:
    """Tell the people of units that have not sent yet; who has sent meanwhile is left in peace."""
    owed = list(_still_owed([row.pk for row in obligations], at))
    if not owed:
        raise NobodyToRemind(
            "Không còn đơn vị nào để nhắc: các đơn vị đã chọn đã nộp hoặc vừa được nhắc."
        )
    note = nfc(note)[:NOTE_LIMIT]
    people = people_of({u for row in owed for u in (row.unit_id, row.filler_id)}, _day(at))
    reached = [row for row in owed if row.unit_id in people or row.filler_id in people]
    told = _tell(reached, people, note, at)
    Event.objects.bulk_create(
        Event(report=row.report, kind=EventKind.REMINDED, text=note, at=at, by=by)
        for row in reached
    )
    record_action(
        action="reports.reminded",
        by=by,
        at=at,
        detail={"obligations": [row.pk for row in reached], "people": told, "note": note},
    )
    return Reminded(len(reached), told, [row for row in owed if row not in reached])


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()


def _still_owed(obligation_ids: list[int], at: datetime) -> Iterable[Obligation]:
    just_reminded = Event.objects.filter(kind=EventKind.REMINDED, at__gt=at - PAUSE)
    return (
        Obligation.objects.expected()
        .filter(pk__in=obligation_ids, first_submitted_at__isnull=True, opens_at__lte=at)
        .exclude(report__in=just_reminded.values("report_id"))
        .select_related("template", "period", "report")
        .order_by("pk")
    )


def _tell(owed: list[Obligation], people: dict[int, list[User]], note: str, at: datetime) -> int:
    """Send each different text once to all whom it concerns; return how many people."""
    by_text: dict[str, dict[int, User]] = {}
    for row in owed:
        readers = by_text.setdefault(reminder_text(row, note), {})
        for unit in (row.unit_id, row.filler_id):
            readers.update({user.pk: user for user in people.get(unit, [])})
    for text, readers in by_text.items():
        notify(users=readers.values(), text=text, url=WORK_LIST, kind=NoticeKind.TASK, at=at)
    return len({pk for readers in by_text.values() for pk in readers})
