"""The first page: each role's own work, in its groups, at a cost that does not grow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from apps.accounts.models import User
from apps.accounts.rules import Role, permissions_of
from apps.home.queries import menu_of, work_list
from apps.reports.models import Document, Obligation, Report
from apps.reports.services.documents import order_document
from apps.reports.services.submission import send_to_leader
from apps.units.rules import UnitKind
from tests.factories.desk import JobFactory, NoticeFactory
from tests.factories.papers import IssuingBodyFactory
from tests.factories.units import UnitFactory
from tests.kept import kept
from tests.reports.world import AT, HANOI, World, make_period, make_world, person

pytestmark = pytest.mark.django_db

SUNDAY = datetime(2026, 9, 13, 9, 0, tzinfo=HANOI)  # the deadline: before 16/09


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with kept(django_db_blocker):
        yield make_world()


@pytest.fixture
def lan(world: World) -> User:
    """Return a clerk of the police of commune A."""
    return person("lan", world.police_a, Role.CLERK)


@pytest.fixture
def minh(world: World) -> User:
    """Return the leader of the same police."""
    return person("minh", world.police_a, Role.LEADER)


def buttons(user: User, at: datetime = AT) -> list[str]:
    work = work_list(user, at)
    return [w.button for w in [*work.overdue, *work.soon, *work.other]]


def test_a_clerk_sees_the_own_report_with_its_commune_and_one_button(
    world: World, lan: User
) -> None:
    work = work_list(lan, SUNDAY)

    assert not work.overdue + work.other
    [own] = work.soon
    assert (own.unit, own.period, own.button) == ("Xã Mỹ Hòa", "quý III/2026", "Bắt đầu nhập")
    assert work.deadlines == [("hết ngày 15/09/2026", "Báo cáo xa-quy quý III/2026")]


@pytest.mark.parametrize(
    ("at", "group"),
    [
        (datetime(2026, 9, 8, 23, 59, tzinfo=HANOI), "other"),
        (datetime(2026, 9, 9, 0, 0, tzinfo=HANOI), "soon"),
        (datetime(2026, 9, 15, 23, 59, 59, tzinfo=HANOI), "soon"),
        (datetime(2026, 9, 16, 0, 0, tzinfo=HANOI), "overdue"),
    ],
)
def test_work_stands_in_the_group_of_its_deadline(
    world: World, lan: User, at: datetime, group: str
) -> None:
    work = work_list(lan, at)

    sizes = {name: len(getattr(work, name)) for name in ("overdue", "soon", "other")}
    assert sizes == {"overdue": 0, "soon": 0, "other": 0} | {group: 1}


def test_past_deadlines_are_not_the_next_ones(world: World, lan: User) -> None:
    assert work_list(lan, AT + timedelta(days=30)).deadlines == []


@pytest.mark.parametrize(
    ("state", "clerk", "leader"),
    [
        ("empty", ["Bắt đầu nhập"], ["Bắt đầu nhập"]),
        ("draft", ["Nhập tiếp"], ["Nhập tiếp"]),
        ("returned", ["Bổ sung"], ["Bổ sung"]),
        ("awaiting", [], ["Duyệt"]),
        ("submitted", [], []),
        ("accepted", [], []),
    ],
)
def test_the_button_says_what_this_person_does_next(
    world: World, lan: User, minh: User, state: str, clerk: list[str], leader: list[str]
) -> None:
    Report.objects.update(state=state)

    assert (buttons(lan), buttons(minh)) == (clerk, leader)


def test_an_exempt_report_is_no_work(world: World, lan: User) -> None:
    Obligation.objects.update(state="exempt", reason="Bão")

    assert work_list(lan, AT).is_empty


def test_a_reviewer_receives_reminds_and_consolidates(world: World) -> None:
    world.send(world.front, {})

    before = buttons(world.reviewer, SUNDAY)
    late = work_list(world.reviewer, SUNDAY + timedelta(days=7))

    assert sorted(before) == ["Tiếp nhận", "Tổng hợp"]
    shown = {work.title: work.state.label for work in late.other}
    assert shown == {
        "Tiếp nhận báo cáo": "1 báo cáo đang chờ",
        "Đôn đốc nộp báo cáo": "2 báo cáo quá hạn",
        "Tổng hợp báo cáo": "Đã tiếp nhận 0/5",
    }


def test_a_period_with_its_document_is_no_longer_to_consolidate(world: World) -> None:
    IssuingBodyFactory(unit=world.root)
    world.accept(world.front, {})
    order_document(
        root=world.root, period=world.period, incomplete_reason="Bão", by=world.reviewer, at=AT
    )

    assert Document.objects.exists()
    assert "Tổng hợp" not in buttons(world.reviewer)


@pytest.mark.parametrize("role", [Role.PROVINCE_LEADER, Role.AUDITOR, Role.ADMIN])
def test_who_only_looks_has_no_work(world: World, role: Role) -> None:
    work = work_list(person("ai", world.root, role), AT)

    assert work.is_empty
    assert work.deadlines == []


def test_notices_and_jobs_are_the_persons_own(world: World, lan: User) -> None:
    NoticeFactory.create_batch(6, user=lan)
    NoticeFactory()
    JobFactory(owner=lan)
    JobFactory(owner=lan, done=True)
    JobFactory()

    work = work_list(lan, AT)

    assert ({notice.user_id for notice in work.notices}, len(work.notices)) == ({lan.pk}, 5)
    assert work.running_jobs == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ((2026, 11, 18), "Kỳ tới: báo cáo tháng 12/2026, mở ngày 30/11/2026."),
        ((2026, 11, 29), "Kỳ tới: báo cáo tháng 12/2026, mở ngày 30/11/2026."),
        ((2026, 12, 1), "Kỳ tới: báo cáo tháng 1/2027, mở ngày 31/12/2026."),
    ],
)
def test_the_next_period_is_one_that_is_still_to_open(
    world: World, lan: User, day: tuple[int, int, int], words: str
) -> None:
    for year, number in ((2026, 11), (2026, 12), (2027, 1), (2027, 2)):
        make_period(world.calendar, "month", year, number)

    work = work_list(lan, datetime(*day, 9, 0, tzinfo=HANOI))

    assert work.next_period.replace("01/2027", "1/2027") == words


@pytest.mark.parametrize("role", list(Role))
def test_a_first_page_costs_at_most_12_queries_at_1_and_at_20_rows(
    world: World, role: Role
) -> None:
    unit = world.police if role == Role.REVIEWER else world.police_a
    user = person("ai", unit, role)

    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:  # one of them fetches the person
            work_list(User.objects.get(pk=user.pk), SUNDAY + timedelta(days=7))
        return len(queries)

    few = spent()
    for _ in range(20):
        UnitFactory(kind=UnitKind.COMMUNE, parent=world.root, police=world.police_a)
    world.open(world.period)

    assert Obligation.objects.filter(filler=world.police_a).count() == 21
    assert spent() == few <= 13


def test_the_leader_is_rung_when_a_clerk_hands_up(world: World, lan: User, minh: User) -> None:
    report = world.fill(world.commune_a, {}, by=lan)

    send_to_leader(report=report, by=lan, at=AT)

    assert (buttons(lan), buttons(minh)) == ([], ["Duyệt"])


def test_the_menu_marks_the_page_where_one_is() -> None:
    held = permissions_of([Role.REVIEWER])

    items = menu_of("/tiep-nhan/5/", held)

    assert [item.label for item in items if item.active] == ["Tiếp nhận"]
    assert [item.label for item in menu_of("/", frozenset())] == ["Việc cần làm"]
    assert menu_of("/", held)[0].active
