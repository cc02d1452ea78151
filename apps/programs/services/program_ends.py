"""End a programme: delete a draft, close it, withdraw it, let a newer one take its place."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.text import nfc
from apps.desk.rules import NoticeKind
from apps.desk.services import notify
from apps.programs.models import Program
from apps.programs.queries.program_people import people_by_recipient
from apps.programs.rules import ProgramState
from apps.programs.services.program_checks import ProgramRefused


@transaction.atomic
def delete_draft(*, program: Program, by: User, at: datetime) -> None:
    """Delete a programme that nobody has heard of, with its targets and papers."""
    locked = _locked(program)
    if locked.state != ProgramState.DRAFT:
        raise ProgramRefused("Chương trình đã gửi đi thì không xóa được. Hãy thu hồi, có lý do.")
    detail = {
        "number": locked.number,
        "title": locked.title,
        "files": list(locked.files.order_by("pk").values_list("sha256", flat=True)),
    }
    record_action(action="programs.draft_deleted", by=by, at=at, target=locked, detail=detail)
    locked.delete()


@transaction.atomic
def close_program(*, program: Program, by: User, at: datetime) -> Program:
    """Say that a programme is over and reviewed; it takes no more units or reminders."""
    locked = _locked(program)
    if locked.state != ProgramState.SENT:
        raise ProgramRefused("Chỉ kết thúc được chương trình đã gửi và chưa tổng kết.")
    locked.state = ProgramState.CLOSED
    locked.save(update_fields=["state"])
    record_action(action="programs.program_closed", by=by, at=at, target=locked)
    return locked


@transaction.atomic
def reopen_program(*, program: Program, by: User, at: datetime) -> Program:
    """Take back a closing that was a mistake."""
    locked = _locked(program)
    if locked.state != ProgramState.CLOSED:
        raise ProgramRefused("Chỉ mở lại được chương trình đã ghi nhận tổng kết.")
    locked.state = ProgramState.SENT
    locked.save(update_fields=["state"])
    record_action(action="programs.program_reopened", by=by, at=at, target=locked)
    return locked


@transaction.atomic
def withdraw_program(*, program: Program, reason: str, by: User, at: datetime) -> Program:
    """Take a sent programme back; its units are told why, it stays on record and asks no more.

    It is in force until that day. The reports it asked for and nobody sent are waived by
    `reports`, which reads the state.
    """
    why = nfc(reason)
    if not why:
        raise ProgramRefused.at_field("Ghi lý do thu hồi.", "reason")
    locked = _locked(program)
    if locked.state != ProgramState.SENT:
        raise ProgramRefused("Chỉ thu hồi được chương trình đã gửi và chưa tổng kết.")
    locked.state, locked.withdrawn_at, locked.withdrawn_reason = (
        ProgramState.WITHDRAWN,
        at,
        why[:300],
    )
    until = str(locked.valid_to or "")
    locked.valid_to = _end_of_force(locked, timezone.localdate(at))
    locked.save(update_fields=["state", "withdrawn_at", "withdrawn_reason", "valid_to"])
    tell_recipients(program=locked, text=f"Đã thu hồi {locked}. Lý do: {why}", at=at)
    record_action(
        action="programs.program_withdrawn",
        by=by,
        at=at,
        target=locked,
        detail={"reason": locked.withdrawn_reason, "valid_to": until},
    )
    return locked


def end_replaced(*, old: Program, new: Program, by: User | None, at: datetime) -> None:
    """Note that a newer programme has taken the place of an older one; the caller sends it."""
    locked = _locked(old)
    if locked.state == ProgramState.REPLACED:
        raise ProgramRefused.at_field("Văn bản này đã có văn bản khác thay thế.", "")
    if locked.state == ProgramState.WITHDRAWN:
        return
    until = str(locked.valid_to or "")
    locked.state, locked.valid_to = ProgramState.REPLACED, _end_of_force(locked, new.valid_from)
    locked.save(update_fields=["state", "valid_to"])
    record_action(
        action="programs.program_replaced",
        by=by,
        at=at,
        target=locked,
        detail={"by": str(new), "valid_to": until},
    )


def tell_recipients(*, program: Program, text: str, at: datetime) -> None:
    """Tell the people of all units that have a programme."""
    units = list(program.recipients.values_list("unit_id", flat=True))
    people = people_by_recipient(units, timezone.localdate(at))
    told = {user.pk: user for users in people.values() for user in users}
    url = reverse("programs:program", args=[program.pk])
    notify(users=told.values(), text=text, url=url, kind=NoticeKind.WARNING, at=at)


def _locked(program: Program) -> Program:
    return Program.objects.select_for_update().get(pk=program.pk)


def _end_of_force(program: Program, on: date) -> date:
    """Return the day from which a programme holds no more; it held for one day at least."""
    last = max(on, program.valid_from + timedelta(days=1))
    return min(program.valid_to, last) if program.valid_to else last
