"""load_reference brings every fact of the reference files, once."""

from io import StringIO

import pytest
from django.core.management import call_command

from apps.indicators.management.commands.load_reference import read_rows
from apps.indicators.models import (
    Breakdown,
    Calendar,
    DeadlineCascade,
    Holiday,
    Indicator,
    IndicatorAsk,
    Period,
    SubsetRule,
)
from apps.indicators.rules import parse_ratio

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _loaded(django_db_blocker: object) -> None:
    call_command("load_reference", stdout=StringIO())


def test_load_reference_brings_the_100_indicators() -> None:
    assert Indicator.objects.count() == 100
    assert Indicator.objects.filter(kind="ratio").count() == 9
    off = Indicator.objects.filter(is_default_on=False).order_by("code")
    assert list(off.values_list("code", flat=True)) == ["F12", "F14", "F5", "F6"]
    unsure = Indicator.objects.filter(is_verified=False)
    assert {"A11", "B5", "C5d"} <= set(unsure.values_list("code", flat=True))


def test_load_reference_twice_adds_nothing() -> None:
    out = StringIO()

    call_command("load_reference", stdout=out)

    assert "thêm 0 dòng" in out.getvalue()


def test_every_ratio_names_known_indicators_asked_of_the_same() -> None:
    asks = {
        indicator.code: set(indicator.asks.values_list("asked_of", "period_kind"))
        for indicator in Indicator.objects.prefetch_related("asks")
    }

    for rate in Indicator.objects.filter(kind="ratio"):
        numerator = parse_ratio(rate.numerator)
        assert set(numerator) | set(parse_ratio(rate.denominator)) <= asks.keys()
        assert asks[rate.code] == set().union(*(asks[code] for code in numerator))


def test_hard_rules_are_those_of_the_catalogue() -> None:
    rules = SubsetRule.objects.values_list("smaller__code", "larger__code", "per_breakdown")

    assert set(rules) == {
        ("F2", "F1", False),
        ("F3", "F1", False),
        ("A2", "A2d", False),
        ("C3", "C3d", False),
        ("C4", "C4d", False),
        ("C5", "C5d", True),
        ("C6", "C6d", False),
        ("E10", "E1", False),
    }


def test_ways_of_counting_and_overlapping_groups_have_no_total() -> None:
    never = Indicator.objects.filter(total_of_breakdowns=False)

    assert set(never.values_list("code", flat=True)) == {"B1", "C5", "C5d"}
    assert set(Breakdown.objects.filter(indicator__code="B1").values_list("code", flat=True)) == {
        "buoi",
        "diem",
    }
    groups = Breakdown.objects.filter(indicator__code="C5").values_list("code", flat=True)
    assert set(groups) == set(
        Breakdown.objects.filter(indicator__code="C5d").values_list("code", flat=True)
    )


def test_every_indicator_is_asked_of_somebody() -> None:
    silent = Indicator.objects.exclude(pk__in=IndicatorAsk.objects.values("indicator"))

    assert not silent.exists()


def test_calendars_have_periods_for_2021_to_2027() -> None:
    assert set(Calendar.objects.values_list("code", flat=True)) == {
        "nd09",
        "atantt-kdc",
        "atantt",
        "to-bvantt",
        "tngt-week",
    }
    years = Period.objects.filter(kind="year", calendar__code="nd09").order_by("year")
    assert list(years.values_list("year", flat=True)) == list(range(2021, 2028))
    assert not Calendar.objects.get(code="atantt").is_verified


def test_cascades_and_holidays_are_there() -> None:
    assert DeadlineCascade.objects.count() == 7
    assert DeadlineCascade.objects.get(code="tt13-2022").steps.count() == 4
    assert Holiday.objects.get(on="2026-09-02").is_verified
    assert not Holiday.objects.filter(name__startswith="Tết Bính", is_verified=True).exists()
    assert Holiday.objects.filter(is_working=True).exists()


def test_reference_files_are_what_was_loaded() -> None:
    assert {row["code"] for row in read_rows("indicators")} == set(
        Indicator.objects.values_list("code", flat=True)
    )
