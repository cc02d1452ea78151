"""Reading and writing cells, checking a form, deadlines in words: no database."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import DomainError
from apps.reports.rules import (
    CellFigure,
    Line,
    Reading,
    Subset,
    broken_subsets,
    cell_text,
    completeness_mark,
    content_hash,
    is_big_change,
    is_outlier,
    missing_lines,
    percent_change,
    read_cell,
    soft_warnings,
    timing_of,
)

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def line(line_id: int, code: str, breakdown: str = "", *, is_required: bool = True) -> Line:
    return Line(line_id, code, breakdown, f"tên {code}", code[0], "flow", 0, is_required)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", Reading("missing")),
        ("   ", Reading("missing")),
        ("0", Reading("zero", Decimal(0))),
        ("000", Reading("zero", Decimal(0))),
        ("-", Reading("nothing")),
        ("–", Reading("nothing")),
        ("—", Reading("nothing")),
        ("−", Reading("nothing")),
        ("Không phát sinh", Reading("nothing")),
        ("kps", Reading("nothing")),
        ("không áp dụng", Reading("not_applicable")),
        ("chưa có", Reading("not_available")),
        ("1250", Reading("value", Decimal(1250))),
        ("1.250", Reading("value", Decimal(1250))),
        ("1 250", Reading("value", Decimal(1250))),
        (" 12 ", Reading("value", Decimal(12))),
        ("hơn 1.250", Reading("value", Decimal(1250), "over")),
        ("Trên 640", Reading("value", Decimal(640), "over")),
        ("> 640", Reading("value", Decimal(640), "over")),
        ("gần 3.200", Reading("value", Decimal(3200), "nearly")),
        ("hơn1250", Reading("value", Decimal(1250), "over")),
        ("999.999.999.999.999", Reading("value", Decimal(10**15 - 1))),
    ],
)
def test_read_cell_takes_what_people_type(typed: str, expected: Reading) -> None:
    assert read_cell(typed, decimals=0) == expected


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("1,5", "số nguyên"),
        ("1.25", "nhiều cách"),
        ("-5", "số âm"),
        ("mười", "không phải là số"),
        ("12 tin", "không phải là số"),
        ("1000000000000000", "quá lớn"),
        ("1.000.000.000.000.000", "quá lớn"),
        ("hơn", "không phải là số"),
        ("hơn 0", "Số 0"),
        ("hơn -5", "không phải là số"),
        ("75 %", "%"),
        ("=1+1", "không phải là số"),
        ("1e3", "không phải là số"),
    ],
)
def test_read_cell_refuses_with_advice(typed: str, word: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_cell(typed, decimals=0)

    assert word in refusal.value.message


def test_read_cell_takes_decimals_only_where_asked() -> None:
    assert read_cell("1,25", decimals=2) == Reading("value", Decimal("1.25"))
    with pytest.raises(DomainError):
        read_cell("1,255", decimals=2)


FIGURES = st.one_of(
    st.sampled_from(
        [
            CellFigure("missing"),
            CellFigure("zero", Decimal(0)),
            CellFigure("nothing"),
            CellFigure("not_applicable"),
            CellFigure("not_available"),
        ]
    ),
    st.builds(
        lambda number, word: CellFigure("value", Decimal(number).scaleb(-2), word),
        st.integers(1, 10**17 - 1),
        st.sampled_from(["exact", "over", "nearly"]),
    ),
)


@given(FIGURES)
def test_cell_text_is_read_back_to_the_same_figure(figure: CellFigure) -> None:
    reading = read_cell(cell_text(figure, 2), decimals=2)

    assert reading == Reading(figure.state, figure.value, figure.qualifier)


def test_zero_nothing_and_missing_never_look_alike() -> None:
    states = [CellFigure("zero", Decimal(0)), CellFigure("nothing"), CellFigure("missing")]

    assert len({cell_text(figure, 0) for figure in states}) == 3


def test_missing_lines_are_required_lines_where_nobody_said_anything() -> None:
    lines = [line(1, "F1"), line(2, "F2"), line(3, "F3", is_required=False), line(4, "F4")]
    figures = {1: CellFigure("nothing"), 2: CellFigure("missing"), 4: CellFigure("not_available")}

    assert [found.line_id for found in missing_lines(lines, figures)] == [2]


SUBSETS = [Subset("F2", "F1", per_breakdown=False), Subset("C5", "C5d", per_breakdown=True)]


def value(number: int) -> CellFigure:
    return CellFigure("value", Decimal(number)) if number else CellFigure("zero", Decimal(0))


def test_broken_subsets_names_the_smaller_line_and_both_numbers() -> None:
    lines = [line(1, "F1"), line(2, "F2")]

    (found,) = broken_subsets(lines, {1: value(1250), 2: value(1300)}, SUBSETS)

    assert (found.kind, found.line_id) == ("error", 2)
    assert "1.300" in found.text
    assert "1.250" in found.text


def test_broken_subsets_are_silent_when_equal_or_unknown() -> None:
    lines = [line(1, "F1"), line(2, "F2")]

    assert broken_subsets(lines, {1: value(5), 2: value(5)}, SUBSETS) == []
    assert broken_subsets(lines, {2: value(5)}, SUBSETS) == []
    assert broken_subsets(lines, {1: CellFigure("not_available"), 2: value(5)}, SUBSETS) == []


def test_broken_subsets_count_nothing_as_zero() -> None:
    lines = [line(1, "F1"), line(2, "F2")]

    assert len(broken_subsets(lines, {1: CellFigure("nothing"), 2: value(5)}, SUBSETS)) == 1


def test_broken_subsets_compare_group_by_group() -> None:
    lines = [line(1, "C5", "a"), line(2, "C5", "b"), line(3, "C5d", "a"), line(4, "C5d", "b")]
    figures = {1: value(5), 2: value(5), 3: value(9), 4: value(4)}

    assert [found.line_id for found in broken_subsets(lines, figures, SUBSETS)] == [2]


def test_standards_met_may_exceed_those_registered_in_a_quarter() -> None:
    # Units registered in an earlier quarter may be recognised in this one: no false alarm.
    lines = [line(1, "C6"), line(2, "D1")]

    assert broken_subsets(lines, {1: value(2), 2: value(40)}, SUBSETS) == []


@pytest.mark.parametrize(
    ("now", "before", "is_big"),
    [(150, 100, False), (151, 100, True), (50, 100, False), (49, 100, True), (9, 0, False)],
)
def test_is_big_change_is_more_than_half(now: int, before: int, is_big: bool) -> None:
    assert is_big_change(Decimal(now), Decimal(before)) is is_big


def test_soft_warnings_ask_for_a_note_and_stop_when_there_is_one() -> None:
    lines, before = [line(1, "F1")], {("F1", ""): value(100)}

    assert len(soft_warnings(lines, {1: value(500)}, before, {})) == 1
    noted = CellFigure("value", Decimal(500), note="Mở đợt cao điểm")
    assert soft_warnings(lines, {1: noted}, before, {}) == []


def test_is_outlier_needs_six_points() -> None:
    history = [Decimal(n) for n in (10, 11, 9, 10, 12, 11)]

    assert is_outlier(Decimal(90), history)
    assert not is_outlier(Decimal(90), history[:5])
    assert not is_outlier(Decimal(12), history)


def test_content_hash_is_of_the_content_alone() -> None:
    rows = [("F1", "", "value", Decimal("1.00"), "exact", "")]

    assert content_hash(rows, {"b": "2", "a": "1"}) == content_hash(rows, {"a": "1", "b": "2"})
    assert content_hash(rows, {}) != content_hash([("F1", "", "zero", None, "exact", "")], {})


def test_percent_change_rounds_half_up_and_compares_with_nothing_never() -> None:
    assert percent_change(Decimal(1125), Decimal(1000)) == Decimal("12.5")
    assert percent_change(Decimal(5), Decimal(0)) is None
    assert percent_change(None, Decimal(5)) is None


def test_completeness_mark_says_of_how_many() -> None:
    assert completeness_mark(91, 95) == "91/95 đơn vị"


DUE = datetime(2026, 11, 21, 0, 0, tzinfo=HANOI)  # by the 20th


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (18, 9, "Còn 2 ngày"),
        (19, 23, "Còn 1 ngày"),
        (20, 0, "Hôm nay"),
        (20, 23, "Hôm nay"),
        (21, 0, "Quá hạn 1 ngày"),
        (24, 9, "Quá hạn 4 ngày"),
    ],
)
def test_timing_of_counts_days_to_the_last_good_one(day: int, hour: int, expected: str) -> None:
    at = datetime(2026, 11, day, hour, 0, tzinfo=HANOI)

    assert timing_of(DUE, None, at).label == expected


def test_timing_of_what_was_sent_knows_late_to_the_second() -> None:
    second = timedelta(seconds=1)

    assert timing_of(DUE, DUE - second, DUE + timedelta(days=9)).label == "Đúng hạn"
    assert timing_of(DUE, DUE, DUE).label == "Nộp muộn"
