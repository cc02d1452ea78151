"""Official papers look as Nghị định 30/2020/NĐ-CP says, every Vietnamese letter can be copied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from apps.core.pdf.layout import NBSP, date_words, number_words
from apps.core.pdf.parts import Part, Row, TablePart
from apps.core.pdf.render import render_pdf
from apps.core.pdf.slices import DEMO_MARK
from apps.core.text import nfc
from tests.core.pdf_examples import (
    TIPS,
    figures_annex,
    page,
    slips,
    summary,
    unit_annex,
    unit_report,
)

VOWELS = "aăâeêioôơuưy"
MARKS = "\u0300\u0301\u0303\u0309\u0323"


def read(parts: Sequence[Part | TablePart]) -> PdfReader:
    """Render and open."""
    return PdfReader(BytesIO(render_pdf(parts, title="Thử")))


def texts(parts: Sequence[Part | TablePart]) -> list[str]:
    """Return the text layer, page by page."""
    return [one.extract_text() for one in read(parts).pages]


def flat(text: str) -> str:
    """Join what lines break."""
    return " ".join(text.replace(NBSP, " ").split())


@pytest.mark.parametrize(
    ("number", "words"), [(7, "Số: 07/BC-BCĐ"), (None, f"Số: {NBSP * 6}/BC-BCĐ")]
)
def test_number_words_leave_a_place_for_a_number_not_given(number: int | None, words: str) -> None:
    assert number_words(number, "BC-BCĐ") == words


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 25), "ngày 25 tháng 12 năm 2026"),
    ],
)
def test_date_words_put_zeros_where_the_decree_does(on: date, words: str) -> None:
    assert date_words(on) == words


def test_every_vietnamese_letter_is_in_the_text_layer_in_four_faces() -> None:
    letters = [unit for vowel in VOWELS for unit in (vowel, *(vowel + mark for mark in MARKS))]
    alphabet = " ".join(["đ", *(nfc(x) for x in letters)])
    alphabet += " " + alphabet.upper()
    faces = "".join(
        f"<p>{start}{alphabet}{end}</p>"
        for start, end in [("", ""), ("<b>", "</b>"), ("<i>", "</i>"), ("<b><i>", "</i></b>")]
    )

    reader = read([Part(f'<html lang="vi"><body>{faces}</body></html>')])

    assert flat(reader.pages[0].extract_text()) == " ".join([alphabet] * 4)
    fonts = {str(font["/BaseFont"]).split("+")[1] for font in fonts_of(reader)}
    assert {name.split("-")[0] for name in fonts} == {"Tinos"}
    assert len(fonts) == 4


def fonts_of(reader: PdfReader) -> list[dict[str, object]]:
    """Return the font dictionaries of the first page."""
    resources: Any = reader.pages[0]["/Resources"]
    return [font.get_object() for font in resources["/Font"].values()]


def test_header_stands_in_the_order_of_the_decree() -> None:
    text = flat(texts([summary()])[0])

    order = [
        "UBND TỈNH ĐỒNG THÁP",
        "BAN CHỈ ĐẠO 138",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: /BC-BCĐ",
        "Đồng Tháp, ngày tháng năm 2022",
        "BÁO CÁO",
        "Kết quả công tác xây dựng phong trào",
        "I. TÌNH HÌNH CÓ LIÊN QUAN",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places, dict(zip(order, places, strict=True))
    assert places == sorted(places)


def test_page_numbers_begin_on_the_second_page_of_each_part() -> None:
    pages = texts([summary(), figures_annex(), unit_annex(200)])

    numbers = [last if (last := text.split("\n")[-1].strip()).isdigit() else "" for text in pages]
    starts = [i for i, text in enumerate(pages) if "CỘNG HÒA" in text or "Kèm theo" in text]
    assert len(starts) == 3
    for start, end in zip(starts, [*starts[1:], len(pages)], strict=True):
        assert numbers[start:end] == ["", *(str(n) for n in range(2, end - start + 1))]


def test_signature_stands_with_text_and_recipients_end_in_a_full_stop() -> None:
    closing = next(text for text in texts([summary()]) if "Nơi nhận:" in text)

    assert "V. KIẾN NGHỊ, ĐỀ XUẤT" in closing
    words = flat(closing)
    assert "- Ban Chỉ đạo 138/CP (để báo cáo);" in words
    assert "- Lưu: VT, PV05." in words
    assert "TM. BAN CHỈ ĐẠO KT. TRƯỞNG BAN PHÓ TRƯỞNG BAN THƯỜNG TRỰC" in words


def test_figures_keep_their_qualifiers_in_the_text_layer() -> None:
    assert TIPS.replace(NBSP, " ") in flat(" ".join(texts([summary()])))


def test_demonstration_papers_say_so_on_every_page_and_others_nowhere() -> None:
    parts: list[Part | TablePart] = [
        summary(is_demo=True),
        unit_annex(60, is_demo=True),
        unit_report(is_demo=True),
    ]
    wide = unit_annex(60, is_demo=True, is_landscape=True)

    assert all(DEMO_MARK in text for text in texts([*parts, wide]))
    assert not any(DEMO_MARK in text for text in texts([summary(), unit_annex(60)]))


def test_mark_does_not_touch_the_page_number() -> None:
    places: dict[str, tuple[float, float]] = {}

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip() in {"2", DEMO_MARK}:
            places[text.strip()] = (cm[0] * tm[4] + cm[4], cm[3] * tm[5] + cm[5])

    read([summary(is_demo=True)]).pages[1].extract_text(visitor_text=visit)

    assert places[DEMO_MARK][0] - places["2"][0] > 60


def test_table_header_stands_on_every_page_of_an_annex() -> None:
    for text in texts([unit_annex(120)]):
        assert re.search(r"STT\s+Đơn vị\s+Mô hình", text)
    for text in texts([figures_annex()]):
        assert "Chỉ tiêu" in text


def test_wide_annex_lies_on_its_side_and_the_others_stand() -> None:
    pages = read([unit_report(), unit_annex(5, is_landscape=True)]).pages

    assert pages[0].mediabox.height > pages[0].mediabox.width
    assert pages[1].mediabox.width > pages[1].mediabox.height


def test_unit_report_has_two_places_to_sign_and_its_content_hash() -> None:
    text = flat(" ".join(texts([unit_report()])))

    assert text.index("NGƯỜI LẬP") < text.index("THỦ TRƯỞNG ĐƠN VỊ")
    assert "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" in text.replace(
        " ", ""
    )
    assert "Kỳ báo cáo: tháng 01/2026" in text


def test_slips_are_not_cut_by_a_page_and_four_share_one() -> None:
    pages = texts([slips(7)])

    assert [text.count("Cắt theo đường này") for text in pages] == [4, 3]
    assert "canbo.xa06" in pages[1]
    assert "Kp7-mnq-0006" in pages[1]


def test_user_text_is_printed_not_obeyed() -> None:
    attack = '<img src="file:///etc/passwd"><style>*{display:none}</style>{{ 7 }}'
    heading = page("annex_heading", label=attack, title="Bảng").html

    rows = [Row((attack, "<b>x</b>", "&lt;"))]
    text = flat(" ".join(texts([unit_annex(0, heading_html=heading, rows=rows)])))

    assert text.count(flat(attack)) == 1
    assert text.replace(" ", "").count(attack.replace(" ", "")) == 2
    assert "<b>x</b> &lt;" in text
    assert "root:" not in text


def test_letters_that_the_type_lacks_become_boxes_and_spoil_nothing() -> None:
    strange = Part(
        '<html lang="vi"><title>a</title><p>Hà Nội \u6f22 \U0001f600\ufe0f, ắ\u200d</p></html>'
    )

    reader = read([strange])

    assert flat(reader.pages[0].extract_text()) == "Hà Nội □ □, ắ"
    assert len(fonts_of(reader)) == 1
