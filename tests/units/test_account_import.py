"""A list is checked whole, written whole, and its passwords live on paper alone."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.accounts.services import deactivate_user
from apps.audit.models import AuditEntry
from apps.units.models import AccountImport, Contact, Membership
from apps.units.permissions import grantable_roles, people_in_charge
from apps.units.services import (
    ImportAlreadyApplied,
    ImportHasErrors,
    NoSlipsLeft,
    NotInCharge,
    SheetLine,
    UnitRefused,
    add_person,
    import_accounts,
    issue_slips,
    lock_person,
    preview_import,
    reset_unit_password,
    slip_parts,
    unlock_person,
)
from apps.units.services.account_plan import AccountPlan, plan_accounts
from tests.factories.accounts import UserFactory
from tests.factories.units import MembershipFactory
from tests.units.conftest import Commune

TODAY = date(2026, 11, 18)


def line(number: int = 2, **texts: str) -> SheetLine:
    facts: dict[str, Any] = {
        "unit_code": "TH",
        "full_name": "Nguyễn Văn An",
        "role": "Cán bộ nhập liệu",
    }
    return SheetLine(number=number, **(facts | texts))


def plan_of(place: Commune, *lines: SheetLine) -> AccountPlan:
    return plan_accounts(lines, place.reviewer, TODAY)


@pytest.fixture
def batch(place: Commune, at: datetime) -> Callable[..., AccountImport]:
    def make(*lines: SheetLine) -> AccountImport:
        return AccountImport.objects.create(
            owner=place.reviewer,
            file_name="a.xlsx",
            sha256="0" * 64,
            rows={"lines": [one.stored() for one in lines], "created": []},
            created_at=at,
        )

    return make


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ({"unit_code": ""}, "Ô A7: chưa nhập mã đơn vị."),
        ({"unit_code": "NOPE"}, "Ô A7: không có đơn vị mã “NOPE” trong phạm vi của bạn."),
        ({"unit_code": "Y"}, "Ô A7: không có đơn vị mã “Y” trong phạm vi của bạn."),
        ({"full_name": ""}, "Ô C7: chưa nhập họ và tên."),
        ({"full_name": "a" * 151}, "Ô C7: dài quá 150 ký tự."),
        ({"phone": "không có"}, "Ô E7: “không có” không phải là số điện thoại"),
        ({"role": "Chỉ liên hệ"}, "Ô E7: chưa nhập số điện thoại của người liên hệ."),
        ({"email": "an@"}, "Ô F7: “an@” không phải là địa chỉ thư điện tử."),
        ({"role": ""}, "Ô G7: chưa nhập vai trò."),
        ({"role": "Quản trị"}, "Ô G7: không có vai trò “Quản trị”."),
        (
            {"unit_code": "CAX", "role": "Cán bộ tiếp nhận, tổng hợp"},
            "Ô G7: vai trò “Cán bộ tiếp nhận, tổng hợp” tại đơn vị của chính bạn do quản trị cấp.",
        ),
        ({"username": "An Nguyễn"}, "Ô H7: “An Nguyễn”: chỉ dùng chữ thường không dấu"),
        ({"username": "minh.t"}, "Ô H7: tên “minh.t” đã có người khác dùng."),
        ({"role": "Chỉ liên hệ", "phone": "0912345678", "username": "a.b"}, "Ô H7: người chỉ"),
    ],
)
def test_each_fault_is_named_by_its_cell(place: Commune, texts: dict[str, str], error: str) -> None:
    errors = plan_of(place, line(7, **texts)).errors
    assert len(errors) == 1
    assert errors[0].startswith(error)


def test_all_errors_come_at_once(place: Commune) -> None:
    plan = plan_of(
        place,
        line(2, unit_code="NOPE", full_name="", role="vua"),
        line(3, unreadable=["Ô D3: có công thức."]),
        line(4, full_name="Lê Ba", username="ba.l"),
        line(5, full_name="Lê Tư", username="ba.l"),
        line(6, full_name="Lê Sáu"),
        line(9, full_name="lê sáu"),
    )
    assert [error.partition(":")[0] for error in plan.errors] == [
        "Ô A2",
        "Ô C2",
        "Ô G2",
        "Ô D3",
        "Ô H5",
        "Ô C9",
    ]


def test_user_names_are_made_and_kept_apart(place: Commune) -> None:
    UserFactory(username="an.nv")
    plan = plan_of(
        place,
        line(2),
        line(3, unit_code="X", full_name="Nguyễn Vũ Ân"),
        line(4, unit_code="X", full_name="Nguyễn Vũ Ân", role="Lãnh đạo đơn vị"),
        line(5, full_name="Đ"),
    )
    assert [planned.username for planned in plan.lines] == ["an.nv2", "an.nv3", "an.nv3", "cb.d"]
    assert plan.errors == []


def test_known_people_are_found_by_user_name_or_by_name_and_unit(place: Commune) -> None:
    plan = plan_of(
        place,
        line(2, unit_code="X", full_name="Đỗ Văn Lân"),
        line(3, unit_code="TH", full_name="Đỗ Văn Lân", username="LAN.DV", phone="0912345678"),
    )
    assert [(planned.outcome, planned.user) for planned in plan.lines] == [
        ("same", place.clerk),
        ("changed", place.clerk),
    ]
    assert plan.lines[1].changes == (
        "điện thoại: trống → 0912345678",
        "thêm vai trò Cán bộ nhập liệu tại Trường Tiểu học Mỹ Hòa",
    )


def test_import_writes_accounts_roles_and_contacts_and_again_changes_nothing(
    place: Commune, at: datetime, batch: Callable[..., AccountImport]
) -> None:
    lines = (
        line(2, title="Văn thư", phone="0912 345 678", email="an@mh.edu.vn"),
        line(3, role="Lãnh đạo đơn vị", unit_code="X"),
        line(4, full_name="Trần Bình", role="Chỉ liên hệ", phone="0277 385 0123"),
        line(5, unit_code="X", full_name="Đỗ Văn Lân", title="Phó phòng"),
    )
    made = batch(*lines)

    import_accounts(batch=made, by=place.reviewer, at=at)

    user = User.objects.get(username="an.nv")
    assert (user.title, user.phone, user.must_change_password) == ("Văn thư", "0912 345 678", True)
    assert not user.has_usable_password()
    roles = Membership.objects.filter(user__full_name="Nguyễn Văn An")
    assert sorted(roles.values_list("unit__code", "role")) == [("TH", "clerk"), ("X", "leader")]
    contact = Contact.objects.get()
    assert (contact.unit.code, contact.is_main) == ("TH", True)
    place.clerk.refresh_from_db()
    assert place.clerk.title == "Phó phòng"
    made.refresh_from_db()
    assert made.applied_at == at
    assert AuditEntry.objects.filter(action="units.accounts_imported").count() == 1
    with pytest.raises(ImportAlreadyApplied):
        import_accounts(batch=made, by=place.reviewer, at=at)
    assert preview_import(batch(*lines), place.reviewer, at).counts() == {
        "new": 0,
        "changed": 0,
        "same": 4,
    }


def test_import_writes_nothing_when_one_line_is_wrong(
    place: Commune, at: datetime, batch: Callable[..., AccountImport]
) -> None:
    before = User.objects.count()
    made = batch(line(2), line(3, unit_code="Y"))
    with pytest.raises(ImportHasErrors, match="còn 1 lỗi"):
        import_accounts(batch=made, by=place.reviewer, at=at)
    assert User.objects.count() == before
    made.refresh_from_db()
    assert made.applied_at is None


def test_slips_are_for_those_who_never_signed_in_and_a_new_print_ends_the_old(
    place: Commune, at: datetime, batch: Callable[..., AccountImport]
) -> None:
    made = batch(line(2), line(3, full_name="Lê Ba"))
    import_accounts(batch=made, by=place.reviewer, at=at)
    made.refresh_from_db()

    first = issue_slips(batch=made, part=0, by=place.reviewer, at=at)

    assert [slip.unit_name for slip in first] == ["Trường Tiểu học Mỹ Hòa"] * 2
    assert first[0].user.check_password(first[0].password)
    User.objects.filter(username="ba.l").update(last_login=at)
    assert slip_parts(made, place.reviewer, at) == [1]
    (again,) = issue_slips(batch=made, part=0, by=place.reviewer, at=at)
    again.user.refresh_from_db()
    assert not again.user.check_password(first[0].password)
    assert again.user.check_password(again.password)
    assert first[0].password not in repr(first[0])
    made.refresh_from_db()
    assert first[0].password not in str(made.rows)
    entries = str(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert again.password not in entries
    User.objects.update(last_login=at)
    with pytest.raises(NoSlipsLeft):
        issue_slips(batch=made, part=0, by=place.reviewer, at=at)


def test_add_person_gives_a_password_to_the_new_and_a_role_to_the_known(
    place: Commune, at: datetime
) -> None:
    slip = add_person(line=line(), by=place.reviewer, at=at)
    assert slip is not None
    assert slip.user.check_password(slip.password)
    known = line(unit_code="TH", full_name="Đỗ Văn Lân", username="lan.dv")
    assert add_person(line=known, by=place.reviewer, at=at) is None
    assert Membership.objects.filter(user=place.clerk).count() == 2
    with pytest.raises(UnitRefused, match="trong phạm vi"):
        add_person(line=line(unit_code="Y"), by=place.reviewer, at=at)


def test_reset_lock_and_unlock_are_for_people_in_charge_only(place: Commune, at: datetime) -> None:
    slip = reset_unit_password(user=place.clerk, by=place.reviewer, at=at)
    place.clerk.refresh_from_db()
    assert place.clerk.check_password(slip.password)
    lock_person(user=place.clerk, by=place.reviewer, at=at)
    assert not User.objects.get(pk=place.clerk.pk).is_active
    unlock_person(user=place.clerk, by=place.reviewer, at=at)
    assert User.objects.get(pk=place.clerk.pk).is_active
    for service in (reset_unit_password, lock_person, unlock_person):
        with pytest.raises(NotInCharge):
            service(user=place.outsider, by=place.reviewer, at=at)


def test_people_in_charge_leaves_out_whoever_could_do_more(place: Commune, at: datetime) -> None:
    def charged() -> set[str]:
        people = people_in_charge(place.reviewer, TODAY)
        return set(people.values_list("username", flat=True))

    assert charged() == {"lan.dv"}
    colleague = MembershipFactory(unit=place.police, role=Role.CLERK).user
    assert charged() == {"lan.dv", colleague.username}
    MembershipFactory(unit=place.police, user=colleague, role=Role.REVIEWER)
    MembershipFactory(unit=place.commune, role=Role.AUDITOR)
    MembershipFactory(unit=place.commune, user=UserFactory(is_staff=True))
    assert charged() == {"lan.dv"}
    MembershipFactory(unit=place.other, user=place.clerk)
    assert charged() == set()
    deactivate_user(user=place.outsider, by=None, at=at)
    assert Role.ADMIN not in grantable_roles(place.reviewer, TODAY)
    assert Role.AUDITOR not in grantable_roles(place.reviewer, TODAY)


def test_plan_costs_the_same_for_one_line_and_for_twenty(
    place: Commune, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(8):
        plan_of(place, line(2))
    place.reviewer.__dict__.pop("_posts_by_day")
    with django_assert_num_queries(8):
        plan_of(place, *(line(n, full_name=f"Lê Văn {chr(63 + n)}") for n in range(2, 22)))
