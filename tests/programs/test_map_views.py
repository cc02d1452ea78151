"""The map: every site counted once in its commune, a table that says all, bubbles as links."""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.programs.queries.map import province_map
from apps.programs.queries.site_list import OPERATING, SiteNarrowing
from apps.programs.rules import SiteState
from apps.units.rules import UnitKind
from tests.factories.programs import (
    ModelTypeFactory,
    SiteFactory,
    SitePartyFactory,
    SiteTeamFactory,
)
from tests.factories.units import AreaFactory, UnitFactory
from tests.programs.list_world import NOW, TODAY, ListWorld, list_world

pytestmark = pytest.mark.django_db
MAP = "/ban-do/"


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> ListWorld:
    return list_world()


def counts(world: ListWorld, **narrowing: object) -> dict[str, int]:
    wanted = SiteNarrowing(**{"state": OPERATING} | narrowing)
    found = province_map(world.reviewer, TODAY, wanted)
    assert found.total == sum(commune.count for commune in found.communes) + found.elsewhere.count
    return {commune.name: commune.count for commune in found.communes} | {"": found.elsewhere.count}


def test_sites_below_a_commune_count_for_it_and_a_joint_one_once(world: ListWorld) -> None:
    SiteFactory(unit=world.my_hoa)
    SiteFactory(unit=world.hamlet)
    joint = SiteFactory(unit=world.tan_thanh)
    SitePartyFactory(site=joint, unit=world.my_hoa)
    SiteFactory(unit=world.school)

    assert counts(world) == {"Xã Mỹ Hòa": 2, "Xã Tân Thạnh": 1, "": 1}


def test_site_at_a_station_counts_for_the_commune_of_its_area(world: ListWorld) -> None:
    area = world.my_hoa.spans.get().area
    station = UnitFactory(
        name="Trạm", kind=UnitKind.POLICE_COMMUNE, parent=world.province, area=area
    )
    SiteFactory(unit=station)

    assert counts(world)["Xã Mỹ Hòa"] == 1


def test_only_working_sites_count_and_kinds_and_fields_narrow(world: ListWorld) -> None:
    kind = ModelTypeFactory()
    SiteFactory(unit=world.my_hoa, model_type=kind)
    SiteFactory(unit=world.my_hoa)
    SiteFactory(unit=world.my_hoa, state=SiteState.DRAFT, launched_on=None)
    SiteFactory(unit=world.my_hoa, state=SiteState.ENDED, ended_on=date(2026, 10, 1))

    assert counts(world)["Xã Mỹ Hòa"] == 2
    assert counts(world, type_id=kind.pk)["Xã Mỹ Hòa"] == 1
    assert counts(world, field_id=kind.field_id)["Xã Mỹ Hòa"] == 1


def test_members_are_added_up_and_unknown_ones_are_not_guessed(world: ListWorld) -> None:
    known = SiteFactory(unit=world.hamlet)
    SiteTeamFactory(site=known, members=40)
    SiteTeamFactory(site=SiteFactory(unit=world.hamlet), members=None)
    SiteFactory(unit=world.tan_thanh)
    found = province_map(world.reviewer, TODAY, SiteNarrowing(state=OPERATING), by_members=True)

    assert {place.name: place.count for place in found.communes} == {
        "Xã Mỹ Hòa": 40,
        "Xã Tân Thạnh": 0,
    }


def test_page_has_legend_and_the_same_places_in_picture_and_table(world: ListWorld) -> None:
    for _ in range(3):
        SiteFactory(unit=world.tan_thanh)
    SiteFactory(unit=world.my_hoa)
    page = world.browser(world.reviewer).get(MAP).content.decode()

    labels = re.findall(r'class="bubble bubble-\d[^>]*aria-label="([^"]*)"', page)
    assert labels == ["Xã Mỹ Hòa: 1 điểm", "Xã Tân Thạnh: 3 điểm"]
    assert "3 điểm</li>" in page
    assert page.count('href="/ban-do/?xa=XA-2"') == 2
    assert "Chọn một chấm" in page


