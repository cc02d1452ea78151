"""Sums over several periods and over units agree with adding the cells up one by one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.rules import Role
from apps.indicators.models import Indicator, Period
from apps.reports.models import Adjustment
from apps.reports.queries.consolidation import (
    completeness_of,
    root_of,
    roots_of,
    year_so_far,
)
from apps.reports.queries.drilldown import drill_down
from apps.reports.queries.sums import (
    Node,
    read_node,
    read_parts,
    read_parts_of,
)
from apps.reports.queries.sums_over_periods import grid_over_periods, leaves_over_periods
from apps.reports.queries.unit_grid import children_by_period, flows_so_far, section_grid
from apps.reports.services.rollups import recompute_dirty
from apps.units.models import Lineage, Unit
from apps.units.services import set_parent
from tests.factories.units import UnitFactory
from tests.reports.world import (
    AT,
    World,
    make_period,
    make_world,
    nearly,
    over,
    person,
)

pytestmark = pytest.mark.django_db

ON = date(2026, 9, 14)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def quarters(world: World) -> list[Period]:
    """Open the first three quarters."""
    first = [world.open(make_period(world.calendar, "quarter", 2026, n)) for n in (1, 2)]
    return [*first, world.period]


def recompute(*periods: Period) -> None:
    for period in periods:
        recompute_dirty(period=period, at=AT)


def node(unit: Unit, period: Period, on: date = ON) -> Node:
    return Node(unit.pk, period.pk, period.start, on)


def test_grid_and_leaves_over_periods_add_up_to_the_cells(
    world: World, quarters: list[Period]
) -> None:
    expected = 0
    for number, period in enumerate(quarters, start=1):
        for place, unit in enumerate((world.commune_a, world.org_1, world.commune_b, world.front)):
            amount = number * 10**place
            world.accept(unit, {"F1": amount, "F2": 0}, period)
            expected += amount
    Adjustment.objects.create(
        unit=world.root,
        period=world.period,
        indicator=world.indicators["F1"],
        delta=-4,
        reason="Trùng",
        made_at=AT,
        made_by=world.reviewer,
    )
    recompute(*quarters)
    units = [world.root.pk, world.commune_a.pk, world.commune_b.pk, world.front.pk]
    asked = [world.indicators["F1"].pk]
    periods = [period.pk for period in quarters]

    rows = grid_over_periods(units, periods, asked) + leaves_over_periods(units, periods, asked)

    found = {unit: value for unit, _indicator, _breakdown, value in rows}
    assert found[world.commune_a.pk] == 6 * 11
    assert found[world.commune_b.pk] == 600
    assert found[world.front.pk] == 6000
    assert found[world.root.pk] == -4
    assert sum(found.values()) == expected - 4


def test_read_parts_of_is_read_parts_for_a_few_indicators(world: World) -> None:
    for unit in (world.org_1, world.commune_b, world.front):
        world.accept(unit, {"F1": over(50), "F2": 3})
    recompute(world.period)
    asked = [world.indicators[code].pk for code in ("F1", "E1")]

    some = read_parts_of(node(world.root, world.period), asked)

    every = read_parts(node(world.root, world.period))
    assert some == {
        unit: {key: total for key, total in totals.items() if key[0] in {"F1", "E1"}}
        for unit, totals in every.items()
    }


def test_year_so_far_adds_flows_only(world: World, quarters: list[Period]) -> None:
    for number, period in enumerate(quarters, start=1):
        world.accept(world.front, {"F1": over(number * 10), "F2": 0, "E2": 7, "C6": 3}, period)
    world.accept(world.org_1, {"F1": nearly(5), "F2": 0}, quarters[1])
    recompute(*quarters)

    found = year_so_far(world.root, world.period)

    assert found[("F1", "")].value == 65
    assert found[("F1", "")].qualifier == "about"
    assert (found[("F1", "")].n_periods, found[("F1", "")].n_asked) == (3, 3)
    assert ("E2", "") not in found
    assert ("C6", "") not in found
    assert ("E1", "") not in found


def test_year_so_far_says_how_many_periods_have_a_figure(
    world: World, quarters: list[Period]
) -> None:
    world.accept(world.front, {"F1": 5, "F2": 0}, quarters[0])

    assert year_so_far(world.root, world.period)[("F1", "")].n_periods == 1


def test_flows_so_far_by_unit_agree_with_the_root(world: World, quarters: list[Period]) -> None:
    for number, period in enumerate(quarters, start=1):
        for place, unit in enumerate((world.commune_a, world.org_1, world.commune_b, world.front)):
            world.accept(unit, {"F1": number * 10**place, "F2": 0}, period)
    recompute(*quarters)

    by_unit = flows_so_far(world.root, world.period, "F")

    whole = sum(totals[("F1", "")].value or 0 for totals in by_unit.values())
    assert whole == year_so_far(world.root, world.period)[("F1", "")].value == 6666
    assert by_unit[world.commune_a.pk][("F1", "")].value == 66


def test_a_unit_that_moved_within_the_year_counts_once(
    world: World, quarters: list[Period]
) -> None:
    for period in quarters[:2]:
        world.accept(world.front, {"F1": 100, "F2": 0}, period)
    set_parent(unit=world.front, parent=world.commune_a, on=date(2026, 6, 20), by=None, at=AT)
    world.accept(world.front, {"F1": 1, "F2": 0}, quarters[2])
    world.accept(world.org_1, {"F1": 10, "F2": 0}, quarters[2])
    recompute(*quarters)

    by_unit = flows_so_far(world.root, world.period, "F")

    assert world.front.pk not in children_by_period(world.root, [world.period.pk])[world.period.pk]
    assert by_unit[world.front.pk][("F1", "")].value == 200
    assert by_unit[world.commune_a.pk][("F1", "")].value == 11
    assert year_so_far(world.root, world.period)[("F1", "")].value == 211


def test_section_grid_rows_add_up_to_its_totals(world: World) -> None:
    for unit, amount in ((world.org_1, 3), (world.commune_b, 40), (world.front, 500)):
        world.accept(unit, {"F1": amount, "F2": 0})
    recompute(world.period)

    grid = section_grid(world.root, world.period, "F", False)

    place = [line.code for line in grid.columns].index("F1")
    said = {row.name: row.cells[place].value for row in grid.rows if row.cells[place]}
    assert said == {"Xã Mỹ Hòa": 3, "Xã Tân Thạnh": 40, "Ủy ban MTTQ tỉnh": 500}
    assert grid.totals[place].value == 543
    assert {row.name: row.mark for row in grid.rows}["Xã Mỹ Hòa"] == "1/3"


def test_drill_down_leads_from_the_total_to_the_cell(world: World) -> None:
    sent = world.accept(world.org_1, {"F1": over(30), "F2": 0})
    world.accept(world.org_2, {"F1": "not_available", "F2": 0})
    recompute(world.period)
    indicator = world.indicators["F1"]

    top = drill_down(world.root, node(world.root, world.period), indicator, "")
    below = drill_down(world.root, node(world.commune_a, world.period), indicator, "")

    assert (top.total.value, top.total.qualifier) == (30, "over")
    inner = next(row for row in top.rows if row.unit_id == world.commune_a.pk)
    assert inner.is_inner
    assert inner.total.value == 30
    leaf = next(row for row in below.rows if row.unit_id == world.org_1.pk)
    assert (leaf.figure.value, leaf.report_id) == (30, sent.report_id)
    silent = next(row for row in below.rows if row.unit_id == world.org_2.pk)
    assert silent.figure.state == "not_available"
    assert [name for _unit, name in below.path] == ["Tỉnh Đồng Tháp", "Xã Mỹ Hòa"]


def test_drill_down_of_a_rate_shows_both_sides(world: World) -> None:
    world.accept(world.org_1, {"F1": 10, "F2": 5})
    world.accept(world.front, {"F1": 90, "F2": nearly(20)})
    recompute(world.period)

    found = drill_down(
        world.root, node(world.root, world.period), Indicator.objects.get(code="RF2"), ""
    )

    assert (found.ratio.numerator, found.ratio.denominator) == (25, 100)
    assert (found.ratio.value, found.ratio.qualifier) == (Decimal("25.0"), "about")
    rates = {row.name: row.ratio.value for row in found.rows if row.ratio}
    assert rates["Xã Mỹ Hòa"] == 50  # never averaged: 50 % and 22,2 % make 25 %


def test_completeness_names_the_missing(world: World) -> None:
    world.accept(world.org_1, {})
    world.send(world.front, {})

    found = completeness_of(world.root, world.period, ON)
    commune = completeness_of(world.commune_a, world.period, ON)

    assert (found.n_accepted, found.n_expected) == (1, 5)
    assert {(unit.name, unit.state_word) for unit in found.missing} == {
        ("Bệnh viện Mỹ Hòa", "Chưa nhập"),
        ("Xã Mỹ Hòa", "Chưa nhập"),
        ("Xã Tân Thạnh", "Chưa nhập"),
        ("Ủy ban MTTQ tỉnh", "Đã nộp"),
    }
    assert (commune.n_accepted, commune.n_expected) == (1, 3)


@pytest.mark.parametrize(
    ("unit", "role", "expected"),
    [
        ("police", Role.REVIEWER, "root"),
        ("root", Role.PROVINCE_LEADER, "root"),
        ("police_a", Role.LEADER, "commune_a"),
        ("police_b", Role.REVIEWER, "commune_b"),
        ("commune_a", Role.LEADER, "commune_a"),
        ("org_1", Role.LEADER, "org_1"),
        ("police", Role.AUDITOR, None),
    ],
)
def test_root_of_each_post(world: World, unit: str, role: Role, expected: str | None) -> None:
    user = person("ai.do", getattr(world, unit), role)

    assert root_of(user, ON) == (getattr(world, expected) if expected else None)


def test_root_of_staff_of_a_department_is_the_province(world: World) -> None:
    department = UnitFactory(
        code="PV05", name="Phòng PV05", kind="police_department", parent=world.police
    )

    assert root_of(person("pv05", department, Role.REVIEWER), ON) == world.root


def test_roots_of_include_what_passed_into_the_province(world: World) -> None:
    old = UnitFactory(code="T87", name="Tỉnh Đồng Tháp (cũ)", kind="province")
    Lineage.objects.create(
        from_unit=old, to_unit=world.root, kind="merge", effective_on=date(2025, 7, 1)
    )

    assert roots_of(world.reviewer, ON) == [world.root, old]


def test_sums_of_the_root_ask_once_however_many_units(
    world: World, django_assert_num_queries: Any
) -> None:
    world.accept(world.org_1, {})
    recompute(world.period)
    with django_assert_num_queries(1):
        read_node(node(world.root, world.period))
    with django_assert_num_queries(1):
        read_parts(node(world.root, world.period))
