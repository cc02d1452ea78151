"""Names, children, charges and search give what a page shows."""

from datetime import date, datetime

import pytest

from apps.units.models import Unit
from apps.units.queries import (
    described,
    names_of,
    parents_of,
    police_in_charge_of,
    search_units,
)
from apps.units.rules import UnitKind
from apps.units.services import close_unit, rename_unit
from tests.factories.units import (
    BlockFactory,
    PoliceInChargeFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 18)


def test_names_are_those_of_the_day_and_the_last_ones_of_closed_units(at: datetime) -> None:
    unit, closed = UnitFactory(name="Cũ"), UnitFactory(name="Đã đóng")
    rename_unit(unit=unit, name="Mới", short_name="", on=DAY, by=None, at=at)
    close_unit(unit=closed, on=date(2026, 1, 1), by=None, at=at)

    assert names_of([unit.pk, closed.pk], DAY) == {unit.pk: "Mới", closed.pk: "Đã đóng"}
    assert names_of([unit.pk], date(2026, 11, 17)) == {unit.pk: "Cũ"}
    assert [row.name for row in described([unit.pk, closed.pk], DAY)] == ["Mới"]


def test_units_come_in_vietnamese_order() -> None:
    units = [UnitFactory(name=name) for name in ("Xã Đông", "Xã Dương", "Xã Ân", "Xã An")]

    named = described([unit.pk for unit in units], DAY)

    assert [unit.name for unit in named] == ["Xã An", "Xã Ân", "Xã Dương", "Xã Đông"]


def test_parents_and_police_in_charge() -> None:
    root = UnitFactory()
    police = UnitFactory(kind=UnitKind.POLICE_COMMUNE, parent=root)
    unit = UnitFactory(parent=root, police=police)
    leaf = UnitFactory(parent=unit)
    PoliceInChargeFactory(unit=None, block=BlockFactory())

    assert parents_of([leaf.pk, root.pk], DAY) == {leaf.pk: unit.pk}
    assert police_in_charge_of([unit.pk, leaf.pk], DAY) == {unit.pk: police.pk}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("my tho", ["Phường Mỹ Tho", "Phường Mỹ Thọ Đông"]),
        ("Mỹ Tho", ["Phường Mỹ Tho", "Phường Mỹ Thọ Đông"]),
        ("dv-9", ["Phường Mỹ Tho"]),
        ("cao lanhh", ["Phường Cao Lãnh"]),
        ("không có gì như thế", []),
    ],
)
def test_search_needs_no_accents_and_forgives_slips(typed: str, found: list[str]) -> None:
    UnitFactory(code="DV-9", name="Phường Mỹ Tho")
    UnitFactory(name="Phường Mỹ Thọ Đông")
    UnitFactory(name="Phường Cao Lãnh")
    units = search_units(Unit.objects.all(), typed, DAY).with_names(DAY)
    assert sorted(unit.name for unit in units) == found
