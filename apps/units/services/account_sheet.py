"""Read a list of accounts and contacts from a workbook: every error named by its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from apps.accounts.rules import ROLE_WORDS, Role
from apps.core.sheets import Cell, CellRefused, Sheet, SheetLayout, read_workbook, write_sheets
from apps.core.text import nfc, search_key
from apps.units.queries import UnitName
from apps.units.services.refusals import UnitRefused

SHEET_TITLE = "Tài khoản"
CONTACT_ONLY = "Chỉ liên hệ"
MAX_LINES = 2000
_HEADINGS = {
    "unit_code": "Mã đơn vị",
    "unit_name": "Tên đơn vị",
    "full_name": "Họ và tên",
    "title": "Chức vụ",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "role": "Vai trò",
    "username": "Tên đăng nhập",
}
COLUMNS = {name: chr(ord("A") + number) for number, name in enumerate(_HEADINGS)}
_FILLED_IN = ("full_name", "title", "phone", "email", "role", "username")
_WIDTHS = (14, 40, 28, 24, 16, 28, 26, 20)


class AccountSheetRefused(UnitRefused):
    """The workbook as a whole is not the list that was asked for."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Hold one filled-in row as text, with what could not even be read."""

    number: int
    unit_code: str = ""
    unit_name: str = ""
    full_name: str = ""
    title: str = ""
    phone: str = ""
    email: str = ""
    role: str = ""
    username: str = ""
    unreadable: list[str] = field(default_factory=list)

    def address(self, name: str) -> str:
        """Return the cell of a column in this row, as Excel calls it."""
        return f"{COLUMNS[name]}{self.number}"

    def stored(self) -> dict[str, Any]:
        """Return the line as JSON holds it."""
        return asdict(self)


def role_words(roles: Sequence[Role]) -> dict[str, Role | None]:
    """Return what may stand in the column of roles; None is somebody to call, no account."""
    words: dict[str, Role | None] = {ROLE_WORDS[role].name: role for role in roles}
    return words | {CONTACT_ONLY: None}


def account_template(units: Sequence[UnitName], roles: Sequence[Role]) -> bytes:
    """Return the workbook to fill in: a line for each unit, and a sheet of explanations."""
    rows: list[list[str]] = [list(_HEADINGS.values())]
    rows += [[unit.code, unit.name, "", "", "", "", "", ""] for unit in units]
    guide = [
        ["Cột", "Cách điền"],
        ["Mã đơn vị", "Giữ nguyên. Đơn vị có nhiều người: chép thêm dòng có cùng mã."],
        ["Họ và tên", "Bắt buộc. Dòng để trống từ cột C trở đi được bỏ qua."],
        ["Điện thoại", "Ví dụ 0912 345 678. Bắt buộc khi vai trò là “Chỉ liên hệ”."],
        ["Vai trò", "Bắt buộc, một trong: " + "; ".join(role_words(roles)) + "."],
        ["Chỉ liên hệ", "Người để gọi khi cần, không có tài khoản."],
        ["Tên đăng nhập", "Có thể để trống, hệ thống tự đặt. Chữ thường không dấu, số, dấu chấm."],
        ["", "Ghi tên đăng nhập đã có: thông tin của người đó được cập nhật."],
    ]
    return write_sheets(
        [
            SheetLayout(SHEET_TITLE, rows, _WIDTHS),
            SheetLayout("Hướng dẫn", guide, (18, 90)),
        ]
    )


def read_account_lines(content: bytes) -> list[SheetLine]:
    """Return the filled-in rows of the uploaded workbook; refuse one of another shape."""
    sheet = _accounts_sheet(read_workbook(content))
    _check_headings(sheet)
    lines = [
        _line(sheet, number)
        for number in range(2, len(sheet.rows) + 1)
        if _is_filled(sheet, number)
    ]
    if not lines:
        raise AccountSheetRefused("Tệp chưa có dòng nào được điền từ cột C trở đi.")
    if len(lines) > MAX_LINES:
        raise AccountSheetRefused("Tệp có hơn 2.000 dòng đã điền. Hãy chia thành nhiều tệp.")
    return lines


def stored_lines(rows: Any) -> list[SheetLine]:
    """Return the lines that were kept as JSON."""
    return [SheetLine(**row) for row in rows]


def _accounts_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """Return the sheet by its title, or the only visible one."""
    visible = [sheet for sheet in sheets if not sheet.is_hidden]
    named = [sheet for sheet in visible if search_key(sheet.title) == search_key(SHEET_TITLE)]
    if named:
        return named[0]
    if len(visible) == 1:
        return visible[0]
    raise AccountSheetRefused(f"Tệp không có trang “{SHEET_TITLE}”. Hãy dùng tệp mẫu.")


def _check_headings(sheet: Sheet) -> None:
    """Refuse a column that is missing, moved or unknown: it would be read as something else."""
    width = max(len(_HEADINGS), len(sheet.rows[0]) if sheet.rows else 0)
    expected = list(_HEADINGS.values()) + [""] * (width - len(_HEADINGS))
    for column, heading in enumerate(expected, start=1):
        cell = sheet.cell(1, column)
        found = nfc(str(cell.raw)) if cell.raw is not None else ""
        if search_key(found) != search_key(heading):
            meant = f"cần là “{heading}”" if heading else "cần để trống"
            raise AccountSheetRefused(
                f"Ô {cell.address}: {meant}, đang là “{found}”. Hãy dùng tệp mẫu."
            )


def _is_filled(sheet: Sheet, number: int) -> bool:
    """Tell whether anything stands in the columns that people fill in."""
    columns = range(3, len(_HEADINGS) + 1)
    return any(not sheet.cell(number, column).is_empty for column in columns)


def _line(sheet: Sheet, number: int) -> SheetLine:
    """Read one row; what cannot be read is noted with its cell and left empty."""
    texts: dict[str, str] = {}
    unreadable: list[str] = []
    for column, name in enumerate(_HEADINGS, start=1):
        cell = sheet.cell(number, column)
        try:
            texts[name] = _phone(cell) if name == "phone" else nfc(cell.text())
        except CellRefused as error:
            unreadable.append(error.message)
    return SheetLine(number=number, unreadable=unreadable, **texts)


def _phone(cell: Cell) -> str:
    """Read a phone number; Excel drops the leading 0 of one that is typed as a number."""
    text = nfc(cell.text())
    is_number = not isinstance(cell.raw, str)
    return f"0{text}" if is_number and text and not text.startswith("0") else text
