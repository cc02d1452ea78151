"""Two communes of a province with their police, and who works where; for lists and imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.test import Client

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.units import AreaFactory, MembershipFactory, PoliceInChargeFactory, UnitFactory

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@dataclass
class ListWorld:
    """The units, and a browser for each person."""

    province: Unit
    my_hoa: Unit
    tan_thanh: Unit
    hamlet: Unit
    school: Unit
    reviewer: User
    clerk: User

    def browser(self, user: User) -> Client:
        """Return a browser in which somebody is signed in."""
        client = Client()
        client.force_login(user)
        return client


def worker(unit: Unit, role: Role) -> User:
    """Return somebody who works at a unit."""
    user: User = UserFactory()
    MembershipFactory(user=user, unit=unit, role=role.value)
    return user


def list_world() -> ListWorld:
    """Build the province."""
    province = UnitFactory(name="Tỉnh Đồng Tháp", kind=UnitKind.PROVINCE, code="TINH-82")
    force = UnitFactory(name="Công an tỉnh", kind=UnitKind.POLICE_PROVINCE, parent=province)
    PoliceInChargeFactory(unit=province, police_unit=force)
    communes, stations = [], []
    for number, name in enumerate(("Mỹ Hòa", "Tân Thạnh")):
        area = AreaFactory(name=f"Xã {name}", lat=10.3 + number / 10, lon=105.7 + number / 5)
        kind = UnitKind.POLICE_COMMUNE
        stations.append(UnitFactory(name=f"Công an xã {name}", kind=kind, parent=force))
        communes.append(
            UnitFactory(
                name=f"Xã {name}",
                code=f"XA-{number + 1}",
                kind=UnitKind.COMMUNE,
                parent=province,
                police=stations[-1],
                area=area,
            )
        )
    return ListWorld(
        province=province,
        my_hoa=communes[0],
        tan_thanh=communes[1],
        hamlet=UnitFactory(
            name="Ấp 1", code="AP-1", kind=UnitKind.RESIDENTIAL_AREA, parent=communes[0]
        ),
        school=UnitFactory(name="Trường Mẫu", kind=UnitKind.SCHOOL, parent=province),
        reviewer=worker(force, Role.REVIEWER),
        clerk=worker(stations[0], Role.CLERK),
    )
