"""The list of reports as an Excel file."""

from __future__ import annotations

from collections.abc import Sequence

from apps.core.dates import format_datetime
from apps.core.sheets import write_workbook
from apps.reports.queries.lists import ListRow

HEADINGS = (
    "Mã báo cáo",
    "Đơn vị",
    "Loại báo cáo",
    "Kỳ báo cáo",
    "Trạng thái",
    "Hạn nộp",
    "Thời hạn",
    "Nộp lần đầu",
    "Đơn vị tiếp nhận",
)
WIDTHS = (12, 40, 44, 22, 20, 18, 18, 18, 34)


def list_workbook(rows: Sequence[ListRow]) -> bytes:
    """Return an .xlsx of the list, one report a row."""
    return write_workbook([HEADINGS, *map(_cells, rows)], title="Báo cáo", widths=WIDTHS)


def _cells(row: ListRow) -> tuple[str, ...]:
    owed = row.obligation
    return (
        str(row.report.pk),
        row.unit_name,
        owed.template.name,
        owed.period.label,
        row.look.label,
        row.due,
        row.timing.label,
        format_datetime(owed.first_submitted_at),
        row.receiver,
    )
