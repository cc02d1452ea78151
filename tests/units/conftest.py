"""A small province and people who look after accounts in it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.units import MembershipFactory, UnitFactory


@dataclass
class Commune:
    """A commune, its police, a school below it, a neighbour, and who works where."""

    commune: Unit
    police: Unit
    school: Unit
    other: Unit
    reviewer: User
    clerk: User
    outsider: User


@pytest.fixture
def place(db: None) -> Commune:
    """Return a reviewer of the commune police with one clerk in his charge and one outside."""
    root = UnitFactory(code="T", kind=UnitKind.PROVINCE, name="Tỉnh Đồng Tháp")
    force = UnitFactory(code="CAT", kind=UnitKind.POLICE_PROVINCE, parent=root)
    police = UnitFactory(
        code="CAX", kind=UnitKind.POLICE_COMMUNE, parent=force, name="Công an xã Mỹ Hòa"
    )
    commune = UnitFactory(code="X", parent=root, police=police, name="Xã Mỹ Hòa")
    school = UnitFactory(
        code="TH", kind=UnitKind.SCHOOL, parent=commune, name="Trường Tiểu học Mỹ Hòa"
    )
    other = UnitFactory(code="Y", parent=root, name="Phường Cao Lãnh")

    def person(unit: Unit, role: Role, **texts: str) -> User:
        user: User = MembershipFactory(unit=unit, role=role, user=UserFactory(**texts)).user
        return user

    return Commune(
        commune,
        police,
        school,
        other,
        reviewer=person(police, Role.REVIEWER, full_name="Lê Thị Hoa", username="hoa.lt"),
        clerk=person(commune, Role.CLERK, full_name="Đỗ Văn Lân", username="lan.dv"),
        outsider=person(other, Role.CLERK, full_name="Trần Minh", username="minh.t"),
    )
