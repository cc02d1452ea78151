"""Record programmes, their papers and targets, and send them to units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.text import nfc, nfc_lines, search_key
from apps.desk.rules import NoticeKind
from apps.desk.services import notify
from apps.indicators.models import Indicator, IndicatorKind
from apps.programs.models import (
    Program,
    ProgramParty,
    ProgramRecipient,
    ProgramTarget,
)
from apps.programs.queries.program_people import people_by_recipient
from apps.programs.queries.program_words import change_words
from apps.programs.rules import ProgramState, TargetSign
from apps.programs.services.program_checks import (
    NewProgram,
    ProgramChangedMeanwhile,
    ProgramRefused,
    check_program,
    check_replaced,
    open_program,
    refusing_programs,
)
from apps.programs.services.program_ends import end_replaced, tell_recipients
from apps.programs.services.refusals import Fault
from apps.units.models import Unit

FIELDS = (
    "kind",
    "title",
    "title_key",
    "number",
    "issued_on",
    "issuer",
    "level",
    "unit",
    "valid_from",
    "valid_to",
    "summary",
    "plan_due_on",
    "interim_due_on",
    "final_due_on",
)
# Sums of these mean something; what is counted once a level, graded or told in words does not.
TARGET_KINDS = frozenset(
    {IndicatorKind.RATIO, IndicatorKind.FLOW, IndicatorKind.STOCK, IndicatorKind.YEARLY}
)
# A wish for more tips or more solved cases would bend what people report: no target is fed by them.
NO_TARGET_SECTION = "F"


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A level that a programme wants an indicator to reach."""

    indicator: Indicator
    sign: str
    value: Decimal
    subject: str = ""


@dataclass(frozen=True, slots=True)
class SentTo:
    """What one sending did: units that are new, people told, new units without anybody to tell."""

    n_new: int
    n_people: int
    without_people: tuple[int, ...]


@transaction.atomic
def create_program(*, new: NewProgram, by: User | None, at: datetime) -> Program:
    """Record a programme as a draft; nobody hears of it before it is sent."""
    new = _tidied(new)
    check_program(new, on=timezone.localdate(at))
    check_replaced(new.replaces)
    program = Program(is_demo=new.is_demo, created_at=at, created_by=by, replaces=new.replaces)
    _put(program, new)
    with refusing_programs():
        program.save(force_insert=True)
        _put_parties(program, new.parties)
    if new.replaces is not None:
        _copy_targets(new.replaces, program)
    record_action(
        action="programs.program_created",
        by=by,
        at=at,
        target=program,
        detail={
            "number": program.number,
            "unit": program.unit_id,
            "replaces": str(new.replaces or ""),
        },
    )
    return program


def _copy_targets(old: Program, program: Program) -> None:
    """Start from the targets of the programme that is replaced; the draft may change them."""
    ProgramTarget.objects.bulk_create(
        ProgramTarget(
            program=program,
            indicator_id=row.indicator_id,
            sign=row.sign,
            value=row.value,
            subject=row.subject,
            order=row.order,
        )
        for row in old.targets.order_by("order", "pk")
    )


@transaction.atomic
def edit_program(
    *, program: Program, new: NewProgram, version: int, by: User, at: datetime
) -> Program:
    """Write a programme anew, unless somebody else did so after `version` was read.

    Units that have it already are told what changed.
    """
    locked = open_program(program)
    if locked.lock_version != version:
        raise ProgramChangedMeanwhile
    new = _tidied(new)
    check_program(new, on=timezone.localdate(at), known=locked)
    before = {name: getattr(locked, name) for name in FIELDS}
    _put(locked, new)
    locked.lock_version += 1
    with refusing_programs():
        locked.save(update_fields=[*FIELDS, "lock_version"])
        locked.parties.all().delete()
        _put_parties(locked, new.parties)
    changed = [name for name in FIELDS if getattr(locked, name) != before[name]]
    if locked.state == ProgramState.SENT and (words := change_words(changed)):
        tell_recipients(program=locked, text=f"Đã sửa {words} của {locked}.", at=at)
    record_action(
        action="programs.program_edited", by=by, at=at, target=locked, detail={"changed": changed}
    )
    return locked


def _tidied(new: NewProgram) -> NewProgram:
    return replace(
        new,
        title=nfc(new.title),
        number=nfc(new.number),
        issuer=nfc(new.issuer),
        summary=nfc_lines(new.summary),
        parties=tuple({unit.pk: unit for unit in new.parties}.values()),
    )


