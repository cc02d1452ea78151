"""The list of sites: what is found, in which order, with which columns, and as Excel."""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.desk.models import SavedFilter
from apps.programs.rules import HostKind, Level, PartyRole, SiteState
from tests.factories.accounts import UserFactory
from tests.factories.programs import (
    ModelTypeAliasFactory,
    ModelTypeFactory,
    SiteFactory,
    SitePartyFactory,
    SiteTeamFactory,
)
from tests.factories.units import MembershipFactory, UnitFactory
from tests.programs.list_world import NOW, ListWorld, list_world

pytestmark = pytest.mark.django_db
LIST = "/mo-hinh/"


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> ListWorld:
    return list_world()


@pytest.fixture
def browser(world: ListWorld) -> Client:
    return world.browser(world.reviewer)


def shown(client: Client, **query: object) -> str:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return answer.content.decode()


def names(page: str) -> list[str]:
    """Return the names of the sites in the order of the page."""
    return re.findall(r'<th scope="row"><a href="/mo-hinh/\d+/">([^<]*)</a>', page)


def test_one_sees_the_sites_of_ones_scope_and_those_one_takes_part_in(world: ListWorld) -> None:
    SiteFactory(name="Ở Mỹ Hòa", unit=world.my_hoa)
    SiteFactory(name="Ở ấp", unit=world.hamlet)
    SiteFactory(name="Ở Tân Thạnh", unit=world.tan_thanh)
    joint = SiteFactory(name="Chung", unit=world.tan_thanh)
    SitePartyFactory(site=joint, unit=world.my_hoa, role=PartyRole.COORDINATOR)
    SiteFactory(name="Đã bỏ", unit=world.my_hoa, removed_at=NOW, removed_reason="Nhầm")

    assert names(shown(world.browser(world.clerk))) == ["Chung", "Ở ấp", "Ở Mỹ Hòa"]
    assert len(names(shown(world.browser(world.reviewer)))) == 4


@pytest.mark.parametrize(
    "typed",
    [
        "Dòng họ tự quản",
        "dong ho tu quan",
        "DONG HO",
        "dong ho my hoa",
        "don ho tu qan",
        "xa my hoa",
        "gia toc an toan",
    ],
)
def test_search_forgives_accents_slips_and_other_names(
    world: ListWorld, browser: Client, typed: str
) -> None:
    kind = ModelTypeFactory(name="Dòng họ tự quản")
    ModelTypeAliasFactory(model_type=kind, name="Gia tộc an toàn")
    SiteFactory(model_type=kind, unit=world.my_hoa)
    SiteFactory(name="Camera", unit=world.tan_thanh)

    assert names(shown(browser, tim=typed)) == ["Dòng họ tự quản"]


def test_a_slip_in_one_word_does_not_bring_in_what_shares_the_other_words(
    world: ListWorld, browser: Client
) -> None:
    for name in ("Camera an ninh", "Tiếng kẻng an ninh", "Cổng rào an ninh"):
        SiteFactory(model_type=ModelTypeFactory(name=name), unit=world.my_hoa)

    assert names(shown(browser, tim="camra an nin")) == ["Camera an ninh"]


def test_a_site_is_found_by_the_code_that_stands_on_it(world: ListWorld, browser: Client) -> None:
    site = SiteFactory(name="Điểm cần tìm", unit=world.my_hoa)
    SiteFactory(unit=world.my_hoa)

    for typed in (site.code, f"mh {site.pk}"):
        assert names(shown(browser, tim=typed)) == ["Điểm cần tìm"]


@pytest.mark.parametrize(
    "typed", ["100%", "a_b", "' OR 1=1 --", '"', "\\", "ĐĐĐ", "mh-" + "9" * 18, "\u0301"]
)
def test_signs_in_a_search_are_just_signs(world: ListWorld, browser: Client, typed: str) -> None:
    SiteFactory(name="Camera", unit=world.my_hoa)

    assert names(shown(browser, tim=typed)) == (["Camera"] if typed == "\u0301" else [])


