"""Whom a message to a unit reaches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.units.models import Membership

WORKING_ROLES = (Role.CLERK, Role.LEADER, Role.BLOCK_HEAD)


def people_of(unit_ids: Iterable[int], on: date) -> dict[int, list[User]]:
    """Return, for each unit that has any, the people who enter or send its reports on a day."""
    rows = (
        Membership.objects.alive_on(on)
        .filter(
            unit_id__in=list(unit_ids),
            role__in=[role.value for role in WORKING_ROLES],
            user__is_active=True,
        )
        .select_related("user")
        .order_by("unit_id", "user_id")
    )
    found: dict[int, list[User]] = {}
    for row in rows:
        group = found.setdefault(row.unit_id, [])
        if row.user not in group:
            group.append(row.user)
    return found
