"""The list of sites as an Excel file: what is filtered, with the chosen columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from apps.core.long_sheets import write_long_sheet
from apps.programs.queries.site_columns import NAME, SiteColumn
from apps.programs.queries.site_list import SiteRow


def write_sites(file: BinaryIO, rows: Iterable[SiteRow], columns: Sequence[SiteColumn]) -> None:
    """Write the list; text stays text, numbers and dates stay what they are."""
    shown = [NAME, *columns]
    write_long_sheet(
        file,
        [column.label for column in shown],
        ([column.value(row) for column in shown] for row in rows),
        title="Điểm mô hình",
        widths=[column.width for column in shown],
    )
