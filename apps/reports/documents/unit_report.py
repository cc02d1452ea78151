"""The unit's own report on paper: printed, signed by hand, scanned and handed in again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from apps.core.dates import format_datetime
from apps.core.pdf.parts import Part
from apps.core.pdf.render import render_pdf
from apps.reports.queries.forms import FormRow
from apps.reports.queries.printing import PrintedReport
from apps.reports.rules import cell_text, content_hash

ON_PAPER = {"nothing": "–", "not_applicable": "không áp dụng"}
DOTS = "……"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of the printed table."""

    number: str
    name: str
    measure_unit: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """One section of the printed table."""

    heading: str
    rows: tuple[PaperRow, ...]


@dataclass(frozen=True, slots=True)
class PaperWords:
    """A part in words, as paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


def unit_report_pdf(printed: PrintedReport, at: datetime) -> bytes:
    """Return a report as it stands now as a PDF to sign; lines not filled stay blank."""
    html = render_to_string("pdf/unit_report.html", unit_report_context(printed, at))
    return render_pdf([Part(html)], title=_title(printed), at=at)


def unit_report_context(printed: PrintedReport, at: datetime) -> dict[str, Any]:
    """Return all that the paper says."""
    return {
        "title": _title(printed),
        "is_demo": printed.is_demo,
        "letterhead": {
            "superior": printed.superior.upper(),
            "body": printed.filler.upper(),
            "number_text": f"Số: {DOTS}/BC-{DOTS}",
            "place": printed.place or DOTS,
            "date_text": f"ngày {DOTS} tháng {DOTS} năm {DOTS}",
            "kind_name": "BÁO CÁO",
            "subject": printed.subject,
            "addressees": [printed.receiver] if printed.receiver else [],
            "signer_name": "",
        },
        "period_label": printed.period_label,
        "groups": _groups(printed),
        "remarks": _words(printed),
        "preparer_name": printed.preparer,
        "head_title": "Thủ trưởng đơn vị",
        "content_hash": content_hash((row.hash_parts() for row in printed.rows), printed.texts),
        "printed_at": format_datetime(at),
    }


def _title(printed: PrintedReport) -> str:
    return f"{printed.subject} – {printed.unit} – {printed.period_label}"


def _groups(printed: PrintedReport) -> list[PaperGroup]:
    codes = dict.fromkeys(row.line.section for row in printed.rows)
    return [
        PaperGroup(
            f"{code}. {printed.section_names.get(code, '')}",
            _paper_rows([row for row in printed.rows if row.line.section == code]),
        )
        for code in codes
    ]


def _paper_rows(rows: Sequence[FormRow]) -> tuple[PaperRow, ...]:
    return tuple(
        PaperRow(
            number=row.line.code,
            name=row.line.name,
            measure_unit=row.measure_unit,
            value=ON_PAPER.get(row.figure.state) or cell_text(row.figure, row.line.decimals),
            note=row.figure.note,
        )
        for row in rows
    )


def _words(printed: PrintedReport) -> list[PaperWords]:
    return [
        PaperWords(title, tuple(line for line in body.splitlines() if line.strip()))
        for code, title in printed.part_titles
        if (body := printed.texts.get(code, ""))
    ]
