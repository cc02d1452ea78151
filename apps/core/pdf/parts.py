"""What a PDF is made of: whole documents, long tables, files attached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Part:
    """One document of its own page numbers: HTML rendered from a template in templates/pdf.

    With a title it has a line in the reader's outline.
    """

    html: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a long table; the widths of all columns are scaled to fill the line."""

    label: str
    width_mm: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of plain texts, escaped when printed; a group or note has one cell across the table."""

    cells: tuple[str, ...]
    kind: Literal["", "group", "total", "note"] = ""

    @property
    def is_across(self) -> bool:
        """Return whether the row is one cell across the table."""
        return self.kind in {"group", "note"}


@dataclass(frozen=True, slots=True)
class TablePart:
    """A long table (phụ lục), cut into slices that are rendered side by side.

    heading_html comes from a template (pdf/annex_heading.html) and stands above the table on the
    first page; header_html replaces the header row made of the columns' labels.
    """

    heading_html: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    title: str = "Phụ lục"
    header_html: str = ""
    is_landscape: bool = False
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF, such as the figures as JSON (PDF/A-3)."""

    name: str
    content: bytes
    mime: str = "application/json"
    description: str = ""
    relationship: Literal["Data", "Source", "Supplement"] = "Data"
