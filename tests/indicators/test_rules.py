"""Windows, due dates, ratios and qualifiers against the real rules of the reference files."""

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from apps.indicators.rules import (
    DeadlineRuleUnreadable,
    Figure,
    FormulaUnreadable,
    PeriodUnknown,
    due_at,
    due_day,
    is_working_day,
    kinds_of,
    numbers,
    parse_ratio,
    period_label,
    previous,
    ratio,
    round_half_up,
    same_last_year,
    say,
    weakest,
    window,
    working_day_after,
)

REFERENCE = Path(__file__).resolve().parent.parent.parent / "reference"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=HANOI)


CALENDAR_ROWS = rows("reporting_calendars")


@pytest.mark.parametrize(
    "row", CALENDAR_ROWS, ids=lambda r: f"{r['calendar']}-{r['period_kind']}-{r['number']}"
)
def test_window_is_as_the_law_says(row: dict[str, str]) -> None:
    start, end = window(row["calendar"], row["period_kind"], int(row["year"]), int(row["number"]))

    assert start == date.fromisoformat(row["window_start"])
    assert end - timedelta(days=1) == date.fromisoformat(row["window_end_inclusive"])


def test_reference_holds_every_calendar_that_has_a_rule() -> None:
    known = {(row["calendar"], row["period_kind"]) for row in CALENDAR_ROWS}

    for calendar in {code for code, _ in known}:
        assert set(kinds_of(calendar)) == {kind for code, kind in known if code == calendar}


@pytest.mark.parametrize(
    ("kind", "year"), [("month", 2026), ("quarter", 2026), ("half_year", 2024), ("week", 2026)]
)
def test_windows_of_a_year_join_without_gap(kind: str, year: int) -> None:
    calendar = "tngt-week" if kind == "week" else "nd09"
    windows = [window(calendar, kind, year, number) for number in numbers(kind, year)]

    assert all(this[1] == following[0] for this, following in zip(windows, windows[1:]))  # noqa: B905, RUF007
    assert windows[-1][1] == window(calendar, kind, year + 1, 1)[0]


def test_window_month_1_starts_in_december() -> None:
    assert window("nd09", "month", 2026, 1) == (date(2025, 12, 15), date(2026, 1, 15))


def test_window_year_takes_20_december_into_the_next_year() -> None:
    start, end = window("nd09", "year", 2026, 1)

    assert start <= date(2025, 12, 20) < end


def test_window_leap_february() -> None:
    assert window("nd09", "month", 2028, 3) == (date(2028, 2, 15), date(2028, 3, 15))


@pytest.mark.parametrize(
    ("calendar", "kind", "number"),
    [
        ("nd09", "month", 13),
        ("nd09", "month", 0),
        ("nd09", "quarter", 5),
        ("nd09", "nine_months", 2),
        ("nd09", "week", 1),
        ("tngt-week", "week", 54),
        ("no-such", "year", 1),
        ("nd09", "decade", 1),
    ],
)
def test_window_refuses_a_period_that_is_not_there(calendar: str, kind: str, number: int) -> None:
    with pytest.raises(PeriodUnknown):
        window(calendar, kind, 2026, number)


def test_numbers_counts_53_weeks_in_a_long_year() -> None:
    assert len(numbers("week", 2026)) == 53
    assert len(numbers("week", 2027)) == 52


def test_numbers_refuses_an_unknown_kind() -> None:
    with pytest.raises(PeriodUnknown):
        numbers("decade", 2026)


@pytest.mark.parametrize(
    ("kind", "number", "label"),
    [
        ("month", 11, "tháng 11/2026"),
        ("quarter", 3, "quý III/2026"),
        ("half_year", 1, "6 tháng đầu năm 2026"),
        ("half_year", 2, "6 tháng cuối năm 2026"),
        ("nine_months", 1, "9 tháng năm 2026"),
        ("year", 1, "năm 2026"),
        ("week", 12, "tuần 12/2026"),
    ],
)
def test_period_label_is_vietnamese(kind: str, number: int, label: str) -> None:
    assert period_label(kind, 2026, number) == label


