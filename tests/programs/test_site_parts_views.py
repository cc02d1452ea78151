"""A clerk changes the parts of a site in place, with and without scripts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.programs.models import SiteTeam
from apps.units.models import Unit
from tests.factories.programs import (
    ProtectedObjectFactory,
    SiteEquipmentFactory,
    SiteFactory,
    SiteFundingFactory,
    SiteObjectiveFactory,
    SiteResultFactory,
    SiteTeamFactory,
)
from tests.programs.site_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PARTS = [
    ("to", {"n_teams": "5", "members": "gần 300", "since": "01/11/2026"}, "gần 300"),
    ("thiet-bi", {"kind": "bell", "quantity": "3", "since": "01/11/2026"}, "Kẻng"),
    ("kinh-phi", {"source": "social", "amount": "5.000.000", "received_on": "2/11/2026"}, "5.000."),
    ("muc-tieu", {"text": "Không để mất trộm"}, "Không để mất trộm"),
    ("bao-ve", {"kind": "trạm BTS", "quantity": "500"}, "trạm BTS"),
]


@pytest.mark.parametrize(("part", "typed", "shown"), PARTS)
def test_parts_are_written_in_place_or_with_a_whole_page(
    signed: Client, commune: Unit, part: str, typed: dict[str, str], shown: str
) -> None:
    site = SiteFactory(unit=commune)
    url = reverse("programs:site_part", args=[site.pk, part])
    answer = signed.post(url, typed, headers={"HX-Request": "true"})
    block = page(answer)
    assert shown in block and "<html" not in block and 'role="status"' in block

    other = SiteFactory(unit=commune)
    plain = signed.post(reverse("programs:site_part", args=[other.pk, part]), typed)
    assert plain.status_code == 302 and "#phan-" in plain.url
    site.refresh_from_db()
    assert shown in page(signed.get(plain.url.partition("#")[0]))


@pytest.mark.parametrize(
    ("part", "typed", "message"),
    [
        ("to", {"n_teams": "5", "members": "-3", "since": "01/11/2026"}, "số âm"),
        ("to", {"n_teams": "5", "since": "09/01/2026"}, "trước ngày ra mắt"),
        ("thiet-bi", {"kind": "camera", "quantity": "0", "since": "1/11/2026"}, "từ 1 trở lên"),
        ("thiet-bi", {"kind": "camera", "quantity": "2", "since": "19/11/2026"}, "tương lai"),
        ("kinh-phi", {"source": "social", "amount": "0", "received_on": "1/11/2026"}, "lớn hơn 0"),
        ("bao-ve", {"kind": "", "quantity": "5"}, "Chưa nhập đối tượng bảo vệ"),
        ("ket-qua", {"objective": "1", "year": "2025", "text": "x"}, "Mục tiêu"),
    ],
)
def test_wrong_part_keeps_what_was_typed_with_and_without_scripts(
    signed: Client, commune: Unit, part: str, typed: dict[str, str], message: str
) -> None:
    site = SiteFactory(unit=commune)
    SiteObjectiveFactory(site=site)
    url = reverse("programs:site_part", args=[site.pk, part])
    for headers in ({"HX-Request": "true"}, {}):
        text = page(signed.post(url, typed, headers=headers))
        assert message in text and "error-summary" in text
        for value in (value for value in typed.values() if value.startswith("-")):
            assert f'value="{value}"' in text


def test_results_by_year_draw_a_line_only_of_figures(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune, launched_on=date(2025, 8, 1))
    aim = SiteObjectiveFactory(site=site)
    url = reverse("programs:site_part", args=[site.pk, "ket-qua"])
    for year, text in ((2025, "12"), (2026, "7")):
        assert (
            signed.post(url, {"objective": aim.pk, "year": year, "text": text}).status_code == 302
        )
    shown = page(signed.get(reverse("programs:site", args=[site.pk])))
    assert 'class="sparkline"' in shown
    signed.post(url, {"objective": aim.pk, "year": 2026, "text": "Không còn vụ nào"})
    shown = page(signed.get(reverse("programs:site", args=[site.pk])))
    assert 'class="sparkline"' not in shown and "Không còn vụ nào" in shown


def test_rows_go_away_by_their_services(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    thing, money = SiteEquipmentFactory(site=site), SiteFundingFactory(site=site)
    guard, aim = ProtectedObjectFactory(site=site), SiteObjectiveFactory(site=site)
    result = SiteResultFactory(objective=aim)

    def drop(part: str, row: Any, **typed: str) -> Any:
        return signed.post(
            reverse("programs:site_part_drop", args=[site.pk, part, row.pk]),
            typed,
            headers={"HX-Request": "true"},
        )

    refused = page(drop("thiet-bi", thing, on="19/11/2026"))
    assert "tương lai" in refused and 'value="19/11/2026" aria-invalid="true"' in refused
    page(drop("thiet-bi", thing, on="1/11/2026"))
    thing.refresh_from_db()
    assert thing.valid_to == date(2026, 11, 1)
    rows = {"kinh-phi": money, "bao-ve": guard, "ket-qua": result, "muc-tieu": aim}
    for part, row in rows.items():
        page(drop(part, row))
        assert not type(row).objects.filter(pk=row.pk).exists()
    for part, foreign in (("kinh-phi", SiteFundingFactory()), ("ket-qua", SiteResultFactory())):
        assert drop(part, foreign).status_code == 404


def test_money_is_summed_by_source_and_no_source_is_made_up(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    SiteFundingFactory(site=site, source="state", amount=7_000_000)
    shown = page(signed.get(reverse("programs:site", args=[site.pk])))
    assert 'Ngân sách nhà nước: <strong class="num">7.000.000</strong>' in shown
    assert "Xã hội hóa:" not in shown


def test_aim_with_results_is_history(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    result = SiteResultFactory(objective=SiteObjectiveFactory(site=site))
    url = reverse("programs:site_part_drop", args=[site.pk, "muc-tieu", result.objective_id])
    assert "được giữ lại" in page(signed.post(url, headers={"HX-Request": "true"}))


def test_empty_team_form_does_not_end_the_teams(signed: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    SiteTeamFactory(site=site, n_teams=4, members=24)
    shown = page(signed.get(reverse("programs:site", args=[site.pk])))
    assert 'name="n_teams" value="4"' in shown
    url = reverse("programs:site_part", args=[site.pk, "to"])
    assert "gõ 0 nếu không còn" in page(signed.post(url, {"since": "1/11/2026"}))
    assert SiteTeam.objects.get().valid_to is None
