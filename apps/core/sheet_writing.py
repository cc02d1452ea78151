"""Excel files out: text stays text, figures and dates look as people write them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from apps.core.dates import naive_local
from apps.core.text import nfc

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_TEXT = 32_000
MAX_MARKS = 2_000  # more than anybody goes through one by one
MAX_ROWS = 20_000  # below the headings of a list that people fill in
_WIDEST_ON_A_PAGE = 240  # wider sheets would be too small to read on one page

_FIXED_TIME = (2020, 1, 1, 0, 0, 0)
_CORE_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What Excel, or openpyxl before it, would take for a formula or an error.
NOT_PLAIN = ("=", "+", "-", "@", "\t", "\r", "#")

Value = str | int | Decimal | date | datetime | bool | None


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """What to write on one sheet; the first rows are headings."""

    title: str
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int] = ()
    header_rows: int = 1
    is_hidden: bool = False
    wrapped: Sequence[int] = ()  # columns in which long texts go on below
    typed_as_text: Sequence[int] = ()  # columns in which Excel shall leave alone what is typed
    choices: Mapping[int, str] = field(default_factory=dict)  # column → cells with what to choose
    marks: Mapping[str, str] = field(default_factory=dict)  # cell → what is wrong with it


def write_workbook(
    rows: Sequence[Sequence[Value]],
    *,
    title: str,
    widths: Sequence[int] = (),
    header_rows: int = 1,
) -> bytes:
    """Return an .xlsx file of one sheet; the same rows always give the same bytes."""
    return write_sheets([SheetLayout(title, rows, widths, header_rows)])


def write_sheets(layouts: Sequence[SheetLayout]) -> bytes:
    """Return an .xlsx file of several sheets; the same content always gives the same bytes."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for layout in layouts:
        sheet = book.create_sheet(sheet_title(layout.title))
        sheet.sheet_state = "hidden" if layout.is_hidden else "visible"
        _write_sheet(sheet, layout)
    out = io.BytesIO()
    book.save(out)
    return with_fixed_times(out.getvalue())


def with_fixed_times(package: bytes) -> bytes:
    """Return an Office package (.xlsx, .docx) without the moment it was written."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _CORE_DATES.sub(rb"\g<1>2020-01-01T00:00:00Z\g<2>", content)
            part = zipfile.ZipInfo(name, _FIXED_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3
            part.external_attr = 0o600 << 16
            new.writestr(part, content)
    return out.getvalue()


def sheet_title(title: str) -> str:
    """Return a name Excel accepts."""
    return nfc(re.sub(r"[\[\]:*?/\\]", " ", title))[:31].strip("' ") or "Trang 1"


def prepare_page(sheet: Any, widths: Sequence[int], header_rows: int) -> None:
    """Keep headings in view, also on paper; fit the width of a page if it can be read so."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    if sum(widths) <= _WIDEST_ON_A_PAGE:
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if header_rows:
        sheet.freeze_panes = f"A{header_rows + 1}"
        sheet.print_title_rows = f"1:{header_rows}"


def clean_text(text: str) -> str:
    """Return what of a text an Excel file can carry."""
    return _NOT_IN_XML.sub("", text)[:MAX_TEXT]


def fill_cell(cell: Any, value: Value) -> None:
    """Write one value with the format people expect; text is text, whatever it begins with."""
    if isinstance(value, bool):
        value = "Có" if value else "Không"
    if isinstance(value, str):
        cell.value = clean_text(value)
        cell.data_type = "s"
        if cell.value.startswith(NOT_PLAIN):
            cell.quotePrefix = True
    elif isinstance(value, datetime):
        cell.value = naive_local(value)
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "dd/mm/yyyy"
    elif value is not None:
        cell.value = value
        cell.number_format = _number_format(value)


def make_heading(cell: Any) -> None:
    """Draw one cell as a heading."""
    cell.font = Font(name="Calibri", size=11, bold=True)
    cell.fill = PatternFill("solid", fgColor="F3ECEA")
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def _write_sheet(sheet: Worksheet, layout: SheetLayout) -> None:
    """Write the rows of one sheet and prepare its columns and its page."""
    for number, row in enumerate(layout.rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            fill_cell(cell, value)
            if number <= layout.header_rows:
                make_heading(cell)
    prepare_page(sheet, layout.widths, layout.header_rows)
    _prepare_columns(sheet, layout)
    _mark_cells(sheet, layout.marks)


def _prepare_columns(sheet: Worksheet, layout: SheetLayout) -> None:
    """Keep what is typed as it is typed, and offer words; others may be typed, readers check."""
    for column in layout.wrapped:
        _wrap(sheet, column, layout)
    for column in layout.typed_as_text:
        sheet.column_dimensions[get_column_letter(column)].number_format = "@"
    for column, cells in layout.choices.items():
        letter = get_column_letter(column)
        offer = DataValidation(type="list", formula1=cells, showErrorMessage=False)
        offer.add(f"{letter}{layout.header_rows + 1}:{letter}{layout.header_rows + MAX_ROWS}")
        sheet.add_data_validation(offer)


def _wrap(sheet: Worksheet, column: int, layout: SheetLayout) -> None:
    """Let long texts of a column go on below; not every program finds the height by itself."""
    for row in range(layout.header_rows + 1, len(layout.rows) + 1):
        cell = sheet.cell(row, column)
        if isinstance(cell.value, str):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            lines = 1 + len(cell.value) // (layout.widths[column - 1] - 4)
            sheet.row_dimensions[row].height = 15 * min(lines, 20)


def _mark_cells(sheet: Worksheet, marks: Mapping[str, str]) -> None:
    """Colour cells and say in a comment why."""
    for address, why in islice(marks.items(), MAX_MARKS):
        sheet[address].fill = PatternFill("solid", fgColor="F9C9C5")
        sheet[address].comment = Comment(why, "Cổng ANTQ", width=320, height=110)


def _number_format(value: int | Decimal) -> str:
    """Return Excel's own format with as many decimals as the figure has."""
    if isinstance(value, int):
        return "#,##0"
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return "#,##0" + (f".{'0' * places}" if places else "")