def _put(program: Program, new: NewProgram) -> None:
    program.title_key = search_key(new.title)
    for name in FIELDS:
        if name != "title_key":
            setattr(program, name, getattr(new, name))


def _put_parties(program: Program, units: Iterable[Unit]) -> None:
    ProgramParty.objects.bulk_create(ProgramParty(program=program, unit=unit) for unit in units)


@transaction.atomic
def send_program(
    *, program: Program, units: Iterable[Unit], by: User | None, at: datetime
) -> SentTo:
    """Send a programme to units and tell their people; who has it already is left in peace."""
    locked = open_program(program)
    asked = {unit.pk for unit in units}
    if not asked:
        raise ProgramRefused("Chưa chọn đơn vị nào để gửi.")
    on = timezone.localdate(at)
    alive = set(Unit.objects.alive_on(on).filter(pk__in=asked).values_list("pk", flat=True))
    if asked - alive:
        raise ProgramRefused("Có đơn vị đã chọn hiện không còn tồn tại. Hãy chọn lại.")
    known = set(locked.recipients.values_list("unit_id", flat=True))
    fresh = sorted(asked - known)
    ProgramRecipient.objects.bulk_create(
        ProgramRecipient(program=locked, unit_id=unit_id, sent_at=at) for unit_id in fresh
    )
    _note_sent(locked, by, at)
    program.state, program.sent_at = locked.state, locked.sent_at
    people = people_by_recipient(fresh, on)
    told = {user.pk: user for users in people.values() for user in users}
    text = f"Chương trình, kế hoạch mới gửi đến đơn vị: {locked}. Hãy bấm “Đã nhận”."
    if locked.replaces is not None:
        text = f"{text} Thay thế {locked.replaces}."
    url = reverse("programs:program", args=[locked.pk])
    notify(users=told.values(), text=text, url=url, kind=NoticeKind.TASK, at=at)
    record_action(
        action="programs.program_sent",
        by=by,
        at=at,
        target=locked,
        detail={"units": len(fresh), "known": len(asked) - len(fresh), "people": len(told)},
    )
    return SentTo(len(fresh), len(told), tuple(pk for pk in fresh if pk not in people))


def _note_sent(program: Program, by: User | None, at: datetime) -> None:
    """Make a draft a sent programme; the one it replaces is over by that."""
    if program.state != ProgramState.DRAFT:
        return
    if program.replaces is not None:
        end_replaced(old=program.replaces, new=program, by=by, at=at)
    program.state, program.sent_at = ProgramState.SENT, at
    program.save(update_fields=["state", "sent_at"])


@transaction.atomic
def add_target(*, program: Program, new: NewTarget, by: User | None, at: datetime) -> ProgramTarget:
    """Set what a programme wants an indicator to reach; each indicator once."""
    faults = list(_target_faults(new))
    if faults:
        raise ProgramRefused(faults[0].message, faults)
    open_program(program)
    with refusing_programs():
        target = ProgramTarget.objects.create(
            program=program,
            indicator=new.indicator,
            sign=new.sign,
            value=new.value,
            subject=nfc(new.subject),
            order=program.targets.count() + 1,
        )
    record_action(
        action="programs.target_added",
        by=by,
        at=at,
        target=program,
        detail={"indicator": new.indicator.code, "sign": new.sign, "value": str(new.value)},
    )
    return target


def _target_faults(new: NewTarget) -> Iterable[Fault]:
    if new.indicator.kind not in TARGET_KINDS:
        yield Fault(
            "indicator", "Chỉ tiêu này không cộng được qua các đơn vị nên không đặt mức được."
        )
    if new.indicator.section.code == NO_TARGET_SECTION:
        yield Fault(
            "indicator", "Không đặt mức cho tin báo, vụ việc: số này không được dùng để thi đua."
        )
    if new.sign not in TargetSign.values:
        yield Fault("sign", "Cách so sánh không có trong danh mục.")
    if new.value < 0:
        yield Fault("value", "Mức của chỉ tiêu không thể âm.")
    if new.indicator.kind == IndicatorKind.RATIO and new.value > 100:
        yield Fault("value", "Tỷ lệ không thể đặt quá 100 %.")


@transaction.atomic
def drop_target(*, target: ProgramTarget, by: User, at: datetime) -> None:
    """Take back a target."""
    open_program(target.program)
    detail = {"indicator": target.indicator.code, "sign": target.sign, "value": str(target.value)}
    program = target.program
    target.delete()
    record_action(action="programs.target_dropped", by=by, at=at, target=program, detail=detail)
