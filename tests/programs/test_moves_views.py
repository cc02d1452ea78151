"""The pages of a site's life: who may open them, what they offer, what a wrong entry shows."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.programs.models import ModelSite, SiteParty
from apps.programs.rules import PartyRole, SiteState
from tests.factories.programs import ModelTypeFactory, SiteFactory, SiteMoveFactory
from tests.factories.ratings import (
    RatingCriterionFactory,
    RatingLevelFactory,
    SiteRatingFactory,
)
from tests.factories.units import UnitFactory
from tests.programs.life_world import LifeWorld, build_life_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def world() -> LifeWorld:
    return build_life_world()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: object) -> str:
    return response.content.decode()


def address(site: ModelSite, page: str) -> str:
    return f"/mo-hinh/{site.pk}/{page}/"


PAGES = ("trang-thai", "trang-thai/hoan-tac", "nhan-rong", "xep-loai", "chuoi")


@pytest.mark.parametrize("page", PAGES)
def test_a_leader_opens_each_page_and_a_stranger_gets_what_is_missing(
    world: LifeWorld, page: str
) -> None:
    assert signed_in(world.leader).get(address(world.site, page)).status_code == 200
    stranger = signed_in(world.stranger)
    theirs = stranger.get(address(world.site, page))
    missing = stranger.get(f"/mo-hinh/987654321/{page}/")
    assert theirs.status_code == missing.status_code == 404
    token = re.compile(rb"[0-9A-Za-z]{64}")
    assert token.sub(b"", theirs.content) == token.sub(b"", missing.content)


@pytest.mark.parametrize("page", ["trang-thai", "trang-thai/hoan-tac"])
def test_a_coordinator_sees_the_chain_but_does_not_decide(world: LifeWorld, page: str) -> None:
    SiteParty.objects.create(site=world.site, unit=world.neighbour, role=PartyRole.COORDINATOR)
    client = signed_in(world.stranger)
    assert client.get(address(world.site, "chuoi")).status_code == 200
    assert client.get(address(world.site, page)).status_code == 404


def test_a_clerk_launches_a_draft_and_decides_nothing_else(world: LifeWorld) -> None:
    draft = SiteFactory(unit=world.commune, state=SiteState.DRAFT, launched_on=None)
    client = signed_in(world.clerk)
    page = text_of(client.get(address(draft, "trang-thai")))
    assert "Ngày ra mắt" in page
    assert "Thí điểm" in page

    sent = {"to_state": "pilot", "on": "17/11/2026", "lock_version": draft.lock_version}
    answer = client.post(address(draft, "trang-thai"), sent)

    assert answer["Location"] == f"/mo-hinh/{draft.pk}/"
    draft.refresh_from_db()
    assert draft.state == SiteState.PILOT
    assert client.get(address(draft, "trang-thai")).status_code == 403
    assert client.get(address(world.site, "trang-thai")).status_code == 403
    assert client.get(address(draft, "trang-thai/hoan-tac")).status_code == 200


def test_only_lawful_states_are_offered(world: LifeWorld) -> None:
    page = text_of(signed_in(world.leader).get(address(world.site, "trang-thai")))
    boxes = [box for box in re.findall(r"<input[^>]*>", page) if 'name="to_state"' in box]
    offered = {re.findall(r'value="(\w+)"', box)[0] for box in boxes}
    assert offered == {"consolidating", "ended"}


def test_a_wrong_day_stays_typed_and_is_named_at_its_field(world: LifeWorld) -> None:
    sent = {
        "to_state": "ended",
        "on": "10/01/2026",
        "reason": "Hết nguồn lực",
        "lock_version": world.site.lock_version,
    }
    page = text_of(signed_in(world.leader).post(address(world.site, "trang-thai"), sent))
    assert '<a href="#id_on">' in page
    assert "Ngày dừng phải sau ngày ra mắt" in page
    assert "Hết nguồn lực" in page
    assert 'value="10/01/2026"' in page


def test_a_jump_that_was_forged_is_refused(world: LifeWorld) -> None:
    sent = {"to_state": "pilot", "on": "17/11/2026", "reason": "x", "lock_version": 1}
    answer = signed_in(world.leader).post(address(world.site, "trang-thai"), sent)
    assert answer.status_code == 200
    world.site.refresh_from_db()
    assert world.site.state == SiteState.ACTIVE


def test_after_somebody_elses_change_the_page_can_be_sent_again(world: LifeWorld) -> None:
    client = signed_in(world.leader)
    ModelSite.objects.filter(pk=world.site.pk).update(lock_version=9)
    sent = {"to_state": "ended", "on": "17/11/2026", "reason": "Hết", "lock_version": 1}

    page = text_of(client.post(address(world.site, "trang-thai"), sent))

    assert "Người khác vừa sửa" in page
    again = sent | {"lock_version": re.findall(r'name="lock_version" value="(\d+)"', page)[0]}
    assert client.post(address(world.site, "trang-thai"), again).status_code == 302


def test_a_move_is_taken_back_by_who_may_decide(world: LifeWorld) -> None:
    SiteMoveFactory(site=world.site, from_state="active", to_state="consolidating", reason="Yếu")
    ModelSite.objects.filter(pk=world.site.pk).update(state=SiteState.CONSOLIDATING)
    url = address(world.site, "trang-thai/hoan-tac")
    assert signed_in(world.clerk).get(url).status_code == 403
    client = signed_in(world.leader)
    assert "Chưa nhập lý do hoàn tác" in text_of(client.post(url, {"lock_version": 1}))

    answer = client.post(url, {"lock_version": 1, "reason": "Ghi nhầm điểm"})

    assert answer.status_code == 302
    world.site.refresh_from_db()
    assert world.site.state == SiteState.ACTIVE


def test_an_ended_site_says_that_nothing_follows(world: LifeWorld) -> None:
    SiteMoveFactory(site=world.site, from_state="active", to_state="ended", reason="Hết")
    ModelSite.objects.filter(pk=world.site.pk).update(state="ended", ended_on="2026-11-01")
    page = text_of(signed_in(world.leader).get(address(world.site, "trang-thai")))
    assert "Điểm đã dừng" in page
    assert 'name="to_state"' not in page


def test_units_are_found_ticked_looked_at_and_get_drafts(world: LifeWorld) -> None:
    client, url = signed_in(world.reviewer), address(world.site, "nhan-rong")
    other = UnitFactory(parent=world.province, name="Xã Tân Hồng")
    foreign = UnitFactory(name="Xã Nơi Khác")
    page = text_of(client.get(url))
    assert "Phường Cao Lãnh" in page
    assert "Xã Nơi Khác" not in page
    assert "Phường Cao Lãnh" not in text_of(client.get(url, {"q": "tan hong", "kind": ""}))

    whole = {"q": "", "kind": "commune", "tat_ca": "1"}
    assert text_of(client.get(url, whole)).count(" checked>") == 2
    ids = [world.neighbour.pk, other.pk, foreign.pk]
    looked = text_of(client.get(url, {"q": "", "kind": "", "unit": ids, "xem": "1"}))
    assert "Tạo 2 bản nháp" in looked
    assert ModelSite.objects.filter(replicated_from=world.site).count() == 0

    answer = client.post(url, {"unit": ids})

    assert answer["Location"] == address(world.site, "chuoi")
    units = set(world.site.replicas.values_list("unit", flat=True))
    assert units == {world.neighbour.pk, other.pk}
    assert "Không đơn vị nào" in text_of(client.post(url, {"unit": ids}))


def test_choosing_costs_the_same_for_1_and_for_20_units(world: LifeWorld) -> None:
    client, url = signed_in(world.reviewer), address(world.site, "nhan-rong")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url, {"q": "", "kind": "commune", "tat_ca": "1", "xem": "1"})
        return len(queries)

    client.get(url)
    few = cost()
    for _ in range(19):
        UnitFactory(parent=world.province)
    assert few == cost() <= 18


def test_the_chain_is_a_picture_and_a_table_with_the_same_sites(world: LifeWorld) -> None:
    SiteFactory(unit=world.neighbour, replicated_from=world.site, name="Kẻng Cao Lãnh")
    page = text_of(signed_in(world.leader).get(address(world.site, "chuoi")))
    svg = page[page.index('<svg class="chain"') : page.index("<table")]
    assert "Phường Cao Lãnh</text>" in svg
    assert "ngoài phạm vi của bạn</text>" in svg
    assert svg.count("<a ") == 1
    assert page[page.index("<table") :].count("<tr>") == 3


def test_a_site_alone_has_no_picture(world: LifeWorld) -> None:
    page = text_of(signed_in(world.leader).get(address(world.site, "chuoi")))
    assert '<svg class="chain"' not in page
    assert "chưa được nhân rộng" in page


def test_a_rating_is_saved_shown_and_changed(world: LifeWorld) -> None:
    good, criterion = RatingLevelFactory(name="Tốt"), RatingCriterionFactory(name="Tự phòng")
    client, url = signed_in(world.leader), address(world.site, "xep-loai")
    assert "Chưa chọn mức xếp loại" in text_of(client.post(url, {"year": 2026}))

    sent = {"year": 2026, "level": good.pk, "met": [criterion.pk], "note": "Đều"}
    assert client.post(url, sent).status_code == 302

    page = text_of(client.get(url, {"nam": "2026"}))
    assert page.count(" checked") == 2
    assert "Đều" in page
    assert client.post(url, sent | {"year": 2025}).status_code == 200
    assert world.site.ratings.count() == 1

    removal = f"/mo-hinh/xep-loai/{world.site.ratings.get().pk}/bo/"
    assert removal in page
    client.post(removal, {"reason": "Nhầm điểm"})
    assert not world.site.ratings.exists()


def test_a_year_rated_already_is_not_written_over_unseen(world: LifeWorld) -> None:
    good, weak = RatingLevelFactory(name="Tốt"), RatingLevelFactory(name="Yếu", is_active=False)
    ModelSite.objects.update(launched_on=date(2025, 1, 10))
    SiteRatingFactory(site=world.site, level=weak, year=2025)
    client, url = signed_in(world.leader), address(world.site, "xep-loai")

    refused = client.post(url, {"year": 2025, "level": good.pk})
    assert "Năm 2025 đã xếp loại “Yếu”" in text_of(refused)
    # A level out of use is offered still where it was given.
    assert "Yếu" in text_of(client.get(url, {"nam": 2025}))
    assert client.post(f"{url}?nam=2025", {"year": 2025, "level": weak.pk}).status_code == 302


def test_two_people_at_one_page_see_each_others_rating_before_they_replace_it(
    world: LifeWorld,
) -> None:
    good, weak = RatingLevelFactory(name="Tốt"), RatingLevelFactory(name="Yếu")
    client, url = signed_in(world.leader), address(world.site, "xep-loai")
    other = SiteRatingFactory(
        site=world.site, level=weak, year=2026, note="Chưa đều", rated_by=world.clerk
    )
    sent = {"year": 2026, "level": good.pk, "note": "Đều", "seen": ""}

    refused = text_of(client.post(url, sent))
    assert world.site.ratings.get() == other
    assert f"{world.clerk.full_name} vừa xếp loại năm 2026 “Yếu”" in refused
    assert "nhận xét “Chưa đều”" in refused
    again = re.search(r'name="seen" value="([^"]+)"', refused)
    assert again is not None and "Đều</textarea>" in refused

    assert client.post(url, sent | {"seen": again[1]}).status_code == 302
    assert world.site.ratings.get().level == good
    # A second tap of the same button is no second opinion.
    assert client.post(url, sent | {"seen": again[1]}).status_code == 302

    world.site.ratings.all().delete()
    assert "Vừa có người bỏ xếp loại" in text_of(client.post(url, sent | {"seen": again[1]}))


def test_the_sites_of_a_year_are_rated_in_one_table(world: LifeWorld) -> None:
    good = RatingLevelFactory(name="Tốt")
    SiteFactory(name="Của nơi khác")
    client = signed_in(world.leader)
    page = text_of(client.get("/mo-hinh/xep-loai/?nam=2026"))
    assert world.site.code in page
    assert "Của nơi khác" not in page

    answer = client.post("/mo-hinh/xep-loai/?nam=2026", {f"level-{world.site.pk}": good.pk})

    assert answer.status_code == 302
    assert world.site.ratings.get().level == good
    assert world.site.code not in text_of(client.get("/mo-hinh/xep-loai/?nam=2026&chua=1"))
    assert "Không có điểm nào" in text_of(client.get("/mo-hinh/xep-loai/?nam=2025"))


def test_two_people_at_the_table_do_not_undo_each_other(world: LifeWorld) -> None:
    good, weak = RatingLevelFactory(name="Tốt"), RatingLevelFactory(name="Yếu")
    beside = SiteFactory(unit=world.commune, name="Điểm bên cạnh")
    rating = SiteRatingFactory(site=world.site, level=weak, year=2026)
    client, url, mine = signed_in(world.leader), "/mo-hinh/xep-loai/", f"level-{world.site.pk}"
    # The page was opened before the other rated, as the list of what is not rated yet.
    page = {mine: "", f"{mine}-da-xem": "", f"level-{beside.pk}": good.pk}

    client.post(f"{url}?chua=1", page)
    assert (rating.site.ratings.get().level, beside.ratings.get().level) == (weak, good)
    refused = text_of(client.post(f"{url}?chua=1", page | {mine: good.pk}))
    assert "Vừa có người chọn “Yếu”" in refused
    assert f'name="{mine}-da-xem" value="{weak.pk}"' in refused
    client.post(url, {mine: good.pk, f"{mine}-da-xem": weak.pk})
    assert rating.site.ratings.get().level == good


def test_the_table_costs_the_same_for_1_and_for_20_sites(world: LifeWorld) -> None:
    RatingLevelFactory()
    client = signed_in(world.leader)
    client.get("/mo-hinh/xep-loai/")
    with CaptureQueriesContext(connection) as one:
        client.get("/mo-hinh/xep-loai/")
    kind = ModelTypeFactory()
    for number in range(19):
        SiteFactory(unit=world.commune, model_type=kind, place=f"Ấp {number}")
    with CaptureQueriesContext(connection) as many:
        assert text_of(client.get("/mo-hinh/xep-loai/")).count("<select") == 21
    assert len(one) == len(many) <= 12


def test_the_province_puts_a_site_before_the_ministry_and_takes_a_mistake_away(
    world: LifeWorld,
) -> None:
    url = address(world.site, "de-nghi")
    assert signed_in(world.leader).get(url).status_code == 403
    client = signed_in(world.reviewer)
    sent = {"kind": "proposal", "unit": world.province.pk, "sent_on": "01/11/2026"}
    assert "tương lai" in text_of(client.post(url, sent | {"sent_on": "01/12/2026"}))
    early = text_of(client.post(url, sent | {"sent_on": "09/01/2026"}))
    assert "trước ngày ra mắt của điểm (10/01/2026)" in early

    assert client.post(url, sent).status_code == 302

    referral = world.site.referrals.get()
    away = f"/de-nghi-bo/{referral.pk}/bo/"
    assert "Chưa nhập lý do" in text_of(client.post(away, {}))
    assert client.post(away, {"reason": "Ghi nhầm"}).status_code == 302
    assert world.site.referrals.count() == 0
