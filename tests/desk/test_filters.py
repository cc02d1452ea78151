"""Filters under a name: one's own to change, those of one's unit or from above to apply."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.desk.models import SavedFilter
from apps.desk.queries import filters_of
from apps.desk.rules import MAX_FILTERS, MAX_SHARED, kept_query
from apps.desk.services import FilterRefused, change_filter, save_filter
from apps.units.models import Unit
from tests.factories.desk import NOON
from tests.factories.units import MembershipFactory, UnitFactory

pytestmark = pytest.mark.django_db
PAGE, TODAY = "programs:sites", NOON.date()


@pytest.fixture
def lan() -> User:
    user: User = MembershipFactory(role="clerk", unit__name="Công an xã").user
    return user


def unit_of(user: User) -> Unit:
    return Unit.objects.get(memberships__user=user)


def colleague(unit: Unit, **facts: object) -> User:
    user: User = MembershipFactory(role="clerk", unit=unit, **facts).user
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
    assert (saved.name, saved.query, saved.shared_with) == ("Camera của xã", "tim=camera", None)
    assert answer["Location"] == "/mo-hinh/?tim=camera"
    assert AuditEntry.objects.filter(action="desk.filter_saved").count() == 1


def test_query_keeps_chosen_columns_and_order() -> None:
    assert kept_query("?cot=ma&cot=tin&xep=-ten&trang=2&tim=") == "cot=ma&cot=tin&xep=-ten"


def test_name_taken_is_said_at_the_field_and_nothing_typed_is_lost(desk: Client, lan: User) -> None:
    kept(lan)
    address = f"{reverse('desk:filter_save')}?bang={PAGE}&dieu_kien=tim%3Da"
    sent = {"name": "Của tôi", "share_with": unit_of(lan).pk}
    page = desk.post(address, sent).content.decode()

    assert "Bạn đã có bộ lọc tên này." in page
    assert 'value="Của tôi"' in page
    assert "checked" in page


def test_empty_name_and_unknown_list_are_refused(desk: Client) -> None:
    address = f"{reverse('desk:filter_save')}?bang={PAGE}"

    assert "Chưa nhập tên bộ lọc." in desk.post(address, {"name": "  "}).content.decode()
    assert desk.get(f"{reverse('desk:filter_save')}?bang=accounts:sign_in").status_code == 400
    assert not SavedFilter.objects.exists()


def test_own_filters_come_first_then_those_that_others_share(lan: User) -> None:
    binh = colleague(unit_of(lan))
    kept(binh, "A dùng chung", shared_with=unit_of(lan))
    kept(binh, "Riêng của Bình")
    kept(lan, "Z của Lan")
    kept(lan, "Ă của Lan")
    kept(lan, "Trang khác", page="programs:activities")

    assert [row.name for row in filters_of(lan, PAGE, TODAY)] == [
        "Ă của Lan",
        "Z của Lan",
        "A dùng chung",
    ]


def test_filter_is_renamed_shared_and_deleted_by_its_owner(desk: Client, lan: User) -> None:
    saved = kept(lan, query="tim=a")
    address = reverse("desk:filter_change", args=[saved.pk])

    assert 'value="Của tôi"' in desk.get(address).content.decode()
    desk.post(address, {"name": "Tên mới", "share_with": unit_of(lan).pk})
    saved.refresh_from_db()
    assert (saved.name, saved.shared_with, saved.query) == ("Tên mới", unit_of(lan), "tim=a")
    desk.post(reverse("desk:filter_delete", args=[saved.pk]))
    assert not SavedFilter.objects.exists()
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"desk.filter_changed", "desk.filter_deleted"} <= actions


def test_nobody_changes_the_filter_of_another(desk: Client) -> None:
    saved = kept(MembershipFactory(role="clerk").user)

    for name in ("desk:filter_change", "desk:filter_delete"):
        assert desk.post(reverse(name, args=[saved.pk]), {"name": "x"}).status_code == 404
    assert SavedFilter.objects.get().name == "Của tôi"


def test_a_person_keeps_at_most_fifty(lan: User) -> None:
    for number in range(MAX_FILTERS):
        kept(lan, f"Bộ lọc {number}")

    with pytest.raises(FilterRefused, match="Hãy xóa bớt"):
        save_filter(page=PAGE, name="Thêm", query="", share_with=None, by=lan, at=NOON)


def test_who_has_left_shares_no_more(lan: User) -> None:
    gone = colleague(unit_of(lan))
    kept(gone, shared_with=unit_of(lan))
    assert len(filters_of(lan, PAGE, TODAY)) == 1

    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert filters_of(lan, PAGE, TODAY) == []

    moved = colleague(unit_of(lan), valid=DateRange(date(2025, 7, 1), TODAY))
    kept(moved, shared_with=unit_of(lan))
    assert filters_of(lan, PAGE, TODAY) == []
    assert len(filters_of(lan, PAGE, date(2026, 1, 1))) == 1


def test_a_filter_is_shared_with_a_unit_and_what_is_under_it() -> None:
    above = UnitFactory()
    own, beside = UnitFactory(parent=above), UnitFactory(parent=above)
    lan = colleague(own)
    kept(colleague(above), "Từ cấp trên", shared_with=above)
    kept(lan, "Của xã", shared_with=own)
    kept(colleague(beside), "Nơi khác", shared_with=beside)

    assert [row.name for row in filters_of(lan, PAGE, TODAY)] == ["Của xã", "Từ cấp trên"]
    seen_above = filters_of(colleague(above), PAGE, TODAY)
    assert [row.name for row in seen_above] == ["Từ cấp trên"]


def test_one_shares_with_a_unit_of_ones_own_only(desk: Client, lan: User) -> None:
    other = UnitFactory()
    address = f"{reverse('desk:filter_save')}?bang={PAGE}"
    page = desk.post(address, {"name": "Thử", "share_with": other.pk}).content.decode()

    assert "Công an xã và các đơn vị trực thuộc" in page
    assert not SavedFilter.objects.exists()
    with pytest.raises(FilterRefused, match="đơn vị mà bạn đang công tác"):
        save_filter(page=PAGE, name="Thử", query="", share_with=other.pk, by=lan, at=NOON)


def test_a_unit_shares_at_most_thirty_and_what_is_there_may_still_be_renamed(
    desk: Client, lan: User
) -> None:
    unit = unit_of(lan)
    full = [kept(lan, f"Số {number}", shared_with=unit) for number in range(MAX_SHARED)]
    address = f"{reverse('desk:filter_save')}?bang={PAGE}"
    page = desk.post(address, {"name": "Thêm", "share_with": unit.pk}).content.decode()

    assert "đã có 30 bộ lọc dùng chung" in page
    change_filter(saved=full[0], name="Mới", share_with=unit.pk, by=lan, at=NOON)
    assert 'data-narrows="saved-filters"' in desk.get("/mo-hinh/").content.decode()
