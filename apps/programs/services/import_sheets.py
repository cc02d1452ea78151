"""Tables that people fill in with Excel: declared once, written as a template, read with addresses.

How to use it for another register:

1. Declare the sheet::

       ACTIVITY_SHEET = ImportSheet(
           kind="activities", version=1, title="Hoạt động",
           columns=(
               Column("kind", "Loại hoạt động", choices=words_of(ActivityKind.choices)),
               Column("title", "Nội dung", max_length=250),
               Column("held_on", "Ngày tổ chức", reads=Reads.DAY),
               Column("attendances", "Lượt người dự", reads=Reads.NUMBER, is_required=False),
           ),
       )

2. `template(ACTIVITY_SHEET, [list_sheet("Đơn vị", …)])` gives the workbook to fill in: the table,
   an explanation of every column, your lists, and a hidden sheet with kind and version.
3. `read_sheet(ACTIVITY_SHEET, content)` gives `SheetContent(rows, faults)`. A file of another shape
   (headings, version, merged cells, no rows, more than 20.000 rows) raises `ImportRefused` with one
   message. What is wrong with single cells is in `faults`, ALL of it, and such a cell is left out
   of `row.values`; every other declared column has its key there: text `str` ("" when empty),
   number `int | None`, day `date | None`, choice its value ("" when empty).
4. Check the rows against the database (a constant number of queries for any number of rows) and
   add `fault_at(SHEET, row.number, "held_on", "…")`; sort everything with `in_sheet_order`.
5. Keep `stored_rows(rows)` in `ImportBatch.summary` for the step of applying and read it back with
   `restored_rows(SHEET, …)`; check again before writing, since things may have changed meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from openpyxl.utils import column_index_from_string, get_column_letter

from apps.core.errors import DomainError
from apps.core.merged import merged_cells
from apps.core.numbers import format_number
from apps.core.sheets import Cell, CellRefused, Sheet, SheetLayout, read_workbook, write_sheets
from apps.core.text import nfc, search_key

MAX_COUNT = 2_147_483_647
_MARK_TITLE = "PhienBan"
_GUIDE_TITLE = "Hướng dẫn"
_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
RowValue = str | int | date | None


class ImportRefused(DomainError):
    """The file as a whole is not the table that was asked for."""


class Reads(Enum):
    """How the cells of a column are read."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `choices` are the words that may stand in it, with their values."""

    name: str
    heading: str
    reads: Reads = Reads.TEXT
    is_required: bool = True
    max_length: int = 200
    max_value: int = MAX_COUNT
    choices: Mapping[str, str] = field(default_factory=dict)
    guide: str = ""
    width: int = 18


@dataclass(frozen=True, slots=True)
class ImportSheet:
    """A table with its version: a file made from another version is refused, not guessed at."""

    kind: str
    version: int
    title: str
    columns: tuple[Column, ...]

    def letter(self, name: str) -> str:
        """Return the column letter under which Excel shows a column."""
        return get_column_letter([column.name for column in self.columns].index(name) + 1)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One filled-in row with the values that could be read."""

    number: int
    values: dict[str, RowValue]


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell."""

    address: str
    message: str

    def __str__(self) -> str:
        """Give the sentence as people read it: "Ô D7: …"."""
        return f"Ô {self.address}: {self.message}"


@dataclass(frozen=True, slots=True)
class SheetContent:
    """Everything a file holds: its rows, and all that is wrong with single cells."""

    rows: list[SheetRow]
    faults: list[CellFault]


