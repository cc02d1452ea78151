"""What a unit does with a programme that was sent to it, and the reminder when it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.dates import format_date
from apps.core.files import StoredFile
from apps.core.text import nfc
from apps.core.uploads import CleanUpload
from apps.desk.models import Notice
from apps.desk.rules import NoticeKind
from apps.desk.services import notify
from apps.programs.models import Program, ProgramRecipient
from apps.programs.queries.program_people import people_by_recipient
from apps.programs.queries.programs import lacking
from apps.programs.rules import ProgramState, RecipientStep
from apps.programs.services.program_checks import (
    ProgramRefused,
    refusing_programs,
)
from apps.programs.services.program_files import file_detail, keep_plan_paper
from apps.programs.services.refusals import Fault

PAUSE = timedelta(minutes=10)  # a second click is not a second reminder
ASKED_FOR = {
    RecipientStep.RECEIVED: "xác nhận đã nhận",
    RecipientStep.PLAN: "ghi kế hoạch của đơn vị",
    RecipientStep.LAUNCHED: "ghi ngày phát động",
}


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """What a unit did: its own plan with number and day, the day of its launch, a note."""

    number: str = ""
    plan_on: date | None = None
    launched_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlanPaper:
    """The unit's plan as a checked file that is already kept."""

    upload: CleanUpload
    stored: StoredFile


@dataclass(frozen=True, slots=True)
class ProgramReminded:
    """What a round of reminders did; units without an account have to be called."""

    n_units: int
    n_people: int
    without_people: tuple[int, ...]


@transaction.atomic
def receive_program(*, recipient: ProgramRecipient, by: User, at: datetime) -> ProgramRecipient:
    """Say that a unit has a programme; the first one to say so stays on record."""
    locked = ProgramRecipient.objects.select_for_update().get(pk=recipient.pk)
    if locked.received_at is not None:
        return locked
    locked.received_at, locked.received_by = at, by
    locked.save(update_fields=["received_at", "received_by"])
    record_action(
        action="programs.program_received",
        by=by,
        at=at,
        target=locked,
        detail={"program": locked.program_id, "unit": locked.unit_id},
    )
    return locked


@transaction.atomic
def record_unit_plan(
    *,
    recipient: ProgramRecipient,
    plan: UnitPlan,
    paper: PlanPaper | None,
    by: User,
    at: datetime,
) -> ProgramRecipient:
    """Write what a unit did with a programme; who writes a plan has also received it."""
    locked = (
        ProgramRecipient.objects.select_for_update(of=("self",))
        .select_related("program")
        .get(pk=recipient.pk)
    )
    faults = _plan_faults(plan, locked.program, timezone.localdate(at))
    if faults:
        raise ProgramRefused(faults[0].message, faults)
    _write_plan(locked, plan, by, at)
    with refusing_programs():
        locked.save()
        if paper is not None:
            keep_plan_paper(
                recipient=locked, upload=paper.upload, stored=paper.stored, by=by, at=at
            )
    record_action(
        action="programs.unit_plan_recorded",
        by=by,
        at=at,
        target=locked,
        detail={
            "program": locked.program_id,
            "unit": locked.unit_id,
            "plan": locked.plan_number,
            "launched_on": str(locked.launched_on or ""),
            **(file_detail(paper.upload) if paper else {}),
        },
    )
    return locked


def _write_plan(row: ProgramRecipient, plan: UnitPlan, by: User, at: datetime) -> None:
    if row.received_at is None:
        row.received_at, row.received_by = at, by
    row.plan_number, row.plan_on = nfc(plan.number), plan.plan_on
    row.launched_on, row.note = plan.launched_on, nfc(plan.note)


def _plan_faults(plan: UnitPlan, program: Program, on: date) -> list[Fault]:
    faults = []
    if nfc(plan.number) and plan.plan_on is None:
        faults.append(Fault("plan_on", "Ghi cả ngày của kế hoạch."))
    if plan.plan_on is not None and not nfc(plan.number):
        faults.append(Fault("plan_number", "Ghi cả số của kế hoạch."))
    for field, name, day in (
        ("plan_on", "Ngày kế hoạch", plan.plan_on),
        ("launched_on", "Ngày phát động", plan.launched_on),
    ):
        if day is not None and day > on:
            faults.append(Fault(field, f"{name} còn ở tương lai. Ghi khi đã làm."))
        elif day is not None and day < program.issued_on:
            issued = format_date(program.issued_on)
            faults.append(Fault(field, f"{name} không thể trước ngày ban hành ({issued})."))
    return faults


@transaction.atomic
def remind_recipients(
    *, program: Program, step: RecipientStep, by: User, at: datetime
) -> ProgramReminded:
    """Tell the people of units that have not done a step yet, and nobody else."""
    locked = Program.objects.select_for_update().get(pk=program.pk)
    if locked.state != ProgramState.SENT:
        raise ProgramRefused("Chỉ nhắc được khi chương trình đã gửi và chưa kết thúc.")
    text = f"Nhắc {ASKED_FOR[step]}: {locked}."
    url = reverse("programs:program", args=[locked.pk])
    missing = lacking(locked.recipients.all(), step).order_by("unit_id")
    units = list(missing.values_list("unit_id", flat=True))
    people = people_by_recipient(units, timezone.localdate(at))
    just_told = set(
        Notice.objects.filter(text=text, url=url, created_at__gt=at - PAUSE).values_list(
            "user_id", flat=True
        )
    )
    told = {user.pk: user for users in people.values() for user in users}
    fresh = [user for pk, user in told.items() if pk not in just_told]
    if units and not fresh and told:
        raise ProgramRefused("Các đơn vị còn thiếu vừa được nhắc. Hãy đợi ít phút.")
    if not units:
        raise ProgramRefused("Không còn đơn vị nào để nhắc.")
    notify(users=fresh, text=text, url=url, kind=NoticeKind.TASK, at=at)
    record_action(
        action="programs.recipients_reminded",
        by=by,
        at=at,
        target=locked,
        detail={"step": step.value, "units": units, "people": len(fresh)},
    )
    without = tuple(unit for unit in units if unit not in people)
    return ProgramReminded(len(units) - len(without), len(fresh), without)
