"""Excel files in: text stays text, figures and dates are read by our own rules.

openpyxl expands XML entities unless defusedxml is there; that is closed here and nowhere else.
Files out are made in `sheet_writing`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.xml import DEFUSEDXML

from apps.core.dates import DateError, format_date, parse_date
from apps.core.errors import DomainError
from apps.core.numbers import NumberError, format_number, parse_number
from apps.core.sheet_parts import goes_on
from apps.core.sheet_writing import (
    MAX_ROWS,
    SheetLayout,
    Value,
    with_fixed_times,
    write_sheets,
    write_workbook,
)
from apps.core.text import nfc, nfc_lines

__all__ = [
    "Cell",
    "CellRefused",
    "Sheet",
    "SheetLayout",
    "Value",
    "WorkbookRefused",
    "read_workbook",
    "with_fixed_times",
    "write_sheets",
    "write_workbook",
]

if not DEFUSEDXML:
    raise ImportError("defusedxml must be installed: without it openpyxl expands XML entities")

MAX_COLUMNS = 50
MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 500
LAST_SERIAL = 73_051  # Excel's number of 01/01/2100

_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_SAVE_ANEW = "Hãy mở tệp, chọn Lưu thành (Save As) dạng Excel .xlsx rồi tải lên."
_NOT_EXCEL = f"Đây không phải là tệp Excel (.xlsx), dù tên tệp có thể ghi vậy. {_SAVE_ANEW}"
_OPEN_DOCUMENT = f"Tệp ở dạng OpenDocument (.ods) nên chưa đọc được. {_SAVE_ANEW}"
_BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    SyntaxError,
    EOFError,
)


class WorkbookRefused(DomainError):
    """The file as a whole cannot be read as a table."""


class CellRefused(DomainError):
    """One cell cannot be taken; the message begins with its address: "Ô D7: …"."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"Ô {address}: {reason}")
        self.address = address
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it was found; it is read as what the caller asks for, never guessed."""

    address: str
    raw: Any
    is_formula: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is written in the cell."""
        return self.raw is None or (isinstance(self.raw, str) and not nfc(self.raw))

    def text(self) -> str:
        """Return the text; a code typed as a number comes back as its digits."""
        self._refuse_formula()
        if self.raw is None:
            return ""
        if isinstance(self.raw, (datetime, date, time)):
            raise CellRefused(self.address, "đang là ngày tháng, cần là chữ.")
        if isinstance(self.raw, float) and self.raw.is_integer():
            return str(int(self.raw))
        return nfc_lines(str(self.raw))

    def number(self, decimals: int = 0) -> Decimal | None:
        """Return the figure, None for an empty cell; refuse what a reader could take two ways."""
        self._refuse_formula()
        if self.is_empty:
            return None
        if isinstance(self.raw, (datetime, date, time, bool)):
            reason = "Excel đã đổi số này thành ngày tháng hoặc đúng/sai. Hãy nhập lại số."
            raise CellRefused(self.address, reason)
        is_text = isinstance(self.raw, str)
        typed = self.raw.translate(_FULL_WIDTH) if is_text else _written_plainly(self.raw)
        try:
            return parse_number(typed, decimals)
        except NumberError as error:
            raise CellRefused(self.address, error.message) from error

    def day(self) -> date | None:
        """Return the date, None for an empty cell; text is read day first."""
        self._refuse_formula()
        if self.is_empty:
            return None
        if isinstance(self.raw, datetime):
            return self.raw.date()
        if isinstance(self.raw, date):
            return self.raw
        if not isinstance(self.raw, str):
            raise CellRefused(self.address, _not_a_day(self.raw))
        try:
            return parse_date(nfc(self.raw).translate(_FULL_WIDTH))
        except DateError as error:
            raise CellRefused(self.address, error.message) from error

    def _refuse_formula(self) -> None:
        """Refuse a formula: its shown value may be stale, and we do not compute."""
        if self.is_formula:
            reason = "có công thức. Hãy dán giá trị (Paste Special → Values) rồi tải lại."
            raise CellRefused(self.address, reason)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, its rows without the empty ones at the end."""

    title: str
    is_hidden: bool
    rows: tuple[tuple[Cell, ...], ...]

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at a row and column counted from 1; an empty one beyond the edge."""
        try:
            return self.rows[row - 1][column - 1]
        except IndexError:
            return Cell(f"{get_column_letter(column)}{row}", None)


