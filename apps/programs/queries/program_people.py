"""Whom a programme reaches in a unit, and which units somebody acts for in programmes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from apps.accounts.models import User
from apps.accounts.rules import Permission, Role, permissions_of
from apps.units.models import Membership, PoliceInCharge, UnitSpan
from apps.units.permissions import posts_of
from apps.units.rules import UnitKind

READERS = (Role.LEADER, Role.CLERK, Role.BLOCK_HEAD)
# The work of a commune or a province in the movement is done at the police in charge of it.
TERRITORIES = (UnitKind.COMMUNE, UnitKind.PROVINCE)


def people_by_recipient(unit_ids: Collection[int], on: date) -> dict[int, list[User]]:
    """Return leaders and clerks of each unit that has any; a commune has its police's too."""
    stations = _police_of_territories(unit_ids, on)
    rows = (
        Membership.objects.alive_on(on)
        .filter(
            unit_id__in={*unit_ids, *stations.values()},
            role__in=[role.value for role in READERS],
            user__is_active=True,
        )
        .select_related("user")
        .order_by("unit_id", "user_id")
    )
    there: dict[int, dict[int, User]] = {}
    for row in rows:
        there.setdefault(row.unit_id, {})[row.user_id] = row.user
    found = {
        unit: list((there.get(unit, {}) | there.get(stations.get(unit, 0), {})).values())
        for unit in unit_ids
    }
    return {unit: users for unit, users in found.items() if users}


def _police_of_territories(unit_ids: Collection[int], on: date) -> dict[int, int]:
    territories = UnitSpan.objects.alive_on(on).filter(kind__in=TERRITORIES)
    rows = PoliceInCharge.objects.alive_on(on).filter(
        unit_id__in=list(unit_ids), unit__in=territories.values("unit_id")
    )
    return {unit: police for unit, police in rows.values_list("unit_id", "police_unit_id") if unit}


def desk_unit_ids(user: User, on: date, permission: Permission) -> list[int]:
    """Return the units whose work lies on a user's own desk, a territory before its police.

    These are the units of his posts that carry the right, and the commune or province that one of
    these, a police unit, is in charge of.
    """
    own = [
        unit_id
        for unit_id, roles in posts_of(user, on).items()
        if permission in permissions_of(roles)
    ]
    territories = UnitSpan.objects.alive_on(on).filter(kind__in=TERRITORIES)
    charged = PoliceInCharge.objects.alive_on(on).filter(
        police_unit_id__in=own, unit__in=territories.values("unit_id")
    )
    found = [unit for unit in charged.order_by("pk").values_list("unit_id", flat=True) if unit]
    return list(dict.fromkeys([*found, *own]))
