"""The paper itself: its numerals, and what stands where on its pages."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from apps.reports.documents.paper import PaperMarks, numeral, summary_pdf

ROWS = 30
CONTENT: dict[str, Any] = {
    "letterhead": {
        "superior": "UBND TỈNH",
        "body": "BAN CHỈ ĐẠO 138",
        "body_name": "Ban Chỉ đạo 138",
        "symbol": "BC-BCĐ",
        "place": "Đồng Tháp",
        "kind_name": "BÁO CÁO",
        "subject": "Kết quả quý III/2026",
        "recipients": ["Bộ Công an"],
        "signer_lines": ["TRƯỞNG BAN"],
        "signer_name": "Nguyễn Văn Ký",
    },
    "period": {"label": "quý III/2026"},
    "lead": ["Số liệu tính từ ngày 15/06/2026."],
    "sections": [
        {
            "heading": "II. KẾT QUẢ",
            "blocks": [{"heading": "1. Tin", "paragraphs": ["Có 5 tin."], "items": ["Một;"]}],
        }
    ],
    "table": [{"title": "F. Tin", "rows": [["1", "F1 Tin", "tin", "5", "…", "", "", "1/1"]]}],
    "annexes": [
        {
            "title": "SỐ LIỆU THEO ĐƠN VỊ",
            "columns": ["F1 Tin (tin)"],
            "rows": [[str(n), f"<b>Xã</b> {n}", "999.999.999.999.999"] for n in range(ROWS)],
            "total": ["", "Toàn tỉnh", "5"],
        }
    ],
    "missing": [f"=HYPERLINK {n}" for n in range(12)],
    "figures": [{"code": "F1", "value": "5"}],
    "is_demo": True,
}


def made(marks: PaperMarks) -> bytes:
    return summary_pdf(CONTENT, marks, lambda _percent, _step: None)


@pytest.fixture(scope="module")
def draft() -> bytes:
    return made(PaperMarks())


def words(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (20, "XX"), (21, "XXI"), (49, "XLIX")],
)
def test_annexes_are_numbered_without_end(number: int, text: str) -> None:
    assert numeral(number) == text


def test_every_annex_has_its_numeral_in_order(draft: bytes) -> None:
    text = words(draft)

    places = [text.index(f"Phụ lục {n}") for n in ("I ", "II ", "III ")]
    assert places == sorted(places)


def test_table_annex_and_missing_units_are_on_paper_as_text(draft: bytes) -> None:
    text = words(draft)

    assert "<b>Xã</b> 29" in text
    assert "999.999.999.999.999" in text
    assert "=HYPERLINK 11" in text
    assert "- Một;" in text
    assert "MINH HỌA" in text.upper()


def test_the_figures_are_attached(draft: bytes) -> None:
    attached = PdfReader(BytesIO(draft)).attachments["so-lieu.json"][0]

    assert json.loads(attached)["figures"] == CONTENT["figures"]


def test_number_and_day_stand_on_the_issued_paper_only(draft: bytes) -> None:
    issued = words(made(PaperMarks(15, date(2026, 9, 10))))

    assert "Số: 15/BC-BCĐ" in issued
    assert "Kèm theo Báo cáo số 15/BC-BCĐ ngày 10 tháng 9 năm 2026" in issued
    assert "15/BC-BCĐ" not in words(draft)


def test_the_same_content_is_the_same_bytes(draft: bytes) -> None:
    assert made(PaperMarks()) == draft
