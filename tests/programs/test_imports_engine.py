"""The reading of filled-in tables: every bad file is a real workbook."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from apps.programs.services.import_reading import (
    SheetContent,
    read_rows,
    read_sheet,
    restored_rows,
    stored_rows,
)
from apps.programs.services.import_sheets import (
    Column,
    ImportRefused,
    ImportSheet,
    Reads,
    fault_at,
    in_sheet_order,
    list_sheet,
    marked_workbook,
    template,
)

SHEET = ImportSheet(
    kind="examples",
    version=3,
    title="Hoạt động",
    columns=(
        Column("title", "Nội dung", max_length=20),
        Column("kind", "Loại", choices={"Hội nghị": "conference", "Tập huấn": "training"}),
        Column("held_on", "Ngày tổ chức", reads=Reads.DAY),
        Column("people", "Lượt người dự", reads=Reads.NUMBER, is_required=False),
    ),
)
GOOD = ("Họp khóm", "hoi nghi", date(2026, 6, 5), 1250)


def filled(*rows: tuple[object, ...], change: Callable[[Workbook], None] | None = None) -> bytes:
    """Fill in the template as a person would, and do one more thing to it."""
    units = list_sheet("Đơn vị", ["Mã", "Tên"], [("XA-1", "Xã Một")])
    book = openpyxl.load_workbook(io.BytesIO(template(SHEET, [units])))
    for row in rows:
        table(book).append(row)
    if change:
        change(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return a workbook as Excel would save it."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> SheetContent:
    """Read a file as an import does: it is kept as JSON in between."""
    kept = stored_rows(read_sheet(SHEET, content).rows)
    return read_rows(SHEET, restored_rows(json.loads(json.dumps(kept))))


def table(book: Workbook) -> Worksheet:
    """Return the sheet to fill in."""
    found = book["Hoạt động"]
    assert isinstance(found, Worksheet)
    return found


def test_template_explains_itself_and_comes_back_as_values() -> None:
    """What is typed as people type it is read as it was meant."""
    content = read(filled(GOOD, ("B", "Tập huấn", "06/05/2026", None)))
    assert not content.faults
    first, second = content.rows
    assert first.values == {
        "title": "Họp khóm",
        "kind": "conference",
        "held_on": date(2026, 6, 5),
        "people": 1250,
    }
    assert second.values["held_on"] == date(2026, 5, 6)
    assert second.values["people"] is None


def test_every_wrong_cell_is_named_at_once() -> None:
    """Nobody should correct one cell, upload, and learn of the next."""
    rows = (
        GOOD,
        ("", "Họp", "2026-05-06", -3),
        ("Dài" * 10, "Tập huấn", "31/02/2026", "1,5"),
        ("=1+1", "Tập huấn", 45123, "mười"),
        ("E", "Tập huấn", date(2026, 1, 2), 3_000_000_000),
        ("F", "Tập huấn", date(2026, 1, 2), 1, "thừa"),
    )
    faults = [str(fault) for fault in in_sheet_order(read(filled(*rows)).faults)]
    starts = [fault.split(":")[0] for fault in faults]
    assert starts == [
        *("Ô A3", "Ô B3", "Ô C3", "Ô D3"),
        *("Ô A4", "Ô C4", "Ô D4"),
        *("Ô A5", "Ô C5", "Ô D5"),
        *("Ô D6", "Ô E7"),
    ]
    assert "chưa nhập “Nội dung”" in faults[0]
    assert "không có “Họp”. Một trong: Hội nghị; Tập huấn." in faults[1]
    assert "ngày trước, năm sau" in faults[2]
    assert "số âm" in faults[3]
    assert "công thức" in faults[7]


def test_marked_list_is_corrected_in_place_and_sent_again() -> None:
    """The wrong cells come back in colour with the reason; what was right is as it was typed."""
    formula, text_day = ("=1+1", "Tập huấn", "05/06/2026", 3), ("B", "Họp", "5-6-26", "1.250")
    rows = read_sheet(SHEET, filled(GOOD, (), formula, text_day)).rows
    faults = read_rows(SHEET, rows).faults
    book = openpyxl.load_workbook(io.BytesIO(marked_workbook(SHEET, rows, faults, [])))

    marked = table(book)
    assert marked["E1"].value == "Lỗi"
    assert "có công thức" in str(marked["E4"].value) and "Ô B5" in str(marked["E5"].value)
    assert marked["B5"].comment and marked["B5"].fill.fgColor.rgb == "00F9C9C5"
    assert (marked["A2"].comment, marked["E2"].value) == (None, None)
    assert marked["C2"].number_format == "dd/mm/yyyy"
    assert read(saved(book)).faults == [
        *(fault_at(SHEET, 4, "title", "là công thức viết thành chữ. Hãy ghi nội dung."),),
        *(fault for fault in faults if fault.address == "B5"),
    ]
    marked["A4"], marked["B5"] = "Họp", "hội nghị"
    again = read(saved(book))
    assert not again.faults
    assert [row.number for row in again.rows] == [2, 4, 5]
    assert again.rows[2].values["people"] == 1250


def test_rows_that_excel_hides_are_counted() -> None:
    """A filtered list still holds all its rows; the preview says so."""

    def hide(book: Workbook) -> None:
        table(book).row_dimensions[3].hidden = True
        table(book).row_dimensions[9].hidden = True

    assert read_sheet(SHEET, filled(GOOD, GOOD, change=hide)).n_hidden == 1


def rename_heading(book: Workbook) -> None:
    """Give two columns other names."""
    table(book)["B1"] = "Kiểu"
    table(book)["E1"] = "Ghi chú"


def merge(book: Workbook) -> None:
    """Merge two cells of the table."""
    table(book).merge_cells("A2:A3")


def moved_down(book: Workbook) -> None:
    """Put a title above the headings, as papers have it."""
    table(book).insert_rows(1, 2)
    table(book)["A1"] = "DANH SÁCH HOẠT ĐỘNG"


def older(book: Workbook) -> None:
    """Make it the template of an earlier version."""
    book["PhienBan"]["B2"] = "2"


def other(book: Workbook) -> None:
    """Make it the template of another register."""
    book["PhienBan"]["B1"] = "sites"


def without_mark(book: Workbook) -> None:
    """Take the hidden sheet away."""
    book.remove(book["PhienBan"])


def without_table(book: Workbook) -> None:
    """Rename the sheet that holds the table."""
    table(book).title = "Trang 9"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (rename_heading, "ô B1 cần là “Loại”, đang là “Kiểu”; ô E1 cần để trống"),
        (moved_down, "Dòng tiêu đề đang ở dòng 3, cần ở dòng 1"),
        (merge, "có ô gộp (A2:A3)"),
        (older, "mẫu phiên bản 2, Cổng đang dùng phiên bản 3"),
        (other, "là mẫu khác"),
        (without_mark, "không làm từ tệp mẫu"),
        (without_table, "không có trang “Hoạt động”, chỉ có “Trang 9”, “Đơn vị”, “Hướng dẫn”"),
    ],
)
def test_file_of_another_shape_is_refused_in_words(
    change: Callable[[Workbook], None], words: str
) -> None:
    """A table of another shape would be read as something it does not say."""
    with pytest.raises(ImportRefused, match=r".") as refused:
        read_sheet(SHEET, filled(GOOD, change=change))
    assert words in refused.value.message


def test_merged_explanation_does_not_matter() -> None:
    """Only the table itself must be free of merged cells."""

    def merge_guide(book: Workbook) -> None:
        book["Hướng dẫn"].merge_cells("A1:B1")

    assert len(read_sheet(SHEET, filled(GOOD, change=merge_guide)).rows) == 1


def test_empty_table_is_refused() -> None:
    """An empty file is a mistake, not an import of nothing."""
    with pytest.raises(ImportRefused, match="chưa có dòng nào"):
        read_sheet(SHEET, filled())
