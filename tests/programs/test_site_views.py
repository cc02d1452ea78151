"""A clerk records a site in three steps, corrects it and removes it; others see 404."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.programs.models import ModelSite, ModelType, SiteEquipment, SiteFunding, SiteTeam
from apps.programs.rules import Amount, EquipmentKind, SiteState
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.programs import (
    ActivityFactory,
    ModelFieldFactory,
    ModelTypeFactory,
    ProtectedObjectFactory,
    SiteEquipmentFactory,
    SiteFactory,
    SiteFileFactory,
    SiteFundingFactory,
    SiteObjectiveFactory,
    SitePartyFactory,
    SiteResultFactory,
    SiteTeamFactory,
)
from tests.factories.units import MembershipFactory, UnitFactory
from tests.programs.site_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ADD = "/mo-hinh/them/"


@pytest.fixture
def kind() -> ModelType:
    """Return a known kind of model."""
    made: ModelType = ModelTypeFactory(name="Camera an ninh")
    return made


def first_step(**changes: str) -> dict[str, str]:
    return {
        "step": "1", "go": "next", "type_name": "camera AN NINH", "name": "", "level": "commune",
        "host_kind": "residential",
    } | changes  # fmt: skip


def whole(commune: Unit, **changes: Any) -> dict[str, Any]:
    """Return all that three steps send."""
    return first_step(step="3", go="save") | {
        "unit": commune.pk, "place": "Ấp 3", "launched_on": "10/11/2026", "n_teams": "24",
        "members": "hơn 1.000", "cameras": "56", "funding": "28.000.000",
        "funding_source": "social", "note": "",
    } | changes  # fmt: skip


def test_form_offers_today_and_the_own_commune(signed: Client, commune: Unit) -> None:
    text = page(signed.get(ADD))
    assert f'name="unit" value="{commune.pk}"' in text
    assert 'name="launched_on" value="18/11/2026"' in text


def test_the_province_starts_at_its_own_level(client: Client) -> None:
    user = UserFactory()
    force = UnitFactory(kind=UnitKind.POLICE_PROVINCE)
    MembershipFactory(user=user, unit=force, role=Role.REVIEWER)
    client.force_login(user)
    assert 'value="province" selected' in page(client.get(ADD))


def test_three_steps_carry_everything_and_write_once(
    signed: Client, commune: Unit, kind: ModelType
) -> None:
    second = page(signed.post(ADD, first_step()))
    assert 'aria-current="step">Địa bàn' in second
    assert 'name="type_name" value="camera AN NINH"' in second

    third = page(signed.post(ADD, whole(commune, step="2", go="next")))
    assert "hơn 1.000" in third and "28.000.000 đồng" in third and "Camera an ninh" in third
    assert not ModelSite.objects.exists()

    answer = signed.post(ADD, whole(commune))
    site = ModelSite.objects.get()
    assert answer.url == reverse("programs:site", args=[site.pk])
    assert (site.model_type, site.unit, site.state) == (kind, commune, SiteState.ACTIVE)
    team = SiteTeam.objects.get()
    assert (team.n_teams, team.members, team.qualifier) == (24, 1000, Amount.OVER)
    thing = SiteEquipment.objects.get()
    assert (thing.kind, thing.quantity) == (EquipmentKind.CAMERA, 56)
    assert SiteFunding.objects.get().amount == 28_000_000
    shown = page(signed.get(answer.url))
    assert "hơn 1.000" in shown and "28.000.000" in shown and "56" in shown and site.code in shown


def test_going_back_loses_nothing_and_complains_of_nothing(signed: Client, commune: Unit) -> None:
    typed = whole(commune, step="2", go="back", members="nhiều lắm", note="dòng một\ndòng hai")
    text = page(signed.post(ADD, typed))
    assert 'aria-current="step">Thông tin chính' in text
    assert 'name="members" value="nhiều lắm"' in text and "error-summary" not in text


def test_wrong_second_step_stays_there_with_what_was_typed(
    signed: Client, commune: Unit, kind: ModelType
) -> None:
    typed = whole(commune, step="2", go="next", members="-5", launched_on="31/02/2026")
    text = page(signed.post(ADD, typed))
    assert 'aria-current="step">Địa bàn' in text
    assert 'value="-5"' in text and 'value="31/02/2026"' in text
    assert "là số âm" in text and "Không có ngày 31/02/2026" in text
    assert not ModelSite.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"launched_on": "19/11/2026"}, "còn ở tương lai"),
        ({"launched_on": "01/06/2025"}, "không tồn tại vào ngày 01/06/2025"),
        ({"level": "district"}, "Cấp huyện đã kết thúc"),
        ({"owners-go": "zzzz"}, "Không tìm thấy đơn vị"),
    ],
)
def test_bad_input_is_said_at_its_field_and_writes_nothing(
    signed: Client, commune: Unit, kind: ModelType, changes: dict[str, str], message: str
) -> None:
    text = page(signed.post(ADD, whole(commune, **changes)))
    assert message in text and "error-summary" in text
    assert not ModelSite.objects.exists() and not SiteEquipment.objects.exists()


def test_second_site_of_the_type_there_is_refused_with_the_code_of_the_first(
    signed: Client, commune: Unit, kind: ModelType
) -> None:
    signed.post(ADD, whole(commune))
    text = page(signed.post(ADD, whole(commune, place="ap 3")))
    assert ModelSite.objects.get().code in text


def test_unknown_name_offers_the_like_ones_and_a_new_kind_on_purpose(
    signed: Client, commune: Unit, kind: ModelType
) -> None:
    text = page(signed.post(ADD, first_step(type_name="Camera an nin")))
    assert 'data-type-option="Camera an ninh"' in text and "is_new_type" in text

    field = ModelFieldFactory()
    new = {"type_name": "Tiếng kẻng an ninh", "is_new_type": "on"}
    text = page(signed.post(ADD, whole(commune, **new)))
    assert "Chưa chọn lĩnh vực" in text and not ModelSite.objects.exists()
    signed.post(ADD, whole(commune, **new, field=field.pk))
    made = ModelSite.objects.get().model_type
    assert (made.name, made.field) == ("Tiếng kẻng an ninh", field)


def test_without_a_launch_day_it_is_kept_among_the_drafts(
    signed: Client, commune: Unit, kind: ModelType
) -> None:
    signed.post(ADD, whole(commune, launched_on=""))
    draft = ModelSite.objects.get()
    assert draft.state == SiteState.DRAFT
    assert draft.code in page(signed.get("/mo-hinh/ban-nhap/"))


def test_unit_outside_the_scope_is_refused(signed: Client, commune: Unit, kind: ModelType) -> None:
    text = page(signed.post(ADD, whole(commune, unit=UnitFactory().pk)))
    assert "không chọn được" in text and not ModelSite.objects.exists()


def test_other_units_get_the_404_of_a_missing_page(signed: Client) -> None:
    foreign = SiteFactory()
    for name in ("site", "site_edit", "site_remove"):
        answer = signed.get(reverse(f"programs:{name}", args=[foreign.pk]))
        missing = signed.get(reverse(f"programs:{name}", args=[987654321]))
        assert answer.status_code == missing.status_code == 404
        assert answer.content == missing.content
    part = reverse("programs:site_part", args=[foreign.pk, "kinh-phi"])
    assert signed.post(part, {}).status_code == 404


def test_coordinator_sees_and_does_not_write(signed: Client, commune: Unit) -> None:
    site = SiteFactory()
    SitePartyFactory(site=site, unit=commune, role="coordinator")
    text = page(signed.get(reverse("programs:site", args=[site.pk])))
    assert "Ghi số mới" not in text
    assert signed.get(reverse("programs:site_edit", args=[site.pk])).status_code == 403


def test_owner_elsewhere_writes_too(signed: Client, commune: Unit) -> None:
    site = SiteFactory(launched_on=date(2026, 1, 10))
    SitePartyFactory(site=site, unit=commune)
    text = page(signed.get(reverse("programs:site_edit", args=[site.pk])))
    assert f'value="{site.unit_id}"' in text


def edited(site: ModelSite, **changes: Any) -> dict[str, Any]:
    return {
        "type_name": site.model_type.name, "name": "", "level": site.level,
        "host_kind": site.host_kind, "unit": site.unit_id, "place": site.place,
        "launched_on": f"{site.launched_on:%d/%m/%Y}", "note": "",
        "lock_version": site.lock_version,
    } | changes  # fmt: skip


def test_edit_saves_and_a_second_person_sees_both_versions(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    url = reverse("programs:site_edit", args=[site.pk])
    assert signed.post(url, edited(site, place="Ấp 1")).status_code == 302
    text = page(signed.post(url, edited(site, place="Ấp 2")))
    assert "Người khác vừa sửa" in text
    assert "Ấp 1" in text and "Ấp 2" in text and 'name="lock_version" value="2"' in text
    again = edited(site, place="Ấp 2", lock_version=2)
    assert signed.post(url, again).status_code == 302
    site.refresh_from_db()
    assert site.place == "Ấp 2"


def test_edit_of_a_site_removed_meanwhile_loses_nothing(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    url = reverse("programs:site_edit", args=[site.pk])
    ModelSite.objects.update(removed_at=site.created_at, removed_reason="Ghi nhầm")
    SiteFactory(unit=commune, model_type=site.model_type)  # another one stands in its place now
    assert signed.get(url).status_code == 404

    text = page(signed.post(url, edited(site, place="Ấp 2")))
    assert "Điểm này vừa bị bỏ" in text and "Lý do: Ghi nhầm" in text
    assert 'value="Ấp 2"' in text and 'name="restore"' in text
    assert signed.post(url, edited(site, restore="1")).status_code == 200
    assert ModelSite.objects.kept().count() == 1
    assert signed.post(url, edited(site, place="Ấp 2", restore="1")).status_code == 302
    site.refresh_from_db()
    assert (site.removed_at, site.place) == (None, "Ấp 2")


def test_edit_may_open_a_new_kind(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    field = site.model_type.field
    new = edited(site, type_name="Trống hội yên bình", is_new_type="on", field=field.pk)
    assert signed.post(reverse("programs:site_edit", args=[site.pk]), new).status_code == 302
    site.refresh_from_db()
    assert (site.model_type.name, site.model_type.field) == ("Trống hội yên bình", field)


def test_edit_keeps_joint_owners(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    other = SitePartyFactory(site=site).unit
    url = reverse("programs:site_edit", args=[site.pk])
    text = page(signed.get(url))
    for unit in (commune, other):
        assert f'name="owners" value="{unit.pk}" checked' in text


def test_mistake_is_removed_with_a_reason_and_restored(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    url = reverse("programs:site_remove", args=[site.pk])
    assert "Chưa nhập lý do" in page(signed.post(url, {"reason": ""}))
    assert signed.post(url, {"reason": "Ghi nhầm xã"}).url == url
    assert signed.get(reverse("programs:site", args=[site.pk])).status_code == 404
    assert "Khôi phục" in page(signed.get(url))
    assert site.code in page(signed.get("/mo-hinh/ban-nhap/"))
    signed.post(reverse("programs:site_restore", args=[site.pk]))
    assert page(signed.get(reverse("programs:site", args=[site.pk])))


def test_silent_site_says_for_how_long(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune, last_news_on=date(2026, 1, 10))
    assert "im lặng 2 quý" in page(signed.get(reverse("programs:site", args=[site.pk])))


def test_page_asks_as_often_for_twenty_rows_as_for_one(
    signed: Client, commune: Unit, django_assert_max_num_queries: Any
) -> None:
    small, large = SiteFactory(unit=commune), SiteFactory(unit=commune)
    for site, n in ((small, 1), (large, 20)):
        for row in range(n):
            SiteTeamFactory(site=site, name=f"Tổ {row}")
            SiteEquipmentFactory(site=site)
            SiteFundingFactory(site=site)
            SiteResultFactory(objective=SiteObjectiveFactory(site=site))
            ProtectedObjectFactory(site=site)
            SiteFileFactory(site=site)
            ActivityFactory(site=site)
            SitePartyFactory(site=site, role="coordinator")
    counts = []
    for site in (small, small, large):
        with django_assert_max_num_queries(60) as made:
            page(signed.get(reverse("programs:site", args=[site.pk])))
        counts.append(len(made))
    assert counts[1] == counts[2]


def test_drafts_ask_as_often_for_twenty_as_for_one(
    signed: Client, clerk: User, commune: Unit, django_assert_max_num_queries: Any
) -> None:
    counts = []
    page(signed.get("/mo-hinh/ban-nhap/"))
    for n in (1, 19):
        for _ in range(n):
            SiteFactory(unit=commune, created_by=clerk, state=SiteState.DRAFT, launched_on=None)
        with django_assert_max_num_queries(30) as made:
            page(signed.get("/mo-hinh/ban-nhap/"))
        counts.append(len(made))
    assert counts[0] == counts[1]
