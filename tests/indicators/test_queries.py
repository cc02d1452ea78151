"""Who is asked what, and which periods a period is compared with."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import call_command

from apps.indicators.models import Calendar, Indicator
from apps.indicators.queries import (
    catalogue,
    previous_period,
    same_period_last_year,
)
from apps.indicators.services import open_periods
from tests.factories.indicators import (
    BreakdownFactory,
    CalendarFactory,
    IndicatorAskFactory,
    IndicatorFactory,
    SectionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nd09(at: datetime) -> Calendar:
    calendar: Calendar = CalendarFactory(code="nd09")
    for year in (2025, 2026):
        open_periods(calendar=calendar, year=year, by=None, at=at)
    return calendar


def asked(**values: Any) -> Indicator:
    indicator: Indicator = IndicatorAskFactory(indicator=IndicatorFactory(**values)).indicator
    return indicator


def test_catalogue_comes_in_the_order_of_reports() -> None:
    late, early = SectionFactory(order=9), SectionFactory(order=1)
    third, second = asked(section=late, order=1), asked(section=early, order=2)
    first = asked(section=early, order=1)

    assert list(catalogue("commune", "month")) == [first, second, third]


def test_catalogue_leaves_out_what_is_not_asked_or_not_cleared() -> None:
    asked(is_default_on=False)
    shown = asked()

    assert list(catalogue("commune", "month")) == [shown]
    assert not catalogue("commune", "week").exists()
    assert not catalogue("province", "month").exists()


def test_catalogue_on_a_day_knows_validity() -> None:
    asked(valid_to=date(2026, 1, 1))
    kept = asked(valid_from=date(2026, 1, 1))

    assert list(catalogue("commune", "month", date(2026, 1, 1))) == [kept]
    assert kept not in catalogue("commune", "month", date(2025, 12, 31))


def test_catalogue_takes_two_queries_however_long(django_assert_num_queries: Any) -> None:
    for _ in range(5):
        BreakdownFactory(indicator=asked())

    with django_assert_num_queries(2):
        for indicator in catalogue("commune", "month"):
            assert indicator.section.name
            assert len(indicator.breakdowns.all()) == 1


def test_previous_period_and_same_period_last_year(nd09: Calendar) -> None:
    first_quarter = nd09.periods.get(kind="quarter", year=2026, number=1)

    previous, a_year_ago = previous_period(first_quarter), same_period_last_year(first_quarter)

    assert previous is not None
    assert previous.label == "quý IV/2025"
    assert a_year_ago is not None
    assert a_year_ago.label == "quý I/2025"


def test_previous_period_is_none_before_the_first(nd09: Calendar) -> None:
    assert previous_period(nd09.periods.get(kind="year", year=2025)) is None


@pytest.mark.slow
def test_commune_gets_what_the_reference_says() -> None:
    call_command("load_reference", verbosity=0)

    codes = [indicator.code for indicator in catalogue("commune", "month")]

    assert codes[:3] == ["A1", "A14", "B1"]
    assert {"F1", "F2", "F3", "RF2", "RF3"} <= set(codes)
    assert "F14" not in codes
