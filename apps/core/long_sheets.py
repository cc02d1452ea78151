"""Long Excel files, written row by row: a register of 50.000 rows never lies in memory at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import openpyxl
from openpyxl.cell import WriteOnlyCell

from apps.core.sheet_writing import (
    NOT_PLAIN,
    Value,
    clean_text,
    fill_cell,
    make_heading,
    prepare_page,
    sheet_title,
)


def write_long_sheet(
    file: BinaryIO,
    headings: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    title: str,
    widths: Sequence[int],
) -> None:
    """Write one sheet with its headings in view; rows are taken from their source one by one."""
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet(sheet_title(title))
    prepare_page(sheet, widths, 1)
    sheet.append([_heading(sheet, heading) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    book.save(file)


def _heading(sheet: Any, words: str) -> Any:
    """Return the cell over a column."""
    cell = WriteOnlyCell(sheet)
    fill_cell(cell, words)
    make_heading(cell)
    return cell


def _cell(sheet: Any, value: Value) -> Any:
    """Return a value as a row takes it: plain text needs no cell, a third of the time saved."""
    if value is None:
        return None
    if isinstance(value, str) and not (text := clean_text(value)).startswith(NOT_PLAIN):
        return text
    cell = WriteOnlyCell(sheet)
    fill_cell(cell, value)
    return cell
