"""A small province for tests of the life of sites: who may decide where."""

from __future__ import annotations

from dataclasses import dataclass

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.programs.models import ModelSite
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.programs import SiteFactory, SiteMoveFactory
from tests.factories.units import MembershipFactory, UnitFactory


@dataclass
class LifeWorld:
    """A commune with its clerk and leader, a neighbour, and the province that reviews."""

    province: Unit
    commune: Unit
    neighbour: Unit
    clerk: User
    leader: User
    reviewer: User
    stranger: User
    site: ModelSite


def build_life_world() -> LifeWorld:
    """Return the province with one site that works at the commune."""
    root = UnitFactory(kind=UnitKind.PROVINCE, name="Tỉnh Đồng Tháp")
    commune = UnitFactory(parent=root, name="Xã Mỹ Hòa")
    neighbour = UnitFactory(parent=root, name="Phường Cao Lãnh")

    def person(unit: Unit, role: Role) -> User:
        user: User = MembershipFactory(unit=unit, role=role).user
        return user

    site = SiteFactory(unit=commune, name="Tiếng kẻng an ninh Mỹ Hòa")
    SiteMoveFactory(site=site)
    return LifeWorld(
        root,
        commune,
        neighbour,
        clerk=person(commune, Role.CLERK),
        leader=person(commune, Role.LEADER),
        reviewer=person(root, Role.REVIEWER),
        stranger=person(neighbour, Role.LEADER),
        site=site,
    )
