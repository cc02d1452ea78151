"""Tables that people fill in with Excel: declared once, written as a template, marked when wrong.

A register that takes lists from Excel says three things and nothing more: its columns (an
`ImportSheet`, here), how a row becomes a record and what is wrong with records (`import_plan`),
and how records are written and taken back (`ImportedRegister` in `register_import`, where the
steps upload → preview → write → undo are kept for all of them).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from itertools import zip_longest

from openpyxl.utils import column_index_from_string, get_column_letter

from apps.core.dates import format_date
from apps.core.errors import DomainError
from apps.core.numbers import format_number
from apps.core.sheets import Cell, SheetLayout, Value, write_sheets

MAX_COUNT = 2_147_483_647
MARK_TITLE = "PhienBan"
FAULTS_HEADING = "Lỗi"
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

    @property
    def is_number(self) -> bool:
        """Tell whether figures stand in it."""
        return self.reads is Reads.NUMBER

    def in_words(self, value: RowValue) -> str:
        """Return a value that was read as people write it."""
        if self.choices and value:
            return next(word for word, choice in self.choices.items() if choice == value)
        if isinstance(value, date):
            return format_date(value)
        return format_number(value) if isinstance(value, int) else str(value or "")


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

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell."""

    address: str
    message: str

    def __str__(self) -> str:
        """Give the sentence as people read it: "Ô D7: …"."""
        return f"Ô {self.address}: {self.message}"

    @property
    def position(self) -> tuple[int, int]:
        """Return row and column of the cell."""
        match = _ADDRESS.fullmatch(self.address)
        return (int(match[2]), column_index_from_string(match[1])) if match else (0, 0)


def words_of(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Turn Django's choices into the words of a column: label → value."""
    return {str(label): value for value, label in choices}


def list_sheet(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> SheetLayout:
    """Lay out a list to copy from, for instance the units with their codes."""
    return SheetLayout(title, [list(headings), *(list(row) for row in rows)], (16, 50, 30))


def template(sheet: ImportSheet, lists: Sequence[SheetLayout]) -> bytes:
    """Return the workbook to fill in: table, lists, explanations and the hidden mark."""
    return _workbook(sheet, _table(sheet, [], []), lists)


def marked_workbook(
    sheet: ImportSheet,
    rows: Mapping[int, Sequence[Cell]],
    faults: Sequence[CellFault],
    lists: Sequence[SheetLayout],
) -> bytes:
    """Return a list as it was filled in, each wrong cell in colour with a comment.

    Rows keep their numbers; a last column says what is wrong in each row, so that the list can be
    corrected there and sent again as it is.
    """
    said: dict[int, list[str]] = {}
    marks: dict[str, str] = {}
    for fault in faults:
        marks[fault.address] = f"{marks.get(fault.address, '')} {fault.message}".strip()
        said.setdefault(fault.position[0], []).append(str(fault))
    width = len(sheet.columns)
    lines: list[list[Value]] = []
    for number in range(2, max([1, *rows]) + 1):
        line = [_shown(cell) for cell in rows.get(number, ())]
        line += [None] * (width - len(line))
        lines.append([*line, " ".join(said[number])] if number in said else line)
    table = _table(sheet, lines, [FAULTS_HEADING])
    return _workbook(sheet, replace(table, marks=marks), lists)


def fault_at(sheet: ImportSheet, number: int, name: str, message: str) -> CellFault:
    """Name what is wrong with a column of a row."""
    return cell_fault(f"{sheet.letter(name)}{number}", message)


def cell_fault(address: str, message: str) -> CellFault:
    """Name what is wrong with a cell; the sentence goes on after the address."""
    return CellFault(address, message[:1].lower() + message[1:])


def in_sheet_order(faults: Iterable[CellFault]) -> list[CellFault]:
    """Order faults as the eye goes through the sheet: by row, then by column."""
    return sorted(faults, key=lambda fault: fault.position)


def _table(
    sheet: ImportSheet, lines: Sequence[Sequence[Value]], more: Sequence[str]
) -> SheetLayout:
    """Lay out the table; texts and dates are left as typed: Excel may be set to month first."""
    headings = [*(column.heading for column in sheet.columns), *more]
    numbered = list(enumerate(sheet.columns, start=1))
    return SheetLayout(
        sheet.title,
        [headings, *lines],
        [*(column.width for column in sheet.columns), *(80 for _ in more)],
        wrapped=[len(headings)] if more else [],
        typed_as_text=[at for at, column in numbered if column.reads is not Reads.NUMBER],
        choices={at: _offered_at(at, column) for at, column in numbered if column.choices},
    )


def _workbook(sheet: ImportSheet, table: SheetLayout, lists: Sequence[SheetLayout]) -> bytes:
    """Put the sheets together; the hidden one says which table it is and offers the words."""
    guide = [["Cột", "Cách điền"], *([c.heading, _guide(c)] for c in sheet.columns)]
    mark: list[Sequence[Value]] = [["Biểu", sheet.kind], ["Phiên bản", str(sheet.version)]]
    words = [list(column.choices) for column in sheet.columns]
    mark += zip_longest(*words)
    return write_sheets(
        [
            table,
            *lists,
            SheetLayout(_GUIDE_TITLE, guide, (26, 100), wrapped=[2]),
            SheetLayout(MARK_TITLE, mark, header_rows=0, is_hidden=True),
        ]
    )


def _offered_at(at: int, column: Column) -> str:
    """Return the cells of the hidden sheet that hold the words of a column."""
    letter = get_column_letter(at)
    return f"{MARK_TITLE}!${letter}$3:${letter}${len(column.choices) + 2}"


def _shown(cell: Cell) -> Value:
    """Return what stood in a cell; a formula comes back as text, for its value is not known."""
    raw = cell.raw
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, float):
        return Decimal(repr(raw))
    return raw if raw is None or isinstance(raw, (str, int, date)) else str(raw)


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
