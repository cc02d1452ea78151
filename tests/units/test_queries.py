"""Names, children, charges and search give what a page shows."""

from datetime import date, datetime

import pytest

from apps.units.models import Unit
from apps.units.queries import (
    ancestor_ids,
    block_heads,
    children_of,
    described,
    names_of,
    parents_of,
    police_in_charge_of,
    police_in_charge_of_blocks,
    search_units,
)
from apps.units.rules import BlockRole, UnitKind
from apps.units.services import close_unit, rename_unit
from tests.factories.units import (
    BlockFactory,
    BlockMemberFactory,
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


def test_children_come_in_vietnamese_order() -> None:
    root = UnitFactory()
    for name in ("Xã Đông", "Xã Dương", "Xã Ân", "Xã An"):
        UnitFactory(name=name, parent=root)
    assert [child.name for child in children_of(root, DAY)] == [
        "Xã An",
        "Xã Ân",
        "Xã Dương",
        "Xã Đông",
    ]


def test_parents_ancestors_charges_and_heads() -> None:
    root = UnitFactory()
    police = UnitFactory(kind=UnitKind.POLICE_COMMUNE, parent=root)
    unit = UnitFactory(parent=root, police=police)
    leaf = UnitFactory(parent=unit)
    head = BlockMemberFactory(unit=unit, role=BlockRole.HEAD)
    of_block = PoliceInChargeFactory(unit=None, block=BlockFactory())

    assert ancestor_ids(leaf, DAY) == [unit.pk, root.pk]
    assert parents_of([leaf.pk, root.pk], DAY) == {leaf.pk: unit.pk}
    assert police_in_charge_of([unit.pk, leaf.pk], DAY) == {unit.pk: police.pk}
    assert police_in_charge_of_blocks(DAY) == {of_block.block_id: of_block.police_unit_id}
    assert block_heads(DAY) == {head.block_id: unit.pk}


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
