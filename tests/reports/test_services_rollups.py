"""Sums are right: equal to a live recomputation, after every kind of change, and in any order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.audit.models import AuditEntry
from apps.reports.models import Adjustment, Reconciliation, Rollup, RollupNode, Submission
from apps.reports.queries.sums import Node, Total, Totals, differences, read_node, read_parts
from apps.reports.services.obligations import excuse_obligation
from apps.reports.services.review import accept_report, reopen_report, return_report
from apps.reports.services.rollups import (
    mark_changed,
    periods_to_recompute,
    recompute_dirty,
    reconcile_period,
)
from apps.units.models import Unit
from tests.factories.units import UnitFactory
from tests.reports.world import AT, World, make_world, nearly, over

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def node(world: World, unit: Unit) -> Node:
    return Node(unit.pk, world.period.pk, world.period.start, date(2026, 9, 14))


def totals(world: World, unit: Unit | None = None) -> Totals:
    recompute_dirty(period=world.period, at=AT)
    return read_node(node(world, unit or world.root))


def total(world: World, code: str, breakdown: str = "", unit: Unit | None = None) -> Total:
    return totals(world, unit)[(code, breakdown)]


def stored(unit: Unit, code: str, breakdown: str = "") -> Total:
    row = Rollup.objects.get(unit=unit, indicator__code=code, breakdown=breakdown)
    return Total(row.value, row.qualifier, row.n_reporting, row.n_expected)


def all_units(world: World) -> list[Unit]:
    return [world.commune_a, world.commune_b, world.org_1, world.org_2, world.front]


def test_recompute_dirty_adds_own_figures_and_those_below(world: World) -> None:
    for number, unit in enumerate(all_units(world)):
        world.accept(unit, {"F1": 10**number, "F2": 0})

    assert total(world, "F1") == Total(Decimal(11111), "exact", 5, 5)
    assert stored(world.commune_a, "F1") == Total(Decimal(1101), "exact", 3, 3)


def test_root_has_no_row_and_neither_have_leaves(world: World) -> None:
    for unit in all_units(world):
        world.accept(unit, {})

    recompute_dirty(period=world.period, at=AT)

    assert set(Rollup.objects.values_list("unit_id", flat=True)) == {world.commune_a.pk}
    assert set(RollupNode.objects.values_list("unit_id", flat=True)) == {world.commune_a.pk}


def test_zero_is_said_and_missing_is_not(world: World) -> None:
    world.accept(world.org_1, {"F1": 0, "F2": 0})

    assert total(world, "F1", unit=world.commune_a) == Total(Decimal(0), "exact", 1, 3)
    assert total(world, "F1") == Total(Decimal(0), "exact", 1, 5)


def test_nothing_said_is_no_figure(world: World) -> None:
    assert total(world, "F1") == Total(None, "exact", 0, 5)


def test_states_count_as_they_should(world: World) -> None:
    world.accept(world.org_1, {"F1": "nothing", "F2": "not_available"})
    world.accept(world.org_2, {"F1": "not_applicable", "F2": 0})

    assert total(world, "F1") == Total(Decimal(0), "exact", 2, 5)
    assert total(world, "F2") == Total(Decimal(0), "exact", 1, 5)


def test_not_available_everywhere_is_no_figure(world: World) -> None:
    world.accept(world.front, {"A1": "not_available"})

    assert total(world, "A1") == Total(None, "exact", 0, 5)


@pytest.mark.parametrize(
    ("said", "weakest"),
    [
        ((over(5), 3), "over"),
        ((3, nearly(5)), "nearly"),
        ((over(5), nearly(5)), "about"),
        ((3, 4), "exact"),
    ],
)
def test_a_sum_is_as_weak_as_its_weakest_part(
    world: World, said: tuple[Any, Any], weakest: str
) -> None:
    world.accept(world.org_1, {"F1": said[0], "F2": 0})
    world.accept(world.org_2, {"F1": said[1], "F2": 0})
    world.accept(world.front, {"F1": 1, "F2": 0})

    assert total(world, "F1").qualifier == weakest
    assert stored(world.commune_a, "F1").qualifier == weakest


def test_over_below_and_nearly_beside_make_about(world: World) -> None:
    world.accept(world.org_1, {"F1": over(5), "F2": 0})
    world.accept(world.front, {"F1": nearly(5), "F2": 0})

    assert total(world, "F1") == Total(Decimal(10), "about", 2, 5)
    assert stored(world.commune_a, "F1").qualifier == "over"


def test_stock_yearly_and_class_add_over_units(world: World) -> None:
    world.accept(world.org_1, {"E2": 3, "C6": 4, ("E9", "tot"): 2, ("E9", "yeu"): 1})
    world.accept(world.commune_b, {"E2": 5, "C6": 6, ("E9", "tot"): 1, ("E9", "yeu"): 0})

    found = totals(world)

    assert found[("E2", "")].value == 8
    assert found[("C6", "")].value == 10
    assert (found[("E9", "tot")].value, found[("E9", "yeu")].value) == (3, 1)


def test_breakdowns_are_never_merged(world: World) -> None:
    world.accept(world.org_1, {("B1", "diem"): 10, ("B1", "buoi"): 2})
    world.accept(world.front, {("B1", "diem"): 1, ("B1", "buoi"): 5})

    found = totals(world)

    assert found[("B1", "diem")].value == 11
    assert found[("B1", "buoi")].value == 7
    assert ("B1", "") not in found


def test_distinct_is_never_summed(world: World) -> None:
    world.accept(world.org_1, {"E1": 5})
    world.accept(world.org_2, {"E1": 6})
    world.accept(world.front, {"E1": 7})

    found = totals(world)

    assert found[("E1", "")] == Total(None, "exact", 3, 5)
    assert stored(world.commune_a, "E1").value is None


def test_distinct_of_a_node_is_what_it_counted_itself(world: World) -> None:
    world.accept(world.commune_a, {"E1": over(9)})
    world.accept(world.org_1, {"E1": 6})

    found = totals(world)

    assert stored(world.commune_a, "E1") == Total(Decimal(9), "over", 2, 3)
    assert found[("E1", "")].value is None
    assert differences(world.period.pk) == []


def test_distinct_of_the_only_unit_asked_goes_up(world: World) -> None:
    for unit in all_units(world)[:-1]:
        excuse(world, unit)
    world.accept(world.front, {"E1": 54})

    assert total(world, "E1") == Total(Decimal(54), "exact", 1, 1)


def excuse(world: World, unit: Unit) -> None:
    excuse_obligation(
        obligation=world.report(unit).obligation,
        state="exempt",
        reason="Mới thành lập",
        decision_ref="",
        by=world.reviewer,
        at=AT,
    )


def test_excused_units_leave_the_denominator(world: World) -> None:
    world.accept(world.org_1, {"F1": 4, "F2": 0})
    excuse(world, world.org_2)

    assert total(world, "F1", unit=world.commune_a) == Total(Decimal(4), "exact", 1, 2)
    assert stored(world.commune_a, "F1") == Total(Decimal(4), "exact", 1, 2)


def test_an_excused_unit_that_reports_counts_on_both_sides(world: World) -> None:
    world.accept(world.org_1, {"F1": 4, "F2": 0})
    excuse(world, world.org_1)

    assert total(world, "F1") == Total(Decimal(4), "exact", 1, 5)
    assert differences(world.period.pk) == []


def test_adjustments_count_at_their_unit_and_above(world: World) -> None:
    world.accept(world.org_1, {"F1": 10, "F2": 0})
    for unit, delta in ((world.org_1, -3), (world.commune_a, 5), (world.root, 100)):
        adjust(world, unit, delta)

    assert total(world, "F1", unit=world.commune_a).value == 12
    assert stored(world.commune_a, "F1").value == 12
    assert total(world, "F1").value == 112
    assert differences(world.period.pk) == []


def adjust(world: World, unit: Unit, delta: int) -> None:
    Adjustment.objects.create(
        unit=unit,
        period=world.period,
        indicator=world.indicators["F1"],
        delta=delta,
        reason="Kiểm tra lại sổ gốc",
        made_at=AT,
        made_by=world.reviewer,
    )
    mark_changed(unit_ids=[unit.pk], period=world.period, tree_on=date(2026, 9, 14), by=None, at=AT)


def test_returned_and_waiting_versions_do_not_count(world: World) -> None:
    sent = world.send(world.org_1, {"F1": 10, "F2": 0})
    world.send(world.org_2, {"F1": 20, "F2": 0})
    return_report(
        report=sent.report, looked_at=sent, reason="Sai", remarks=[], by=world.reviewer, at=AT
    )

    assert total(world, "F1") == Total(None, "exact", 0, 5)


def test_reopening_takes_figures_out_and_accepting_again_brings_the_new_ones(world: World) -> None:
    sent = world.accept(world.org_1, {"F1": 10, "F2": 0})
    assert total(world, "F1").value == 10

    reopen_report(report=sent.report, reason="Đếm trùng", by=world.reviewer, at=AT)
    assert total(world, "F1") == Total(None, "exact", 0, 5)

    world.accept(world.org_1, {"F1": 8, "F2": 0})
    assert total(world, "F1").value == 8
    assert stored(world.commune_a, "F1").value == 8
    assert differences(world.period.pk) == []


def test_a_unit_that_moved_counts_where_it_was_last_in_the_period(world: World) -> None:
    UnitFactory(code="DVB", name="Cơ quan khác", parent=world.commune_b)
    move(world, world.org_2, world.commune_b, date(2026, 8, 1))
    world.accept(world.org_1, {"F1": 1, "F2": 0})
    world.accept(world.org_2, {"F1": 20, "F2": 0})

    assert total(world, "F1").value == 21
    assert stored(world.commune_a, "F1").value == 1
    assert stored(world.commune_b, "F1").value == 20
    assert differences(world.period.pk) == []


def move(world: World, unit: Unit, parent: Unit, on: date) -> None:
    from apps.units.services import set_parent  # noqa: PLC0415

    set_parent(unit=unit, parent=parent, on=on, by=None, at=AT)


def test_a_move_after_the_cut_off_changes_nothing(world: World) -> None:
    world.accept(world.org_2, {"F1": 20, "F2": 0})
    before = totals(world)

    move(world, world.org_2, world.commune_b, date(2026, 9, 20))
    mark_changed(
        unit_ids=[world.org_2.pk], period=world.period, tree_on=date(2026, 9, 14), by=None, at=AT
    )

    assert totals(world) == before
    assert stored(world.commune_a, "F1").value == 20


def test_a_leaf_that_gets_units_below_keeps_its_figures(world: World) -> None:
    world.accept(world.commune_b, {"F1": 7, "F2": 0})
    assert total(world, "F1").value == 7

    late = UnitFactory(
        code="DVM", name="Trường mới", kind="agency", parent=world.commune_b, police=world.police_b
    )
    assert total(world, "F1").value == 7

    world.open(world.period)
    world.accept(late, {"F1": 3, "F2": 0})
    assert total(world, "F1").value == 10
    assert stored(world.commune_b, "F1") == Total(Decimal(10), "exact", 2, 2)
    assert differences(world.period.pk) == []


def test_read_parts_add_up_to_read_node(world: World) -> None:
    for number, unit in enumerate(all_units(world)):
        world.accept(unit, {"F1": 10**number, "F2": 0})
    adjust(world, world.root, 50_000)
    adjust(world, world.front, -500)
    found = totals(world)

    parts = read_parts(node(world, world.root))

    assert set(parts) == {
        world.root.pk,
        world.commune_a.pk,
        world.commune_b.pk,
        world.front.pk,
    }
    assert parts[world.root.pk][("F1", "")].value == 50_000
    assert parts[world.front.pk][("F1", "")] == Total(Decimal(9500), "exact", 1, 1)
    for key, whole in found.items():
        if key[0] != "E1":
            mine = [part[key] for part in parts.values() if key in part]
            assert sum(part.value or 0 for part in mine) == (whole.value or 0)
            assert sum(part.n_reporting for part in mine) == whole.n_reporting
            assert sum(part.n_expected for part in mine) == whole.n_expected


def test_recompute_twice_changes_nothing_and_writes_nothing(world: World) -> None:
    world.accept(world.org_1, {})
    recompute_dirty(period=world.period, at=AT)
    before = list(Rollup.objects.order_by("pk").values_list())

    assert recompute_dirty(period=world.period, at=AT) == 0
    mark_changed(
        unit_ids=[world.org_1.pk], period=world.period, tree_on=date(2026, 9, 14), by=None, at=AT
    )
    assert recompute_dirty(period=world.period, at=AT) == 1
    assert list(Rollup.objects.order_by("pk").values_list()) == before


def test_periods_to_recompute_are_those_with_a_dirty_node(world: World) -> None:
    assert periods_to_recompute() == [world.period]

    recompute_dirty(period=world.period, at=AT)

    assert periods_to_recompute() == []


def test_reconcile_is_silent_when_all_is_right(world: World) -> None:
    for unit in all_units(world):
        world.accept(unit, {"F1": over(3), "F2": 0})
    recompute_dirty(period=world.period, at=AT)

    row = reconcile_period(period=world.period, at=AT)

    assert row.n_differences == 0
    assert row.n_rows == 10


@pytest.mark.parametrize(
    "corruption",
    ["value = value + 1", "qualifier = 'about'", "n_expected = n_expected + 1", "value = NULL"],
)
def test_reconcile_finds_corruption_and_repairs_nothing(world: World, corruption: str) -> None:
    world.accept(world.org_1, {"F1": 10, "F2": 0})
    recompute_dirty(period=world.period, at=AT)
    wrong = Rollup.objects.get(indicator__code="F1")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE reports_rollup SET {corruption} WHERE id = %s", [wrong.pk])
    before = Rollup.objects.filter(pk=wrong.pk).values_list().get()

    row = reconcile_period(period=world.period, at=AT)

    assert row.n_differences == 1
    assert row.detail[0][0] == str(world.commune_a.pk)
    assert "exact 10.00 1/3" in row.detail[0][4]
    assert Rollup.objects.filter(pk=wrong.pk).values_list().get() == before
    assert AuditEntry.objects.get(action="reports.reconciled").detail == {"differences": 1}


def test_reconcile_finds_a_row_that_vanished(world: World) -> None:
    world.accept(world.org_1, {"F1": 10, "F2": 0})
    recompute_dirty(period=world.period, at=AT)
    Rollup.objects.filter(indicator__code="F1").delete()

    assert reconcile_period(period=world.period, at=AT).n_differences == 1
    assert Reconciliation.objects.count() == 1


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "reopen", "recompute", "adjust"]),
        st.integers(0, 4),
        st.integers(0, 50),
    ),
    max_size=8,
)


@pytest.mark.slow
@given(events=EVENTS)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_order_of_events_ends_at_the_live_sums(events: list[tuple[str, int, int]]) -> None:
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        world = make_world()
        expected = dict.fromkeys(range(5))
        signed = 0
        for kind, place, amount in events:
            unit = all_units(world)[place]
            if kind == "accept" and expected[place] is None:
                world.accept(unit, {"F1": amount, "F2": 0})
                expected[place] = amount
            elif kind == "reopen" and expected[place] is not None:
                sent = Submission.objects.get(unit=unit, state="accepted")
                reopen_report(report=sent.report, reason="Sai", by=world.reviewer, at=AT)
                expected[place] = None
            elif kind == "adjust" and amount:
                adjust(world, unit, amount)
                signed += amount
            elif kind == "recompute":
                recompute_dirty(period=world.period, at=AT)
        said = [value for value in expected.values() if value is not None]
        found = total(world, "F1")
        assert (found.value or 0) == sum(said) + signed
        assert (found.n_reporting, found.n_expected) == (len(said), 5)
        assert differences(world.period.pk) == []
        transaction.set_rollback(True)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=4) as pool:
        yield pool


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_accepting_and_recomputing_at_once_end_right(threads: ThreadPoolExecutor) -> None:
    world = make_world()
    units = [world.org_1, world.org_2, world.commune_a, world.commune_b, world.front]
    units += [
        UnitFactory(
            code=f"N{n}",
            name=f"Cơ quan {n}",
            kind="agency",
            parent=world.commune_a,
            police=world.police_a,
        )
        for n in range(12)
    ]
    world.open(world.period)
    sent = [world.send(unit, {"F1": 2**n, "F2": 0}) for n, unit in enumerate(units)]

    def accept(submission: Submission) -> None:
        try:
            accept_report(report=submission.report, looked_at=submission, by=world.reviewer, at=AT)
        finally:
            connections.close_all()

    def recompute(_turn: int) -> None:
        try:
            for _ in range(10):
                recompute_dirty(period=world.period, at=AT)
        finally:
            connections.close_all()

    work = [threads.submit(recompute, turn) for turn in range(2)]
    work += [threads.submit(accept, submission) for submission in sent]
    work += [threads.submit(recompute, 3)]
    for done in work:
        done.result(timeout=60)
    recompute_dirty(period=world.period, at=AT)

    assert total(world, "F1") == Total(Decimal(2 ** len(units) - 1), "exact", 17, 17)
    assert differences(world.period.pk) == []