def test_an_opened_place_shows_just_the_sites_behind_its_figure(world: ListWorld) -> None:
    kind = ModelTypeFactory()
    SiteFactory(name="Ở ấp", unit=world.hamlet, model_type=kind)
    SiteFactory(name="Loại khác", unit=world.my_hoa)
    SiteFactory(name="Xã khác", unit=world.tan_thanh, model_type=kind)
    browser = world.browser(world.reviewer)
    page = browser.get(MAP, {"loai": kind.pk, "xa": "XA-1"}).content.decode()
    link = re.search(r'href="(/mo-hinh/\?[^"]*XA-1)"', page)

    assert "Xã Mỹ Hòa: 1 điểm</h2>" in page
    assert re.findall(r'<li><a href="/mo-hinh/\d+/">([^<]*)</a>', page) == ["Ở ấp"]
    assert 'class="bubble bubble-1 chosen"' in page
    assert 'aria-current="true">Xã Mỹ Hòa</a>' in page
    assert link is not None
    shown = browser.get(link[1].replace("&amp;", "&")).content.decode()
    assert "<strong>1 điểm</strong>" in shown


def test_sites_in_no_commune_can_be_opened_too(world: ListWorld) -> None:
    SiteFactory(name="Ở trường", unit=world.school)
    page = world.browser(world.reviewer).get(MAP, {"xa": "khac"}).content.decode()

    assert "Không gắn với xã, phường nào: 1 điểm</h2>" in page
    assert ">Ở trường</a>" in page


def test_a_place_beyond_ones_scope_is_not_opened(world: ListWorld) -> None:
    SiteFactory(unit=world.tan_thanh)
    page = world.browser(world.clerk).get(MAP, {"xa": "XA-2", "dem": "x"}).content.decode()

    assert "Tân Thạnh" not in page


def test_silent_sites_alone_can_be_counted(world: ListWorld) -> None:
    SiteFactory(unit=world.my_hoa, last_news_on=date(2026, 3, 1))
    SiteFactory(unit=world.tan_thanh, last_news_on=TODAY)
    page = world.browser(world.reviewer).get(MAP, {"dem": "im_lang"}).content.decode()

    assert "<strong>1 điểm im lặng</strong>" in page


def test_table_may_begin_with_the_largest(world: ListWorld) -> None:
    SiteFactory(unit=world.tan_thanh)
    page = world.browser(world.reviewer).get(MAP, {"xep": "so"}).content.decode()

    assert page.index(">Xã Tân Thạnh</a>") < page.index(">Xã Mỹ Hòa</a>")


def test_commune_without_coordinates_stands_in_the_table_alone(world: ListWorld) -> None:
    UnitFactory(
        name="Xã Mới", kind=UnitKind.COMMUNE, parent=world.province, area=AreaFactory(lat=None)
    )
    page = world.browser(world.reviewer).get(MAP).content.decode()

    assert ">Xã Mới</a>" in page
    assert 'aria-label="Xã Mới' not in page
    assert "1 địa bàn chưa có tọa độ" in page


def test_unit_without_communes_is_told_where_to_go(world: ListWorld) -> None:
    browser = world.browser(world.clerk)
    world.my_hoa.spans.update(kind=UnitKind.AGENCY)

    assert "không có xã, phường nào" in browser.get(MAP).content.decode()


def test_map_costs_the_same_queries_for_one_site_and_twenty(world: ListWorld) -> None:
    browser = world.browser(world.reviewer)
    SiteFactory(unit=world.my_hoa)
    browser.get(MAP)
    with CaptureQueriesContext(connection) as one:
        browser.get(MAP)
    for number in range(19):
        unit = UnitFactory(
            name=f"Xã {number}",
            kind=UnitKind.COMMUNE,
            parent=world.province,
            area=AreaFactory(lat=10, lon=105 + number / 10),
        )
        SiteFactory(unit=unit)
    with CaptureQueriesContext(connection) as many:
        browser.get(MAP)

    assert len(one) == len(many)


def test_map_is_in_the_tabs_of_the_register(world: ListWorld) -> None:
    assert reverse("programs:map") == MAP
    assert f'href="{MAP}"' in world.browser(world.reviewer).get("/mo-hinh/").content.decode()
