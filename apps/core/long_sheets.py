"""Long Excel files, written row by row: a register of 50.000 rows never lies in memory at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, BinaryIO

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LongValue = str | int | date | None

_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_TEXT = 32_000
# What Excel, or openpyxl before it, would take for a formula or an error.
_NOT_PLAIN = ("=", "+", "-", "@", "\t", "\r", "#")


def write_long_sheet(
    file: BinaryIO,
    headings: Sequence[str],
    rows: Iterable[Sequence[LongValue]],
    *,
    title: str,
    widths: Sequence[int],
) -> None:
    """Write one sheet with its headings in view; rows are taken from their source one by one."""
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet(title)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.append([_heading(sheet, heading) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    book.save(file)


def _heading(sheet: Any, words: str) -> Any:
    """Return the cell over a column."""
    cell: Any = WriteOnlyCell(sheet, words)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="F3ECEA")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _cell(sheet: Any, value: LongValue) -> Any:
    """Return a value as it is written: text stays text, dates day first, figures with dots."""
    if value is None:
        return None
    if isinstance(value, str):
        text = _NOT_IN_XML.sub("", value)[:_MAX_TEXT]
        if not text.startswith(_NOT_PLAIN):
            return text
        cell: Any = WriteOnlyCell(sheet, text)
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell
    cell = WriteOnlyCell(sheet)
    cell.value = value
    cell.number_format = "dd/mm/yyyy" if isinstance(value, date) else "#,##0"
    return cell
