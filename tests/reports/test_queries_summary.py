"""The figures of a summary: what was said, by how many of whom, and never more than that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from apps.indicators.models import Indicator
from apps.reports.models import Obligation, Report
from apps.reports.queries.summary import Ratio, Summary, SummaryLine, gather_summary, rate
from apps.reports.queries.sums import Total
from apps.reports.services.consolidation import NewAdjustment, add_adjustment
from apps.reports.services.obligations import excuse_obligation
from apps.reports.services.rollups import recompute_dirty
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.units import UnitFactory
from tests.kept import kept
from tests.reports.world import AT, World, make_period, make_world, nearly, over

pytestmark = pytest.mark.django_db

BIGGEST = 10**15 - 1


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with kept(django_db_blocker):
        yield make_world()


def gather(world: World, root: Unit | None = None) -> Summary:
    recompute_dirty(period=world.period, at=AT)
    return gather_summary(root or world.root, world.period)


def line(summary: Summary, code: str, breakdown: str = "") -> SummaryLine:
    return next(x for x in summary.lines if (x.code, x.breakdown) == (code, breakdown))


def all_units(world: World) -> list[Unit]:
    return [world.commune_a, world.commune_b, world.org_1, world.org_2, world.front]


def test_zero_is_a_figure_and_missing_is_none(world: World) -> None:
    world.accept(world.org_1, {"F1": 0, "F2": "nothing", "E2": "not_available"})

    found = gather(world)

    assert line(found, "F1").now == Total(Decimal(0), "exact", 1, 5)
    assert line(found, "F2").now == Total(Decimal(0), "exact", 1, 5)
    assert line(found, "E2").now == Total(None, "exact", 0, 5)


def test_it_says_how_many_of_how_many_are_accepted_and_names_the_others(world: World) -> None:
    world.accept(world.org_1, {})
    world.send(world.front, {})
    excuse_obligation(
        obligation=Obligation.objects.get(unit=world.org_2),
        state="exempt",
        reason="Đã giải thể",
        decision_ref="",
        by=world.reviewer,
        at=AT,
    )

    found = gather(world)

    assert (found.n_accepted, found.n_expected) == (1, 4)
    assert found.missing == ["Ủy ban MTTQ tỉnh", "Xã Mỹ Hòa", "Xã Tân Thạnh"]


def test_two_missing_units_of_one_name_are_two(world: World) -> None:
    for parent in (world.commune_a, world.commune_b):
        UnitFactory(name="Trạm y tế", kind=UnitKind.AGENCY, parent=parent)
    world.open(world.period)

    assert gather(world).missing.count("Trạm y tế") == 2


def test_missing_units_stand_in_vietnamese_order(world: World) -> None:
    for name in ("Xã Đốc Binh", "Xã Ân Hảo", "Xã An Hòa", "Xã Em"):
        UnitFactory(name=name, kind=UnitKind.COMMUNE, parent=world.root)
    world.open(world.period)

    communes = [name for name in gather(world).missing if name.startswith("Xã")]

    assert communes == [
        "Xã An Hòa",
        "Xã Ân Hảo",
        "Xã Đốc Binh",
        "Xã Em",
        "Xã Mỹ Hòa",
        "Xã Tân Thạnh",
    ]


def test_a_unit_closed_in_mid_period_keeps_its_name_its_figures_and_its_place(
    world: World,
) -> None:
    days = DateRange(date(2025, 7, 1), date(2026, 8, 1))
    closed = UnitFactory(
        code="CU1", name="Sở Cũ", kind=UnitKind.AGENCY, parent=world.root, valid=days
    )
    missing = UnitFactory(name="Sở Xưa", kind=UnitKind.AGENCY, parent=world.root, valid=days)
    world.open(world.period)
    world.accept(closed, {"F1": 7, "F2": 0})

    found = gather(world)

    child = next(c for c in found.children if c.unit_id == closed.pk)
    assert (child.name, child.n_accepted, child.n_expected) == ("Sở Cũ", 1, 1)
    assert line(found, "F1").now.value == 7
    assert "Sở Xưa" in found.missing
    assert missing.code not in found.missing


def test_a_rate_is_the_ratio_of_the_sums_and_says_who_is_left_out(world: World) -> None:
    world.accept(world.org_1, {"F1": 1000, "F2": 10})
    world.accept(world.org_2, {"F1": 10, "F2": 10})

    found = line(gather(world), "RF2").ratio

    assert found == Ratio(Decimal("2.0"), "exact", Decimal(20), Decimal(1010), 3)


def test_a_rate_of_qualified_figures_is_about(world: World) -> None:
    world.accept(world.org_1, {"F1": 4250, "F2": nearly(3200)})

    found = line(gather(world), "RF2").ratio

    assert found is not None
    assert (found.value, found.qualifier) == (Decimal("75.3"), "about")


def test_a_rate_over_zero_is_not_a_number(world: World) -> None:
    world.accept(world.org_1, {"F1": 0, "F2": 0})

    found = line(gather(world), "RF2").ratio

    assert found == Ratio(None, "exact", Decimal(0), Decimal(0), 4)


def said(value: int | None, reporting: int = 3, expected: int = 3, word: str = "exact") -> Total:
    return Total(Decimal(value) if value is not None else None, word, reporting, expected)


def test_rd1_sums_d1_to_d5_over_c6d() -> None:
    rd1 = Indicator(code="RD1", numerator="D1+D2+D3+D4+D5", denominator="C6d", decimals=1)
    totals = {(f"D{n}", ""): said(n) for n in range(1, 6)} | {("C6d", ""): said(40, 2)}

    found = rate(rd1, totals)

    assert found == Ratio(Decimal("37.5"), "exact", Decimal(15), Decimal(40), 1)


def test_a_side_that_nobody_was_asked_for_makes_no_rate_and_an_unsaid_one_no_value() -> None:
    rf2 = Indicator(code="RF2", numerator="F2", denominator="F1", decimals=1)

    assert rate(rf2, {("F1", ""): said(5)}) is None
    assert rate(rf2, {("F1", ""): said(5), ("F2", ""): said(None, 0)}) == Ratio(
        None, "exact", None, Decimal(5), 3
    )


def test_overlapping_parts_are_never_added_in_a_rate() -> None:
    rc5 = Indicator(code="RC5", numerator="C5", denominator="C5d", decimals=1)
    totals = {
        ("C5", "can_bo"): said(50),
        ("C5d", "can_bo"): said(100),
        ("C5", "hoc_sinh"): said(90),
        ("C5d", "hoc_sinh"): said(100),
    }

    assert rate(rc5, totals) is None
    assert [rate(rc5, totals, part).value for part in ("can_bo", "hoc_sinh")] == [50, 90]


def test_b1_is_told_by_its_parts_and_never_as_one_number(world: World) -> None:
    world.accept(world.org_1, {("B1", "diem"): 2580, ("B1", "buoi"): over(640)})

    found = [x for x in gather(world).lines if x.code == "B1"]

    assert [(x.breakdown, x.now.value, x.now.qualifier) for x in found] == [
        ("diem", 2580, "exact"),
        ("buoi", 640, "over"),
    ]
    assert found[0].name == "Buổi, điểm tuyên truyền (diem)"


def test_distinct_figures_of_units_are_not_added(world: World) -> None:
    for unit in (world.org_1, world.front):
        world.accept(unit, {"E1": 5})

    found = line(gather(world), "E1")

    assert found.now == Total(None, "exact", 2, 5)


def test_adjustments_stand_in_the_totals(world: World) -> None:
    world.accept(world.org_1, {"F1": 10, "F2": 0})
    for unit, delta in ((world.commune_a, -3), (world.front, 20)):
        new = NewAdjustment(world.indicators["F1"], "", Decimal(delta), "Đối chiếu sổ gốc", "")
        add_adjustment(unit=unit, period=world.period, new=new, by=world.reviewer, at=AT)

    assert line(gather(world), "F1").now == Total(Decimal(27), "exact", 1, 5)


def test_it_is_compared_with_the_same_period_last_year(world: World) -> None:
    before = world.open(make_period(world.calendar, "quarter", 2025, 3))
    world.accept(world.org_1, {"F1": 80, "F2": 20}, before)
    recompute_dirty(period=before, at=AT)
    world.accept(world.org_1, {"F1": 100, "F2": 40})

    found = gather(world)

    assert line(found, "F1").last_year.value == 80
    last = line(found, "RF2").ratio_last_year
    assert last is not None
    assert last.value == Decimal("25.0")


def test_a_province_that_did_not_exist_last_year_is_not_compared(world: World) -> None:
    early = make_period(world.calendar, "quarter", 2025, 1)
    made = make_period(world.calendar, "quarter", 2026, 1)
    world.open(made)
    world.accept(world.org_1, {"F1": 100}, made)
    recompute_dirty(period=made, at=AT)

    found = gather_summary(world.root, made)

    assert (made.year - early.year, line(found, "F1").now.value) == (1, 100)
    assert {x.last_year for x in found.lines} == {Total(None, "exact", 0, 0)}
    assert line(found, "RF2").ratio_last_year is None


def test_the_biggest_figures_are_added_to_the_last_digit(world: World) -> None:
    for unit in all_units(world):
        world.accept(unit, {"F1": BIGGEST, "F2": 1})

    assert line(gather(world), "F1").now.value == 5 * BIGGEST


def test_it_says_when_sums_are_stale_and_which_versions_it_used(world: World) -> None:
    sent = world.accept(world.org_1, {})

    stale = gather_summary(world.root, world.period)
    fresh = gather(world)

    assert (stale.is_stale, fresh.is_stale) == (True, False)
    assert fresh.submission_ids == [sent.pk]


def test_children_are_the_units_right_below_in_vietnamese_order(world: World) -> None:
    for unit in all_units(world):
        world.accept(unit, {"F1": 1, "F2": 0})

    children = gather(world).children

    assert [(c.name, c.n_accepted, c.n_expected) for c in children] == [
        ("Ủy ban MTTQ tỉnh", 1, 1),
        ("Xã Mỹ Hòa", 3, 3),
        ("Xã Tân Thạnh", 1, 1),
    ]
    assert [c.totals[("F1", "")].value for c in children] == [1, 3, 1]


def test_queries_do_not_grow_with_the_number_of_units(world: World) -> None:
    def spent() -> int:
        recompute_dirty(period=world.period, at=AT)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            gather_summary(world.root, world.period)
        return len(queries)

    world.accept(world.org_1, {})
    few = spent()
    more = [
        UnitFactory(kind=UnitKind.AGENCY, parent=world.root, police=world.police) for _ in range(20)
    ]
    world.open(world.period)
    for unit in more[:3]:
        world.accept(unit, {})

    assert Report.objects.filter(obligation__unit__in=more).count() == 20
    assert spent() == few <= 16
