"""A record that several units own counts once in every total above them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.reports.models import JointShare, Rollup, Submission
from apps.reports.queries.consolidation import year_so_far
from apps.reports.queries.sums import Node, differences, read_node, read_parts, read_shared
from apps.reports.services.review import accept_report, reopen_report
from apps.reports.services.rollups import recompute_dirty
from apps.reports.services.submission import submit_report
from apps.units.models import Unit
from tests.reports.ledger import Ledger, open_ledger
from tests.reports.world import AT, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def node(world: World, unit: Unit) -> Node:
    return Node(unit.pk, world.period.pk, world.period.start, date(2026, 9, 14))


def root_total(world: World, code: str, breakdown: str = "") -> Decimal | None:
    recompute_dirty(period=world.period, at=AT)
    return read_node(node(world, world.root))[(code, breakdown)].value


def stored(world: World, unit: Unit, code: str, breakdown: str = "") -> Decimal | None:
    row = Rollup.objects.get(
        unit=unit, period=world.period, indicator__code=code, breakdown=breakdown
    )
    return row.value


def units_of(world: World) -> list[Unit]:
    return [world.org_1, world.org_2, world.commune_a, world.commune_b, world.front]


def accept(world: World, *units: Unit) -> None:
    """Send and accept reports whose lines of registers nobody wrote in."""
    for unit in units:
        world.accept(unit, {})


def test_a_record_of_two_leaves_counts_once_in_their_commune_and_above(
    world: World, ledger: Ledger
) -> None:
    ledger.write("E2", world.org_1, world.org_2)
    ledger.write("E2", world.org_1)

    accept(world, world.org_1, world.org_2, world.front)

    assert root_total(world, "E2") == 2 + 7
    assert stored(world, world.commune_a, "E2") == 2
    parts = read_parts(node(world, world.commune_a))
    assert [parts[unit.pk][("E2", "")].value for unit in (world.org_1, world.org_2)] == [2, 1]
    assert differences(world.period.pk) == []


def test_a_record_held_in_three_levels_is_taken_off_where_its_holders_meet(
    world: World, ledger: Ledger
) -> None:
    ledger.write("B1", *units_of(world), value=4, breakdown="buoi")

    accept(world, *units_of(world))

    assert root_total(world, "B1", "buoi") == 4
    assert stored(world, world.commune_a, "B1", "buoi") == 4
    assert root_total(world, "B1", "diem") == 50, "lines without a register are not touched"
    [at_root] = read_shared(node(world, world.root), [world.indicators["B1"].pk])
    [at_commune] = read_shared(node(world, world.commune_a), [world.indicators["B1"].pk])
    assert (at_root.n_parts, at_root.value) == (3, -8)
    assert (at_commune.n_parts, at_commune.value) == (3, -8)
    assert differences(world.period.pk) == []


def test_only_accepted_figures_that_stand_from_the_register_share_a_record(
    world: World, ledger: Ledger
) -> None:
    ledger.write("E2", world.org_1, world.commune_b)
    accept(world, world.org_1)
    assert root_total(world, "E2") == 1

    world.send(world.commune_b, {})
    assert root_total(world, "E2") == 1

    sent = Submission.objects.get(unit=world.commune_b)
    accept_report(report=sent.report, looked_at=sent, by=world.reviewer, at=AT)
    assert root_total(world, "E2") == 1

    reopen_report(report=sent.report, reason="Sai", by=world.reviewer, at=AT)
    assert root_total(world, "E2") == 1
    assert differences(world.period.pk) == []


def test_equal_numbers_of_other_indicators_are_not_the_same_record(
    world: World, ledger: Ledger
) -> None:
    first = ledger.write("E2", world.org_1, world.commune_b)
    second = ledger.write("F1", world.org_1, world.front, value=100)
    second.record_id = first.record_id

    accept(world, world.org_1, world.commune_b, world.front)

    assert root_total(world, "E2") == 1 + 7
    assert root_total(world, "F1") == 100 + 100


def test_a_distinct_count_is_never_corrected(world: World, ledger: Ledger) -> None:
    ledger.write("E1", world.org_1, world.org_2)

    accept(world, world.org_1, world.org_2)

    assert root_total(world, "E1") is None
    assert differences(world.period.pk) == []


def test_a_record_that_changed_between_two_reports_counts_once_at_its_larger_value(
    world: World, ledger: Ledger
) -> None:
    row = ledger.write("B1", world.org_1, world.front, value=2, breakdown="buoi")
    accept(world, world.org_1)
    row.value = Decimal(5)
    accept(world, world.front)

    assert root_total(world, "B1", "buoi") == 5
    assert differences(world.period.pk) == []


def test_the_years_sum_of_the_root_has_each_record_once(world: World, ledger: Ledger) -> None:
    ledger.write("F1", world.commune_b, world.front, value=40, on=date(2026, 8, 1))
    accept(world, world.commune_b, world.front)
    recompute_dirty(period=world.period, at=AT)

    assert year_so_far(world.root, world.period)[("F1", "")].value == 40


def test_reading_a_node_costs_one_query_with_1_and_20_shared_records(
    world: World, ledger: Ledger
) -> None:
    for _ in range(20):
        ledger.write("E2", world.org_1, world.commune_b)
    accept(world, world.org_1, world.commune_b)

    with CaptureQueriesContext(connection) as queries:
        read_node(node(world, world.root))
    assert len(queries) == 1


def test_shared_records_are_only_ever_added(world: World, ledger: Ledger) -> None:
    ledger.write("E2", world.org_1, world.org_2)
    accept(world, world.org_1)
    share = JointShare.objects.get()
    for act in (share.delete, lambda: JointShare.objects.update(value=9)):
        with pytest.raises(Exception, match="only ever added"), transaction.atomic():
            act()


def test_submit_keeps_any_number_of_shared_records_in_no_query_more(
    world: World, ledger: Ledger
) -> None:
    def cost(unit: Unit) -> int:
        report = world.fill(unit, {})
        with CaptureQueriesContext(connection) as queries:
            submit_report(report=report, client_token=f"gia-{unit.pk}", by=world.clerk, at=AT)
        return len(queries)

    bare = cost(world.org_1)
    for _ in range(20):
        ledger.write("E2", world.org_2, world.front)

    assert cost(world.org_2) == bare  # a real register asks once more
    assert JointShare.objects.count() == 20


HOLDERS = st.lists(
    st.tuples(
        st.sampled_from(["E2", "F1"]),
        st.sets(st.integers(min_value=0, max_value=4), min_size=1),
        st.integers(min_value=1, max_value=9),
    ),
    min_size=1,
    max_size=6,
)


@given(records=HOLDERS, accepted=st.sets(st.integers(min_value=0, max_value=4)))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_records_in_any_accepted_reports_count_once_everywhere(
    records: list[tuple[str, set[int], int]], accepted: set[int]
) -> None:
    with transaction.atomic(), open_ledger() as ledger:
        world = make_world()
        units = units_of(world)
        for code, owners, value in records:
            ledger.write(code, *(units[place] for place in sorted(owners)), value=value)
        for code in {code for code, _owners, _value in records}:
            for unit in units:
                ledger.know(code, unit)
        for unit in units:
            world.fill(unit, {"F2": 0})
        accept_all(world, [units[place] for place in sorted(accepted)])
        for code in {code for code, _owners, _value in records}:
            expected = sum(v for c, owners, v in records if c == code and owners & accepted)
            assert (root_total(world, code) or 0) == expected
            below = {0, 1, 2} & accepted
            in_commune = sum(v for c, owners, v in records if c == code and owners & below)
            if below:
                assert (stored(world, world.commune_a, code) or 0) == in_commune
        assert differences(world.period.pk) == []
        transaction.set_rollback(True)


def accept_all(world: World, units: list[Unit]) -> None:
    for unit in units:
        world.accept(unit, {"F2": 0})
