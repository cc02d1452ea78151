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
from tests.factories.programs import ModelTypeFactory, SiteFactory, SitePartyFactory
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
    assert found.total == sum(commune.count for commune in found.communes) + found.elsewhere
    return {commune.name: commune.count for commune in found.communes} | {"": found.elsewhere}


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


def test_page_has_table_legend_and_links_in_reading_order(world: ListWorld) -> None:
    for _ in range(3):
        SiteFactory(unit=world.tan_thanh)
    SiteFactory(unit=world.my_hoa)
    page = world.browser(world.reviewer).get(MAP).content.decode()

    labels = re.findall(r'class="bubble bubble-\d" aria-label="([^"]*)"', page)
    assert labels == ["Xã Mỹ Hòa: 1 điểm", "Xã Tân Thạnh: 3 điểm"]
    assert "0 điểm</li>" in page and "3 điểm</li>" in page
    link = "/mo-hinh/?trang_thai=operating&amp;don_vi=XA-2"
    assert page.count(f'href="{link}"') == 2
    assert page.index("Số điểm theo địa bàn") < page.index('<svg class="bubble-map"')


def test_figure_leads_to_just_the_sites_it_counts(world: ListWorld) -> None:
    kind = ModelTypeFactory()
    SiteFactory(unit=world.hamlet, model_type=kind)
    SiteFactory(unit=world.my_hoa)
    browser = world.browser(world.reviewer)
    page = browser.get(MAP, {"loai": kind.pk}).content.decode()
    link = re.search(r'href="(/mo-hinh/\?[^"]*XA-1)"', page)

    assert link is not None
    shown = browser.get(link[1].replace("&amp;", "&")).content.decode()
    assert "<strong>1 điểm</strong>" in shown


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
