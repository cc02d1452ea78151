"""Sheets: text stays text, nothing is guessed, bombs do not open, same rows give same bytes."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core import sheets
from apps.core.long_sheets import write_long_sheet
from apps.core.sheets import (
    Cell,
    CellRefused,
    SheetLayout,
    Value,
    WorkbookRefused,
    read_workbook,
    write_sheets,
    write_workbook,
)

Written = Callable[..., bytes]


def excel(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(package: bytes, name: str, content: bytes | None) -> bytes:
    """Return the package with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        if content is not None:
            new.writestr(name, content)
    return out.getvalue()


def billion_laughs() -> bytes:
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(9)
    )
    return b'<?xml version="1.0"?><!DOCTYPE x [' + laughs + b"]><x>&l8;</x>"


def test_text_that_looks_like_a_number_is_read_by_our_rules() -> None:
    [sheet] = read_workbook(excel(("1.250", "1,5", "05/06/2026", "00123")))
    thousand, half, day, code = sheet.rows[0]

    assert thousand.number() == 1250
    assert half.number(decimals=1) == Decimal("1.5")
    assert day.day() == date(2026, 6, 5)
    assert code.text() == "00123"


def test_figures_of_excel_are_exact() -> None:
    [sheet] = read_workbook(excel((1250, 0.1, 12.5, 1e15 - 1, 3.0)))
    whole, tenth, half, large, float_whole = sheet.rows[0]

    assert whole.number() == 1250
    assert tenth.number(2) == Decimal("0.1")
    assert half.number(1) == Decimal("12.5")
    assert large.number() == 10**15 - 1
    assert float_whole.number() == 3
    assert float_whole.text() == "3"


@pytest.mark.parametrize(
    ("value", "decimals", "reason"),
    [
        ("1,5", 0, "Ô A1: “1,5” phải là số nguyên"),
        (1.5, 0, "Ô A1: “1,5” phải là số nguyên"),
        ("1.25", 0, "Ô A1: “1.25” đọc được theo nhiều cách"),
        (-3, 0, "Ô A1: .*số âm"),
        (10**15, 0, "Ô A1: Số quá lớn"),
        (datetime(2026, 6, 5), 0, "Ô A1: Excel đã đổi số này thành ngày tháng"),  # noqa: DTZ001
        (True, 0, "Ô A1: Excel đã đổi"),
        ("mười", 0, "Ô A1: “mười” không phải là số"),
    ],
)
def test_a_bad_number_is_refused_with_its_cell(value: Any, decimals: int, reason: str) -> None:
    [sheet] = read_workbook(excel((value,)))

    with pytest.raises(CellRefused, match=reason):
        sheet.rows[0][0].number(decimals)


def test_dates_are_read_as_dates_or_day_first() -> None:
    [sheet] = read_workbook(excel((date(2026, 6, 5), "5/6/2026", 46178)))
    written, typed, number = sheet.rows[0]

    assert written.day() == typed.day() == date(2026, 6, 5)
    with pytest.raises(CellRefused, match="Ô C1"):
        number.day()


def test_a_date_is_not_taken_for_text() -> None:
    [sheet] = read_workbook(excel((date(2026, 6, 5),)))

    with pytest.raises(CellRefused, match="đang là ngày tháng"):
        sheet.rows[0][0].text()


def test_a_formula_is_refused_with_its_cell() -> None:
    [sheet] = read_workbook(excel(("Tổng", "=SUM(A1:A9)")))
    cell = sheet.cell(1, 2)

    for read in (cell.text, cell.number, cell.day):
        with pytest.raises(CellRefused, match="Ô B1: có công thức"):
            read()


def test_nothing_is_nothing_and_zero_is_zero() -> None:
    [sheet] = read_workbook(excel((None, " ", 0, "0")))
    empty, blank, zero, typed_zero = sheet.rows[0]

    assert empty.number() is None
    assert blank.number() is None
    assert empty.day() is None
    assert empty.is_empty
    assert blank.is_empty
    assert zero.number() == typed_zero.number() == 0
    assert empty.text() == ""


def test_rows_and_cells_beyond_the_table_are_empty() -> None:
    [sheet] = read_workbook(excel(("a", None), (None, None), ("b",), (None,)))

    assert len(sheet.rows) == 3
    assert len(sheet.rows[0]) == 1
    assert sheet.cell(99, 3) == Cell("C99", None)


def test_hidden_sheets_are_told_apart() -> None:
    content = write_sheets(
        [SheetLayout("Số liệu", [["a"]]), SheetLayout("_antq", [["v1"]], is_hidden=True)]
    )

    assert [(s.title, s.is_hidden) for s in read_workbook(content)] == [
        ("Số liệu", False),
        ("_antq", True),
    ]


def test_so_many_rows_are_taken_below_the_heading_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sheets.MAX_ROWS == 20_000
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    heading, rows = ("Đơn vị",), [(n,) for n in range(4)]

    assert len(read_workbook(excel(heading, *rows[:3]))[0].rows) == 4
    with pytest.raises(WorkbookRefused, match=r"dưới dòng 4\. .* nhiều nhất 3 dòng"):
        read_workbook(excel(heading, *rows))


def test_too_many_columns_are_refused() -> None:
    assert read_workbook(excel(tuple(range(50))))
    with pytest.raises(WorkbookRefused, match="50 cột"):
        read_workbook(excel(tuple(range(51))))


def test_a_row_far_below_is_not_dropped_in_silence() -> None:
    content = excel(("a",))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
    far = xml.replace(
        b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    )

    with pytest.raises(WorkbookRefused, match=r"dưới dòng 20\.001\. .* 20\.000 dòng"):
        read_workbook(changed(content, "xl/worksheets/sheet1.xml", far))


