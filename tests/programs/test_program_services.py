"""Programmes are written whole, sent once to each unit, and units answer in lawful order."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connections

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.desk.models import Notice
from apps.indicators.models import IndicatorKind
from apps.programs.models import Program, ProgramRecipient, ProgramTarget
from apps.programs.rules import (
    Level,
    ProgramKind,
    ProgramState,
    RecipientStep,
    TargetSign,
    is_reached,
    target_text,
)
from apps.programs.services.program_checks import (
    NewProgram,
    ProgramChangedMeanwhile,
    ProgramRefused,
)
from apps.programs.services.program_ends import close_program
from apps.programs.services.programs import (
    NewTarget,
    add_target,
    create_program,
    drop_target,
    edit_program,
    send_program,
)
from apps.programs.services.recipients import (
    UnitPlan,
    receive_program,
    record_unit_plan,
    remind_recipients,
)
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.indicators import IndicatorFactory, SectionFactory
from tests.factories.programs import ProgramFactory, ProgramRecipientFactory
from tests.factories.units import MembershipFactory, UnitFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 3, tzinfo=UTC)


def new_program(**changes: object) -> NewProgram:
    """Return a lawful plan of the province."""
    facts: dict[str, object] = {
        "kind": ProgramKind.PLAN,
        "title": "Kế hoạch Ngày hội",
        "number": "47/KH-BCĐ",
        "issued_on": date(2026, 2, 1),
        "issuer": "Ban Chỉ đạo 138 tỉnh",
        "level": Level.PROVINCE,
        "valid_from": date(2026, 2, 1),
    }
    facts |= changes
    facts.setdefault("unit", None)
    facts["unit"] = facts["unit"] or UnitFactory(kind=UnitKind.PROVINCE)
    return NewProgram(**facts)


def recorded(**changes: object) -> Program:
    return create_program(new=new_program(**changes), by=None, at=AT)


def refused_fields(**changes: object) -> list[str]:
    with pytest.raises(ProgramRefused) as refusal:
        recorded(**changes)
    return [fault.field for fault in refusal.value.faults]


def commune(role: Role | None = Role.LEADER) -> tuple[Unit, User | None]:
    """Return a commune with one person at its police, or with nobody."""
    police = UnitFactory(kind=UnitKind.POLICE_COMMUNE)
    unit = UnitFactory(kind=UnitKind.COMMUNE, police=police)
    if role is None:
        return unit, None
    user = UserFactory()
    MembershipFactory(user=user, unit=police, role=role.value)
    return unit, user


def test_program_is_a_draft_that_nobody_hears_of() -> None:
    partner = UnitFactory()
    program = recorded(parties=(partner, partner), title="Kế hoạch  Ngày hội")

    assert program.state == ProgramState.DRAFT and program.title_key == "ke hoach ngay hoi"
    assert [party.unit_id for party in program.parties.all()] == [partner.pk]
    assert not Notice.objects.exists()
    assert AuditEntry.objects.get().action == "programs.program_created"


def test_interim_after_final_is_refused_at_its_field() -> None:
    dates = {"interim_due_on": date(2026, 12, 1), "final_due_on": date(2026, 6, 1)}
    assert refused_fields(**dates) == ["interim_due_on"]


def test_every_wrong_day_is_named_at_once() -> None:
    unit = UnitFactory()
    assert refused_fields(
        issued_on=date(2026, 5, 1),
        valid_from=date(2026, 5, 1),
        valid_to=date(2026, 5, 1),
        final_due_on=date(2026, 4, 1),
        unit=unit,
        parties=(unit,),
    ) == ["issued_on", "valid_to", "final_due_on", "final_due_on", "parties"]


def test_number_that_is_taken_is_refused_at_the_number() -> None:
    recorded()
    assert refused_fields() == ["number"]
    assert recorded(number="").pk and recorded(number="").pk


def test_edit_of_an_older_text_is_refused() -> None:
    program = recorded()
    edited = edit_program(
        program=program, new=new_program(title="Khác"), version=1, by=UserFactory(), at=AT
    )
    assert (edited.title, edited.lock_version) == ("Khác", 2)
    with pytest.raises(ProgramChangedMeanwhile):
        edit_program(program=program, new=new_program(), version=1, by=UserFactory(), at=AT)


def test_day_of_an_opened_review_stays_but_a_later_one_may_move() -> None:
    soon, late = date(2026, 4, 1), date(2026, 12, 1)
    program = recorded(interim_due_on=soon, final_due_on=late)
    send_program(program=program, units=[UnitFactory()], by=None, at=AT)

    moved = new_program(interim_due_on=date(2026, 5, 1), final_due_on=date(2026, 11, 1))
    with pytest.raises(ProgramRefused) as refusal:
        edit_program(program=program, new=moved, version=1, by=UserFactory(), at=AT)

    assert [fault.field for fault in refusal.value.faults] == ["interim_due_on"]


def test_sending_tells_leaders_and_clerks_once() -> None:
    told, leader = commune(Role.LEADER)
    silent, _nobody = commune(None)
    reviewed, _reviewer = commune(Role.REVIEWER)
    program = recorded()

    sent = send_program(program=program, units=[told, silent, reviewed], by=None, at=AT)
    again = send_program(program=program, units=[told, silent], by=None, at=AT)

    assert (sent.n_new, sent.n_people) == (3, 1)
    assert set(sent.without_people) == {silent.pk, reviewed.pk}
    assert (again.n_new, again.n_people) == (0, 0)
    assert [notice.user for notice in Notice.objects.all()] == [leader]
    assert program.state == ProgramState.SENT and program.recipients.count() == 3


def test_sending_again_adds_only_the_new_unit() -> None:
    first, _ = commune()
    program = recorded()
    send_program(program=program, units=[first], by=None, at=AT)
    second, second_leader = commune()

    sent = send_program(program=program, units=[first, second], by=None, at=AT + timedelta(days=1))

    assert sent.n_new == 1
    assert program.recipients.get(unit=first).sent_at == AT
    assert Notice.objects.latest("pk").user == second_leader


def test_closed_program_and_dead_units_are_refused() -> None:
    program = recorded()
    with pytest.raises(ProgramRefused, match="Chưa chọn"):
        send_program(program=program, units=[], by=None, at=AT)
    dead = UnitFactory()
    dead.spans.all().delete()
    with pytest.raises(ProgramRefused, match="không còn tồn tại"):
        send_program(program=program, units=[dead], by=None, at=AT)
    with pytest.raises(ProgramRefused, match="đã gửi"):
        close_program(program=program, by=UserFactory(), at=AT)
    send_program(program=program, units=[UnitFactory()], by=None, at=AT)
    close_program(program=program, by=UserFactory(), at=AT)
    with pytest.raises(ProgramRefused, match="đã tổng kết"):
        send_program(program=program, units=[UnitFactory()], by=None, at=AT)


def test_first_to_receive_stays_on_record() -> None:
    recipient, first = ProgramRecipientFactory(), UserFactory()
    receive_program(recipient=recipient, by=first, at=AT)
    receive_program(recipient=recipient, by=UserFactory(), at=AT + timedelta(hours=1))

    recipient.refresh_from_db()
    assert (recipient.received_at, recipient.received_by) == (AT, first)
    assert AuditEntry.objects.filter(action="programs.program_received").count() == 1


def test_plan_needs_number_and_day_and_means_received() -> None:
    recipient, by = ProgramRecipientFactory(program__issued_on=date(2026, 2, 1)), UserFactory()
    cases = (
        (UnitPlan(number="5/KH"), ["plan_on"]),
        (UnitPlan(plan_on=date(2026, 2, 3)), ["plan_number"]),
        (UnitPlan(launched_on=date(2026, 3, 9)), ["launched_on"]),
        (UnitPlan(number="5/KH", plan_on=date(2026, 1, 31)), ["plan_on"]),
    )
    for plan, fields in cases:
        with pytest.raises(ProgramRefused) as refusal:
            record_unit_plan(recipient=recipient, plan=plan, paper=None, by=by, at=AT)
        assert [fault.field for fault in refusal.value.faults] == fields

    plan = UnitPlan("5/KH", date(2026, 2, 3), date(2026, 2, 20))
    done = record_unit_plan(recipient=recipient, plan=plan, paper=None, by=by, at=AT)

    assert (done.received_by, done.plan_number, done.launched_on) == (
        by,
        "5/KH",
        date(2026, 2, 20),
    )


def test_reminder_reaches_only_those_who_lack_the_step() -> None:
    lagging, lagging_leader = commune()
    ready, _ready_leader = commune()
    silent, _nobody = commune(None)
    program = recorded()
    send_program(program=program, units=[lagging, ready, silent], by=None, at=AT)
    Notice.objects.all().delete()
    by = UserFactory()
    receive_program(recipient=program.recipients.get(unit=ready), by=by, at=AT)

    done = remind_recipients(program=program, step=RecipientStep.RECEIVED, by=by, at=AT)

    assert (done.n_units, done.n_people, done.without_people) == (1, 1, (silent.pk,))
    assert [notice.user for notice in Notice.objects.all()] == [lagging_leader]
    with pytest.raises(ProgramRefused, match="vừa được nhắc"):
        remind_recipients(program=program, step=RecipientStep.RECEIVED, by=by, at=AT)


def test_reminding_nobody_is_refused() -> None:
    program = recorded()
    by = UserFactory()
    with pytest.raises(ProgramRefused, match="đã gửi"):
        remind_recipients(program=program, step=RecipientStep.PLAN, by=by, at=AT)
    unit, _ = commune()
    send_program(program=program, units=[unit], by=None, at=AT)
    receive_program(recipient=program.recipients.get(), by=by, at=AT)
    with pytest.raises(ProgramRefused, match="Không còn"):
        remind_recipients(program=program, step=RecipientStep.RECEIVED, by=by, at=AT)


def test_target_is_set_once_and_taken_back() -> None:
    program, indicator = ProgramFactory(), IndicatorFactory()
    new = NewTarget(indicator, TargetSign.AT_LEAST, Decimal(10))
    target = add_target(program=program, new=new, by=None, at=AT)
    with pytest.raises(ProgramRefused, match="đã có chỉ tiêu"):
        add_target(program=program, new=new, by=None, at=AT)
    drop_target(target=target, by=UserFactory(), at=AT)
    assert not ProgramTarget.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        (IndicatorKind.DISTINCT, 5, "indicator"),
        (IndicatorKind.TEXT, 5, "indicator"),
        (IndicatorKind.RATIO, 101, "value"),
        (IndicatorKind.FLOW, -1, "value"),
    ],
)
def test_impossible_target_is_refused(kind: str, value: int, field: str) -> None:
    sides = {"numerator": "A1", "denominator": "A2"} if kind == IndicatorKind.RATIO else {}
    indicator = IndicatorFactory(kind=kind, **sides)
    new = NewTarget(indicator, TargetSign.AT_LEAST, Decimal(value))
    with pytest.raises(ProgramRefused) as refusal:
        add_target(program=ProgramFactory(), new=new, by=None, at=AT)
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_tips_and_cases_feed_no_target() -> None:
    indicator = IndicatorFactory(section=SectionFactory(code="F"))
    new = NewTarget(indicator, TargetSign.AT_LEAST, Decimal(10))
    with pytest.raises(ProgramRefused, match="không được dùng để thi đua"):
        add_target(program=ProgramFactory(), new=new, by=None, at=AT)


@pytest.mark.parametrize(
    ("sign", "value", "unit", "text"),
    [
        ("at_least", "100", "%", "100 %"),
        ("more_than", "90", "%", "trên 90 %"),
        ("exactly", "0", "đơn vị", "không có"),
        ("at_least", "1200", "buổi", "từ 1.200 buổi trở lên"),
        ("at_most", "2.5", "%", "không quá 2,5 %"),
    ],
)
def test_level_reads_as_in_plans(sign: str, value: str, unit: str, text: str) -> None:
    assert target_text(sign, Decimal(value), unit) == text


def test_level_is_held_strictly() -> None:
    ninety = Decimal(90)
    assert not is_reached("more_than", ninety, ninety) and is_reached("at_least", ninety, ninety)
    assert not is_reached("at_least", ninety, Decimal("89.99"))
    assert is_reached("at_most", ninety, ninety) and is_reached("exactly", Decimal(0), Decimal(0))


def twice_at_once(work: Callable[[], object]) -> list[object]:
    start = Barrier(2)

    def one() -> object:
        try:
            start.wait(timeout=10)
            return work()
        except ProgramRefused as refusal:
            return refusal.message
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one), pool.submit(one)]]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_send_once() -> None:
    unit, _leader = commune()
    program = recorded()

    twice_at_once(lambda: send_program(program=program, units=[unit], by=None, at=AT).n_new)

    assert ProgramRecipient.objects.count() == Notice.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_equal_numbers_at_once_one_is_refused_in_words() -> None:
    unit = UnitFactory()

    done = twice_at_once(lambda: recorded(unit=unit).pk)

    assert Program.objects.count() == 1
    assert sum(isinstance(row, str) and "đã được ghi" in row for row in done) == 1
