"""Cut a long table into slices of whole pages, each an HTML document that knows its page number.

The number of lines of each row is estimated from the widths of Tinos (those of Times New Roman),
so every page but the last is full and the page numbers are known before anything is laid out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from django.utils.html import escape

from apps.core.pdf.parts import Row, TablePart

DEMO_MARK = "DỮ LIỆU MINH HỌA"
PAGES_PER_SLICE = 2
# static/css/pdf.css says the same of table.annex: A4 less its margins, type, padding and rule.
LINE_MM = {False: 160.0, True: 257.0}
HEIGHT_PT = {False: 257 / 25.4 * 72, True: 160 / 25.4 * 72}
TYPE_PT, LEADING_PT, PADDING_PT, SIDES_PT = 11.0, 13.5, 4.5, 6.5
HEADING_PT, HEADING_LEADING_PT, HEADING_GAP_PT = 14.0, 17.5, 6.0
BLOCK = re.compile(r"<(p|h1|h2|h3|div)\b[^>]*>(.*?)</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
# Advance widths in thousandths of the type size, by the letter without its marks; others: 505.
WIDTHS = {
    letter: width
    for width, letters in (
        (255, " ,.\u00a0"),
        (280, "ijlt/:;\\'|"),
        (335, "frI!()-[]"),
        (392, "sJ"),
        (446, 'acez?“”"'),
        (560, "FPS"),
        (614, "ELTZ"),
        (670, "BCR"),
        (725, "wADGHKNOQUVXYĐƠ"),
        (780, "mƯ&"),
        (835, "%"),
        (892, "M"),
        (950, "W@"),
        (1000, "—…"),
        (530, "ơ"),
        (543, "ư"),
    )
    for letter in letters
}


@dataclass(frozen=True, slots=True)
class Slice:
    """Whole pages of one table: the rows of each page and the number of the first page."""

    pages: tuple[Sequence[Row], ...]
    first_page: int
    is_first: bool


@lru_cache(maxsize=4096)
def letter_width(letter: str) -> int:
    """Return the advance width of a letter in thousandths of the type size."""
    # A horn widens its letter, every other mark does not: Ứ is as wide as Ư, Ấ as A.
    marks = unicodedata.normalize("NFD", letter)
    base = marks[0] if "\u031b" not in marks else unicodedata.normalize("NFC", marks[0] + "\u031b")
    return WIDTHS.get(base, 505)


def count_lines(text: str, width_pt: float, type_pt: float) -> int:
    """Estimate how many lines a text takes when words are set greedily."""
    room = width_pt / type_pt * 1000
    if len(text) * 505 <= room and text.isascii() and not text.isupper():
        return 1
    lines, used = 1, 0.0
    for word in text.split(" "):
        length = sum(map(letter_width, word))
        if used and used + 255 + length > room:
            lines, used = lines + 1, 0.0
        lines += int(length // room) if length > room else 0
        used += length + (255 if used else 0)
    return lines


def column_widths(part: TablePart) -> list[float]:
    """Return the widths of the columns in points, scaled to fill the line."""
    total = sum(column.width_mm for column in part.columns)
    return [
        column.width_mm / total * LINE_MM[part.is_landscape] / 25.4 * 72 for column in part.columns
    ]


def row_height(row: Row, widths: Sequence[float]) -> float:
    """Estimate the height of a row in points."""
    if row.is_across:
        widths = [sum(widths)]
    bold = 1.08 if row.kind else 1.0
    lines = max(
        (
            count_lines(cell, width - SIDES_PT, TYPE_PT * bold)
            for cell, width in zip(row.cells, widths, strict=False)
        ),
        default=1,
    )
    return lines * LEADING_PT + PADDING_PT


def heading_height(part: TablePart) -> float:
    """Estimate the height of what stands above the table on its first page, in points."""
    width = LINE_MM[part.is_landscape] / 25.4 * 72
    height = 2 * HEADING_GAP_PT
    for block in BLOCK.finditer(part.heading_html):
        text = " ".join(unescape(TAG.sub("", block[2])).split())
        height += count_lines(text, width, HEADING_PT * 1.08) * HEADING_LEADING_PT + HEADING_GAP_PT
    return height


def header_height(part: TablePart, widths: Sequence[float]) -> float:
    """Estimate the height of the table's header row, repeated on each page, in points."""
    rows = part.header_html.count("<tr") or 1
    labels = Row(cells=tuple(column.label for column in part.columns), kind="total")
    return row_height(labels, widths) + (rows - 1) * (LEADING_PT + PADDING_PT)


