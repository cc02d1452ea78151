"""Read a filled-in table: every cell that cannot be taken is named, all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from openpyxl.utils import get_column_letter

from apps.core.numbers import format_number
from apps.core.sheet_parts import SheetPart, sheet_part
from apps.core.sheets import MAX_COLUMNS, Cell, CellRefused, Sheet, read_workbook
from apps.core.text import nfc, nfc_lines, search_key
from apps.programs.services.import_sheets import (
    FAULTS_HEADING,
    MARK_TITLE,
    CellFault,
    Column,
    ImportRefused,
    ImportSheet,
    Reads,
    RowValue,
    cell_fault,
)

MAX_SIGNS = 20_000_000  # a small file may repeat one long text in every cell
_LOOKED_FOR_HEADINGS = 20
Reader = Callable[[Cell], RowValue]
FilledRows = dict[int, tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """The filled-in rows of a file by their numbers, and how many of them Excel does not show."""

    rows: FilledRows
    n_hidden: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One filled-in row with the values that could be read.

    Every declared column has its key but those with a fault: text `str` ("" when empty), number
    `int | None`, day `date | None`, choice its value ("" when empty).
    """

    number: int
    values: dict[str, RowValue]


@dataclass(frozen=True, slots=True)
class SheetContent:
    """What the rows of a file say, and all that is wrong with single cells."""

    rows: list[SheetRow]
    faults: list[CellFault]


def read_sheet(sheet: ImportSheet, content: bytes) -> FilledSheet:
    """Return the filled-in rows of a file; one of another shape is refused as a whole."""
    sheets = read_workbook(content)
    _check_mark(sheet, sheets)
    table = _table_of(sheet, sheets)
    part = sheet_part(content, table.title)
    _check_merged(table, part)
    width = _check_headings(sheet, table)
    rows = {
        number: cells[:width]
        for number, cells in enumerate(table.rows[1:], start=2)
        if any(not cell.is_empty for cell in cells[:width])
    }
    if not rows:
        raise ImportRefused(f"Trang “{sheet.title}” chưa có dòng nào được điền.")
    if sum(len(c.raw) for row in rows.values() for c in row if type(c.raw) is str) > MAX_SIGNS:
        raise ImportRefused("Tệp có quá nhiều chữ để đọc một lần. Hãy chia thành nhiều tệp.")
    return FilledSheet(rows, len(part.hidden_rows.intersection(rows)))


def read_rows(sheet: ImportSheet, filled: Mapping[int, Sequence[Cell]]) -> SheetContent:
    """Read every row and name every cell that cannot be taken."""
    readers = [_reader(column) for column in sheet.columns]
    faults: list[CellFault] = []
    rows = [_read_row(sheet, n, cells, readers, faults) for n, cells in filled.items()]
    return SheetContent(rows, faults)


def stored_rows(filled: Mapping[int, Sequence[Cell]]) -> list[list[Any]]:
    """Return rows as they were typed, as JSON holds them: the number of the row, then its cells."""
    return [[number, *map(_stored, cells)] for number, cells in filled.items()]


def restored_rows(stored: Iterable[Sequence[Any]]) -> FilledRows:
    """Return rows that were kept as JSON."""
    return {
        number: tuple(
            [_restored(f"{_LETTERS[at]}{number}", value) for at, value in enumerate(values)]
        )
        for number, *values in stored
    }


_LETTERS = [get_column_letter(number) for number in range(1, 60)]


def _stored(cell: Cell) -> Any:
    """Return one cell as JSON holds it; what JSON does not know stands in a box with its kind."""
    raw = cell.raw
    if cell.is_formula:
        return {"formula": nfc(str(raw))}
    if type(raw) is str:
        return raw if raw.isprintable() else nfc_lines(raw)
    if isinstance(raw, date):
        return {"day": raw.isoformat()}
    is_known = raw is None or isinstance(raw, int) or (isinstance(raw, float) and isfinite(raw))
    return raw if is_known else str(raw)


def _restored(address: str, value: Any) -> Cell:
    """Return a cell that was kept as JSON."""
    if not isinstance(value, dict):
        return Cell(address, value)
    if "formula" in value:
        return Cell(address, value["formula"], is_formula=True)
    return Cell(address, datetime.fromisoformat(value["day"]))


def _check_mark(sheet: ImportSheet, sheets: Sequence[Sheet]) -> None:
    """Refuse a file that was not made from this version of the template."""
    marks = [found for found in sheets if found.title == MARK_TITLE]
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
    shown = [found for found in sheets if not found.is_hidden]
    for found in shown:
        if search_key(found.title) == search_key(sheet.title):
            return found
    titles = ", ".join(f"“{found.title}”" for found in shown[:6])
    raise ImportRefused(
        f"Tệp không có trang “{sheet.title}”, chỉ có {titles}. Hãy đặt lại tên trang chứa bảng."
    )


def _check_merged(table: Sheet, part: SheetPart) -> None:
    """Refuse merged cells: only their first cell holds the value, the others read as empty."""
    if part.merged:
        shown = ", ".join(part.merged[:5]) + (" …" if len(part.merged) > 5 else "")
        raise ImportRefused(
            f"Trang “{table.title}” có ô gộp ({shown}). Hãy bỏ gộp ô, điền đủ từng ô rồi tải lại."
        )


def _check_headings(sheet: ImportSheet, table: Sheet) -> int:
    """Return how many columns are read; a heading that is missing, moved or unknown is refused."""
    expected = [column.heading for column in sheet.columns]
    found = _headings(table, 1)
    if not _wrong_headings([*expected, FAULTS_HEADING], found):
        return len(expected)  # a marked list comes back: its last column is ours
    wrong = _wrong_headings(expected, found)
    if not wrong:
        return MAX_COLUMNS
    for number in range(2, min(len(table.rows), _LOOKED_FOR_HEADINGS) + 1):
        if not _wrong_headings(expected, _headings(table, number)):
            raise ImportRefused(
                f"Dòng tiêu đề đang ở dòng {number}, cần ở dòng 1. Hãy xóa các dòng phía trên nó."
            )
    raise ImportRefused(f"Sai tiêu đề cột: {'; '.join(wrong)}. Hãy dùng tệp mẫu.")


def _headings(table: Sheet, number: int) -> list[str]:
    """Return the words of a row."""
    if number > len(table.rows):
        return []
    return ["" if cell.raw is None else nfc(str(cell.raw)) for cell in table.rows[number - 1]]


def _wrong_headings(expected: Sequence[str], found: Sequence[str]) -> list[str]:
    """Return which headings are others than expected, each with its cell."""
    wrong = []
    for at in range(max(len(expected), len(found))):
        meant = expected[at] if at < len(expected) else ""
        there = found[at] if at < len(found) else ""
        if search_key(there) != search_key(meant):
            asked = f"cần là “{meant}”" if meant else "cần để trống"
            wrong.append(f"ô {get_column_letter(at + 1)}1 {asked}, đang là “{there[:60]}”")
    return wrong


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
            faults.append(cell_fault(cell.address, error.reason))
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
    if text.startswith("="):
        raise CellRefused(cell.address, "là công thức viết thành chữ. Hãy ghi nội dung.")
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
