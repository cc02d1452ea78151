"""Say whether a file that holds a person's scope may still be given to that person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from apps.accounts.models import User
from apps.accounts.rules import Permission, permissions_of
from apps.units.permissions import posts_of


def posts_with(user: User, on: date, permission: Permission) -> list[int]:
    """Return the units at which a person holds a permission on a day."""
    posts = posts_of(user, on)
    return sorted(unit for unit, roles in posts.items() if permission in permissions_of(roles))


def holds_posts(user: User, on: date, permission: Permission, units: Iterable[int]) -> bool:
    """Tell whether a person still holds a permission at every one of some units."""
    held = posts_with(user, on, permission)
    return user.is_active and bool(held) and set(units) <= set(held)
