"""Say what is wrong with a programme before it is written, and which constraint broke after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from apps.core.dates import format_date
from apps.programs.models import Program
from apps.programs.rules import DISTRICTS_ENDED, REVIEW_OPENS_BEFORE, Level, ProgramState
from apps.programs.services.refusals import Fault, FaultsRefused, refusing
from apps.units.models import Unit

OPEN_STATES = frozenset({ProgramState.DRAFT, ProgramState.SENT})
NUMBER_TAKEN = "Văn bản số này, ngày này của cơ quan này đã được ghi."


@dataclass(frozen=True, slots=True)
class NewProgram:
    """What is known of a programme; the unit is the one in the tree that follows it."""

    kind: str
    title: str
    issued_on: date
    issuer: str
    level: str
    unit: Unit
    valid_from: date
    number: str = ""
    valid_to: date | None = None
    summary: str = ""
    plan_due_on: date | None = None
    interim_due_on: date | None = None
    final_due_on: date | None = None
    parties: tuple[Unit, ...] = ()
    replaces: Program | None = None
    is_demo: bool = False


class ProgramRefused(FaultsRefused):
    """A programme, or what a unit does with it, cannot be written so; it may name the fields."""


class ProgramChangedMeanwhile(ProgramRefused):
    """Somebody else saved the programme after it was opened here."""

    def __init__(self) -> None:
        super().__init__(
            "Người khác vừa sửa chương trình này sau khi bạn mở. Hãy so sánh rồi lưu lại; những gì "
            "bạn nhập vẫn còn bên dưới."
        )


_MESSAGES = {
    "program_number_once": ("number", NUMBER_TAKEN),
    "program_valid_order": ("valid_to", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
    "program_interim_before_final": ("interim_due_on", "Hạn sơ kết phải trước hạn tổng kết."),
    "program_party_once": ("parties", "Một đơn vị phối hợp được ghi hai lần."),
    "program_file_once": ("file", "Tệp này đã có ở chương trình này rồi."),
    "recipient_file_once": ("file", "Tệp này đã được gửi rồi."),
    "program_replaced_once": ("", "Văn bản này đã có văn bản khác thay thế."),
    "program_target_once": ("indicator", "Chương trình đã có chỉ tiêu này."),
    "recipient_plan_number_and_day": ("plan_number", "Ghi cả số và ngày của kế hoạch."),
}


def refusing_programs() -> AbstractContextManager[None]:
    """Run writes in a savepoint and say in words, at the field, which constraint broke."""
    return refusing(_MESSAGES, ProgramRefused.at_field)


def open_program(program: Program) -> Program:
    """Return a programme locked for a change; one that is over takes none."""
    locked = (
        Program.objects.select_for_update(of=("self",))
        .select_related("replaces")
        .get(pk=program.pk)
    )
    if locked.state not in OPEN_STATES:
        state = str(locked.get_state_display()).lower()
        raise ProgramRefused(f"Chương trình {state} nên không sửa, không gửi thêm được.")
    return locked


def check_replaced(old: Program | None) -> None:
    """Refuse to replace what nobody has yet, or what was replaced already."""
    if old is not None and old.state == ProgramState.DRAFT:
        raise ProgramRefused("Văn bản chưa gửi thì sửa hoặc xóa bản nháp, không cần thay thế.")
    if old is not None and old.state == ProgramState.REPLACED:
        raise ProgramRefused("Văn bản này đã có văn bản khác thay thế.")


def check_program(new: NewProgram, *, on: date, known: Program | None = None) -> None:
    """Refuse a programme with everything that is wrong with it, each at its field."""
    faults = [*_day_faults(new, on), *_unit_faults(new, on)]
    if known is not None and known.state != ProgramState.DRAFT:
        faults += _review_faults(new, known, on)
    if _is_number_taken(new, known):
        faults.append(Fault("number", NUMBER_TAKEN))
    if faults:
        raise ProgramRefused(faults[0].message, faults)


def _day_faults(new: NewProgram, on: date) -> Iterator[Fault]:
    if new.issued_on > on:
        yield Fault("issued_on", "Ngày ban hành còn ở tương lai.")
    if new.valid_to is not None and new.valid_to <= new.valid_from:
        yield Fault("valid_to", "Ngày hết hiệu lực phải sau ngày có hiệu lực.")
    if new.level == Level.DISTRICT and new.issued_on >= DISTRICTS_ENDED:
        yield Fault("level", "Cấp huyện đã kết thúc từ 01/7/2025. Hãy chọn cấp khác.")
    due = {
        "plan_due_on": ("Hạn gửi kế hoạch", new.plan_due_on),
        "interim_due_on": ("Hạn sơ kết", new.interim_due_on),
        "final_due_on": ("Hạn tổng kết", new.final_due_on),
    }
    for field, (name, day) in due.items():
        if day is not None and day <= new.valid_from and field != "plan_due_on":
            yield Fault(field, f"{name} phải sau ngày có hiệu lực.")
        if day is not None and day < new.issued_on:
            yield Fault(field, f"{name} không thể trước ngày ban hành.")
    if new.interim_due_on and new.final_due_on and new.interim_due_on >= new.final_due_on:
        yield Fault("interim_due_on", "Hạn sơ kết phải trước hạn tổng kết.")


def _unit_faults(new: NewProgram, on: date) -> Iterator[Fault]:
    asked = {new.unit.pk, *(unit.pk for unit in new.parties)}
    alive = set(Unit.objects.alive_on(on).filter(pk__in=asked).values_list("pk", flat=True))
    if new.unit.pk not in alive:
        yield Fault("unit", "Đơn vị theo dõi hiện không còn tồn tại.")
    dead = [unit.code for unit in new.parties if unit.pk not in alive]
    if dead:
        yield Fault("parties", f"Hiện không còn tồn tại: {', '.join(dead)}.")
    if new.unit.pk in {unit.pk for unit in new.parties}:
        yield Fault("parties", "Đơn vị theo dõi thì không ghi thêm là đơn vị phối hợp.")


def _review_faults(new: NewProgram, known: Program, on: date) -> Iterator[Fault]:
    """Yield a changed day of a review that the units have been asked for already."""
    for field, name in (("interim_due_on", "sơ kết"), ("final_due_on", "tổng kết")):
        before: date | None = getattr(known, field)
        is_open = before is not None and before - REVIEW_OPENS_BEFORE <= on
        if is_open and getattr(new, field) != before:
            yield Fault(
                field,
                f"Báo cáo {name} hạn {format_date(before)} đã mở cho các đơn vị nên không đổi "
                "được hạn.",
            )


def _is_number_taken(new: NewProgram, known: Program | None) -> bool:
    if not new.number:
        return False
    same = Program.objects.filter(issuer=new.issuer, number=new.number, issued_on=new.issued_on)
    return same.exclude(pk=known.pk).exists() if known else same.exists()