def fill_pages(part: TablePart, room: float) -> Iterator[list[Row]]:
    """Yield the rows of each page; room is the part of a page's height to be used (1 = all)."""
    widths = column_widths(part)
    full = HEIGHT_PT[part.is_landscape] * room - header_height(part, widths)
    left = full - heading_height(part)
    page: list[Row] = []
    for index, row in enumerate(part.rows):
        height = row_height(row, widths)
        # A group's heading is not left alone at the foot of a page.
        follows = row_height(part.rows[index + 1], widths) if is_group(part, index) else 0.0
        if page and height + follows > left:
            yield page
            page, left = [], full
        page.append(row)
        left -= height
    yield page


def is_group(part: TablePart, index: int) -> bool:
    """Tell whether the row is the heading of a group and another row follows."""
    return part.rows[index].kind == "group" and index + 1 < len(part.rows)


def plan_slices(part: TablePart, room: float) -> list[Slice]:
    """Cut a table into slices of whole pages."""
    pages = list(fill_pages(part, room))
    return [
        Slice(tuple(pages[start : start + PAGES_PER_SLICE]), start + 1, start == 0)
        for start in range(0, len(pages), PAGES_PER_SLICE)
    ]


def slice_html(part: TablePart, piece: Slice) -> str:
    """Return the HTML document of one slice."""
    rule = ""
    if not piece.is_first:
        rule = (
            f"@page :first {{ counter-set: page {piece.first_page};"
            " @top-center { content: counter(page) } }"
        )
    tables = "".join(table_html(part, rows) for rows in piece.pages)
    return document_html(part, rule, (part.heading_html if piece.is_first else "") + tables)


def whole_html(part: TablePart) -> str:
    """Return the whole table as one document, pages broken by the layout engine."""
    return document_html(part, "", part.heading_html + table_html(part, part.rows))


def document_html(part: TablePart, rule: str, body: str) -> str:
    """Return an HTML document around a table."""
    classes = "annex wide" if part.is_landscape else "annex"
    mark = f' data-mark="{DEMO_MARK}"' if part.is_demo else ""
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        f"<title>{escape(part.title)}</title><style>{rule}</style></head>"
        f'<body class="{classes}"{mark}>{body}</body></html>'
    )


def table_html(part: TablePart, rows: Sequence[Row]) -> str:
    """Return a table with its header row and the rows given."""
    total = sum(column.width_mm for column in part.columns)
    columns = "".join(
        f'<col style="width:{column.width_mm / total:.4%}">' for column in part.columns
    )
    labels = "".join(f'<th scope="col">{escape(column.label)}</th>' for column in part.columns)
    header = part.header_html or f"<tr>{labels}</tr>"
    classes = [column.align[0] for column in part.columns]
    body = "".join(row_html(row, classes) for row in rows)
    return (
        f'<table class="annex"><colgroup>{columns}</colgroup>'
        f"<thead>{header}</thead><tbody>{body}</tbody></table>"
    )


def row_html(row: Row, classes: Sequence[str]) -> str:
    """Return a row with its texts escaped."""
    if row.is_across:
        text = escape(row.cells[0] if row.cells else "")
        return f'<tr class="{row.kind}"><td colspan="{len(classes)}">{text}</td></tr>'
    cells = "".join(
        f'<td class="{name}">{escape(text)}</td>'
        for name, text in zip(classes, row.cells, strict=False)
    )
    return f'<tr class="total">{cells}</tr>' if row.kind else f"<tr>{cells}</tr>"
