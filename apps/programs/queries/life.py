"""Say which sites a person may change: those that stand in, or are owned by, units of his scope."""

from __future__ import annotations

from datetime import date

from apps.accounts.models import User
from apps.accounts.rules import Permission, permissions_of
from apps.programs.models.sites import SiteQuerySet
from apps.programs.queries.site import sites_to_write
from apps.programs.rules import SiteState
from apps.units.models import Unit
from apps.units.permissions import posts_of


def changeable_sites(user: User, on: date, permission: Permission) -> SiteQuerySet:
    """Return the sites in the register that a person may change."""
    return sites_to_write(user, on, permission).kept()


def right_to_move(state: str) -> Permission:
    """Return what it takes to move a site on: a draft is launched by whoever may write it."""
    if state == SiteState.DRAFT:
        return Permission.REGISTER_ENTER
    return Permission.REGISTER_DECIDE


def own_unit(user: User, on: date) -> Unit | None:
    """Return the unit for which somebody manages the register, to be offered first."""
    held = (
        pk
        for pk, roles in posts_of(user, on).items()
        if Permission.REGISTER_MANAGE in permissions_of(roles)
    )
    return Unit.objects.filter(pk__in=list(held)[:1]).first()