def test_period_label_refuses_a_fifth_quarter() -> None:
    with pytest.raises(PeriodUnknown):
        period_label("quarter", 2026, 5)


@pytest.mark.parametrize(
    ("kind", "number", "before", "a_year_ago"),
    [
        ("month", 1, (2025, 12), (2025, 1)),
        ("month", 7, (2026, 6), (2025, 7)),
        ("quarter", 1, (2025, 4), (2025, 1)),
        ("half_year", 1, (2025, 2), (2025, 1)),
        ("nine_months", 1, (2025, 1), (2025, 1)),
        ("year", 1, (2025, 1), (2025, 1)),
        ("week", 1, (2025, 52), (2025, 1)),
        ("week", 53, (2026, 52), (2025, 52)),
    ],
)
def test_previous_and_same_last_year(
    kind: str, number: int, before: tuple[int, int], a_year_ago: tuple[int, int]
) -> None:
    assert previous(kind, 2026, number) == before
    assert same_last_year(kind, 2026, number) == a_year_ago


# (cascade, day after the cut-off, year, first instant too late at each level)
CASCADES = [
    ("tt13-2022", date(2026, 3, 15), 2026, [(3, 16), (3, 18), (3, 20), (3, 24)]),
    ("tt13-2022", date(2026, 4, 1), 2026, [(3, 16), (3, 18), (3, 20), (3, 24)]),
    ("tt02-2023-month", date(2026, 4, 1), 2026, [(3, 16), (3, 17)]),
    ("tt02-2023-quarter", date(2026, 4, 1), 2026, [(3, 7), (3, 9)]),
    ("tt02-2023-year", date(2027, 1, 1), 2026, [(11, 26), (11, 28)]),
    ("khanh-hoa", date(2026, 3, 15), 2026, [(3, 18)]),
    ("nd09-gov", date(2026, 3, 15), 2026, [(3, 26)]),
    ("classification", date(2026, 11, 1), 2026, [(11, 20), (11, 30)]),
]


@pytest.mark.parametrize(("code", "end", "year", "expected"), CASCADES)
def test_due_at_follows_every_cascade(
    code: str, end: date, year: int, expected: list[tuple[int, int]]
) -> None:
    row = next(row for row in rows("deadline_cascades") if row["code"] == code)
    levels = [row[f"level_{n}"] for n in range(1, 5) if row[f"level_{n}"]]

    dues = [due_at(rule, row["comparison"], end, year, {}) for rule in levels]

    assert dues == [midnight(2026, month, day) for month, day in expected]


def test_every_cascade_of_the_reference_is_a_vector() -> None:
    assert {row["code"] for row in rows("deadline_cascades")} == {row[0] for row in CASCADES}


def test_due_at_before_may_fall_before_the_period_ends() -> None:
    end = date(2026, 4, 1)

    assert due_at("16", "before", end, 2026, {}) < midnight(2026, 4, 1)


def test_due_at_by_is_later_than_before_by_one_day() -> None:
    end = date(2026, 3, 15)

    assert due_at("16", "by", end, 2026, {}) - due_at("16", "before", end, 2026, {}) == timedelta(
        days=1
    )


def test_due_at_last_second_of_the_day_is_in_time() -> None:
    due = due_at("16", "by", date(2026, 3, 15), 2026, {})

    assert datetime(2026, 3, 16, 23, 59, 59, tzinfo=HANOI) < due
    assert due == datetime(2026, 3, 17, tzinfo=HANOI)


def test_due_at_two_working_days_skip_weekend_and_holidays() -> None:
    """The cut-off is Friday 14/02/2026; Tết runs from the 16th to the 20th."""
    tet = {date(2026, 2, day): False for day in range(16, 21)}

    due = due_at("+2wd", "by", date(2026, 2, 14), 2026, tet)

    assert due == midnight(2026, 2, 25)


