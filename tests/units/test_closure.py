"""The closure that one SQL statement writes is the one a slow and plain reading gives."""

import time
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.units.models import Unit, UnitClosure, UnitParent, UnitSpan
from apps.units.rules import UnitKind
from apps.units.services import NewUnit, load_units
from tests.factories.units import BORN, BareUnitFactory, UnitFactory, UnitParentFactory

pytestmark = pytest.mark.django_db

DAY_ZERO = date(2025, 6, 1)
DAYS = 8
UNITS = 6
Range = tuple[int, int]


def cut_points() -> st.SearchStrategy[list[Range]]:
    """Draw ranges of days that do not overlap."""
    points = st.lists(st.integers(0, DAYS), unique=True, max_size=6).map(sorted)
    return points.map(lambda days: list(zip(days[::2], days[1::2], strict=False)))


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[list[Range]], list[list[tuple[Range, int]]]]:
    """Draw lives of units and dated parents; a parent always has a smaller number: no cycles."""
    lives = [draw(cut_points()) for _ in range(UNITS)]
    links = [
        [(days, draw(st.integers(0, number - 1))) for days in draw(cut_points())] if number else []
        for number in range(UNITS)
    ]
    return lives, links


def day_range(days: Range) -> DateRange:
    return DateRange(DAY_ZERO + timedelta(days[0]), DAY_ZERO + timedelta(days[1]))


def by_hand(
    lives: list[list[Range]], links: list[list[tuple[Range, int]]], day: int
) -> set[tuple[int, int, int]]:
    """Climb from every unit alive on a day as long as the parent is alive."""
    alive = {n for n in range(UNITS) if any(a <= day < b for a, b in lives[n])}
    pairs = set()
    for unit in alive:
        above, depth = unit, 0
        while above in alive:
            pairs.add((above, unit, depth))
            up = [parent for (a, b), parent in links[above] if a <= day < b]
            if not up:
                break
            above, depth = up[0], depth + 1
    return pairs


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(trees())
def test_rebuild_equals_brute_force(
    tree: tuple[list[list[Range]], list[list[tuple[Range, int]]]],
) -> None:
    lives, links = tree
    with transaction.atomic():
        units = [BareUnitFactory() for _ in range(UNITS)]
        number = {unit.pk: position for position, unit in enumerate(units)}
        UnitSpan.objects.bulk_create(
            UnitSpan(unit=units[n], name="x", kind=UnitKind.COMMUNE, valid=day_range(days))
            for n, ranges in enumerate(lives)
            for days in ranges
        )
        UnitParent.objects.bulk_create(
            UnitParent(unit=units[n], parent=units[parent], valid=day_range(days))
            for n, ranges in enumerate(links)
            for days, parent in ranges
        )

        UnitClosure.objects.rebuild()

        for day in range(-1, DAYS + 1):
            rows = UnitClosure.objects.alive_on(DAY_ZERO + timedelta(day))
            found = [
                (number[a], number[d], depth)
                for a, d, depth in rows.values_list("ancestor_id", "descendant_id", "depth")
            ]
            assert len(found) == len(set(found))
            assert set(found) == by_hand(lives, links, day)
        assert UnitClosure.objects.rebuild() == 0
        transaction.set_rollback(True)


def test_rebuild_corrects_a_closure_that_was_touched() -> None:
    root = UnitFactory()
    child = UnitFactory(parent=root)
    UnitClosure.objects.filter(descendant=child, depth=1).update(valid_to=date(2025, 7, 2))
    UnitClosure.objects.create(ancestor=child, descendant=root, depth=3, valid_from=DAY_ZERO)

    assert UnitClosure.objects.rebuild() == 1

    assert list(
        UnitClosure.objects.order_by("depth", "pk").values_list("ancestor", "descendant", "depth")
    ) == [(root.pk, root.pk, 0), (child.pk, child.pk, 0), (root.pk, child.pk, 1)]


def test_rebuild_refuses_a_cycle_and_a_bottomless_tree() -> None:
    first = UnitFactory()
    second = UnitFactory(parent=first)
    for _ in range(5):
        UnitFactory(parent=second)
    with pytest.raises(IntegrityError, match="unitclosure_no_cycle"), transaction.atomic():
        UnitParentFactory(unit=first, parent=second)
        UnitClosure.objects.rebuild()
    below = second
    for _ in range(14):
        below = UnitFactory(parent=below)
    with pytest.raises(IntegrityError, match="depth_is_bounded"), transaction.atomic():
        UnitFactory(parent=below)


@pytest.mark.slow
def test_rebuild_of_15600_units_takes_well_under_a_request(at: object) -> None:
    def row(number: int) -> NewUnit:
        parent = "" if number == 0 else f"T{0 if number <= 150 else 1 + number % 150}"
        return NewUnit(
            f"T{number}", f"Đơn vị {number}", UnitKind.COMMUNE, DAY_ZERO, parent_code=parent
        )

    load_units(rows=[row(number) for number in range(15_600)], by=None, at=BORN)
    moved = UnitParent.objects.get(unit__code="T15599")
    moved.parent = Unit.objects.get(code="T7")
    moved.save(update_fields=["parent"])

    started = time.perf_counter()
    written = UnitClosure.objects.rebuild()
    print(f"closure of 15,600 units rebuilt in {time.perf_counter() - started:.2f} s")

    assert written == 1
    assert UnitClosure.objects.count() == 15_600 + 15_599 + 15_449
