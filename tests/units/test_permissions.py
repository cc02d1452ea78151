"""Who sees which unit: role × place × day, as tables about people of one small province."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.accounts.rules import TABLE, Permission, Role
from apps.units.models import Unit
from apps.units.permissions import permissions_for, requires, roles_with, scope_unit_ids
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.units import (
    BlockFactory,
    BlockMemberFactory,
    MembershipFactory,
    PoliceInChargeFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)


@dataclass
class Province:
    """A province of two communes, their police, a department with a block of banks, a school."""

    units: dict[str, Unit]

    def seen_by(self, user: User, permission: Permission | None = None, on: date = TODAY) -> str:
        ids = set(scope_unit_ids(user, on, permission))
        return " ".join(code for code, unit in self.units.items() if unit.pk in ids)


@pytest.fixture
def province() -> Province:
    units: dict[str, Unit] = {}

    def add(code: str, kind: UnitKind, parent: str = "", police: str = "") -> None:
        units[code] = UnitFactory(
            code=code, kind=kind, parent=units.get(parent), police=units.get(police)
        )

    add("T", UnitKind.PROVINCE)
    add("CAT", UnitKind.POLICE_PROVINCE, "T")
    add("PV", UnitKind.POLICE_DEPARTMENT, "CAT")
    add("CAX1", UnitKind.POLICE_COMMUNE, "CAT")
    add("CAX2", UnitKind.POLICE_COMMUNE, "CAT")
    add("X1", UnitKind.COMMUNE, "T", "CAX1")
    add("X2", UnitKind.COMMUNE, "T", "CAX2")
    add("TH1", UnitKind.SCHOOL, "X1", "CAX1")
    add("NH1", UnitKind.ENTERPRISE, "X2", "CAX2")
    add("MT", UnitKind.MASS_ORGANISATION, "T", "CAT")
    PoliceInChargeFactory(unit=units["T"], police_unit=units["CAT"])
    block = BlockFactory()
    BlockMemberFactory(block=block, unit=units["NH1"])
    PoliceInChargeFactory(unit=None, block=block, police_unit=units["PV"])
    return Province(units)


def person(unit: Unit, role: Role) -> User:
    user: User = MembershipFactory(unit=unit, role=role).user
    return user


@pytest.mark.parametrize(
    ("at_unit", "sees"),
    [
        ("T", "T CAT PV CAX1 CAX2 X1 X2 TH1 NH1 MT"),
        ("CAT", "T CAT PV CAX1 CAX2 X1 X2 TH1 NH1 MT"),
        ("PV", "PV NH1"),
        ("CAX1", "CAX1 X1 TH1"),
        ("CAX2", "CAX2 X2 NH1"),
        ("X1", "X1 TH1"),
        ("TH1", "TH1"),
        ("MT", "MT"),
    ],
)
def test_scope_is_own_subtree_and_what_own_police_is_in_charge_of(
    province: Province, at_unit: str, sees: str
) -> None:
    for role in set(Role) - {Role.ADMIN}:
        assert province.seen_by(person(province.units[at_unit], role)) == sees


def test_admin_role_opens_rows_only_for_what_the_role_may_do(province: Province) -> None:
    admin = person(province.units["T"], Role.ADMIN)
    assert province.seen_by(admin) == ""
    assert province.seen_by(admin, Permission.REPORT_VIEW) == ""
    assert "X1" in province.seen_by(admin, Permission.PEOPLE_MANAGE)


def test_scope_of_a_permission_counts_only_the_roles_that_carry_it(province: Province) -> None:
    user = person(province.units["CAX1"], Role.REVIEWER)
    MembershipFactory(user=user, unit=province.units["MT"], role=Role.CLERK)
    assert province.seen_by(user) == "CAX1 X1 TH1 MT"
    assert province.seen_by(user, Permission.REPORT_REVIEW) == "CAX1 X1 TH1"
    assert province.seen_by(user, Permission.REPORT_ENTER) == "MT"


def test_scope_follows_the_day(province: Province) -> None:
    ended = DateRange(date(2025, 7, 1), TODAY)
    user = MembershipFactory(unit=province.units["X1"], valid=ended).user
    assert province.seen_by(user) == ""
    assert province.seen_by(user, on=date(2026, 11, 17)) == "X1 TH1"


def test_scope_is_empty_for_strangers(province: Province) -> None:
    assert province.seen_by(UserFactory()) == ""
    assert not Unit.objects.visible_to(AnonymousUser(), TODAY).exists()
    assert not Unit.objects.visible_to(UserFactory(is_superuser=True), TODAY).exists()


def test_scope_costs_one_query_whatever_the_number_of_units(
    province: Province, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = person(province.units["CAT"], Role.REVIEWER)
    with django_assert_num_queries(1):
        few = len(Unit.objects.visible_to(user, TODAY).with_names(TODAY))
    for _ in range(20):
        UnitFactory(parent=province.units["X1"])
    with django_assert_num_queries(1):
        assert len(Unit.objects.visible_to(user, TODAY).with_names(TODAY)) == few + 20


@pytest.mark.parametrize("role", list(Role))
def test_permissions_for_is_the_table_and_is_asked_once(
    role: Role, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = person(UnitFactory(), role)
    with django_assert_num_queries(1):
        assert permissions_for(user, TODAY) == TABLE[role]
        assert permissions_for(user, TODAY) == TABLE[role]
    assert (role in roles_with(Permission.REPORT_VIEW)) == (Permission.REPORT_VIEW in TABLE[role])


def test_permissions_for_nobody_locked_and_superusers() -> None:
    assert permissions_for(AnonymousUser(), TODAY) == frozenset()
    locked = MembershipFactory(user=UserFactory(is_active=False)).user
    assert permissions_for(locked, TODAY) == frozenset()
    assert permissions_for(UserFactory(is_superuser=True), TODAY) == TABLE[Role.ADMIN]


@requires(Permission.REPORT_REVIEW)
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def test_requires_redirects_strangers_and_refuses_those_without_the_right(
    rf: RequestFactory,
) -> None:
    request = rf.get("/x/?a=1")
    request.user = AnonymousUser()
    assert "next=/x/%3Fa%3D1" in page(request)["Location"]
    request.user = person(UnitFactory(), Role.CLERK)
    with pytest.raises(PermissionDenied):
        page(request)
    request.user = person(UnitFactory(), Role.REVIEWER)
    assert page(request).status_code == 200
    assert page.access == "report_review"
