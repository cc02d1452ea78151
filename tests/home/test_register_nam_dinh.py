"""Nam Định 2022: what the article says of models is recorded as sites and comes out of reports."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from apps.home.services.case_nam_dinh import FARMERS, ROOT, SEED, TELECOM, load_nam_dinh_2022
from apps.home.services.demo_people import build_cast
from apps.indicators.figures import answer, common, records
from apps.programs.models import ModelSite, SiteTeam
from apps.reports.models import Document, SubmissionLine
from apps.units.models import Unit
from tests.kept import kept

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
YEAR = (date(2021, 12, 15), date(2022, 12, 15))
REGISTER = "programs.models"
Told = tuple[Decimal | None, str, str]


@pytest.fixture(scope="module", autouse=True)
def _case(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker):
        call_command("load_reference", verbosity=0)
        load_nam_dinh_2022(cast=build_cast(at=AT), at=AT)
        yield


def reported(unit_code: str) -> dict[str, Told]:
    """Return what stands in the accepted report of a unit."""
    lines = SubmissionLine.objects.filter(
        submission__unit__code=unit_code, submission__state="accepted"
    )
    rows = lines.values_list("indicator__code", "value", "qualifier", "source")
    return {code: (value, qualifier, source) for code, value, qualifier, source in rows}


def facts(indicator: str) -> dict[str, int]:
    """Return the source's exact figures of an indicator by subject."""
    with (settings.BASE_DIR / "reference" / "seed_facts.csv").open(encoding="utf-8") as file:
        return {
            row["subject"]: int(row["value"])
            for row in csv.DictReader(file)
            if row["seed"] == SEED and row["indicator"] == indicator and row["year"] == "2022"
        }


def sites_behind(code: str, *unit_codes: str) -> Counter[str]:
    """Count the records behind a figure of units by kind of model."""
    units = list(Unit.objects.filter(code__in=unit_codes).values_list("pk", flat=True))
    found = [row.record_id for row in records(REGISTER, code, "", units, YEAR)]
    assert len(found) == len(set(found))
    kinds = ModelSite.objects.filter(pk__in=found).values_list("model_type__name", flat=True)
    return Counter(kinds)


def test_the_union_reports_what_the_article_counts_and_nobody_typed_it() -> None:
    said = reported(FARMERS)

    assert {source for _value, _qualifier, source in said.values()} == {"register"}
    assert {code: (value, qualifier) for code, (value, qualifier, _) in said.items()} == {
        "E2": (79, "exact"),
        "E3": (25, "exact"),
        "E4": (1375, "about"),  # 75, over 1.000 and nearly 300
        "E5": (33, "exact"),
        "E13": (56, "exact"),
        "E14": (28_000_000, "exact"),
    }


def test_the_records_behind_the_figures_are_the_articles_numbers() -> None:
    told, new = facts("E2"), facts("E5")

    assert sites_behind("E2", FARMERS) == {
        "Ba an toàn": told["Hội Nông dân: Ba an toàn"],
        "Tiếng kẻng an ninh": told["Hội Nông dân: Tiếng kẻng an ninh"],
        "Nông dân tự quản về ANTT và tham gia giữ gìn bình yên tuyến biển": told[
            "Hội Nông dân: tự quản và giữ gìn bình yên tuyến biển"
        ],
        "Nông dân tự quản về ANTT": told["Hội Nông dân: tự quản về ANTT"],
        "CLB Nông dân với an toàn giao thông": new[
            "CLB Nông dân với an toàn giao thông, mới trong năm"
        ],
        "Camera tự quản ANTT": 1,
    }
    assert sorted(sites_behind("E5", FARMERS).values()) == sorted(new.values()) == [4, 5, 24]
    assert facts("E13") == {"xã Yên Hưng: camera": 56}
    assert facts("E14") == {"xã Yên Hưng: kinh phí xã hội hóa": 28_000_000}


def test_members_that_the_article_gives_as_one_number_add_up_to_it() -> None:
    def members(kind: str) -> tuple[int, set[str]]:
        teams = SiteTeam.objects.filter(site__model_type__name=kind, members__isnull=False)
        rows = list(teams.values_list("members", "qualifier"))
        return sum(n or 0 for n, _ in rows), {word for _, word in rows}

    assert members("Tiếng kẻng an ninh") == (75, {"exact"})
    assert members("Nông dân tự quản về ANTT") == (1000, {"over"})
    assert members("CLB Nông dân với an toàn giao thông") == (300, {"nearly"})
    for note in ModelSite.objects.filter(teams__qualifier="over").values_list("note", flat=True):
        assert "chia đều" in note


def test_a_joint_site_counts_for_each_owner_and_once_for_them_together() -> None:
    codes = [FARMERS, "TH-36-CU", "YH-36-CU"]
    ids = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))

    each = answer(REGISTER, ["E2", "E13", "E14"], ids.values(), YEAR)
    together = common(REGISTER, ["E2", "E13", "E14"], list(ids.values()), YEAR)

    assert [int(each["E2", ids[code], ""].value) for code in codes] == [79, 26, 2]
    assert int(together["E2", ""].value) == 79
    assert int(each["E13", ids["YH-36-CU"], ""].value) == 56
    assert int(together["E13", ""].value) == 56
    assert int(together["E14", ""].value) == 28_000_000


def test_the_province_counts_kinds_distinct_and_keeps_the_unclear_54_apart() -> None:
    said = reported(ROOT)

    assert said["E1"] == (Decimal(7), "exact", "register")
    assert said["E0"] == (Decimal(54), "exact", "source")


def test_the_paper_of_the_province_counts_a_joint_site_once() -> None:
    units = Unit.objects.filter(code__endswith="-36-CU").values_list("code", flat=True)
    summed = sum(reported(code)["E2"][0] or 0 for code in units if "E2" in reported(code))
    content = Document.objects.get(root__code=ROOT).content
    frozen = json.dumps(content)

    assert summed == 119
    assert "phần trùng đã trừ: E2 38 điểm; E3 25 tổ; E4 75 người;" in content["annexes"][0]["note"]
    assert sum(sites_behind("E2", *units).values()) == 81
    assert '"81' in frozen or " 81" in frozen
    assert "119" not in frozen


def test_the_telecom_company_guards_five_kinds_of_things_with_three_aims() -> None:
    site = ModelSite.objects.get(unit__code=TELECOM)

    assert site.objectives.count() == 3
    assert list(site.protected.order_by("order").values_list("quantity", flat=True)) == [
        1,
        24,
        1,
        500,
        4,
    ]
    assert reported(TELECOM)["E2"] == (1, "exact", "register")


def test_units_and_sites_are_real_and_loading_twice_adds_nothing() -> None:
    assert not ModelSite.objects.filter(is_demo=True).exists()
    before = ModelSite.objects.count(), SubmissionLine.objects.count(), Document.objects.count()

    load_nam_dinh_2022(cast=build_cast(at=AT), at=AT)

    assert before == (
        ModelSite.objects.count(),
        SubmissionLine.objects.count(),
        Document.objects.count(),
    )
