"""The database refuses what must not be: overlapping periods, other codes, half a ratio."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.indicators.models import Breakdown, Indicator
from tests.factories.indicators import (
    BreakdownFactory,
    CalendarFactory,
    DeadlineStepFactory,
    HolidayFactory,
    IndicatorAskFactory,
    IndicatorFactory,
    PeriodFactory,
    SubsetRuleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "make"),
    [
        ("indicator_code_form", lambda: IndicatorFactory(code="a1")),
        ("indicator_kind_known", lambda: IndicatorFactory(kind="guess")),
        ("indicator_decimals_max", lambda: IndicatorFactory(decimals=9)),
        ("indicator_ratio_parts", lambda: IndicatorFactory(kind="ratio", numerator="F2")),
        ("indicator_ratio_parts", lambda: IndicatorFactory(numerator="F2", denominator="F1")),
        (
            "indicator_valid_order",
            lambda: IndicatorFactory(valid_from=date(2026, 1, 1), valid_to=date(2025, 1, 1)),
        ),
        ("indicator_unverified_says_why", lambda: IndicatorFactory(is_verified=False)),
        ("breakdown_code_form", lambda: BreakdownFactory(code="")),
        ("breakdown_code_form", lambda: BreakdownFactory(code="Tổ")),
        ("indicator_ask_of_known", lambda: IndicatorAskFactory(asked_of="everybody")),
        ("indicator_ask_kind_known", lambda: IndicatorAskFactory(period_kind="decade")),
        ("period_kind_known", lambda: PeriodFactory(kind="decade")),
        ("period_number_range", lambda: PeriodFactory(number=0)),
        ("deadline_step_grammar", lambda: DeadlineStepFactory(rule="soon")),
        ("deadline_step_grammar", lambda: DeadlineStepFactory(rule="32")),
        ("deadline_step_level", lambda: DeadlineStepFactory(level=0)),
    ],
)
def test_constraint_refuses(constraint: str, make: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        make()


@pytest.mark.parametrize("rule", ["16", "6", "31", "25/11", "01/02", "+2wd", "+10wd"])
def test_deadline_step_takes_the_three_forms(rule: str) -> None:
    assert DeadlineStepFactory(rule=rule).pk


def test_subset_rule_needs_two_indicators() -> None:
    indicator = IndicatorFactory()

    with pytest.raises(IntegrityError, match="subset_rule_two_indicators"):
        SubsetRuleFactory(smaller=indicator, larger=indicator)


def test_period_starts_before_it_ends() -> None:
    # The range of the exclusion constraint is built first and refuses as well.
    with pytest.raises(Exception, match=r"period_start_before_end|range lower bound"):
        PeriodFactory(start=date(2026, 1, 2), end=date(2026, 1, 1))


def test_periods_of_a_kind_do_not_overlap() -> None:
    calendar = CalendarFactory()
    PeriodFactory(calendar=calendar, year=2026)

    with pytest.raises(IntegrityError, match="period_no_overlap"):
        PeriodFactory(
            calendar=calendar, year=2027, start=date(2026, 12, 14), end=date(2027, 12, 14)
        )


def test_periods_of_other_kinds_and_calendars_may_overlap() -> None:
    calendar = CalendarFactory()
    PeriodFactory(calendar=calendar, year=2026)

    assert PeriodFactory(calendar=calendar, year=2026, kind="nine_months").pk
    assert PeriodFactory(year=2026).pk


def test_holiday_is_one_a_day() -> None:
    holiday = HolidayFactory()

    with pytest.raises(IntegrityError):
        HolidayFactory(on=holiday.on)


def test_indicator_code_is_final() -> None:
    indicator = IndicatorFactory()

    with pytest.raises(IntegrityError, match="is final"), transaction.atomic():
        Indicator.objects.filter(pk=indicator.pk).update(code="Z999")

    Indicator.objects.filter(pk=indicator.pk).update(name="Tên khác")


def test_breakdown_code_and_place_are_final() -> None:
    breakdown = BreakdownFactory()

    with pytest.raises(IntegrityError, match="is final"), transaction.atomic():
        Breakdown.objects.filter(pk=breakdown.pk).update(code="khac")
    with pytest.raises(IntegrityError, match="is final"):
        Breakdown.objects.filter(pk=breakdown.pk).update(indicator=IndicatorFactory())


def test_is_computed_for_ratios_only() -> None:
    assert IndicatorFactory.build(kind="ratio").is_computed
    assert not IndicatorFactory.build(kind="flow").is_computed


def test_names_of_rows() -> None:
    assert str(IndicatorFactory(code="Y1", name="Tin")) == "Y1 Tin"
    assert str(HolidayFactory(on=date(2026, 9, 2), name="Quốc khánh")) == "02/09/2026 Quốc khánh"
