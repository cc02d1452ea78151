"""Filters under a name: one's own to change, others' to apply when they share them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.desk.models import SavedFilter
from apps.desk.queries import filters_of
from apps.desk.rules import MAX_FILTERS, kept_query
from apps.desk.services import FilterRefused, save_filter
from tests.factories.desk import NOON
from tests.factories.units import MembershipFactory

pytestmark = pytest.mark.django_db
PAGE = "programs:sites"


@pytest.fixture
def lan() -> User:
    user: User = MembershipFactory(role="clerk").user
    return user


@pytest.fixture
def desk(client: Client, lan: User) -> Client:
    client.force_login(lan)
    return client


def kept(owner: User, name: str = "Của tôi", **facts: object) -> SavedFilter:
    return SavedFilter.objects.create(
        **{"owner": owner, "page": PAGE, "name": name, "created_at": NOON} | facts
    )


def test_filter_is_saved_with_its_query_but_without_the_page_number(desk: Client) -> None:
    address = (
        f"{reverse('desk:filter_save')}?bang={PAGE}&dieu_kien=tim%3Dcamera%26trang%3D3%26cap%3D"
    )
    answer = desk.post(address, {"name": " Camera  của xã "})

    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query, saved.is_shared) == ("Camera của xã", "tim=camera", False)
    assert answer["Location"] == "/mo-hinh/?tim=camera"
    assert AuditEntry.objects.filter(action="desk.filter_saved").count() == 1


def test_query_keeps_chosen_columns_and_order() -> None:
    assert kept_query("?cot=ma&cot=tin&xep=-ten&trang=2&tim=") == "cot=ma&cot=tin&xep=-ten"


def test_name_taken_is_said_at_the_field_and_nothing_typed_is_lost(desk: Client, lan: User) -> None:
    kept(lan)
    address = f"{reverse('desk:filter_save')}?bang={PAGE}&dieu_kien=tim%3Da"
    page = desk.post(address, {"name": "Của tôi", "is_shared": "on"}).content.decode()

    assert "Bạn đã có bộ lọc tên này." in page
    assert 'value="Của tôi"' in page
    assert "checked" in page


def test_empty_name_and_unknown_list_are_refused(desk: Client) -> None:
    address = f"{reverse('desk:filter_save')}?bang={PAGE}"

    assert "Chưa nhập tên bộ lọc." in desk.post(address, {"name": "  "}).content.decode()
    assert desk.get(f"{reverse('desk:filter_save')}?bang=accounts:sign_in").status_code == 400
    assert not SavedFilter.objects.exists()


def test_own_filters_come_first_then_those_that_others_share(lan: User) -> None:
    binh: User = MembershipFactory(role="clerk").user
    kept(binh, "A dùng chung", is_shared=True)
    kept(binh, "Riêng của Bình")
    kept(lan, "Z của Lan")
    kept(lan, "Ă của Lan")
    kept(lan, "Trang khác", page="programs:activities")

    assert [row.name for row in filters_of(lan, PAGE)] == ["Ă của Lan", "Z của Lan", "A dùng chung"]


def test_filter_is_renamed_shared_and_deleted_by_its_owner(desk: Client, lan: User) -> None:
    saved = kept(lan, query="tim=a")
    address = reverse("desk:filter_change", args=[saved.pk])

    assert 'value="Của tôi"' in desk.get(address).content.decode()
    desk.post(address, {"name": "Tên mới", "is_shared": "on"})
    saved.refresh_from_db()
    assert (saved.name, saved.is_shared, saved.query) == ("Tên mới", True, "tim=a")
    desk.post(reverse("desk:filter_delete", args=[saved.pk]))
    assert not SavedFilter.objects.exists()
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"desk.filter_changed", "desk.filter_deleted"} <= actions


def test_nobody_changes_the_filter_of_another(desk: Client) -> None:
    binh: User = MembershipFactory(role="clerk").user
    saved = kept(binh, is_shared=True)

    for name in ("desk:filter_change", "desk:filter_delete"):
        assert desk.post(reverse(name, args=[saved.pk]), {"name": "x"}).status_code == 404
    assert SavedFilter.objects.get().name == "Của tôi"


def test_a_person_keeps_at_most_fifty(lan: User) -> None:
    for number in range(MAX_FILTERS):
        kept(lan, f"Bộ lọc {number}")

    with pytest.raises(FilterRefused, match="Hãy xóa bớt"):
        save_filter(page=PAGE, name="Thêm", query="", is_shared=False, by=lan, at=NOON)


def test_who_has_left_shares_no_more(lan: User) -> None:
    gone: User = MembershipFactory(role="clerk").user
    kept(gone, is_shared=True)
    assert len(filters_of(lan, PAGE)) == 1

    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert filters_of(lan, PAGE) == []