def test_empty_rows_to_the_end_of_the_sheet_cost_nothing() -> None:
    content = excel(("a",))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
    end = b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'

    [sheet] = read_workbook(
        changed(content, "xl/worksheets/sheet1.xml", xml.replace(b"</sheetData>", end))
    )

    assert len(sheet.rows) == 1


def test_a_lying_size_is_not_believed() -> None:
    content = excel(("a",), ("b",))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
    lying = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', xml)

    [sheet] = read_workbook(changed(content, "xl/worksheets/sheet1.xml", lying))

    assert len(sheet.rows) == 2


def test_a_zip_bomb_is_not_opened() -> None:
    bomb = io.BytesIO(excel(("a",)))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/sharedStrings2.xml", b"0" * (sheets.MAX_UNPACKED + 1))

    with pytest.raises(WorkbookRefused, match="quá lớn khi mở ra"):
        read_workbook(bomb.getvalue())


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_xml_entities_are_not_expanded(part: str) -> None:
    with pytest.raises(WorkbookRefused):
        read_workbook(changed(excel(("a",)), part, billion_laughs()))


def test_xml_entities_in_shared_text_are_not_expanded() -> None:
    content = excel(("a",))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        types = package.read("[Content_Types].xml")
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    named = changed(content, "[Content_Types].xml", types.replace(b"</Types>", part))

    with pytest.raises(WorkbookRefused):
        read_workbook(changed(named, "xl/sharedStrings.xml", billion_laughs()))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "không phải là tệp Excel"),
        (b"PK\x03\x04 cut", "không phải là tệp Excel"),
        (b"a;b;c", "không phải là tệp Excel"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "dạng .xls cũ hoặc đang đặt mật khẩu"),
        (changed(excel(("a",)), "xl/vbaProject.bin", b"macro"), "macro"),
        (changed(excel(("a",)), "xl/workbook.xml", b"<broken"), "Không đọc được"),
        (changed(excel(("a",)), "xl/workbook.xml", None), "không phải là tệp Excel"),
        (changed(excel(("a",)), "xl/worksheets/sheet1.xml", b"<broken"), "Không đọc được"),
        (b"PK" + b"x" * (10 * 1024 * 1024), "10 MB"),
    ],
)
def test_other_files_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(WorkbookRefused, match=reason):
        read_workbook(content)


@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_any_bytes_are_refused_by_name(noise: bytes) -> None:
    with pytest.raises(WorkbookRefused):
        read_workbook(noise)


def short(*rows: list[Value]) -> bytes:
    return write_workbook([["A"], *rows], title="Danh sách")


def long(*rows: list[Value]) -> bytes:
    out = io.BytesIO()
    write_long_sheet(out, ["A"], rows, title="Danh sách", widths=[10])
    return out.getvalue()


@pytest.mark.parametrize("written", [short, long])
@pytest.mark.parametrize(
    "text", ["=1+1", "+84 123", "-5", "@SUM(A1)", "\t=1", "=HYPERLINK(0)", "#N/A"]
)
def test_text_is_never_written_as_a_formula(text: str, written: Written) -> None:
    cell = openpyxl.load_workbook(io.BytesIO(written([text]))).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix


@pytest.mark.parametrize("written", [short, long])
def test_signs_that_xml_cannot_carry_are_dropped(written: Written) -> None:
    assert read_workbook(written(["a\x00b\x1bc\ud800d"]))[0].rows[1][0].text() == "abcd"


@pytest.mark.parametrize("written", [short, long])
def test_values_are_written_as_people_read_them(written: Written) -> None:
    moment = datetime(2026, 6, 5, 17, 30, tzinfo=UTC)
    row: list[Value] = [1250, Decimal("12.50"), date(2026, 6, 5), moment, None, True]

    cells = openpyxl.load_workbook(io.BytesIO(written(row))).worksheets[0][2]
    assert [c.value for c in cells] == [
        1250,
        12.5,
        datetime(2026, 6, 5),  # noqa: DTZ001
        datetime(2026, 6, 6, 0, 30),  # noqa: DTZ001
        None,
        "Có",
    ]
    formats = [c.number_format for c in cells[:4]]
    assert formats == ["#,##0", "#,##0.00", "dd/mm/yyyy", "dd/mm/yyyy hh:mm"]


def test_the_same_rows_give_the_same_bytes_at_any_time() -> None:
    rows: list[list[Value]] = [["Đơn vị", "Số tin"], ["Xã Mỹ Hòa", 12]]

    with time_machine.travel("2026-01-01", tick=False):
        first = write_workbook(rows, title="Số liệu", widths=[30, 10])
    with time_machine.travel("2027-06-07", tick=False):
        second = write_workbook(rows, title="Số liệu", widths=[30, 10])

    assert first == second


@pytest.mark.parametrize("is_long", [False, True])
def test_headings_stay_in_view_and_columns_have_their_widths(is_long: bool) -> None:
    out = io.BytesIO()
    if is_long:
        write_long_sheet(out, ["a"], [["b"]], title="Bảng [1]: a/b", widths=[33])
    else:
        out.write(write_workbook([["a"], ["b"]], title="Bảng [1]: a/b", widths=[33]))

    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width == 33
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.title == "Bảng 1 a b"


@given(st.lists(st.lists(st.integers(0, 10**12) | st.text(max_size=20), max_size=5), max_size=5))
@settings(max_examples=25, deadline=None)
def test_what_is_written_is_read_back(rows: list[list[int | str]]) -> None:
    [sheet] = read_workbook(write_workbook(rows, title="x"))

    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            if isinstance(value, int):
                assert cell.number() == value
            else:
                assert not cell.is_formula
