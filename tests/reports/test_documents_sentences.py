"""The words around the figures: only what was said, with its own qualifier, in good sentences."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from apps.reports.documents.sentences import (
    GROUPS,
    compared,
    counted_once,
    is_said,
    result_blocks,
    say_ratio,
    signed,
)
from apps.reports.queries.summary import ChildFigures, SummaryLine
from tests.reports.lines import child, line, percent, total

NBSP = "\u00a0"


def texts(lines: list[SummaryLine], children: list[ChildFigures] | None = None) -> list[str]:
    found: list[str] = []
    for block in result_blocks(lines, children or []):
        found += [*block["paragraphs"], *block["items"]]  # type: ignore[misc]
    return found


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (120, 100, f" (cùng kỳ 100; tăng 20, 20,0{NBSP}%)"),
        (80, 100, f" (cùng kỳ 100; giảm 20, 20,0{NBSP}%)"),
        (100, 100, " (cùng kỳ 100; không đổi)"),
        (5, 0, " (cùng kỳ 0; tăng 5)"),
        (0, 0, " (cùng kỳ 0; không đổi)"),
        (0, 5, f" (cùng kỳ 5; giảm 5, 100,0{NBSP}%)"),
        (None, 5, ""),
        (5, None, ""),
    ],
)
def test_a_figure_is_compared_with_last_year(
    now: int | None, before: int | None, words: str
) -> None:
    assert compared(line("F1", total(now), total(before))) == words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (
            total(120, "over"),
            total(100),
            f" (cùng kỳ 100; tăng khoảng 20, khoảng 20,0{NBSP}%)",
        ),
        (
            total(80),
            total(100, "nearly"),
            f" (cùng kỳ gần 100; giảm khoảng 20, khoảng 20,0{NBSP}%)",
        ),
        (total(100, "over"), total(100), " (cùng kỳ 100)"),
    ],
)
def test_a_difference_from_a_qualified_figure_is_never_said_as_exact(
    now: object, before: object, words: str
) -> None:
    assert compared(line("F1", now, before)) == words


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [
        ("exact", "1.200 tin"),
        ("over", "hơn 1.200 tin"),
        ("nearly", "gần 1.200 tin"),
        ("about", "khoảng 1.200 tin"),
    ],
)
def test_a_figure_keeps_its_qualifier(qualifier: str, words: str) -> None:
    assert texts([line("F1", total(1200, qualifier))]) == [f"Nhân dân đã cung cấp {words}."]
    assert texts([line("F9", total(1200, qualifier))]) == [f"Tên F9: {words}."]


def test_sessions_say_over_in_their_own_word() -> None:
    lines = [
        line("B1", total(2580), breakdown="diem"),
        line("B1", total(640, "over"), breakdown="buoi"),
        line("B2", total(249880, "over")),
    ]

    assert texts(lines) == [
        (
            "Đã tổ chức 2.580 điểm và trên 640 buổi tuyên truyền, với hơn 249.880 lượt người dự; "
            "điểm và buổi là hai cách đếm khác nhau nên không cộng chung."
        )
    ]


def test_people_without_sessions_are_told_too() -> None:
    assert texts([line("B2", total(50), total(50))]) == [
        "Công tác tuyên truyền, với 50 lượt người dự (cùng kỳ 50; không đổi)."
    ]


def test_one_way_of_counting_needs_no_note() -> None:
    assert texts([line("B1", total(7), breakdown="buoi")]) == ["Đã tổ chức 7 buổi tuyên truyền."]


def test_what_nobody_said_is_not_written() -> None:
    lines = [line("F1", total(None)), line("A3", total(None)), line("RF2", ratio=percent(None))]

    assert not any(is_said(x) for x in lines)
    assert result_blocks(lines, []) == []


def test_zero_is_written() -> None:
    assert texts([line("F9", total(0))]) == ["Tên F9: 0 tin."]


def test_tips_are_told_together_with_their_rates() -> None:
    lines = [
        line("F1", total(4250), total(4000)),
        line("F2", total(3200, "nearly")),
        line("F3", total(4000)),
        line("RF2", ratio=percent("75.3", "about")),
        line("RF3", ratio=percent("94.1")),
    ]

    assert texts(lines) == [
        (
            f"Nhân dân đã cung cấp 4.250 tin (cùng kỳ 4.000; tăng 250, 6,3{NBSP}%), trong đó gần "
            f"3.200 tin có giá trị (khoảng 75,3{NBSP}%), đã xác minh, giải quyết 4.000 "
            f"tin (94,1{NBSP}%)."
        )
    ]


def test_valuable_tips_are_told_when_the_number_of_all_is_missing() -> None:
    lines = [line("F1", total(None)), line("F2", total(7)), line("F3", total(5))]

    assert texts(lines) == ["Nhân dân đã cung cấp 7 tin có giá trị, đã xác minh, giải quyết 5 tin."]
    assert texts([line("F3", total(5))]) == ["Đã xác minh, giải quyết 5 tin."]


def bodies(count: int) -> list[ChildFigures]:
    return [child(f"Đơn vị {n}", n, diem=total(n)) for n in range(1, count + 1)]


@pytest.mark.parametrize(("count", "is_named"), [(1, False), (2, True), (5, True), (6, False)])
def test_organising_bodies_are_named_where_there_are_a_few(count: int, is_named: bool) -> None:
    told = texts([line("B1", total(30), breakdown="diem")], bodies(count))

    assert any(text.startswith("Trong đó, ") for text in told) is is_named


def test_bodies_are_parted_by_semicolons_and_silent_ones_left_out() -> None:
    children = [
        child("Công an tỉnh", 1, diem=total(2580), B2=total(225100, "over")),
        child("MTTQ", 2, buoi=total(640, "over"), B2=total(24780, "over")),
        child("Sở Nội vụ", 3, diem=total(0), B2=total(None)),
    ]

    told = texts([line("B1", total(2580), breakdown="diem")], children)

    assert told[1] == (
        "Trong đó, Công an tỉnh: 2.580 điểm, hơn 225.100 lượt người; "
        "MTTQ: trên 640 buổi, hơn 24.780 lượt người."
    )


def test_items_end_with_semicolons_and_the_last_with_a_full_stop() -> None:
    block = result_blocks([line(f"F{n}", total(n)) for n in (7, 8, 9)], [])[0]

    assert block["items"] == ["Tên F7: 7 tin;", "Tên F8: 8 tin;", "Tên F9: 9 tin."]
    assert block["paragraphs"] == []


def test_headings_are_numbered_without_gaps_and_in_the_outlines_order() -> None:
    lines = [line("G9", total(1)), line("A1", total(2)), line("A5", total(3)), line("E3", total(4))]

    headings = [str(block["heading"]) for block in result_blocks(lines, [])]

    names = [heading.split(". ", 1)[1] for heading in headings]
    order = [name for name, _codes in GROUPS]
    assert [heading.split(". ")[0] for heading in headings] == ["1", "2", "3", "4"]
    assert all(order.index(a) < order.index(b) for a, b in pairwise(names))


def test_each_line_is_told_once() -> None:
    told = " ".join(texts([line("A1", total(2)), line("A5", total(3)), line("E1", total(4))]))

    assert [told.count(word) for word in ("Tên A1", "Tên A5", "4 loại mô hình")] == [1, 1, 1]
    assert "Tên E1" not in told


def test_parts_of_a_figure_with_a_sentence_are_listed() -> None:
    lines = [line("E1", total(9)), line("E1", total(4), breakdown="tot")]

    assert texts(lines) == ["Đang duy trì 9 loại mô hình.", "Tên E1: 4 tin."]


@pytest.mark.parametrize(
    ("value", "qualifier", "words"),
    [("75.3", "exact", f"75,3{NBSP}%"), ("75.3", "about", f"khoảng 75,3{NBSP}%")],
)
def test_rates_have_a_space_that_does_not_break(value: str, qualifier: str, words: str) -> None:
    assert say_ratio(percent(value, qualifier), 1) == words


@pytest.mark.parametrize(("value", "words"), [(5, "+5"), (-1250, "−1.250"), (0, "0")])
def test_differences_have_their_sign(value: int, words: str) -> None:
    assert signed(Decimal(value), 0) == words


def test_rows_that_hold_the_same_record_are_explained_with_what_was_taken_off() -> None:
    lines = [
        line("E2", total(81)),
        line("E5", total(3)),
        replace(line("E1", total(7)), kind="distinct"),
    ]
    rows = [[total(79), total(2), total(5)], [total(40), None, total(4)], [None, total(1), None]]

    note = counted_once(lines, rows, [each.now for each in lines], "Toàn tỉnh")

    assert "tính một lần ở dòng Toàn tỉnh; phần trùng đã trừ: E2 38 tin." in note
    assert "E1: dòng Toàn tỉnh đếm riêng, không cộng các dòng." in note
    assert "E5" not in note


def test_rows_that_add_up_need_no_word() -> None:
    lines = [line("E2", total(5))]

    assert counted_once(lines, [[total(2)], [None], [total(3)]], [total(5)], "Tổng") == ""
    assert counted_once(lines, [], [total(None)], "Tổng") == ""


def test_bodies_that_held_something_together_are_not_read_as_a_sum() -> None:
    together = [child("Công an", 1, B2=total(100)), child("Mặt trận", 2, B2=total(60))]

    assert "tính một lần trong tổng" in texts([line("B2", total(120))], together)[1]
    assert "tính một lần" not in texts([line("B2", total(160))], together)[1]