def test_each_filter_leaves_just_what_it_says(world: ListWorld, browser: Client) -> None:
    kind = ModelTypeFactory(name="Tiếng kẻng")
    site = SiteFactory(
        name="Điểm cần tìm",
        model_type=kind,
        unit=world.hamlet,
        level=Level.PROVINCE,
        host_kind=HostKind.SCHOOL,
        state=SiteState.PILOT,
        launched_on=date(2024, 3, 1),
    )
    SitePartyFactory(site=site, unit=world.school, role=PartyRole.COORDINATOR)
    SiteFactory(name="Điểm khác", unit=world.tan_thanh, launched_on=date(2026, 11, 1))
    queries: list[dict[str, object]] = [
        {"loai": kind.pk},
        {"linh_vuc": kind.field_id},
        {"don_vi": "xa my hoa"},
        {"don_vi": "XA-1"},
        {"cap": "province"},
        {"trang_thai": "pilot"},
        {"nam": 2024},
        {"phoi_hop": "truong mau"},
        {"im_lang": 4},
        {"noi_ap_dung": "school"},
    ]

    for query in queries:
        assert names(shown(browser, **query)) == ["Điểm cần tìm"], query


def test_drafts_and_operating_sites_are_told_apart(world: ListWorld, browser: Client) -> None:
    SiteFactory(name="Nháp", unit=world.my_hoa, state=SiteState.DRAFT, launched_on=None)
    SiteFactory(name="Chạy", unit=world.my_hoa)
    SiteFactory(name="Dừng", unit=world.my_hoa, state=SiteState.ENDED, ended_on=date(2026, 10, 1))

    assert names(shown(browser, trang_thai="draft")) == ["Nháp"]
    assert names(shown(browser, trang_thai="operating")) == ["Chạy"]
    assert names(shown(browser)) == ["Chạy", "Dừng", "Nháp"]


def test_silent_quarters_are_whole_quarters(world: ListWorld, browser: Client) -> None:
    """On 20/11/2026 the news of 30/06 leaves one whole quarter without any; of 01/07 none."""
    SiteFactory(name="Một quý", unit=world.my_hoa, last_news_on=date(2026, 6, 30))
    SiteFactory(name="Chưa", unit=world.my_hoa, last_news_on=date(2026, 7, 1))

    assert names(shown(browser, im_lang=1)) == ["Một quý"]
    assert names(shown(browser, im_lang=2)) == []


def test_order_follows_the_heading_that_was_clicked(world: ListWorld, browser: Client) -> None:
    SiteFactory(name="An", unit=world.tan_thanh, launched_on=date(2026, 1, 1))
    SiteFactory(name="Ân", unit=world.my_hoa, launched_on=date(2026, 3, 1))
    SiteFactory(name="Ba", unit=world.hamlet, state=SiteState.DRAFT, launched_on=None)

    assert names(shown(browser)) == ["An", "Ân", "Ba"]
    assert names(shown(browser, xep="-ten")) == ["Ba", "Ân", "An"]
    assert names(shown(browser, xep="-ra_mat")) == ["Ân", "An", "Ba"]
    assert names(shown(browser, xep="don_vi")) == ["Ba", "Ân", "An"]
    assert 'aria-sort="descending"' in shown(browser, xep="-ra_mat")


def test_columns_are_those_chosen_and_say_what_is_true(world: ListWorld, browser: Client) -> None:
    site = SiteFactory(unit=world.my_hoa)
    SiteTeamFactory(site=site, n_teams=24, members=1000, qualifier="over")
    page = shown(browser, cot=["thanh_vien", "chu_tri", "so_to"])

    assert 'data-label="Chủ trì">Xã Mỹ Hòa<' in page
    assert 'data-label="Số tổ" class="num">24<' in page
    assert "hơn 1.000" in page
    assert "Ngày ra mắt</a>" not in page


def test_a_name_cannot_bring_markup_into_the_page(world: ListWorld, browser: Client) -> None:
    SiteFactory(name="<b>Đậm</b>", place="<script>x</script>", unit=world.my_hoa)
    page = shown(browser)

    assert "<b>Đậm</b>" not in page
    assert "<script>x" not in page


