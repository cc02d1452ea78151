"""The account list is read cell by cell; a workbook of another shape is refused by its cell."""

from collections.abc import Sequence
from datetime import date

import pytest

from apps.accounts.rules import Role
from apps.core.sheets import WorkbookRefused, read_workbook, write_workbook
from apps.units.queries import UnitName
from apps.units.services.account_sheet import (
    AccountSheetRefused,
    account_template,
    read_account_lines,
    stored_lines,
)

HEADINGS = [
    "Mã đơn vị",
    "Tên đơn vị",
    "Họ và tên",
    "Chức vụ",
    "Điện thoại",
    "Thư điện tử",
    "Vai trò",
    "Tên đăng nhập",
]
UNIT = UnitName(1, "X", "Xã Mỹ Hòa", "", "commune", "")


def workbook(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> bytes:
    return write_workbook([headings, *rows], title="Tài khoản")  # type: ignore[list-item]


def test_template_has_a_line_for_each_unit_and_reads_back_as_empty() -> None:
    content = account_template([UNIT], [Role.CLERK])
    sheets = read_workbook(content)
    assert [sheet.title for sheet in sheets] == ["Tài khoản", "Hướng dẫn"]
    assert sheets[0].cell(2, 1).text() == "X"
    assert "Cán bộ nhập liệu; Chỉ liên hệ" in sheets[1].cell(5, 2).text()
    with pytest.raises(AccountSheetRefused, match="chưa có dòng nào"):
        read_account_lines(content)


def test_lines_keep_their_row_number_and_survive_json() -> None:
    content = workbook(
        ["X", "Xã Mỹ Hòa"],
        ["X", "", "Nguyễn Văn An", "Chủ tịch", 912345678, "an@x.vn", "Lãnh đạo đơn vị", "an.nv"],
        ["Y", "", "Trần Bình", "", "0277 3850 123", "", "Chỉ liên hệ"],
    )
    lines = read_account_lines(content)
    assert [(line.number, line.full_name) for line in lines] == [
        (3, "Nguyễn Văn An"),
        (4, "Trần Bình"),
    ]
    assert lines[0].phone == "0912345678"
    assert lines[1].phone == "0277 3850 123"
    assert lines[0].address("role") == "G3"
    assert stored_lines([line.stored() for line in lines]) == lines


@pytest.mark.parametrize(
    ("headings", "message"),
    [
        (HEADINGS[:7], "Ô H1: cần là “Tên đăng nhập”"),
        ([*HEADINGS, "Mật khẩu"], "Ô I1: cần để trống, đang là “Mật khẩu”"),
        ([HEADINGS[1], HEADINGS[0], *HEADINGS[2:]], "Ô A1: cần là “Mã đơn vị”"),
    ],
)
def test_missing_unknown_and_moved_columns_are_refused(headings: list[str], message: str) -> None:
    with pytest.raises(AccountSheetRefused, match=message):
        read_account_lines(workbook(["X", "", "An"], headings=headings))


def test_formula_and_date_are_named_by_cell_and_not_guessed() -> None:
    content = workbook(["X", "", "An", date(2026, 5, 6), "", "", "Cán bộ nhập liệu"])
    assert read_account_lines(content)[0].unreadable == ["Ô D2: đang là ngày tháng, cần là chữ."]


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(WorkbookRefused):
        read_account_lines(b"ma;ten\nX;An")
