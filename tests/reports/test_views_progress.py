"""The map of who has sent what: states in words, honest rates, reminders to the right people."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.desk.models import Notice
from apps.reports.models import Event, Obligation, Report
from apps.reports.queries.progress import Wanted, columns_of, heat_rows, obligations_wanted
from apps.reports.queries.progress import units_wanted as units_of_map
from apps.reports.services.obligations import excuse_obligation
from apps.reports.services.reminders import NobodyToRemind, remind_units
from apps.reports.services.review import return_report
from apps.units.models import Unit, UnitClosure, UnitParent, UnitSpan
from tests.factories.units import (
    BlockFactory,
    BlockMemberFactory,
    ContactFactory,
    UnitFactory,
)
from tests.reports.world import AT, HANOI, World, make_world, person

pytestmark = pytest.mark.django_db

AFTER = datetime(2026, 9, 20, 8, 0, tzinfo=HANOI)  # the quarter was due before 16/09/2026
ON = date(2026, 9, 20)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def officer(world: World) -> Client:
    return browser(world.reviewer)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def wanted(asked_of: str = "organisation", **more: object) -> Wanted:
    return Wanted(asked_of=asked_of, kind="quarter", year=2026, **more)


def marks(world: World, at: datetime = AFTER, **more: object) -> dict[str, str]:
    want = wanted(**more)
    rows = obligations_wanted(world.reviewer, ON, want)
    periods = [column.period for column in columns_of(rows, want, at)]
    if not periods:
        return {}
    place = [period.number for period in periods].index(3)
    return {
        row.name: row.spots[place].mark.key if row.spots[place] else ""
        for row in heat_rows(rows, units_of_map(rows, ON), periods, at)
    }


def page(client: Client, **asked: object) -> str:
    answer = client.get(reverse("reports:progress"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_state_has_its_mark(world: World) -> None:
    world.accept(world.org_1, {})
    world.send(world.org_2, {})
    assert marks(world) == {
        "Bệnh viện Mỹ Hòa": "waiting",
        "Trường THPT Mỹ Hòa": "done",
        "Ủy ban MTTQ tỉnh": "missing",
    }

    sent = world.send(world.front, {}, at=AFTER)
    waiting = Report.objects.get(obligation__unit=world.org_2).submissions.get()
    return_report(
        report=waiting.report, looked_at=waiting, reason="Sai", remarks=[], by=world.reviewer, at=AT
    )
    world_accept_late(world, sent)
    assert marks(world) == {
        "Bệnh viện Mỹ Hòa": "returned",
        "Trường THPT Mỹ Hòa": "done",
        "Ủy ban MTTQ tỉnh": "late",
    }


def world_accept_late(world: World, sent: object) -> None:
    from apps.reports.services.review import accept_report  # noqa: PLC0415

    accept_report(report=sent.report, looked_at=sent, by=world.reviewer, at=AFTER)


def test_before_the_deadline_nothing_is_missing(world: World) -> None:
    assert set(marks(world, at=AT).values()) == {"later"}


def test_an_excused_unit_is_neither_late_nor_counted(world: World) -> None:
    excuse_obligation(
        obligation=world.report(world.front).obligation,
        state="exempt",
        reason="Mới thành lập",
        decision_ref="",
        by=world.reviewer,
        at=AT,
    )

    want = wanted()
    column = columns_of(obligations_wanted(world.reviewer, ON, want), want, AFTER)[-1]

    assert marks(world)["Ủy ban MTTQ tỉnh"] == "excused"
    assert (column.n_expected, column.n_missing) == (2, 2)


def test_rates_come_from_obligations_and_never_exceed_a_hundred(world: World) -> None:
    excuse_obligation(
        obligation=world.report(world.front).obligation,
        state="waived",
        reason="Bão lụt",
        decision_ref="",
        by=world.reviewer,
        at=AT,
    )
    for unit in (world.org_1, world.org_2, world.front):  # also the one that is excused
        world.accept(unit, {})

    want = wanted()
    rows = obligations_wanted(world.reviewer, ON, want)
    column = next(c for c in columns_of(rows, want, AFTER) if c.period == world.period)

    assert (column.n_sent, column.n_expected) == (2, 2)
    assert column.sent_percent == column.on_time_percent == 100
    for row in heat_rows(rows, units_of_map(rows, ON), [world.period], AFTER):
        assert row.percent is None or row.percent <= 100


def test_a_return_after_the_deadline_keeps_the_unit_on_time(world: World) -> None:
    sent = world.send(world.org_1, {})
    return_report(
        report=sent.report, looked_at=sent, reason="Sai", remarks=[], by=world.reviewer, at=AFTER
    )
    want = wanted()

    column = columns_of(obligations_wanted(world.reviewer, ON, want), want, AFTER)[-1]

    assert column.n_on_time == 1


def test_page_says_each_cell_in_full(world: World, officer: Client) -> None:
    world.accept(world.commune_a, {})

    text = page(officer, asked_of="commune")

    assert (
        'aria-label="Xã Mỹ Hòa, quý III/2026: Đúng hạn, nộp lần đầu 10/09/2026 09:00, '
        'hạn nộp hết ngày 15/09/2026"' in text
    )
    assert 'aria-label="Xã Tân Thạnh, quý III/2026: Chưa nộp, hạn nộp hết ngày 15/09/2026"' in text
    assert reverse("reports:review", args=[world.report(world.commune_a).pk]) in text
    assert "50\u00a0%" in text


def test_page_without_anything_owed_says_so(world: World) -> None:
    empty = browser(person("moi", UnitFactory(code="MOI", name="Đơn vị mới"), Role.LEADER))

    assert "Chưa có kỳ báo cáo nào được mở" in page(empty)


def test_page_opens_on_communes_and_takes_home_s_link(world: World, officer: Client) -> None:
    assert "Xã Mỹ Hòa" in page(officer)
    assert "Xã Mỹ Hòa" in page(officer, kind="quarter", year="2026")
    assert "Xã Mỹ Hòa" in page(officer, kind="nonsense", year="abc")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"q": "truong thpt"}, {"Trường THPT Mỹ Hòa"}),
        ({"q": "mt"}, {"Ủy ban MTTQ tỉnh"}),
        ({"area": "a"}, {"Trường THPT Mỹ Hòa", "Bệnh viện Mỹ Hòa"}),
        ({"area": "b"}, set()),
        ({"unit_kind": "school"}, set()),
        ({"block": True}, {"Ủy ban MTTQ tỉnh"}),
    ],
)
def test_filters_narrow(world: World, asked: dict[str, object], names: set[str]) -> None:
    block = BlockMemberFactory(unit=world.front).block
    asked = {
        "area": {"a": world.commune_a.pk, "b": world.commune_b.pk}.get(str(asked.get("area"))),
        "block": block.pk if asked.get("block") else None,
    } | {key: value for key, value in asked.items() if key in {"q", "unit_kind"}}

    assert set(marks(world, **asked)) == names


def test_a_unit_sees_itself_only(world: World) -> None:
    text = page(browser(person("truong", world.org_1, Role.LEADER)))

    assert "Trường THPT Mỹ Hòa" in text
    assert "Bệnh viện" not in text
    assert "Nhắc đơn vị đã chọn" not in text
    assert reverse("reports:contents", args=[world.report(world.org_1).pk]) in text


def test_a_block_head_follows_the_members_of_the_block(world: World) -> None:
    block = BlockFactory()
    BlockMemberFactory(block=block, unit=world.org_1, role="head")
    BlockMemberFactory(block=block, unit=world.front)
    head = person("khoi.truong", world.org_1, Role.BLOCK_HEAD)

    text = page(browser(head))

    assert "Trường THPT Mỹ Hòa" in text
    assert "Ủy ban MTTQ tỉnh" in text
    assert "Bệnh viện" not in text


def ask(client: Client, world: World, *units: Unit, **more: object) -> object:
    data = {
        "period": world.period.pk,
        "unit": [unit.pk for unit in units],
        "asked_of": "organisation",
    } | more
    return client.get(reverse("reports:reminder"), data)


def send(client: Client, world: World, *units: Unit, **more: object) -> object:
    data = {
        "period": world.period.pk,
        "unit": [unit.pk for unit in units],
        "asked_of": "organisation",
        "note": "",
    } | more
    return client.post(reverse("reports:send_reminder"), data)


def test_reminder_previews_text_and_people_and_sends_nothing(world: World, officer: Client) -> None:
    person("lan", world.org_1, Role.LEADER)
    ContactFactory(unit=world.front, full_name="Bùi Văn Gọi", phone="0277 3 123 456")
    world.send(world.org_2, {})

    text = ask(officer, world, world.org_1, world.org_2, world.front).content.decode()

    assert "Nhắc nộp: Báo cáo co-quan-quy, quý III/2026; hạn nộp hết ngày 15/09/2026." in text
    assert "Gửi cho 1 người ở 1 đơn vị" in text
    assert "1 đơn vị đã chọn không nằm trong danh sách" in text
    assert "Bùi Văn Gọi, 0277 3 123 456" in text
    assert not Notice.objects.exists()


def test_send_reminder_tells_members_of_units_that_have_not_sent(
    world: World, officer: Client
) -> None:
    lan = person("lan", world.org_1, Role.LEADER)
    person("mai", world.org_2, Role.LEADER)
    person("ngoai", world.commune_b, Role.LEADER)
    world.send(world.org_2, {})

    answer = send(officer, world, world.org_1, world.org_2, note="Gọi 0277 nếu cần")

    assert answer.status_code == 302
    notice = Notice.objects.get()
    assert notice.user == lan
    assert notice.text.endswith("hạn nộp hết ngày 15/09/2026. Gọi 0277 nếu cần")
    event = Event.objects.get(kind="reminded")
    assert (event.report.obligation.unit, event.by) == (world.org_1, world.reviewer)
    assert AuditEntry.objects.get(action="reports.reminded").detail["people"] == 1


def test_a_commune_s_reminder_reaches_the_police_that_fill_it_in(
    world: World, officer: Client
) -> None:
    clerk = person("canh.sat", world.police_b, Role.CLERK)

    send(officer, world, every="1", asked_of="commune")

    assert Notice.objects.get().user == clerk


def test_send_reminder_twice_reminds_once(world: World, officer: Client) -> None:
    person("lan", world.org_1, Role.LEADER)
    send(officer, world, world.org_1)

    again = send(officer, world, world.org_1)

    assert again.status_code == 422
    assert "Không còn đơn vị nào để nhắc" in again.content.decode()
    assert Notice.objects.count() == 1


def test_reminding_without_a_choice_is_refused(world: World, officer: Client) -> None:
    answer = send(officer, world)

    assert answer.status_code == 422
    assert "Chọn ít nhất một đơn vị để nhắc" in answer.content.decode()


def test_reminding_a_unit_out_of_scope_reaches_nobody(world: World) -> None:
    person("lan", world.front, Role.LEADER)
    outsider = browser(person("xa.b", world.police_b, Role.REVIEWER))

    send(outsider, world, world.front)

    assert not Notice.objects.exists()


def test_remind_units_leaves_those_who_sent_meanwhile_in_peace(world: World) -> None:
    owed = list(Obligation.objects.filter(unit=world.org_1))
    world.send(world.org_1, {})

    with pytest.raises(NobodyToRemind):
        remind_units(obligations=owed, note="", by=world.reviewer, at=AFTER)


def test_a_new_day_may_bring_a_new_reminder(world: World) -> None:
    person("lan", world.org_1, Role.LEADER)
    owed = list(Obligation.objects.filter(unit=world.org_1))
    for days in (0, 1):
        at = AFTER + timedelta(days=days)
        remind_units(obligations=owed, note="", by=world.reviewer, at=at)

    assert Notice.objects.count() == 2


@pytest.mark.parametrize("role", [Role.LEADER, Role.PROVINCE_LEADER])
def test_who_follows_may_not_always_remind(world: World, role: Role) -> None:
    client = browser(person("khac", world.police, role))

    assert client.get(reverse("reports:progress")).status_code == 200
    assert ask(client, world, world.org_1).status_code == 403
    assert send(client, world, world.org_1).status_code == 403


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
def test_who_may_not_follow(world: World, role: Role) -> None:
    client = browser(person("khac", world.police, role))

    assert client.get(reverse("reports:progress")).status_code == 403


def test_missing_sheet_lists_whom_to_call(world: World, officer: Client) -> None:
    ContactFactory(unit=world.front, full_name="Bùi Văn Gọi", phone="0277 3 123 456")
    world.send(world.org_1, {})

    answer = officer.get(
        reverse("reports:missing_sheet"), {"period": world.period.pk, "asked_of": "organisation"}
    )

    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0][1] == "Đơn vị"
    assert [row[1] for row in rows[1:]] == ["Bệnh viện Mỹ Hòa", "Ủy ban MTTQ tỉnh"]
    assert rows[2][6:9] == (5, "Bùi Văn Gọi", "0277 3 123 456")


def test_missing_sheet_of_no_period_is_not_there(world: World, officer: Client) -> None:
    assert officer.get(reverse("reports:missing_sheet"), {"period": "x"}).status_code == 404


def many_units(world: World, number: int, code: str) -> None:
    """Put many organisations under the province, each owing the quarter's report."""
    units = Unit.objects.bulk_create(
        Unit(code=f"{code}{n:05d}", created_at=AT) for n in range(number)
    )
    valid = UnitSpan.objects.get(unit=world.front).valid
    UnitSpan.objects.bulk_create(
        UnitSpan(
            unit=unit,
            name=f"Cơ quan {n}",
            kind="agency",
            valid=valid,
            search_key=f"co quan {n}",
            sort_key=f"co{n:05d}",
        )
        for n, unit in enumerate(units)
    )
    UnitParent.objects.bulk_create(
        UnitParent(unit=unit, parent=world.root, valid=valid) for unit in units
    )
    UnitClosure.objects.rebuild()
    world.open(world.period)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute after such a load


def count_queries(client: Client, url: str, **asked: object) -> int:
    client.get(url, asked)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, asked).status_code == 200
    return len(captured)


@pytest.mark.slow
def test_map_asks_as_often_at_a_thousand_units(world: World, officer: Client) -> None:
    asked = {"asked_of": "organisation"}
    many_units(world, 100, "A")
    at_hundred = count_queries(officer, reverse("reports:progress"), **asked)
    many_units(world, 900, "B")

    at_thousand = count_queries(officer, reverse("reports:progress"), **asked)

    assert at_thousand == at_hundred <= 20
    text = page(officer, **asked)
    assert "1.003" in text
    assert text.count('name="unit"') == 50
