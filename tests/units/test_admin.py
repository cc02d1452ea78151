"""The Django admin writes units through services, searches without accents, deletes nothing."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.units.models import (
    Block,
    BlockMember,
    Lineage,
    Membership,
    PoliceInCharge,
    Unit,
    UnitParent,
    UnitSpan,
)
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.units import AreaFactory, BlockFactory, MembershipFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

CHANGE = date(2026, 4, 30)


@pytest.fixture
def boss(client: Client) -> User:
    user: User = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def add(client: Client, model: str, **values: Any) -> str:
    """Post an add form and return the page one lands on."""
    answer = client.post(reverse(f"admin:units_{model}_add"), values, follow=True)
    return answer.content.decode()


def change(client: Client, row: Any, **values: Any) -> str:
    """Post a change form with its empty inlines and return the page one lands on."""
    url = reverse(f"admin:units_{row._meta.model_name}_change", args=[row.pk])
    inlines = {
        f"{prefix}-{name}_FORMS": 0
        for prefix in ("spans", "parents", "police_in_charge", "blocks", "members")
        for name in ("TOTAL", "INITIAL")
    }
    return client.post(url, values | inlines, follow=True).content.decode()


def facts(unit: Unit, **values: Any) -> dict[str, Any]:
    span = UnitSpan.objects.open_ended().get(unit=unit)
    known = {"name": span.name, "short_name": "", "kind": span.kind, "on": "30/04/2026"}
    return known | values


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(
    "model", ["area", "unit", "lineage", "block", "blockmember", "policeincharge", "membership"]
)
def test_lists_and_add_pages_open_in_vietnamese(client: Client, model: str) -> None:
    UnitFactory(name="Xã Mỹ Hòa")
    AreaFactory()
    MembershipFactory()
    page = client.get(reverse(f"admin:units_{model}_changelist")).content.decode()
    assert "Địa bàn và đơn vị" in page
    added = client.get(reverse(f"admin:units_{model}_add"))
    assert added.status_code == (403 if model == "area" else 200)


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("typed", ["my hoa", "Mỹ Hòa", "MY HOA", "my hoaa"])
def test_units_are_found_without_accents_and_with_a_slip(client: Client, typed: str) -> None:
    unit = UnitFactory(name="Xã Mỹ Hòa")
    UnitFactory(name="Phường Cao Lãnh")
    page = client.get(reverse("admin:units_unit_changelist"), {"q": typed}).content.decode()
    assert unit.code in page
    assert "Cao Lãnh" not in page
    choices = client.get(
        reverse("admin:autocomplete"),
        {
            "term": typed,
            "app_label": "units",
            "model_name": "unitparent",
            "field_name": "parent",
        },
    ).json()
    assert [row["text"] for row in choices["results"]] == [f"Xã Mỹ Hòa ({unit.code})"]


def test_unit_is_created_by_the_service(client: Client, boss: User) -> None:
    root = UnitFactory(kind=UnitKind.PROVINCE)
    police = UnitFactory(kind=UnitKind.POLICE_PROVINCE, parent=root)
    page = add(
        client,
        "unit",
        code="SYT",
        name="Sở Y tế",
        kind="agency",
        on="01/01/2026",
        parent=root.pk,
        police=police.pk,
    )
    assert 'class="success"' in page
    unit = Unit.objects.get(code="SYT")
    assert UnitParent.objects.get(unit=unit).parent == root
    assert PoliceInCharge.objects.get(unit=unit).police_unit == police
    entry = AuditEntry.objects.get(action="units.unit_created")
    assert entry.actor_id == boss.pk


@pytest.mark.usefixtures("boss")
def test_refusals_are_messages_and_nothing_is_half_done(client: Client) -> None:
    lay = UnitFactory()
    page = add(
        client,
        "unit",
        code="A",
        name="A",
        kind="agency",
        on="01/01/2026",
        police=lay.pk,
    )
    assert "không phải là đơn vị Công an" in page
    assert not Unit.objects.filter(code="A").exists()
    assert "Không có ngày 31/02/2026" in add(
        client, "unit", code="A", name="A", kind="agency", on="31/02/2026"
    )


@pytest.mark.usefixtures("boss")
def test_unit_changes_from_a_day_on(client: Client) -> None:
    root, police = UnitFactory(), UnitFactory(kind=UnitKind.POLICE_PROVINCE)
    unit, area = UnitFactory(name="Cũ"), AreaFactory()
    page = client.get(reverse("admin:units_unit_change", args=[unit.pk])).content.decode()
    assert 'value="Cũ"' in page
    assert 'value="18/11/2026"' in page

    values = facts(unit, name="Mới", kind="agency", area=area.pk, parent=root.pk, police=police.pk)
    change(client, unit, **values)

    span = UnitSpan.objects.alive_on(CHANGE).get(unit=unit)
    assert (span.name, span.kind, span.area) == ("Mới", "agency", area)
    assert UnitSpan.objects.alive_on(date(2026, 4, 29)).get(unit=unit).name == "Cũ"
    assert UnitParent.objects.get(unit=unit).parent == root
    assert PoliceInCharge.objects.get(unit=unit).valid_from == CHANGE
    actions = AuditEntry.objects.count()
    change(client, unit, **values)
    assert AuditEntry.objects.count() == actions


@pytest.mark.usefixtures("boss")
def test_unit_is_closed_and_never_deleted(client: Client) -> None:
    root = UnitFactory()
    unit = UnitFactory(parent=root)
    assert "Còn 1 đơn vị trực thuộc" in change(client, root, **facts(root, is_closed="on"))
    change(client, unit, **facts(unit, is_closed="on"))
    assert not UnitSpan.objects.alive_on(CHANGE).filter(unit=unit).exists()
    assert client.get(reverse("admin:units_unit_delete", args=[unit.pk])).status_code == 403


@pytest.mark.usefixtures("boss")
def test_blocks_members_and_police_go_through_services(client: Client) -> None:
    add(client, "block", code="K9", name="Khối 9", kind="emulation_block")
    block, unit = Block.objects.get(code="K9"), UnitFactory()
    police = UnitFactory(kind=UnitKind.POLICE_DEPARTMENT)
    assert block.search_key == "khoi 9"
    change(client, block, name="Khối Chín")
    block.refresh_from_db()
    assert block.search_key == "khoi chin"

    add(client, "blockmember", block=block.pk, unit=unit.pk, role="head", on="30/04/2026")
    member = BlockMember.objects.get()
    change(client, member, ended_on="01/10/2026")
    member.refresh_from_db()
    assert (member.valid_from, member.valid_to) == (CHANGE, date(2026, 10, 1))

    add(client, "policeincharge", block=block.pk, police_unit=police.pk, on="30/04/2026")
    assert PoliceInCharge.objects.get().block == block
    both = {"block": block.pk, "unit": unit.pk, "police_unit": police.pk, "on": "30/04/2026"}
    assert "không chọn cả hai" in add(client, "policeincharge", **both)


@pytest.mark.usefixtures("boss")
def test_memberships_start_and_end_on_days(client: Client) -> None:
    user, unit = UserFactory(), UnitFactory()
    add(client, "membership", user=user.pk, unit=unit.pk, role="auditor", on="30/04/2026")
    row = Membership.objects.get()
    assert (row.role, row.valid_from) == ("auditor", CHANGE)
    again = add(client, "membership", user=user.pk, unit=unit.pk, role="auditor", on="30/05/2026")
    assert "đã có vai trò này" in again
    change(client, row, ended_on="01/10/2026")
    row.refresh_from_db()
    assert row.valid_to == date(2026, 10, 1)


@pytest.mark.usefixtures("boss")
def test_lineage_is_recorded_by_decision(client: Client) -> None:
    old, new = UnitFactory(), UnitFactory()
    values = {"from_unit": old.pk, "to_unit": new.pk, "kind": "merge", "share": "2"}
    assert "không quá 1" in add(client, "lineage", **values, effective_on="01/07/2025")
    values |= {"share": "", "decision_number": "1663/NQ-UBTVQH15"}
    add(client, "lineage", **values, effective_on="01/07/2025")
    assert Lineage.objects.get().decision_number == "1663/NQ-UBTVQH15"


@pytest.mark.usefixtures("boss")
def test_list_of_units_costs_the_same_for_1_and_for_20(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    UnitFactory()
    client.get(reverse("admin:units_unit_changelist"))
    with django_assert_max_num_queries(12) as one:
        client.get(reverse("admin:units_unit_changelist"))
    for _ in range(20):
        BlockFactory()
        UnitFactory()
    with django_assert_max_num_queries(12) as many:
        client.get(reverse("admin:units_unit_changelist"))
    assert len(one) == len(many)
