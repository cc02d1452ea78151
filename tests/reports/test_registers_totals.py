"""From a consolidated figure down to the records behind it, and never a record counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.rules import Role
from apps.indicators.models import Indicator
from apps.reports.models import JointShare, Submission
from apps.reports.queries.obligations import tree_day
from apps.reports.queries.sums import Node, differences, read_node
from apps.reports.queries.unit_grid import section_grid
from apps.reports.services.entry import Entry, save_cell
from apps.reports.services.review import accept_report
from apps.reports.services.rollups import recompute_dirty
from apps.reports.services.submission import submit_report
from apps.units.models import Unit
from tests.factories.programs import ActivityFactory, ActivityPartyFactory, SiteFactory
from tests.reports.ledger import Ledger
from tests.reports.world import AT, HANOI, World, make_period, make_world, person, reading

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 9, 20, 8, 0, tzinfo=HANOI)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def officer(world: World, client: Client) -> Client:
    client.force_login(world.reviewer)
    return client


def recompute(world: World) -> None:
    recompute_dirty(period=world.period, at=AT)


def root_total(world: World, code: str, breakdown: str = "") -> Decimal | None:
    recompute(world)
    on = tree_day(world.root.pk, world.period)
    node = Node(world.root.pk, world.period.pk, world.period.start, on)
    return read_node(node)[(code, breakdown)].value


def text_of(client: Client, name: str, world: World, code: str, **asked: object) -> str:
    answer = client.get(reverse(f"reports:{name}", args=[world.period.pk, code]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def feed(code: str, register: str) -> None:
    Indicator.objects.filter(code=code).update(source_register=register)


def held(*organisers: Unit, sessions: int = 1) -> None:
    """Hold an activity inside the quarter; the first unit is its main organiser."""
    activity = ActivityFactory(
        unit=organisers[0], held_on=date(2026, 8, 20), sessions=sessions, title="Tuyên truyền ở ấp"
    )
    for unit in organisers[1:]:
        ActivityPartyFactory(activity=activity, unit=unit)


def test_a_new_activity_and_a_new_site_raise_the_provinces_total_by_just_that(
    world: World,
) -> None:
    feed("B1", "programs.activities")
    feed("E2", "programs.models")
    world.accept(world.front, {("B1", "buoi"): 10, ("B1", "diem"): 3, "E2": 7})
    before = {key: root_total(world, *key) for key in (("B1", "buoi"), ("E2", ""))}

    held(world.org_1, sessions=2)
    SiteFactory(unit=world.org_1, launched_on=date(2026, 8, 1))
    sent = world.send(world.org_1, {})
    assert {line.source for line in sent.lines.filter(indicator__code__in=["B1", "E2"])} == {
        "register"
    }
    assert root_total(world, "B1", "buoi") == before[("B1", "buoi")], "not accepted yet"
    accept_report(report=sent.report, looked_at=sent, by=world.reviewer, at=AT)

    assert root_total(world, "B1", "buoi") == (before[("B1", "buoi")] or 0) + 2
    assert root_total(world, "E2") == (before[("E2", "")] or 0) + 1
    assert differences(world.period.pk) == []


def test_a_real_activity_of_two_units_counts_once_in_the_province(world: World) -> None:
    feed("B1", "programs.activities")
    held(world.org_1, world.commune_b, sessions=3)
    held(world.org_1)
    for unit in (world.org_1, world.commune_b):
        world.accept(unit, {})

    assert root_total(world, "B1", "buoi") == 4
    assert JointShare.objects.filter(indicator__code="B1", breakdown="buoi").count() == 2
    assert differences(world.period.pk) == []


def test_drill_down_reaches_the_records_behind_the_total(world: World, officer: Client) -> None:
    feed("B1", "programs.activities")
    held(world.org_1, world.commune_b, sessions=3)
    for unit in (world.org_1, world.commune_b):
        world.accept(unit, {})
    recompute(world)

    drill = text_of(officer, "drilldown", world, "B1", phan="buoi")
    assert "Phần chung của nhiều đơn vị, tính một lần" in drill
    assert "−3" in drill
    assert "Tuyên truyền ở ấp" in drill
    address = reverse("reports:figure_records", args=[world.period.pk, "B1"])
    assert f"{address}?goc={world.root.pk}&amp;unit={world.root.pk}&amp;part=buoi" in drill

    page = text_of(officer, "figure_records", world, "B1", part="buoi")
    assert "1 bản ghi, tổng 3" in page
    assert "chung của 2 đơn vị" in page
    assert page.count("Tuyên truyền ở ấp") == 1
    of_one = text_of(officer, "figure_records", world, "B1", part="buoi", unit=world.org_1.pk)
    assert "Tuyên truyền ở ấp" in of_one
    none = text_of(officer, "figure_records", world, "B1", part="buoi", unit=world.front.pk)
    assert "Sổ không có bản ghi nào" in none


def test_records_of_a_total_name_who_wrote_another_figure(
    world: World, officer: Client, ledger: Ledger
) -> None:
    ledger.write("E2", world.org_1)
    ledger.write("E2", world.commune_b, value=2)
    for unit in (world.org_1, world.commune_b, world.front):
        world.fill(unit, {})
        if unit == world.commune_b:
            override(world, unit, 5)
        accept(world, unit)
    recompute(world)

    page = text_of(officer, "figure_records", world, "E2")

    assert "sổ 2, báo cáo 5. Lý do: Hai điểm mới chưa vào sổ" in page
    assert "1 đơn vị tự ghi số, sổ không có gì" in page
    assert "Số đã tổng hợp khác tổng các bản ghi" in page
    assert page.count('href="/so/') == 1


def override(world: World, unit: Unit, number: int) -> None:
    report = world.report(unit)
    line = report.obligation.version.lines.get(indicator__code="E2")
    known = report.cells.filter(line=line).first()
    base = known.lock_version if known else 0
    entry = Entry(line.pk, reading(number), base, "Hai điểm mới chưa vào sổ")
    save_cell(report=report, entry=entry, by=world.clerk, at=AT)


def accept(world: World, unit: Unit) -> None:
    report = world.report(unit)
    sent: Submission = submit_report(
        report=report, client_token=f"t{report.pk:08d}", by=world.clerk, at=AT
    ).submission
    accept_report(report=sent.report, looked_at=sent, by=world.reviewer, at=AT)


@pytest.mark.parametrize("asked", [{"unit": "99999999"}, {"unit": "x"}, {"unit": "9" * 30}])
def test_records_of_a_unit_outside_are_not_found(
    world: World, officer: Client, ledger: Ledger, asked: dict[str, str]
) -> None:
    ledger.write("E2", world.org_1)
    address = reverse("reports:figure_records", args=[world.period.pk, "E2"])

    assert officer.get(address, asked).status_code == 404


def test_records_of_a_commune_are_its_own_polices_to_see(world: World, ledger: Ledger) -> None:
    ledger.write("E2", world.org_1)
    world.accept(world.org_1, {})
    station = Client()
    station.force_login(person("chi.huy.a", world.police_a, Role.LEADER))
    address = reverse("reports:figure_records", args=[world.period.pk, "E2"])

    assert station.get(address, {"unit": world.org_1.pk}).status_code == 200
    assert station.get(address, {"unit": world.front.pk}).status_code == 404


def test_a_figure_that_is_typed_has_no_records_page(world: World, officer: Client) -> None:
    address = reverse("reports:figure_records", args=[world.period.pk, "F1"])
    assert officer.get(address).status_code == 404


def test_the_years_column_counts_a_shared_record_once(world: World, ledger: Ledger) -> None:
    first = world.open(make_period(world.calendar, "quarter", 2026, 2))
    ledger.write("F1", world.commune_b, world.front, value=40, on=date(2026, 5, 1))
    ledger.write("F1", world.commune_b, value=60, on=date(2026, 8, 1))
    for unit in (world.commune_b, world.front):
        world.accept(unit, {"F2": 0}, first)
        world.accept(unit, {"F2": 0})
    recompute_dirty(period=first, at=AT)
    recompute(world)

    grid = section_grid(world.root, world.period, "F", is_cumulative=True)

    place = [line.code for line in grid.columns].index("F1")
    assert [row.cells[place].value for row in grid.rows if row.cells[place]] == [40, 100]
    total = grid.totals[place]
    assert total is not None
    assert total.value == 100


@pytest.mark.parametrize("name", ["drilldown", "figure_records"])
def test_pages_of_a_total_cost_the_same_for_2_and_20_records(
    world: World, officer: Client, ledger: Ledger, name: str
) -> None:
    ledger.write("E2", world.org_1, world.commune_b)
    for unit in (world.org_1, world.commune_b):
        world.accept(unit, {})
    recompute(world)
    costs = []
    for more in (1, 18):  # both times more than was sent
        for _ in range(more):
            row = ledger.write("E2", world.org_1, world.commune_b)
            for known in JointShare.objects.filter(record_id=1):
                known.pk, known.record_id = None, row.record_id
                known.save(force_insert=True)
        text_of(officer, name, world, "E2")
        with CaptureQueriesContext(connection) as queries:
            text_of(officer, name, world, "E2")
        costs.append(len(queries))

    assert costs[0] == costs[1]
