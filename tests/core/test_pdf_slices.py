"""Pages are filled by estimate; the estimate agrees with the type, and errors never show."""

from __future__ import annotations

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from apps.core.pdf import slices
from apps.core.pdf.parts import Row
from apps.core.pdf.pool import ROOT
from apps.core.pdf.render import render_pdf
from tests.core.pdf_examples import TIPS, unit_annex

# More than two slices, however the rows are estimated.
N_ROWS = 150
NAMES = (
    "Công an phường Mỹ Tho",
    "Khối thi đua các cơ quan, doanh nghiệp, cơ sở giáo dục số 7",
    "NGÂN HÀNG NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN",
    "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
    "1.234.567",
    "khoảng 75,3 % số tin; 34/34 đơn vị",
    TIPS,
)


@pytest.mark.parametrize("text", NAMES)
def test_letter_width_is_that_of_the_font(text: str) -> None:
    font = TTFont(ROOT / "static" / "fonts" / "tinos" / "Tinos-Regular.ttf")
    letters, advances = font.getBestCmap(), font["hmtx"]
    real = sum(advances[letters[ord(letter)]][0] for letter in text) * 1000 / 2048

    estimate = sum(map(slices.letter_width, text))

    assert real <= estimate <= real * 1.04


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 50, 1),
        ("12.345", 50, 1),
        ("Công an xã", 80, 1),
        ("Công an xã Tân Phú Đông", 60, 3),
        ("x" * 40, 50, 5),
    ],
)
def test_count_lines_sets_words_greedily(text: str, width: float, lines: int) -> None:
    assert slices.count_lines(text, width, 11) == lines


def page_sizes(rows: list[Row]) -> list[int]:
    """Return the rows per page of a table."""
    return [len(page) for page in slices.fill_pages(unit_annex(0, rows=rows), 1.0)]


def test_equal_rows_fill_pages_equally() -> None:
    sizes = [len(page) for page in slices.fill_pages(unit_annex(500), 1.0)]

    assert len(set(sizes[1:-1])) == 1
    assert sizes[0] < sizes[1]
    assert sum(sizes) == 500


def test_a_groups_heading_is_not_left_at_the_foot_of_a_page() -> None:
    plain = unit_annex(200).rows
    full = page_sizes(list(plain))[0]
    rows = [*plain[: full - 1], Row(("Khối 1",), kind="group"), *plain[full:]]

    first = next(slices.fill_pages(unit_annex(0, rows=rows), 1.0))

    assert first[-1].kind == ""


def test_an_empty_table_is_one_page_with_its_heading() -> None:
    (only,) = slices.plan_slices(unit_annex(0), 1.0)

    assert "Phụ lục II" in slices.slice_html(unit_annex(0), only)


def numbers_and_rows(content: bytes) -> tuple[list[str], list[str]]:
    """Return the page numbers after the first page, and the names of the units in order."""
    texts = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    numbers = [text.split("\n")[-1].strip() for text in texts[1:]]
    words = " ".join(texts).split()
    return numbers, [words[i + 1] for i, word in enumerate(words) if word == "Phú"]


@pytest.mark.parametrize("leading", [13.5, 12.6, 6.0])
def test_rows_taller_than_estimated_spoil_neither_numbers_nor_rows(
    leading: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "LEADING_PT", leading)

    numbers, names = numbers_and_rows(render_pdf([unit_annex(N_ROWS)], title="Thử"))

    assert numbers == [str(number) for number in range(2, len(numbers) + 2)]
    assert names == [str(number) for number in range(1, N_ROWS + 1)]
    assert len(numbers) >= 2 * slices.PAGES_PER_SLICE


def test_pages_are_full_and_none_is_nearly_empty() -> None:
    rows = [Row((str(n), NAMES[n % len(NAMES)], *("1.234",) * 6)) for n in range(1, N_ROWS + 1)]
    part = unit_annex(0, rows=rows)

    content = render_pdf([part], title="Thử")

    planned = sum(len(piece.pages) for piece in slices.plan_slices(part, 1.0))
    assert len(PdfReader(BytesIO(content)).pages) == planned
