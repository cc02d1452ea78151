"""The database itself refuses what can never be true of units."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.units.models import Unit
from apps.units.rules import AreaKind, BlockRole, UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.units import (
    AreaFactory,
    BlockFactory,
    BlockMemberFactory,
    ContactFactory,
    MembershipFactory,
    PoliceInChargeFactory,
    UnitFactory,
    UnitParentFactory,
    UnitSpanFactory,
)

pytestmark = pytest.mark.django_db

EARLY = DateRange(date(2025, 7, 1), date(2026, 7, 1))
LATE = DateRange(date(2026, 7, 1), None)
ACROSS = DateRange(date(2026, 6, 30), date(2026, 7, 2))


def refused(constraint: str, factory: Any, **values: Any) -> None:
    """Insert a forbidden row and expect the named constraint to break."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factory(**values)


def test_area_code_is_unique_on_a_day_but_may_return() -> None:
    AreaFactory(code="00004", valid=EARLY)
    AreaFactory(code="00004", valid=LATE)
    refused("area_code_once_a_day", AreaFactory, code="00004", valid=ACROSS)


def test_area_code_fits_its_kind() -> None:
    AreaFactory(code="82", kind=AreaKind.PROVINCE)
    refused("area_code_fits_kind", AreaFactory, code="82", kind=AreaKind.WARD)
    refused("area_code_fits_kind", AreaFactory, code="00082", kind=AreaKind.PROVINCE)


def test_unit_has_one_name_at_a_time() -> None:
    unit = UnitSpanFactory(valid=EARLY).unit
    UnitSpanFactory(unit=unit, valid=LATE)
    refused("unitspan_one_at_a_time", UnitSpanFactory, unit=unit, valid=ACROSS)


def test_ranges_are_never_empty_and_always_start() -> None:
    unit = UnitFactory()
    empty = DateRange(date(2026, 1, 1), date(2026, 1, 1))
    refused("unitspan_valid_is_proper", UnitSpanFactory, unit=unit, valid=empty)
    endless = DateRange(None, date(2025, 1, 1))
    refused("unitspan_valid_is_proper", UnitSpanFactory, unit=unit, valid=endless)


def test_unit_has_one_parent_at_a_time_and_never_itself() -> None:
    unit, parent, other = UnitFactory(), UnitFactory(), UnitFactory()
    UnitParentFactory(unit=unit, parent=parent)
    refused("unitparent_one_at_a_time", UnitParentFactory, unit=unit, parent=other, valid=LATE)
    refused("unitparent_not_itself", UnitParentFactory, unit=other, parent=other)


def test_unit_code_is_unique_and_given() -> None:
    UnitFactory(code="X-1")
    refused("unit_code_unique", UnitFactory, code="X-1")
    refused("unit_code_given", UnitFactory, code="")


def test_unit_is_never_deleted() -> None:
    unit = UnitFactory()
    with (
        pytest.raises(IntegrityError, match="never deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM units_unitclosure")
        cursor.execute("DELETE FROM units_unitspan")
        cursor.execute("DELETE FROM units_unit WHERE id = %s", [unit.pk])
    assert Unit.objects.filter(pk=unit.pk).exists()


def test_block_has_one_head_at_a_time() -> None:
    block = BlockFactory()
    BlockMemberFactory(block=block, role=BlockRole.HEAD, valid=EARLY)
    BlockMemberFactory(block=block, role=BlockRole.HEAD, valid=LATE)
    refused(
        "blockmember_one_head_at_a_time",
        BlockMemberFactory,
        block=block,
        role=BlockRole.HEAD,
        valid=ACROSS,
    )


def test_unit_is_in_a_block_once_at_a_time() -> None:
    member = BlockMemberFactory()
    refused("blockmember_one_at_a_time", BlockMemberFactory, block=member.block, unit=member.unit)


def test_police_is_in_charge_of_a_unit_or_a_block_not_both() -> None:
    police = UnitFactory(kind=UnitKind.POLICE_DEPARTMENT)
    refused("policeincharge_of_unit_or_block", PoliceInChargeFactory, unit=None, police_unit=police)
    block = BlockFactory()
    refused(
        "policeincharge_of_unit_or_block", PoliceInChargeFactory, block=block, police_unit=police
    )
    refused("policeincharge_not_itself", PoliceInChargeFactory, unit=police, police_unit=police)


def test_unit_and_block_have_one_police_unit_at_a_time() -> None:
    charge = PoliceInChargeFactory()
    refused("policeincharge_one_per_unit", PoliceInChargeFactory, unit=charge.unit, valid=LATE)
    of_block = PoliceInChargeFactory(unit=None, block=BlockFactory())
    refused("policeincharge_one_per_block", PoliceInChargeFactory, unit=None, block=of_block.block)


def test_membership_is_held_once_at_a_time_with_a_known_role() -> None:
    row = MembershipFactory()
    MembershipFactory(user=row.user, unit=row.unit, role="leader")
    refused("membership_once_at_a_time", MembershipFactory, user=row.user, unit=row.unit)
    refused("membership_role_is_known", MembershipFactory, user=UserFactory(), role="king")


def test_unit_has_one_main_contact() -> None:
    contact = ContactFactory(is_main=True)
    ContactFactory(unit=contact.unit)
    refused("contact_one_main_per_unit", ContactFactory, unit=contact.unit, is_main=True)
