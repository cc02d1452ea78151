"""Dates: the day comes first, always (trap 1)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    DateError,
    format_date,
    format_datetime,
    parse_date,
)


@pytest.mark.parametrize(
    "text",
    ["05/06/2026", "5/6/2026", "5-6-26", "05.06.2026", "05062026", " 5 / 6 / 2026 ", "5 6 2026"],
)
def test_parse_date_reads_5_june(text: str) -> None:
    assert parse_date(text) == date(2026, 6, 5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2026", "tháng này có 28 ngày"),
        ("29/02/2025", "tháng này có 28 ngày"),
        ("31/04/2026", "tháng này có 30 ngày"),
        ("00/04/2026", "Không có ngày 00"),
        ("01/13/2026", "Không có tháng 13"),
        ("06/25/2026", "Không có tháng 25"),
        ("2026-06-05", "ngày trước"),
        ("05/06/1026", "Năm 1026"),
        ("hôm nay", "không phải là ngày"),
        ("05/06", "không phải là ngày"),
        ("05/06/202", "không phải là ngày"),
        ("", "Chưa nhập"),
    ],
)
def test_parse_date_refuses_and_says_why(text: str, reason: str) -> None:
    with pytest.raises(DateError, match=reason):
        parse_date(text)


def test_parse_date_takes_a_leap_day() -> None:
    assert parse_date("29/02/2028") == date(2028, 2, 29)


@given(st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)))
def test_a_date_written_is_read_back(day: date) -> None:
    assert parse_date(format_date(day)) == day


@given(st.text(max_size=20))
def test_parse_date_answers_or_refuses_by_name(text: str) -> None:
    try:
        assert FIRST_YEAR <= parse_date(text).year <= LAST_YEAR
    except DateError as refused:
        assert refused.message.endswith(".")


def test_times_are_written_in_the_time_of_viet_nam() -> None:
    last_minute = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)

    assert format_datetime(last_minute) == "01/01/2027 00:05"
    assert format_date(last_minute) == "01/01/2027"


def test_nothing_is_written_for_nothing() -> None:
    assert format_date(None) == format_datetime(None) == ""
