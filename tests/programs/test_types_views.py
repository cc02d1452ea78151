"""The pages of kinds and exemplars: found, warned of, merged with a preview, followed in steps."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.programs.models import Exemplar, ModelType
from apps.programs.queries.types import find_type
from apps.programs.rules import ExemplarState
from tests.factories.programs import (
    ModelFieldFactory,
    ModelTypeAliasFactory,
    ModelTypeFactory,
    SiteFactory,
)
from tests.factories.ratings import ExemplarFactory
from tests.programs.life_world import LifeWorld, build_life_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST = "/loai-mo-hinh/"


@pytest.fixture
def world() -> LifeWorld:
    return build_life_world()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: object) -> str:
    return response.content.decode()


@pytest.mark.parametrize("typed", ["tieng keng", "TIẾNG KẺNG", "keng lang", "tieng kegn an ninh"])
def test_the_list_is_searched_without_accents_by_spelling_and_with_slips(
    world: LifeWorld, typed: str
) -> None:
    ModelTypeAliasFactory(model_type=ModelTypeFactory(name="Tiếng kẻng an ninh"), name="Kẻng làng")
    ModelTypeFactory(name="Dòng họ tự quản")
    page = text_of(signed_in(world.clerk).get(LIST, {"q": typed}))
    assert "Tiếng kẻng an ninh</a>" in page
    assert "Dòng họ tự quản</a>" not in page


def test_the_list_is_narrowed_to_a_field_and_says_when_nothing_is_left(world: LifeWorld) -> None:
    kind = ModelTypeFactory(name="Camera an ninh")
    client = signed_in(world.clerk)
    assert "Camera an ninh</a>" in text_of(client.get(LIST, {"field": kind.field_id}))
    other = ModelFieldFactory()
    assert "Không có loại mô hình nào khớp" in text_of(client.get(LIST, {"field": other.pk}))


def test_the_list_counts_the_readers_working_sites_only(world: LifeWorld) -> None:
    kind = ModelTypeFactory(name="Camera an ninh")
    for unit in (world.commune, world.neighbour):
        SiteFactory(model_type=kind, unit=unit)
    SiteFactory(model_type=kind, unit=world.commune, place="Ấp 1", state="draft", launched_on=None)
    part = '<td class="num" data-label="Điểm đang hoạt động">{}</td>'
    query = {"q": "camera an ninh"}
    assert part.format(1) in text_of(signed_in(world.clerk).get(LIST, query))
    assert part.format(2) in text_of(signed_in(world.reviewer).get(LIST, query))


def test_the_list_costs_the_same_for_1_and_for_20_kinds(world: LifeWorld) -> None:
    client = signed_in(world.clerk)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(20):
        ModelTypeAliasFactory(model_type=SiteFactory(unit=world.commune).model_type)
    with CaptureQueriesContext(connection) as many:
        assert "1–21 trong 21" in text_of(client.get(LIST))
    assert len(one) == len(many) <= 14


def test_a_kinds_page_shows_the_sites_of_the_scope(world: LifeWorld) -> None:
    kind = world.site.model_type
    SiteFactory(model_type=kind, unit=world.neighbour, name="Của phường khác")
    page = text_of(signed_in(world.clerk).get(f"{LIST}{kind.pk}/"))
    assert world.site.name in page
    assert "Của phường khác" not in page
    assert "Gộp vào loại khác" not in page
    assert "Gộp vào loại khác" in text_of(signed_in(world.reviewer).get(f"{LIST}{kind.pk}/"))


def test_likeness_is_shown_while_typing(world: LifeWorld) -> None:
    kind = ModelTypeFactory(name="Tiếng kẻng an ninh")
    client = signed_in(world.clerk)
    part = text_of(client.get(f"{LIST}gan-giong/", {"name": "tieng keng an nin"}))
    assert "Tiếng kẻng an ninh" in part
    assert 'name="is_new"' in part
    assert text_of(client.get(f"{LIST}gan-giong/", {"name": "hòm thư"})).strip() == ""
    same = {"name": "tieng keng an ninh", "cua": kind.pk}
    assert "Tiếng kẻng" not in text_of(client.get(f"{LIST}gan-giong/", same))


def test_a_clerk_opens_a_kind_once_he_looked_at_the_names_like_it(world: LifeWorld) -> None:
    ModelTypeFactory(name="Tiếng kẻng an ninh")
    client = signed_in(world.clerk)
    sent = {
        "name": "Tiếng kẻng an ninh trường học",
        "field": ModelFieldFactory().pk,
        "host_kind": "school",
        "description": "Ba hồi kẻng",
    }

    warned = text_of(client.post(f"{LIST}them/", sent))

    assert "Có tên gần giống" in warned
    assert "Ba hồi kẻng" in warned
    assert find_type(sent["name"]) is None
    assert client.post(f"{LIST}them/", sent | {"is_new": "on"}).status_code == 302
    assert find_type(sent["name"]).created_by == world.clerk


def test_a_name_in_use_is_refused_even_when_confirmed(world: LifeWorld) -> None:
    kind = ModelTypeFactory(name="Tiếng kẻng an ninh")
    sent = {"name": "tieng keng AN NINH", "field": kind.field_id, "host_kind": "school"}
    page = text_of(signed_in(world.clerk).post(f"{LIST}them/", sent | {"is_new": "on"}))
    assert "Hãy dùng loại đó" in page
    assert '<a href="#id_name">' in page


@pytest.mark.parametrize("page", ["sua", "gop", "de-nghi"])
def test_only_the_province_changes_kinds(world: LifeWorld, page: str) -> None:
    url = f"{LIST}{world.site.model_type_id}/{page}/"
    assert signed_in(world.leader).get(url).status_code == 403
    assert signed_in(world.reviewer).get(url).status_code == 200


def test_a_renamed_kind_keeps_its_old_name_findable(world: LifeWorld) -> None:
    kind = world.site.model_type
    old = kind.name
    sent = {"name": "Tên mới hẳn", "field": kind.field_id, "host_kind": kind.host_kind}
    client = signed_in(world.reviewer)
    assert client.post(f"{LIST}{kind.pk}/sua/", sent).status_code == 302
    assert old in text_of(client.get(f"{LIST}{kind.pk}/"))


def test_spellings_are_added_and_taken_back(world: LifeWorld) -> None:
    client, kind = signed_in(world.reviewer), world.site.model_type
    taken = ModelTypeFactory(name="Camera an ninh")
    url = f"{LIST}{kind.pk}/ten-khac/"
    assert taken.name in text_of(client.post(url, {"name": "camera AN NINH"}))
    assert client.post(url, {"name": "Kẻng làng"}).status_code == 302
    alias = kind.aliases.get()
    other = f"{LIST}{taken.pk}/ten-khac/{alias.pk}/bo/"
    assert client.post(other).status_code == 404
    assert client.post(f"{url}{alias.pk}/bo/").status_code == 302
    assert find_type("keng lang") is None


def test_a_merge_is_looked_at_done_and_taken_back(world: LifeWorld) -> None:
    client, kind = signed_in(world.reviewer), world.site.model_type
    target = ModelTypeFactory(name="Camera an ninh")
    url = f"{LIST}{kind.pk}/gop/"
    assert "Có phải “Camera an ninh”" in text_of(client.get(url, {"target": "camera an nin"}))
    assert "loại mô hình khác" in text_of(client.get(url, {"target": kind.name}))

    looked = text_of(client.get(url, {"target": "camera an ninh"}))
    assert "Gộp 1 điểm" in looked
    assert ModelType.objects.get(pk=kind.pk).merged_into is None

    answer = client.post(url, {"target": "camera an ninh"})
    assert answer["Location"] == f"{LIST}{target.pk}/"
    page = text_of(client.get(f"{LIST}{kind.pk}/"))
    assert "Tên này đã được gộp" in page
    assert client.get(url).status_code == 404

    client.post(f"{LIST}{kind.pk}/tach-lai/")
    assert ModelType.objects.get(pk=kind.pk).merged_into is None
    assert client.post(f"{LIST}{kind.pk}/tach-lai/").status_code == 404


def test_a_merge_that_would_collide_names_the_sites_and_offers_nothing(world: LifeWorld) -> None:
    client, kind = signed_in(world.reviewer), world.site.model_type
    target = ModelTypeFactory(name="Camera an ninh")
    SiteFactory(model_type=target, unit=world.commune)
    looked = text_of(client.get(f"{LIST}{kind.pk}/gop/", {"target": target.name}))
    assert world.site.code in looked
    assert "Gộp 1 điểm" not in looked
    forced = text_of(client.post(f"{LIST}{kind.pk}/gop/", {"target": target.name}))
    assert "Không gộp được" in forced


def test_exemplars_are_listed_to_those_they_concern_and_narrowed(world: LifeWorld) -> None:
    ExemplarFactory(chooser=world.province, unit=world.commune, field="Phong trào")
    ExemplarFactory(chooser=world.province, unit=world.neighbour, field="Vận động hiến đất")
    url = "/dien-hinh/"
    mine = text_of(signed_in(world.clerk).get(url))
    assert "Xã Mỹ Hòa</a>" in mine
    assert "Phường Cao Lãnh</a>" not in mine
    client = signed_in(world.reviewer)
    found = text_of(client.get(url, {"q": "cao lanh"}))
    assert "Phường Cao Lãnh</a>" in found
    assert "Xã Mỹ Hòa</a>" not in found
    assert "Phường Cao Lãnh</a>" in text_of(client.get(url, {"q": "HIEN DAT"}))
    assert "không có điển hình nào khớp" in text_of(client.get(url, {"state": "dropped"})).lower()
    assert "1–2 trong 2" in text_of(client.get(url, {"year": "2026"}))


def test_the_list_of_exemplars_costs_the_same_for_1_and_for_20(world: LifeWorld) -> None:
    client = signed_in(world.reviewer)
    ExemplarFactory(chooser=world.province, unit=None, site=world.site)
    client.get("/dien-hinh/")
    with CaptureQueriesContext(connection) as one:
        client.get("/dien-hinh/")
    for _ in range(19):
        ExemplarFactory(chooser=world.province, unit=None, site=SiteFactory())
    with CaptureQueriesContext(connection) as many:
        assert "1–20 trong 20" in text_of(client.get("/dien-hinh/"))
    assert len(one) == len(many) <= 12


def test_a_site_is_chosen_by_its_code_and_goes_its_way(world: LifeWorld) -> None:
    client = signed_in(world.reviewer)
    sent = {"site": world.site.code, "field": "Kẻng", "chooser": world.province.pk}
    sent["chosen_on"] = "01/02/2026"

    answer = client.post("/dien-hinh/them/", sent)

    row = Exemplar.objects.get()
    assert answer["Location"] == f"/dien-hinh/{row.pk}/"
    assert row.site == world.site
    page = f"/dien-hinh/{row.pk}/"
    step = {"to_state": "building", "on": "01/03/2026"}
    assert "trước bước trước đó" in text_of(client.post(page, step | {"on": "01/01/2026"}))
    assert client.post(page, step).status_code == 302
    assert "Người khác vừa ghi một bước" in text_of(client.post(page, step))
    last = {"to_state": "recognised", "on": "01/04/2026"}
    assert "Chưa nhập cơ quan công nhận" in text_of(client.post(page, last))
    assert client.post(page, last | {"recogniser": "UBND tỉnh"}).status_code == 302
    assert "bước này chưa ghi" in text_of(client.post(page, last | {"recogniser": "Bộ"}))
    row.refresh_from_db()
    assert row.state == ExemplarState.RECOGNISED
    leader = text_of(signed_in(world.leader).get(page))
    assert "UBND tỉnh" in leader
    assert "Ghi bước tiếp theo" not in leader


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Chưa chọn đơn vị hoặc điểm"),
        ({"site": "MH-99999999"}, "Không tìm thấy điểm"),
        ({"site": "abc"}, "Không tìm thấy điểm"),
        ({"unit": "commune", "site": "own"}, "không chọn cả hai"),
    ],
)
def test_a_choice_of_nothing_or_two_things_is_refused(
    world: LifeWorld, facts: dict[str, str], words: str
) -> None:
    known = {"commune": world.commune.pk, "own": world.site.code}
    sent = {"field": "Kẻng", "chooser": world.province.pk, "chosen_on": "01/02/2026"}
    sent |= {name: known.get(value, value) for name, value in facts.items()}
    page = text_of(signed_in(world.reviewer).post("/dien-hinh/them/", sent))
    assert words in page
    assert Exemplar.objects.count() == 0


def test_a_strangers_exemplar_is_not_there(world: LifeWorld) -> None:
    row = ExemplarFactory(chooser=world.province, unit=world.commune)
    client = signed_in(world.stranger)
    assert client.get(f"/dien-hinh/{row.pk}/").status_code == 404
    assert client.get("/dien-hinh/987654321/").status_code == 404