def test_unknown_unit_is_said_at_its_field_and_nothing_is_exported(
    world: ListWorld, browser: Client
) -> None:
    SiteFactory(unit=world.my_hoa)
    page = shown(browser, don_vi="xã không có thật", tim="abc")

    assert "Không có đơn vị này" in page
    assert 'value="xã không có thật"' in page
    answer = browser.get(reverse("programs:sites_export"), {"don_vi": "xã không có thật"})
    assert answer.status_code == 302


def test_a_kept_filter_follows_its_kind_through_merges(world: ListWorld, browser: Client) -> None:
    kind = ModelTypeFactory(name="Camera an ninh")
    second = ModelTypeFactory(merged_into=kind, merged_at=NOW)
    first = ModelTypeFactory(merged_into=second, merged_at=NOW)
    SiteFactory(name="Camera chợ", model_type=kind, unit=world.my_hoa)
    SiteFactory(unit=world.my_hoa)
    page = shown(browser, loai=first.pk)

    assert names(page) == ["Camera chợ"]
    assert f'<option value="{kind.pk}" selected' in page


def test_a_filter_that_cannot_be_read_is_not_said_to_match(
    world: ListWorld, browser: Client
) -> None:
    SiteFactory(unit=world.my_hoa)
    page = shown(browser, loai="987654321")

    assert "chưa lọc theo điều kiện đang báo lỗi" in page
    assert "khớp bộ lọc" not in page


def test_clerk_cannot_filter_by_a_unit_beyond_his_scope(world: ListWorld) -> None:
    page = shown(world.browser(world.clerk), don_vi="Xã Tân Thạnh (XA-2)")

    assert "Không có đơn vị này trong phạm vi của bạn." in page


def test_list_says_which_unit_was_understood(world: ListWorld, browser: Client) -> None:
    SiteFactory(unit=world.my_hoa)

    assert "khớp bộ lọc, Xã Mỹ Hòa</p>" in shown(browser, don_vi="XA-1")


def test_empty_list_offers_two_ways_on(world: ListWorld, browser: Client) -> None:
    page = shown(browser, tim="không có gì như thế")

    assert "Chưa có mô hình nào khớp." in page
    assert "Xóa bộ lọc" in page
    assert reverse("programs:site_add") in page


def test_leader_without_right_to_enter_sees_no_ways_to_write(world: ListWorld) -> None:
    boss: User = UserFactory()
    MembershipFactory(user=boss, unit=world.my_hoa, role="province_leader")
    page = shown(world.browser(boss))

    assert "Nhập từ Excel" not in page


def test_saved_filters_stand_beside_the_list(world: ListWorld, browser: Client) -> None:
    SavedFilter.objects.create(
        owner=world.reviewer,
        page="programs:sites",
        name="Im lặng",
        query="im_lang=2",
        created_at=NOW,
    )
    page = shown(browser, im_lang="2")

    assert 'href="/mo-hinh/?im_lang=2" aria-current="true">Im lặng' in page


def test_count_is_written_as_people_write_it_and_pages_follow(
    world: ListWorld, browser: Client
) -> None:
    for number in range(27):
        SiteFactory(name=f"Điểm {number}", unit=world.my_hoa)

    assert "<strong>27 điểm</strong>" in shown(browser)
    assert len(names(shown(browser, trang=2))) == 2


def test_list_costs_the_same_queries_for_one_row_and_twenty(
    world: ListWorld, browser: Client
) -> None:
    SiteTeamFactory(site=SiteFactory(unit=world.my_hoa, name="Tổ 0"))
    query = {"tim": "to", "cot": ["thanh_vien", "chu_tri", "phoi_hop", "loai", "linh_vuc"]}
    browser.get(LIST, query)
    with CaptureQueriesContext(connection) as one:
        browser.get(LIST, query)
    for number in range(19):
        site = SiteFactory(unit=UnitFactory(parent=world.my_hoa), name=f"Tổ {number + 1}")
        SitePartyFactory(site=site, role=PartyRole.COORDINATOR)
        SiteTeamFactory(site=site)
    with CaptureQueriesContext(connection) as many:
        page = shown(browser, **query)

    assert len(names(page)) == 20
    assert len(many) == len(one)
