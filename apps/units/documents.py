"""Lay out what units print and take home: first-sign-in slips, the table of forces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string

from apps.core.pdf.layout import Slip
from apps.core.pdf.parts import Part
from apps.core.pdf.render import render_pdf
from apps.core.sheets import Value, write_workbook
from apps.units.queries.forces import ForceTable

_TITLE = "Phiếu đăng nhập lần đầu"


def slips_pdf(slips: Sequence[Slip], *, address: str, at: datetime, is_demo: bool = False) -> bytes:
    """Return a PDF of slips to cut and hand over; it is made for one answer and not kept."""
    context = {
        "title": _TITLE,
        "slips": slips,
        "address": address,
        "help": getattr(settings, "HOTLINE", ""),
        "is_demo": is_demo,
    }
    return render_pdf([Part(render_to_string("pdf/slip.html", context))], title=_TITLE, at=at)


def forces_workbook(table: ForceTable, on: date) -> bytes:
    """Return the forces of all units as an .xlsx: a line of totals, the missing ones named."""
    headings = [column.title for column in table.columns]
    rows: list[Sequence[Value]] = [
        ["Mã", "Đơn vị", *headings, "Số liệu cũ nhất tính đến"],
        *((row.unit.code, row.unit.name, *row.numbers, row.oldest) for row in table.rows),
        [None, f"Cộng {len(table.rows)} đơn vị, tính đến {on:%d/%m/%Y}", *table.totals, None],
        [None, "Số đơn vị đã ghi", *table.known, None],
    ]
    return write_workbook(rows, title="Lực lượng", widths=[14, 40, *[16] * len(headings), 20])