def read_workbook(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of an .xlsx file: a heading and at most 20.000 rows, 50 columns each."""
    _check_package(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            return tuple(_read_sheet(sheet, content) for sheet in book.worksheets)
        finally:
            book.close()
    except DomainError:
        raise
    except _BROKEN as error:
        raise WorkbookRefused(
            "Không đọc được tệp Excel. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi tải lên."
        ) from error


def _check_package(content: bytes) -> None:
    """Refuse, before anything is unpacked, what is not an ordinary .xlsx file."""
    if len(content) > MAX_BYTES:
        raise WorkbookRefused("Tệp Excel lớn hơn 10 MB. Hãy xóa ảnh và trang tính thừa.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        reason = (
            "Tệp ở dạng .xls cũ hoặc đang đặt mật khẩu. Hãy lưu lại dạng .xlsx, không mật khẩu."
        )
        raise WorkbookRefused(reason)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise WorkbookRefused(_NOT_EXCEL) from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        is_calc = "content.xml" in names and "mimetype" in names
        raise WorkbookRefused(_OPEN_DOCUMENT if is_calc else _NOT_EXCEL)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WorkbookRefused("Tệp có macro nên không nhận. Hãy lưu lại dạng .xlsx.")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise WorkbookRefused("Tệp Excel quá lớn khi mở ra. Hãy chỉ giữ lại bảng số liệu.")


def _read_sheet(sheet: Any, content: bytes) -> Sheet:
    """Read one sheet, row by row, never trusting the size it claims."""
    sheet.reset_dimensions()
    last = MAX_ROWS + 1  # the heading stands in the first row
    rows: list[tuple[Cell, ...]] = []
    filled = 0
    for number, row in enumerate(
        sheet.iter_rows(max_row=last + 1, max_col=MAX_COLUMNS + 1), start=1
    ):
        cells = _trimmed(_cells(number, row))
        if cells:
            filled = number
        if len(cells) > MAX_COLUMNS:
            reason = f"có hơn {MAX_COLUMNS} cột. Hãy dùng đúng tệp mẫu."
            raise WorkbookRefused(f"Trang “{sheet.title}” {reason}")
        rows.append(cells)
    if filled > last or (len(rows) > last and goes_on(content, last)):
        most, end = format_number(MAX_ROWS), format_number(last)
        raise WorkbookRefused(
            f"Trang “{sheet.title}” có số liệu bên dưới dòng {end}. Mỗi lần nhận nhiều nhất {most} "
            "dòng, không kể dòng tiêu đề. Hãy chia thành nhiều tệp."
        )
    return Sheet(nfc(sheet.title), sheet.sheet_state != "visible", tuple(rows[:filled]))


def _cells(number: int, row: Sequence[Any]) -> Iterator[Cell]:
    """Yield our cells of one row, up to the last that holds anything."""
    end = len(row)
    while end and row[end - 1].value is None:
        end -= 1
    for column, cell in enumerate(row[:end], start=1):
        kind = getattr(cell, "data_type", "n")
        address = f"{get_column_letter(column)}{number}"
        value = f"lỗi {cell.value}" if kind == "e" else cell.value
        yield Cell(address, value, is_formula=kind == "f")


def _trimmed(cells: Iterator[Cell]) -> tuple[Cell, ...]:
    """Drop the empty cells at the end of a row."""
    row = list(cells)
    while row and row[-1].is_empty:
        row.pop()
    return tuple(row)


def _not_a_day(raw: Any) -> str:
    """Say what a number in the place of a date may be: Excel counts days from 1900."""
    advice = "Hãy gõ lại ngày/tháng/năm, ví dụ 05/06/2026."
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and 1 <= raw < LAST_SERIAL:
        meant = format_date(from_excel(raw))
        return f"đang là số {raw:g}, không phải ngày (Excel hiểu là {meant}). {advice}"
    return f"đang là “{raw}”, không phải ngày. {advice}"


def _written_plainly(raw: Any) -> str:
    """Write a figure from Excel as people would type it: 12.5 as "12,5", never as 1E+3."""
    plain = f"{Decimal(repr(raw) if isinstance(raw, float) else raw).normalize():f}"
    return plain.replace(".", ",")
