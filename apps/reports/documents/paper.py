"""Turn the frozen content of a summary report to paper: the report, its table, its annexes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from apps.core.pdf.layout import (
    FigureGroup,
    FigureRow,
    Letterhead,
    Section,
    date_words,
    number_words,
)
from apps.core.pdf.parts import Attachment, Column, Part, Row, TablePart
from apps.core.pdf.render import render_pdf
from apps.reports.documents.summary import frozen_bytes

NUMERALS = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
NUMBER_MM, NAME_MM, FIGURE_MM = 10.0, 52.0, 24.0
WIDE_FROM = 5  # columns of figures from which an annex lies across


@dataclass(frozen=True, slots=True)
class PaperMarks:
    """Number and day of the office's own register; blank before the paper is issued."""

    number: int | None = None
    issued_on: date | None = None


Step = Callable[[int, str], None]


def summary_pdf(content: Mapping[str, Any], marks: PaperMarks, step: Step) -> bytes:
    """Return the report as PDF/A with its figures attached; the same content, the same bytes."""
    head = _letterhead(content, marks)
    step(20, "Đang dàn trang báo cáo")
    parts: list[Part | TablePart] = [
        Part(_report_html(content, head)),
        Part(_table_html(content, head)),
        *_annex_parts(content, head),
    ]
    step(35, f"Đang in {len(parts)} phần ra PDF")
    figures = Attachment(
        "so-lieu.json",
        frozen_bytes({"period": content["period"], "figures": content["figures"]}),
        description="Số liệu đã chốt của báo cáo",
    )
    return render_pdf(parts, title=f"Báo cáo: {head.subject}", attachments=[figures])


def _letterhead(content: Mapping[str, Any], marks: PaperMarks) -> Letterhead:
    head = content["letterhead"]
    return Letterhead(
        superior=head["superior"],
        body=head["body"],
        number_text=number_words(marks.number, head["symbol"]),
        place=head["place"],
        date_text=date_words(marks.issued_on),
        kind_name=head["kind_name"],
        subject=head["subject"],
        recipients=tuple(head["recipients"]),
        signer_lines=tuple(head["signer_lines"]),
        signer_name=head["signer_name"],
    )


def _report_html(content: Mapping[str, Any], head: Letterhead) -> str:
    return render_to_string(
        "pdf/summary.html",
        {
            "title": head.subject,
            "is_demo": content["is_demo"],
            "letterhead": head,
            "lens": "",
            "sections": [
                Section(heading="", paragraphs=tuple(content["lead"])),
                *[_section(section) for section in content["sections"]],
            ],
        },
    )


def _section(section: Mapping[str, Any]) -> Section:
    plain: list[str] = []
    headed: list[Section] = []
    for block in section["blocks"]:
        texts = (*block["paragraphs"], *[f"- {item}" for item in block["items"]])
        if block["heading"]:
            headed.append(Section(heading=block["heading"], paragraphs=texts))
        else:
            plain += texts
    return Section(section["heading"], tuple(plain), tuple(headed))


def _origin(content: Mapping[str, Any], head: Letterhead) -> str:
    body_name = content["letterhead"]["body_name"]
    number = head.number_text.removeprefix("Số: ")
    return f"Kèm theo Báo cáo số {number} {head.date_text} của {body_name}"


def _table_html(content: Mapping[str, Any], head: Letterhead) -> str:
    groups = [
        FigureGroup(group["title"], tuple(FigureRow(*row) for row in group["rows"]))
        for group in content["table"]
    ]
    return render_to_string(
        "pdf/figures_annex.html",
        {
            "title": head.subject,
            "is_demo": content["is_demo"],
            "label": f"Phụ lục {numeral(1)}",
            "annex_title": f"BẢNG CHỈ TIÊU {content['period']['label'].upper()}",
            "origin": _origin(content, head),
            "note": "",
            "groups": groups,
        },
    )


def _annex_parts(content: Mapping[str, Any], head: Letterhead) -> list[TablePart]:
    """Return one annex for each table by unit, and at the end the units that are missing."""
    origin = _origin(content, head)
    tables = [
        _Table(annex["title"], tuple(annex["columns"]), _annex_rows(annex))
        for annex in content["annexes"]
    ]
    if content["missing"]:
        rows = [Row((str(n), name)) for n, name in enumerate(content["missing"], start=1)]
        tables.append(_Table("ĐƠN VỊ CHƯA CÓ BÁO CÁO ĐƯỢC TIẾP NHẬN", (), rows))
    return [
        _annex_part(table, numeral(number), origin, content["is_demo"])
        for number, table in enumerate(tables, start=2)
    ]


def _annex_rows(annex: Mapping[str, Any]) -> list[Row]:
    """Return units, total, and why they differ; papers frozen before notes were have none."""
    note = annex.get("note", "")
    return [
        *[Row(tuple(row)) for row in annex["rows"]],
        Row(tuple(annex["total"]), "total"),
        *([Row((f"Ghi chú: {note}",), "note")] if note else []),
    ]


@dataclass(frozen=True, slots=True)
class _Table:
    """A long table before it is given its number."""

    title: str
    columns: tuple[str, ...]
    rows: list[Row]


def numeral(number: int) -> str:
    """Write the number of an annex as NĐ 30/2020/NĐ-CP has it: I, II, III; there is no last one."""
    text = ""
    for value, letters in NUMERALS:
        times, number = divmod(number, value)
        text += letters * times
    return text


def _annex_part(table: _Table, place: str, origin: str, is_demo: bool) -> TablePart:
    heading = render_to_string(
        "pdf/annex_heading.html",
        {
            "label": f"Phụ lục {place}",
            "title": table.title,
            "origin": origin,
            "note": "",
        },
    )
    return TablePart(
        heading_html=heading,
        title=table.title,
        is_demo=is_demo,
        rows=table.rows,
        is_landscape=len(table.columns) >= WIDE_FROM,
        columns=(
            Column("STT", NUMBER_MM, "center"),
            Column("Đơn vị", NAME_MM),
            *[Column(label, FIGURE_MM, "right") for label in table.columns],
        ),
    )