def words_of(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Turn Django's choices into the words of a column: label → value."""
    return {str(label): value for value, label in choices}


def list_sheet(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> SheetLayout:
    """Lay out a list to copy from, for instance the units with their codes."""
    return SheetLayout(title, [list(headings), *(list(row) for row in rows)], (16, 50, 30))


def template(sheet: ImportSheet, lists: Sequence[SheetLayout]) -> bytes:
    """Return the workbook to fill in: table, lists, explanations and the hidden mark."""
    headings = [column.heading for column in sheet.columns]
    guide = [["Cột", "Cách điền"], *([c.heading, _guide(c)] for c in sheet.columns)]
    mark = [["Biểu", sheet.kind], ["Phiên bản", str(sheet.version)]]
    return write_sheets(
        [
            SheetLayout(sheet.title, [headings], [column.width for column in sheet.columns]),
            *lists,
            SheetLayout(_GUIDE_TITLE, guide, (26, 100)),
            SheetLayout(_MARK_TITLE, mark, header_rows=0, is_hidden=True),
        ]
    )


def read_sheet(sheet: ImportSheet, content: bytes) -> SheetContent:
    """Read every filled-in row and name every cell that cannot be taken."""
    sheets = read_workbook(content)
    _check_mark(sheet, sheets)
    table = _table_of(sheet, sheets)
    _check_merged(table, content)
    _check_headings(sheet, table)
    readers = [_reader(column) for column in sheet.columns]
    rows: list[SheetRow] = []
    faults: list[CellFault] = []
    for number, cells in enumerate(table.rows[1:], start=2):
        if any(not cell.is_empty for cell in cells):
            rows.append(_read_row(sheet, number, cells, readers, faults))
    if not rows:
        raise ImportRefused(f"Trang “{sheet.title}” chưa có dòng nào được điền.")
    return SheetContent(rows, faults)


def fault_at(sheet: ImportSheet, number: int, name: str, message: str) -> CellFault:
    """Name what is wrong with a column of a row."""
    return CellFault(f"{sheet.letter(name)}{number}", message)


def in_sheet_order(faults: Iterable[CellFault]) -> list[CellFault]:
    """Order faults as the eye goes through the sheet: by row, then by column."""
    return sorted(faults, key=_position)


MOST_FAULTS = 2000  # kept to be shown; the rest are counted


def import_summary(
    rows: Sequence[SheetRow], n_new: int, known: list[int], faults: Sequence[CellFault]
) -> dict[str, object]:
    """Return what the preview of an import shows and what applying it needs."""
    return {
        "rows": [] if faults else stored_rows(rows),
        "n_rows": len(rows),
        "new": n_new,
        "known": known,
        "n_faults": len(faults),
        "faults": [str(fault) for fault in faults[:MOST_FAULTS]],
    }


def stored_rows(rows: Sequence[SheetRow]) -> list[dict[str, Any]]:
    """Return rows as JSON holds them."""
    return [
        {
            "number": row.number,
            "values": {
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in row.values.items()
            },
        }
        for row in rows
    ]


def restored_rows(sheet: ImportSheet, stored: Iterable[dict[str, Any]]) -> list[SheetRow]:
    """Return rows that were kept as JSON."""
    days = {column.name for column in sheet.columns if column.reads is Reads.DAY}
    return [
        SheetRow(
            row["number"],
            {
                name: date.fromisoformat(value) if value and name in days else value
                for name, value in row["values"].items()
            },
        )
        for row in stored
    ]


Reader = Callable[[Cell], RowValue]


def _guide(column: Column) -> str:
    """Explain one column in a line."""
    parts = ["Bắt buộc." if column.is_required else "Có thể để trống."]
    if column.choices:
        parts.append("Một trong: " + "; ".join(column.choices) + ".")
    elif column.reads is Reads.DAY:
        parts.append("Ngày/tháng/năm, ví dụ 05/06/2026.")
    elif column.reads is Reads.NUMBER:
        parts.append("Số nguyên từ 0 trở lên, ví dụ 1.250.")
    return " ".join([*parts, column.guide]).strip()


def _check_mark(sheet: ImportSheet, sheets: Sequence[Sheet]) -> None:
    """Refuse a file that was not made from this version of the template."""
    marks = [found for found in sheets if found.title == _MARK_TITLE]
    if not marks:
        raise ImportRefused("Tệp này không làm từ tệp mẫu của Cổng. Hãy tải tệp mẫu rồi điền.")
    kind, version = marks[0].cell(1, 2).text(), marks[0].cell(2, 2).text()
    if kind != sheet.kind:
        raise ImportRefused(f"Tệp này là mẫu khác, không phải mẫu “{sheet.title}”.")
    if version != str(sheet.version):
        raise ImportRefused(
            f"Tệp làm theo mẫu phiên bản {version}, Cổng đang dùng phiên bản {sheet.version}. "
            "Hãy tải tệp mẫu mới rồi chép số liệu sang."
        )


def _table_of(sheet: ImportSheet, sheets: Sequence[Sheet]) -> Sheet:
    """Return the sheet that people fill in."""
    for found in sheets:
        if search_key(found.title) == search_key(sheet.title) and not found.is_hidden:
            return found
    raise ImportRefused(f"Tệp không có trang “{sheet.title}”. Hãy dùng tệp mẫu.")


def _check_merged(table: Sheet, content: bytes) -> None:
    """Refuse merged cells: only their first cell holds the value, the others read as empty."""
    merged = merged_cells(content, table.title)
    if merged:
        shown = ", ".join(merged[:5]) + (" …" if len(merged) > 5 else "")
        raise ImportRefused(
            f"Trang “{table.title}” có ô gộp ({shown}). Hãy bỏ gộp ô, điền đủ từng ô rồi tải lại."
        )


def _check_headings(sheet: ImportSheet, table: Sheet) -> None:
    """Refuse a column that is missing, moved or unknown: it would be read as something else."""
    width = max(len(sheet.columns), len(table.rows[0]) if table.rows else 0)
    expected = [c.heading for c in sheet.columns] + [""] * (width - len(sheet.columns))
    wrong = []
    for column, heading in enumerate(expected, start=1):
        cell = table.cell(1, column)
        found = "" if cell.raw is None else nfc(str(cell.raw))
        if search_key(found) != search_key(heading):
            meant = f"cần là “{heading}”" if heading else "cần để trống"
            wrong.append(f"ô {cell.address} {meant}, đang là “{found[:60]}”")
    if wrong:
        raise ImportRefused(f"Sai tiêu đề cột: {'; '.join(wrong)}. Hãy dùng tệp mẫu.")


def _read_row(
    sheet: ImportSheet,
    number: int,
    cells: Sequence[Cell],
    readers: Sequence[Reader],
    faults: list[CellFault],
) -> SheetRow:
    """Read one row; a cell that cannot be taken is noted and left out."""
    values: dict[str, RowValue] = {}
    for position, column in enumerate(sheet.columns):
        if position < len(cells):
            cell = cells[position]
        else:
            cell = Cell(f"{get_column_letter(position + 1)}{number}", None)
        try:
            values[column.name] = readers[position](cell)
        except CellRefused as error:
            faults.append(CellFault(cell.address, error.reason))
    faults += [
        CellFault(cell.address, "nằm ngoài các cột của mẫu, hãy xóa.")
        for cell in cells[len(sheet.columns) :]
        if not cell.is_empty
    ]
    return SheetRow(number, values)


def _reader(column: Column) -> Reader:
    """Return what reads the cells of one column."""
    words = {search_key(word): value for word, value in column.choices.items()}

    def read(cell: Cell) -> RowValue:
        if column.reads is Reads.DAY:
            value: RowValue = cell.day()
        elif column.reads is Reads.NUMBER:
            value = _count(column, cell)
        else:
            value = _text(column, cell)
        if column.is_required and value in {None, ""}:
            raise CellRefused(cell.address, f"chưa nhập “{column.heading}”.")
        return _chosen(column, words, cell, str(value)) if words and value else value

    return read


def _text(column: Column, cell: Cell) -> str:
    """Read a line of text that fits its column."""
    text = nfc(cell.text())
    if len(text) > column.max_length:
        raise CellRefused(cell.address, f"dài quá {column.max_length} ký tự.")
    return text


def _count(column: Column, cell: Cell) -> int | None:
    """Read a whole number from 0 to the column's limit."""
    number = cell.number()
    if number is not None and number > column.max_value:
        raise CellRefused(cell.address, f"số lớn hơn {format_number(column.max_value)}.")
    return None if number is None else int(number)


def _chosen(column: Column, words: Mapping[str, str], cell: Cell, typed: str) -> str:
    """Return the value of a word of the column."""
    value = words.get(search_key(typed))
    if value is None:
        listed = "; ".join(column.choices)
        raise CellRefused(cell.address, f"không có “{typed[:60]}”. Một trong: {listed}.")
    return value


def _position(fault: CellFault) -> tuple[int, int]:
    """Return row and column of a fault's cell."""
    match = _ADDRESS.fullmatch(fault.address)
    return (int(match[2]), column_index_from_string(match[1])) if match else (0, 0)
