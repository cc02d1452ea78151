"""Đồng Tháp: the plan of 2023 with its targets, and what went to the Ministry in 2022."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from apps.home.services.case import FRONT, POLICE, ROOT, load_dong_thap_2022
from apps.home.services.demo_people import build_cast
from apps.indicators.figures import answer
from apps.programs.models import MinistryReferral, Program
from apps.programs.rules import ProgramState, ReferralKind
from apps.reports.models import SubmissionLine
from apps.units.models import Unit
from tests.kept import kept

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
FACTS = settings.BASE_DIR / "reference" / "seed_facts.csv"
YEAR = (date(2021, 12, 15), date(2022, 12, 15))


@pytest.fixture(scope="module", autouse=True)
def _case(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker):
        call_command("load_reference", verbosity=0)
        load_dong_thap_2022(facts_file=FACTS, cast=build_cast(at=AT), at=AT)
        yield


def test_the_plan_of_2023_has_the_four_targets_of_the_article() -> None:
    plan = Program.objects.get(unit__code=ROOT)
    targets = plan.targets.order_by("order").values_list("indicator__code", "sign", "value")

    assert plan.state == ProgramState.SENT
    assert [(code, sign, int(value)) for code, sign, value in targets] == [
        ("RC5", "at_least", 100),
        ("RD1", "more_than", 90),
        ("RD7", "more_than", 80),
        ("D10", "exactly", 0),
    ]
    assert plan.targets.get(indicator__code="RC5").subject.endswith("Nhân dân")


def test_the_plan_was_sent_to_units_of_its_time() -> None:
    plan = Program.objects.get(unit__code=ROOT)

    sent_to = plan.recipients.values_list("unit__code", flat=True)
    assert set(sent_to) == {POLICE, FRONT}
    assert plan.number == ""  # the source gives none


def test_one_model_was_proposed_and_two_were_introduced() -> None:
    proposed = MinistryReferral.objects.filter(kind=ReferralKind.PROPOSAL)
    introduced = MinistryReferral.objects.filter(kind=ReferralKind.INTRODUCTION)
    root = Unit.objects.get(code=ROOT).pk

    assert [row.model_type.name for row in proposed if row.model_type] == ["Tổ Nhân dân tự quản"]
    assert introduced.count() == 2
    said = answer("programs.models", ["E12a", "E12b"], [root], YEAR)
    for code, value in (("E12a", 1), ("E12b", 2)):
        assert int(said[code, root, ""].value) == value


def test_the_report_takes_these_two_from_the_register() -> None:
    lines = SubmissionLine.objects.filter(submission__unit__code=ROOT)

    for code, value in (("E12a", 1), ("E12b", 2)):
        line = lines.get(indicator__code=code)
        assert (line.value, line.source) == (value, "register")


def test_loading_twice_adds_no_plan_and_no_proposal() -> None:
    load_dong_thap_2022(facts_file=FACTS, cast=build_cast(at=AT), at=AT)

    assert Program.objects.count() == 1
    assert MinistryReferral.objects.count() == 3