def test_due_at_counts_a_saturday_that_is_worked() -> None:
    worked = {date(2026, 8, 22): True}

    assert working_day_after(date(2026, 8, 21), 1, worked) == date(2026, 8, 22)
    assert working_day_after(date(2026, 8, 21), 1, {}) == date(2026, 8, 24)


def test_is_working_day_knows_weekends() -> None:
    assert is_working_day(date(2026, 11, 20), {})
    assert not is_working_day(date(2026, 11, 21), {})
    assert not is_working_day(date(2026, 11, 22), {})


def test_due_day_of_a_short_month_is_its_last() -> None:
    assert due_day("31", date(2026, 3, 1), 2026, {}) == date(2026, 2, 28)


def test_due_day_of_december_cut_off_stays_in_december() -> None:
    assert due_day("25", date(2027, 1, 1), 2026, {}) == date(2026, 12, 25)


@pytest.mark.parametrize("rule", ["", "0", "32", "16/13", "+0wd", "+2", "soon", "16 ", "-2wd"])
def test_due_day_refuses_other_grammar(rule: str) -> None:
    with pytest.raises(DeadlineRuleUnreadable):
        due_day(rule, date(2026, 3, 15), 2026, {})


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], "exact"),
        (["exact", "exact"], "exact"),
        (["exact", "over"], "over"),
        (["nearly", "exact", "nearly"], "nearly"),
        (["over", "nearly"], "about"),
        (["about", "exact"], "about"),
        (["about", "over"], "about"),
    ],
)
def test_weakest_is_as_weak_as_the_weakest_part(parts: list[str], whole: str) -> None:
    assert weakest(parts) == whole


def test_parse_ratio_splits_sums() -> None:
    assert parse_ratio("D1+D2+D3+D4+D5") == ("D1", "D2", "D3", "D4", "D5")
    assert parse_ratio("C6d") == ("C6d",)
    assert parse_ratio(" A2 + A2d ") == ("A2", "A2d")


@pytest.mark.parametrize("formula", ["", "D1+", "D1-D2", "D1*2", "d1", "D1 D2"])
def test_parse_ratio_refuses_anything_else(formula: str) -> None:
    with pytest.raises(FormulaUnreadable):
        parse_ratio(formula)


def test_ratio_of_the_real_case_is_about_75_point_3() -> None:
    valuable, received = Figure(Decimal(3200), "nearly"), Figure(Decimal(4250))

    rate = ratio(valuable, received)

    assert rate == Figure(Decimal("75.3"), "about")


def test_ratio_of_exact_figures_is_exact() -> None:
    assert ratio(Figure(Decimal(18)), Figure(Decimal(18))) == Figure(Decimal("100.0"))


def test_ratio_over_nothing_is_none() -> None:
    assert ratio(Figure(Decimal(0)), Figure(Decimal(0))) is None


def test_ratio_rounds_a_half_up() -> None:
    assert round_half_up(Decimal("12.25"), 1) == Decimal("12.3")
    assert round_half_up(Decimal("0.05"), 1) == Decimal("0.1")
    rate = ratio(Figure(Decimal(1)), Figure(Decimal(8)), 0)
    assert rate is not None
    assert rate.value == Decimal(13)


@pytest.mark.parametrize(
    ("value", "qualifier", "decimals", "words"),
    [
        (249880, "over", 0, "hơn 249.880"),
        (3200, "nearly", 0, "gần 3.200"),
        (Decimal("75.3"), "about", 1, "khoảng 75,3"),
        (4250, "exact", 0, "4.250"),
    ],
)
def test_say_writes_as_papers_do(
    value: int | Decimal, qualifier: str, decimals: int, words: str
) -> None:
    assert say(value, qualifier, decimals) == words
