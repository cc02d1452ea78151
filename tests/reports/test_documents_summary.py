"""The frozen report: figures exact to the last digit, gaps shown as gaps, nothing made up."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from apps.indicators.models import Period
from apps.papers.models import IssuingBody
from apps.reports.documents.summary import (
    ANNEX_COLUMNS,
    NOTHING_WRITTEN,
    Wording,
    freeze,
    frozen_bytes,
)
from apps.reports.queries.summary import ChildFigures, Summary, SummaryLine
from apps.units.models import Unit
from tests.reports.lines import child, line, percent, total

NBSP = "\u00a0"
ROOT = Unit(pk=99, code="T82")
BODY = IssuingBody(
    superior_name="UBND TỈNH",
    name="Công an tỉnh",
    committee_name="Ban Chỉ đạo 138",
    place="Đồng Tháp",
    symbol="BC-BCĐ",
    signer_title="TM. BAN CHỈ ĐẠO\n\nTRƯỞNG BAN ",
    signer_name="Nguyễn Văn Ký",
    recipients="- Bộ Công an;\n\n- Lưu: VT.",
)


def frozen(
    lines: list[SummaryLine],
    children: list[ChildFigures] | None = None,
    missing: list[str] | None = None,
    reason: str = "",
    texts: dict[str, str] | None = None,
) -> dict[str, Any]:
    late = missing or []
    period = Period(label="quý III/2026", start=date(2026, 6, 15), end=date(2026, 9, 15))
    summary = Summary(
        root=ROOT,
        period=period,
        tree_on=date(2026, 9, 14),
        lines=lines,
        children=children or [],
        missing=late,
        n_accepted=91,
        n_expected=91 + len(late),
        submission_ids=[],
        is_stale=False,
    )
    return freeze(summary, BODY, Wording(texts or {}, reason, is_demo=False))


def row(lines: list[SummaryLine]) -> list[str]:
    cells: list[str] = frozen(lines)["table"][0]["rows"][0]
    return cells


def test_a_row_says_now_last_year_change_percent_and_how_many() -> None:
    assert row([line("F1", total(1250, n=91, of=95), total(1000))]) == [
        "1",
        "F1 Tên F1",
        "tin",
        "1.250",
        "1.000",
        "+250",
        f"25,0{NBSP}%",
        "91/95 đơn vị",
    ]


def test_a_fall_has_a_minus_sign() -> None:
    assert row([line("F1", total(750), total(1000))])[5:7] == ["−250", f"−25,0{NBSP}%"]


def test_a_change_from_a_qualified_figure_is_about() -> None:
    found = row([line("F1", total(120, "over"), total(100))])

    assert found[3:7] == ["hơn 120", "100", "khoảng +20", f"khoảng 20,0{NBSP}%"]


def test_missing_is_dots_and_zero_is_zero() -> None:
    assert row([line("F1", total(None, n=0), total(None))])[3:7] == ["…", "…", "", ""]
    assert row([line("F1", total(0), total(None))])[3:7] == ["0", "…", "", ""]
    assert row([line("F1", total(5), total(0))])[3:7] == ["5", "0", "+5", ""]


@pytest.mark.parametrize(
    ("value", "said"),
    [("999999999999999", "999.999.999.999.999"), ("5000000000000000", "5.000.000.000.000.000")],
)
def test_the_biggest_figures_are_written_whole(value: str, said: str) -> None:
    content = frozen([line("F1", total(value))])

    assert content["table"][0]["rows"][0][3] == said
    assert content["figures"][0]["value"] == value
    assert said in json.dumps(content["sections"], ensure_ascii=False)


def test_a_rate_shows_both_sides_points_and_who_is_left_out() -> None:
    found = row([line("RF2", ratio=percent("75.0", left_out=4), last=percent("70.5"))])

    assert found == [
        "1",
        "RF2 Tên RF2",
        "%",
        f"75,0{NBSP}%",
        f"70,5{NBSP}%",
        "+4,5 điểm %",
        "",
        "3/4; thiếu 4 đơn vị",
    ]


def test_the_table_keeps_its_groups_in_order_and_numbers_each_from_one() -> None:
    content = frozen([line("F1", total(1)), line("A1", total(2)), line("F4", total(3))])

    groups = [(g["title"][:2], [r[0] for r in g["rows"]]) for g in content["table"]]
    assert groups == [("A.", ["1"]), ("F.", ["1", "2"])]


def test_the_head_says_who_issues_and_for_what() -> None:
    head = frozen([line("F1", total(1))])["letterhead"]

    assert (head["body"], head["body_name"]) == ("BAN CHỈ ĐẠO 138", "Ban Chỉ đạo 138")
    assert head["subject"].endswith("bảo vệ an ninh Tổ quốc quý III/2026")
    assert head["signer_lines"] == ["TM. BAN CHỈ ĐẠO", "TRƯỞNG BAN"]
    assert head["recipients"] == ["Bộ Công an", "Lưu: VT"]


def test_a_complete_report_names_nobody_and_gives_no_reason() -> None:
    assert frozen([], reason="lỡ tay")["lead"] == [
        (
            "Số liệu tính từ ngày 15/06/2026 đến ngày 14/09/2026, tổng hợp từ 91/91 báo cáo đã "
            "tiếp nhận, theo tổ chức đơn vị tại ngày 14/09/2026."
        )
    ]


def test_ten_missing_units_are_named_in_the_text_with_the_reason() -> None:
    content = frozen([], missing=[f"Xã {n}" for n in range(10)], reason="Bão số 5")

    assert content["lead"][1].startswith("Chưa có báo cáo được tiếp nhận của 10 đơn vị: Xã 0; Xã 1")
    assert content["lead"][1].endswith("Xã 9. Lý do lập báo cáo khi chưa đủ: Bão số 5.")
    assert content["missing"] == []


def test_more_than_ten_missing_units_go_to_the_last_annex() -> None:
    names = [f"Xã {n}" for n in range(11)]

    content = frozen([], missing=names)

    assert "11 đơn vị (danh sách ở phụ lục cuối)." in content["lead"][1]
    assert content["missing"] == names


def test_words_stand_in_their_sections_line_by_line() -> None:
    content = frozen([], texts={"uu_diem": " Một. \n\n Hai. ", "kien_nghi": "   "})

    said = {s["heading"]: s["blocks"] for s in content["sections"]}
    assert said["III. NHẬN XÉT, ĐÁNH GIÁ"][0]["paragraphs"] == ["Một.", "Hai."]
    assert said["V. KIẾN NGHỊ, ĐỀ XUẤT"][0]["paragraphs"] == [NOTHING_WRITTEN]


def test_an_annex_lists_each_unit_eight_figures_at_a_time() -> None:
    lines = [line(f"F{n}", total(n)) for n in range(1, ANNEX_COLUMNS + 3)]
    children = [
        child("Tỉnh", 99, F1=total(1), F9=total(4)),
        child("Xã A", 2, F1=total(0), F9=total(3, "over")),
        child("Xã B", 3, F2=total(None)),
    ]

    annexes = frozen(lines, children)["annexes"]

    assert [len(a["columns"]) for a in annexes] == [8, 2]
    assert [r[:3] for r in annexes[0]["rows"]] == [
        ["1", "Số liệu cấp tỉnh", "1"],
        ["2", "Xã A", "0"],
        ["3", "Xã B", "…"],
    ]
    assert [r[1:3] for r in annexes[1]["rows"]] == [
        ["Số liệu cấp tỉnh", "4"],
        ["Xã A", "hơn 3"],
    ]
    assert annexes[0]["total"][:3] == ["", "Toàn tỉnh", "1"]


def test_rates_and_unsaid_figures_have_no_column_and_one_unit_alone_no_annex() -> None:
    lines = [line("F1", total(3)), line("F5", total(None)), line("RF2", ratio=percent("50.0"))]
    children = [child("Xã A", 2, F1=total(1)), child("Xã B", 3, F1=total(2))]

    assert frozen(lines, children)["annexes"][0]["columns"] == ["F1 Tên F1 (tin)"]
    assert frozen(lines, children[:1])["annexes"] == []


def test_the_same_report_freezes_to_the_same_bytes() -> None:
    def made() -> bytes:
        return frozen_bytes(frozen([line("F1", total(5))], [child("Xã A", 2, F1=total(5))]))

    assert made() == made()
    assert json.loads(made()) == frozen([line("F1", total(5))], [child("Xã A", 2, F1=total(5))])
