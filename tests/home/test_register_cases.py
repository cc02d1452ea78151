"""Đồng Nai 2023 and Thanh Hóa 2022: models, forces and exemplars of articles, told by registers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from apps.home.services import case_dong_nai as dong_nai
from apps.home.services import case_thanh_hoa as thanh_hoa
from apps.home.services.cases import CASES, load_case
from apps.home.services.demo_people import build_cast
from apps.indicators.figures import answer, common
from apps.programs.models import Exemplar, ModelSite
from apps.programs.rules import ExemplarState
from apps.reports.models import Document, SubmissionLine
from apps.units.models import BlockMember, ForceStock, Unit
from tests.kept import kept

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
FACTS = settings.BASE_DIR / "reference" / "seed_facts.csv"
YEAR_2023 = (date(2022, 12, 15), date(2023, 12, 15))
YEAR_2022, HALF_2022 = (
    (date(2021, 12, 15), date(2022, 12, 15)),
    (date(2021, 12, 15), date(2022, 6, 15)),
)


@pytest.fixture(scope="module", autouse=True)
def _cases(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker):
        call_command("load_reference", verbosity=0)
        load("dong-nai-2023")
        load("thanh-hoa-2022")
        yield


def load(name: str) -> None:
    load_case(name=name, facts_file=FACTS, cast=build_cast(at=AT), at=AT)


def reported(unit_code: str) -> dict[str, Decimal | None]:
    """Return what the register filled in the accepted report of a unit."""
    lines = SubmissionLine.objects.filter(
        submission__unit__code=unit_code, submission__state="accepted", source="register"
    )
    return dict(lines.values_list("indicator__code", "value"))


def unit_id(code: str) -> int:
    return Unit.objects.get(code=code).pk


def test_all_four_cases_can_be_named() -> None:
    assert CASES == ("dong-thap-2022", "nam-dinh-2022", "dong-nai-2023", "thanh-hoa-2022")


def test_the_broadcaster_has_one_model_of_six_teams() -> None:
    assert reported(dong_nai.RADIO) == {"E2": 1, "E3": 6}


def test_three_hospitals_follow_one_kind_and_the_province_counts_seven_kinds() -> None:
    hospitals = (dong_nai.GENERAL, dong_nai.CHILDREN, dong_nai.UNITED)

    assert [reported(code)["E2"] for code in hospitals] == [1, 1, 1]
    kinds = ModelSite.objects.filter(unit__code__in=hospitals).values_list("model_type__name")
    assert kinds.distinct().get() == ("Tự phòng, tự quản, tự bảo vệ tại bệnh viện",)
    assert reported(dong_nai.ROOT)["E1"] == 7


def test_the_boarding_houses_of_university_and_ward_count_once_together() -> None:
    ids = [unit_id(dong_nai.UNIVERSITY), unit_id(dong_nai.WARD)]

    each = answer("programs.models", ["E2"], ids, YEAR_2023)
    together = common("programs.models", ["E2"], ids, YEAR_2023)

    assert [int(each["E2", pk, ""].value) for pk in ids] == [2, 1]
    assert int(together["E2", ""].value) == 2


def test_the_military_command_of_the_company_is_a_force_but_no_guards() -> None:
    stock = ForceStock.objects.get(unit__code=dong_nai.FOOD)
    company = stock.unit_id

    assert (stock.kind.code, stock.members) == ("ban-chi-huy-quan-su", 66)
    assert not answer("units.forces", ["A8"], [company], YEAR_2023)


def test_the_block_has_the_ten_members_that_are_named_and_its_head() -> None:
    members = BlockMember.objects.filter(block__code="KHOI-75-CU-1")

    assert members.count() == 10
    assert members.get(role="head").unit.code == dong_nai.BANK


def test_the_ward_had_three_models_and_got_the_zalo_one_in_august() -> None:
    ward = unit_id(thanh_hoa.LAM_SON)

    before = answer("programs.models", ["E2", "E5"], [ward], HALF_2022)
    year = answer("programs.models", ["E2", "E5"], [ward], YEAR_2022)

    assert [int(before[code, ward, ""].value) for code in ("E2", "E5")] == [3, 0]
    assert [int(year[code, ward, ""].value) for code in ("E2", "E5")] == [4, 1]
    assert reported(thanh_hoa.LAM_SON) == {"E2": 4, "E5": 1}


def test_the_citys_report_takes_its_forces_from_the_register() -> None:
    assert reported(thanh_hoa.CITY) == {
        "A2": 34,
        "A2d": 34,
        "A3": 664,
        "A6": 2241,
        "A7": 100_468,
        "A8": 1192,
    }


def test_an_abolished_force_is_kept_for_its_time_only() -> None:
    stock = ForceStock.objects.get(kind__code="ban-bao-ve-dan-pho")

    assert (stock.teams, stock.members, stock.as_of) == (30, 552, date(2022, 8, 1))
    assert stock.kind.valid_to == date(2024, 7, 1)


def test_the_city_builds_up_three_exemplars() -> None:
    chosen = Exemplar.objects.filter(chooser__code=thanh_hoa.CITY, state=ExemplarState.BUILDING)

    assert dict(chosen.values_list("unit__code", "field")) == {
        thanh_hoa.QUANG_THANG: "phong trào toàn dân bảo vệ ANTQ và trật tự đô thị",
        thanh_hoa.DONG_VINH: "phong trào toàn dân bảo vệ ANTQ",
        thanh_hoa.LAM_SON: "trật tự đô thị",
    }


def test_loading_twice_changes_nothing() -> None:
    before = ModelSite.objects.count(), Exemplar.objects.count(), Document.objects.count()

    load("dong-nai-2023")
    load("thanh-hoa-2022")

    assert before == (ModelSite.objects.count(), Exemplar.objects.count(), Document.objects.count())
