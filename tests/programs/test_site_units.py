"""Units are found as people type them; a form takes any unit, or only those of the scope."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from apps.accounts.models import User
from apps.accounts.rules import Permission, Role
from apps.programs.forms.amounts import AmountField
from apps.programs.forms.units import FormWithUnits, UnitField, UnitsField
from apps.programs.queries.units import find_units, home_unit
from apps.programs.rules import Amount, Counted
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.units import MembershipFactory, UnitFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


class JointForm(FormWithUnits):
    """A unit of the scope, and any others."""

    unit = UnitField(label="Đơn vị")
    owners = UnitsField(label="Chủ trì", required=False)
    members = AmountField(label="Thành viên", required=False)


def commune_with_clerk(name: str = "Xã Mỹ Hòa") -> tuple[Unit, Unit, User]:
    """Return a commune, its police and the clerk who works at the police."""
    police = UnitFactory(name=f"Công an {name}", kind=UnitKind.POLICE_COMMUNE)
    commune = UnitFactory(name=name, kind=UnitKind.COMMUNE, police=police)
    clerk = UserFactory()
    MembershipFactory(user=clerk, unit=police, role=Role.CLERK)
    return commune, police, clerk


def sent(pairs: str) -> QueryDict:
    return QueryDict(pairs)


def test_clerk_of_the_police_writes_for_the_commune() -> None:
    commune, _, clerk = commune_with_clerk()
    assert home_unit(clerk, TODAY, Permission.REGISTER_ENTER) == commune


def test_clerk_of_a_school_writes_for_the_school() -> None:
    school = UnitFactory(kind=UnitKind.SCHOOL)
    clerk = UserFactory()
    MembershipFactory(user=clerk, unit=school, role=Role.CLERK)
    assert home_unit(clerk, TODAY, Permission.REGISTER_ENTER) == school


def test_who_only_looks_has_no_unit_to_write_for() -> None:
    auditor = UserFactory()
    MembershipFactory(user=auditor, unit=UnitFactory(), role=Role.AUDITOR)
    assert home_unit(auditor, TODAY, Permission.REGISTER_ENTER) is None


def test_units_are_found_without_accents_with_the_unit_above() -> None:
    commune = UnitFactory(name="Xã Tân Hồng")
    UnitFactory(name="Ấp Bình Thạnh", kind=UnitKind.RESIDENTIAL_AREA, parent=commune)
    found = find_units(Unit.objects.all(), "ap binh thanh", TODAY)
    assert [option.label for option in found] == ["Ấp Bình Thạnh, Xã Tân Hồng"]


def test_names_that_begin_so_come_first() -> None:
    for name in ("Ban khối thi đua", "Chi Hội Nông dân", "Hội Phụ nữ"):
        UnitFactory(name=name)
    UnitFactory(name="Công an xã Tân Hội", kind=UnitKind.POLICE_COMMUNE)
    UnitFactory(name="Xã Tân Hội")
    found = find_units(Unit.objects.all(), "hoi", TODAY)
    assert [option.name for option in found] == [
        "Hội Phụ nữ",
        "Chi Hội Nông dân",
        "Xã Tân Hội",
        "Công an xã Tân Hội",
        "Ban khối thi đua",
    ]


def test_scope_limits_the_one_unit_but_not_the_owners() -> None:
    commune, _, clerk = commune_with_clerk()
    other = UnitFactory(name="Hội Nông dân", kind=UnitKind.MASS_ORGANISATION)
    form = JointForm(sent(f"unit={other.pk}&owners={other.pk}"), user=clerk, on=TODAY)
    assert not form.is_valid()
    assert list(form.errors) == ["unit"]
    form = JointForm(sent(f"unit={commune.pk}&owners={other.pk}"), user=clerk, on=TODAY)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["unit"] == commune
    assert form.cleaned_data["owners"] == (other,)


def test_typed_name_or_code_adds_a_unit_without_scripts() -> None:
    commune, police, clerk = commune_with_clerk()
    farmers = UnitFactory(name="Hội Nông dân xã Mỹ Hòa", code="HND-1")
    data = QueryDict(mutable=True)
    data.update({"unit": str(commune.pk), "owners-go": f"hoi nong dan; {police.code}"})
    form = JointForm(data, user=clerk, on=TODAY)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["owners"] == (farmers, police)


def test_unclear_name_says_which_units_it_could_be_and_stays_typed() -> None:
    commune, _, clerk = commune_with_clerk()
    for code in ("HPN-1", "HPN-2"):
        UnitFactory(name="Hội Phụ nữ", code=code)
    data = QueryDict(mutable=True)
    data.update({"unit": str(commune.pk), "owners-go": "hội phụ nữ"})
    form = JointForm(data, user=clerk, on=TODAY)
    assert "HPN-1" in str(form.errors["owners"]) and "HPN-2" in str(form.errors["owners"])
    assert 'value="hội phụ nữ"' in str(form["owners"])


def test_unknown_id_is_refused_not_a_fault_of_the_server() -> None:
    commune, _, clerk = commune_with_clerk()
    for bad in ("99999999", "99999999999999999999", "x", "²"):
        form = JointForm(sent(f"unit={bad}&owners={commune.pk}"), user=clerk, on=TODAY)
        assert list(form.errors) == ["unit"]
        form = JointForm(
            sent(f"unit={commune.pk}&owners={bad}&owners-go=%00"), user=clerk, on=TODAY
        )
        assert str(form["owners"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1.250", Counted(1250)),
        ("hơn 1.000", Counted(1000, Amount.OVER)),
        ("gần 300", Counted(300, Amount.NEARLY)),
        ("", Counted()),
        ("0", Counted(0)),
    ],
)
def test_members_are_read_as_people_write_them(typed: str, read: Counted) -> None:
    assert AmountField(required=False).clean(typed) == read
    assert AmountField().prepare_value(read) == typed


@pytest.mark.parametrize("typed", ["-3", "hơn 0", "nhiều", "1,5", "12.50"])
def test_what_is_no_count_is_refused(typed: str) -> None:
    form = JointForm(sent(f"members={typed}"), user=UserFactory(), on=TODAY)
    assert "members" in form.errors


def options(client: Client, query: dict[str, Any]) -> str:
    return client.get("/don-vi/tim/", query).content.decode()


def test_picker_offers_all_units_or_the_scope(client: Client, clock: object) -> None:
    _, _, clerk = commune_with_clerk("Xã Mỹ Hòa")
    commune_with_clerk("Xã Mỹ An")
    client.force_login(clerk)
    assert "Xã Mỹ An" in options(client, {"q": "xa my"})
    narrowed = options(client, {"q": "xa my", "pham_vi": "1"})
    assert "Xã Mỹ Hòa" in narrowed and "Xã Mỹ An" not in narrowed
    assert "Không thấy" in options(client, {"q": "zzzz"})
    assert options(client, {"q": ""}).strip() == "" == options(client, {"q": "\x00"}).strip()
