"""Say who may do what: THE table of roles × dated memberships × the tree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import TABLE, Permission, Role, permissions_of
from apps.core.access import marked
from apps.core.prepared import Prepared
from apps.units.models import Membership, Unit

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Person = AbstractBaseUser | AnonymousUser

# What the unit in charge may hand out itself; every other role is given in the Django admin.
UNIT_ROLES = (Role.CLERK, Role.LEADER, Role.BLOCK_HEAD)


# Every page asks it: planned once a connection, composed never.
POSTS = Prepared(
    "SELECT unit_id, role FROM units_membership WHERE user_id = %(user)s AND valid @> %(on)s",
    {"user": "bigint", "on": "date"},
)


def posts_of(user: Person, on: date) -> dict[int, frozenset[Role]]:
    """Return a user's roles on a day by unit; asked once per user object, that is, per request."""
    known: dict[date, dict[int, frozenset[Role]]] = user.__dict__.setdefault("_posts_by_day", {})
    if on not in known:
        rows = POSTS.rows({"user": user.pk, "on": on}) if user.pk else ()
        posts: dict[int, set[Role]] = {}
        for unit_id, role in rows:
            posts.setdefault(unit_id, set()).add(Role(role))
        known[on] = {unit_id: frozenset(roles) for unit_id, roles in posts.items()}
    return known[on]


def roles_of(user: Person, on: date) -> frozenset[Role]:
    """Return the roles a user has on a day, wherever he holds them."""
    return frozenset().union(*posts_of(user, on).values())


def permissions_for(user: Person, on: date) -> frozenset[Permission]:
    """Return what a user may do on a day; a superuser holds an administrator's rights."""
    if not (user.is_authenticated and user.is_active):
        return frozenset()
    roles = set(roles_of(user, on))
    if getattr(user, "is_superuser", False):
        roles.add(Role.ADMIN)
    return permissions_of(roles)


def scope_unit_ids(
    user: Person, on: date, permission: Permission | None = None
) -> QuerySet[Unit, int]:
    """Return the ids of the units a user may see on a day, for use as a subquery (one SQL)."""
    return Unit.objects.visible_to(user, on, permission).values_list("pk", flat=True)


def inherited_unit_ids(user: Person, on: date, permission: Permission) -> QuerySet[Unit, int]:
    """Return the ids of ended units whose papers a user inherits, for use as a subquery."""
    return Unit.objects.inherited_by(user, on, permission).values_list("pk", flat=True)


def requires(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Open a view to signed-in users who hold a permission today; refuse others with 403."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if permission not in permissions_for(request.user, timezone.localdate()):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return marked(checked, permission.value)

    return decorate


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that carry a permission."""
    return frozenset(role for role in Role if permission in TABLE[role])


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user of a request with his type."""
    return cast("User", request.user)


def grantable_roles(user: Person, on: date) -> tuple[Role, ...]:
    """Return the roles a user may hand out: those of a unit, and those he could not abuse.

    Nobody hands out a right he does not hold himself; administrators and auditors are named in
    the Django admin alone.
    """
    held = permissions_for(user, on)
    return tuple(
        role
        for role in Role
        if role in UNIT_ROLES or (role not in {Role.ADMIN, Role.AUDITOR} and TABLE[role] <= held)
    )


def people_in_charge(user: Person, on: date) -> QuerySet[User]:
    """Return the people whose accounts a user may look after on a day.

    All their roles must lie in his scope and be such as he may hand out; colleagues with a
    reviewing role in a unit of his own are out, so that nobody can act in a colleague's name.
    """
    live = Membership.objects.alive_on(on)
    scope = scope_unit_ids(user, on, Permission.PEOPLE_MANAGE)
    own = live.filter(user_id=user.pk or 0).values("unit_id")
    beyond_unit = Q(unit_id__in=own) & ~Q(role__in=UNIT_ROLES)
    theirs = live.filter(unit_id__in=scope, role__in=grantable_roles(user, on)).exclude(beyond_unit)
    others = Membership.objects.reaching(on).exclude(pk__in=theirs.values("pk"))
    people: QuerySet[User] = User.objects.filter(pk__in=theirs.values("user_id"))
    ordinary = people.filter(is_staff=False, is_superuser=False).exclude(pk=user.pk or 0)
    return ordinary.exclude(pk__in=others.values("user_id"))


def with_editable_contacts(user: Person, on: date) -> QuerySet[Unit]:
    """Return the units whose contacts a user may change: his own and those he looks after."""
    own = scope_unit_ids(user, on, Permission.REPORT_ENTER)
    charged = scope_unit_ids(user, on, Permission.PEOPLE_MANAGE)
    return Unit.objects.filter(Q(pk__in=own) | Q(pk__in=charged))
