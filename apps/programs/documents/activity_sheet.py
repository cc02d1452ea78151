"""The list of activities as an Excel file: what is filtered, with a line of sums."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import BinaryIO

from apps.core.long_sheets import write_long_sheet
from apps.core.sheet_writing import Value
from apps.programs.queries.activities import ActivityRow, ActivitySums
from apps.programs.rules import amount_text

HEADINGS = (
    "Ngày", "Đến ngày", "Loại hoạt động", "Nội dung", "Đơn vị chủ trì", "Phối hợp tổ chức",
    "Nơi tổ chức", "Số buổi", "Số điểm", "Lượt người dự", "Ghi nguyên văn", "Tài liệu",
    "Tin, bài", "Bài mạng xã hội", "Kinh phí (đồng)", "Điểm mô hình", "Chương trình", "Ghi chú",
)  # fmt: skip
WIDTHS = (12, 12, 24, 48, 32, 32, 24, 9, 9, 13, 14, 10, 10, 15, 16, 30, 30, 30)


def write_activities(file: BinaryIO, rows: Iterable[ActivityRow], sums: ActivitySums) -> None:
    """Write the list; numbers and dates stay what they are."""
    total: list[Value] = ["Cộng", None, None, f"{sums.activities} hoạt động", None, None, None]
    total += [sums.sessions, sums.points, sums.attendances, None, sums.materials, sums.news]
    total += [sums.posts, sums.cost]
    lines = chain(map(_cells, rows), [total])
    write_long_sheet(file, HEADINGS, lines, title="Hoạt động", widths=WIDTHS)


def _cells(row: ActivityRow) -> list[Value]:
    held = row.activity
    return [
        held.held_on,
        held.until,
        held.get_kind_display(),
        held.title,
        row.unit_name,
        "; ".join(row.helpers),
        held.place,
        held.sessions,
        held.points,
        held.attendances,
        amount_text(held.attendances, held.qualifier),
        held.materials,
        held.news,
        held.posts,
        held.cost,
        str(held.site or ""),
        str(held.program or ""),
        held.note,
    ]
