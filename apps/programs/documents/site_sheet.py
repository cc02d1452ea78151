"""The list of sites as an Excel file: what is filtered, with the chosen columns."""

from __future__ import annotations

from collections.abc import Sequence

from apps.core.sheets import write_workbook
from apps.programs.queries.site_columns import NAME, SiteColumn
from apps.programs.queries.site_list import SiteRow


def sites_workbook(rows: Sequence[SiteRow], columns: Sequence[SiteColumn]) -> bytes:
    """Return the list as a workbook; text stays text, numbers and dates stay what they are."""
    shown = [NAME, *columns]
    cells = [[column.value(row) for column in shown] for row in rows]
    return write_workbook(
        [[column.label for column in shown], *cells],
        title="Điểm mô hình",
        widths=[column.width for column in shown],
    )
