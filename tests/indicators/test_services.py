"""Loading twice changes nothing, people's corrections stay, and periods open once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest
from django.db import connection

from apps.audit.models import AuditEntry
from apps.indicators.models import (
    Calendar,
    DeadlineStep,
    Holiday,
    Indicator,
    IndicatorAsk,
    Period,
)
from apps.indicators.services import (
    CalendarHasNoRule,
    CatalogueRows,
    ReferenceUnreadable,
    load_cascades,
    load_catalogue,
    load_holidays,
    open_periods,
)
from tests.factories.indicators import CalendarFactory

pytestmark = pytest.mark.django_db

HOLIDAY = {"on": "2026-09-02", "name": "Quốc khánh", "is_working": "no", "is_verified": "yes"}


@pytest.fixture
def nd09() -> Calendar:
    calendar: Calendar = CalendarFactory(code="nd09")
    return calendar


def indicator_row(code: str, **changed: str) -> dict[str, str]:
    return {
        "code": code,
        "section": "F",
        "name": f"Chỉ tiêu {code}",
        "measure_unit": "tin",
        "decimals": "0",
        "kind": "flow",
        "numerator": "",
        "denominator": "",
        "rule_text": "",
        "source_register": "tips",
        "asked_of": "commune",
        "asked_when": "month year",
        "is_default_on": "yes",
        "total_of_breakdowns": "yes",
        "evidence": "",
        "is_verified": "yes",
        "mark": "",
    } | changed


def catalogue_rows(*indicators: dict[str, str]) -> CatalogueRows:
    section = {"code": "F", "name": "Tin báo", "order": "6"}
    return CatalogueRows([section], indicators, [], [])


def test_open_periods_makes_a_year_of_nd09(nd09: Calendar, at: datetime) -> None:
    opened = open_periods(calendar=nd09, year=2026, by=None, at=at)

    assert len(opened) == 12 + 4 + 2 + 1 + 1
    year = nd09.periods.get(kind="year", year=2026)
    assert (year.start, year.end, year.label) == (
        date(2025, 12, 15),
        date(2026, 12, 15),
        "năm 2026",
    )


def test_open_periods_twice_opens_once_and_says_so_once(nd09: Calendar, at: datetime) -> None:
    open_periods(calendar=nd09, year=2026, by=None, at=at)

    assert open_periods(calendar=nd09, year=2026, by=None, at=at) == []
    assert Period.objects.count() == 20
    assert AuditEntry.objects.filter(action="indicators.periods_opened").count() == 1


def test_open_periods_leaves_a_window_that_people_set(nd09: Calendar, at: datetime) -> None:
    open_periods(calendar=nd09, year=2026, by=None, at=at)
    Period.objects.filter(kind="year").update(end=date(2026, 12, 10))

    open_periods(calendar=nd09, year=2026, by=None, at=at)

    assert nd09.periods.get(kind="year").end == date(2026, 12, 10)


def test_open_periods_fills_what_is_missing(nd09: Calendar, at: datetime) -> None:
    open_periods(calendar=nd09, year=2026, by=None, at=at)
    Period.objects.filter(kind="month", number=5).delete()

    (period,) = open_periods(calendar=nd09, year=2026, by=None, at=at)

    assert period.label == "tháng 5/2026"


def test_open_periods_refuses_a_calendar_made_by_hand(at: datetime) -> None:
    with pytest.raises(CalendarHasNoRule, match="bằng tay"):
        open_periods(calendar=CalendarFactory(), year=2026, by=None, at=at)


@pytest.mark.django_db(transaction=True)
def test_open_periods_at_once_makes_each_period_once(at: datetime) -> None:
    calendar, together = CalendarFactory(code="nd09"), Barrier(2, timeout=10)

    def open_year(_: int) -> None:
        try:
            together.wait()
            open_periods(calendar=calendar, year=2026, by=None, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(open_year, range(2)))

    assert Period.objects.count() == 20


def test_load_catalogue_asks_for_a_rate_where_its_numerator_is_asked(at: datetime) -> None:
    rate = indicator_row(
        "RF2",
        kind="ratio",
        numerator="F2+F3",
        denominator="F1",
        asked_of="numerator",
        asked_when="numerator",
    )
    rows = catalogue_rows(
        indicator_row("F1"),
        indicator_row("F2", asked_of="commune"),
        indicator_row("F3", asked_of="province", asked_when="year"),
        rate,
    )

    load_catalogue(rows=rows, by=None, at=at)

    asks = IndicatorAsk.objects.filter(indicator__code="RF2")
    assert set(asks.values_list("asked_of", "period_kind")) == {
        ("commune", "month"),
        ("commune", "year"),
        ("province", "year"),
    }


def test_load_catalogue_keeps_corrections_unless_told(at: datetime) -> None:
    rows = catalogue_rows(indicator_row("F1"))
    load_catalogue(rows=rows, by=None, at=at)
    Indicator.objects.update(name="Tên đã sửa")

    assert load_catalogue(rows=rows, by=None, at=at) == 0
    assert Indicator.objects.get().name == "Tên đã sửa"

    load_catalogue(rows=rows, by=None, at=at, overwrite=True)
    assert Indicator.objects.get().name == "Chỉ tiêu F1"


def test_load_catalogue_refuses_an_unreadable_flag(at: datetime) -> None:
    rows = catalogue_rows(indicator_row("F1", is_default_on="maybe"))

    with pytest.raises(ReferenceUnreadable, match="maybe"):
        load_catalogue(rows=rows, by=None, at=at)

    assert not Indicator.objects.exists()


def test_load_holidays_twice_adds_once(at: datetime) -> None:
    assert load_holidays(rows=[HOLIDAY], by=None, at=at) == 1
    assert load_holidays(rows=[HOLIDAY], by=None, at=at) == 0
    assert load_holidays(rows=[], by=None, at=at) == 0
    assert Holiday.objects.get().name == "Quốc khánh"
    assert AuditEntry.objects.filter(action="indicators.holidays_loaded").count() == 1


def test_load_cascades_sets_levels_right_when_told(at: datetime) -> None:
    row = {
        "code": "thu",
        "name": "Thử",
        "comparison": "by",
        "meaning": "",
        "source": "",
        "is_verified": "yes",
        "level_1": "+2wd",
        "level_2": "25",
        "level_3": "",
        "level_4": "",
    }
    assert load_cascades(rows=[row], by=None, at=at) == 3

    load_cascades(rows=[row | {"level_2": "26"}], by=None, at=at, overwrite=True)

    steps = DeadlineStep.objects.order_by("level").values_list("level", "rule")
    assert list(steps) == [(1, "+2wd"), (2, "26")]
