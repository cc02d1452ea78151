"""Lay out the official summary report: freeze what it says, then turn the frozen text to paper."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.core.dates import format_date
from apps.core.numbers import format_number, format_percent
from apps.indicators.rules import say
from apps.papers.models import IssuingBody
from apps.reports.documents.sentences import (
    counted_once,
    is_exact,
    is_said,
    result_blocks,
    say_ratio,
    signed,
)
from apps.reports.queries.summary import ChildFigures, Ratio, Summary, SummaryLine
from apps.reports.queries.sums import Total
from apps.reports.rules import completeness_mark, percent_change

ANNEX_COLUMNS = 8
NAMED_IN_TEXT = 10
SECTION_NAMES = {
    "A": "Lãnh đạo, chỉ đạo, lực lượng",
    "B": "Tuyên truyền, vận động",
    "C": "Đăng ký, giao ước, cam kết",
    "D": "Công nhận, phân loại",
    "E": "Mô hình, điển hình",
    "F": "Tin báo, kết quả bảo vệ ANTT",
    "G": "Khen thưởng, khối thi đua",
}
NOT_SAID = "…"
NOTHING_WRITTEN = "Chưa có nội dung."
ROOT_NAME, ALL_NAME = "Số liệu cấp tỉnh", "Toàn tỉnh"


@dataclass(frozen=True, slots=True)
class Wording:
    """What people add to the figures: their texts, and why some units are missing."""

    texts: Mapping[str, str]
    incomplete_reason: str
    is_demo: bool


def freeze(summary: Summary, body: IssuingBody, wording: Wording) -> dict[str, Any]:
    """Return all that the report will say, as JSON; the paper can be made again from it alone."""
    return {
        "letterhead": _letterhead(summary, body),
        "period": {
            "label": summary.period.label,
            "start": summary.period.start.isoformat(),
            "end_exclusive": summary.period.end.isoformat(),
            "tree_on": summary.tree_on.isoformat(),
        },
        "lead": _lead(summary, wording),
        "sections": _sections(summary, wording.texts),
        "table": _table(summary.lines),
        "annexes": _annexes(summary),
        "missing": summary.missing if len(summary.missing) > NAMED_IN_TEXT else [],
        "figures": [_raw(line) for line in summary.lines],
        "is_demo": wording.is_demo,
    }


def frozen_bytes(content: Mapping[str, Any]) -> bytes:
    """Return the one byte form of frozen content, for hashing and for the attachment."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _letterhead(summary: Summary, body: IssuingBody) -> dict[str, Any]:
    return {
        "superior": body.superior_name,
        "body": (body.committee_name or body.name).upper(),
        "body_name": body.committee_name or body.name,
        "symbol": body.symbol,
        "place": body.place,
        "kind_name": "BÁO CÁO",
        "subject": "Kết quả công tác xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc "
        f"{summary.period.label}",
        "recipients": _recipients(body.recipients),
        "signer_lines": [line.strip() for line in body.signer_title.splitlines() if line.strip()],
        "signer_name": body.signer_name,
    }


def _recipients(typed: str) -> list[str]:
    """Return who receives the paper, one a line; the paper sets its own dashes and semicolons."""
    lines = (line.strip(" \t-–;.") for line in typed.splitlines())
    return [line for line in lines if line]


def _lead(summary: Summary, wording: Wording) -> list[str]:
    first, last = summary.period.start, summary.tree_on
    text = (
        f"Số liệu tính từ ngày {format_date(first)} đến ngày {format_date(last)}, tổng hợp từ "
        f"{summary.n_accepted}/{summary.n_expected} báo cáo đã tiếp nhận, theo tổ chức đơn vị tại "
        f"ngày {format_date(summary.tree_on)}."
    )
    if not summary.missing:
        return [text]
    names = (
        f": {'; '.join(summary.missing)}"
        if len(summary.missing) <= NAMED_IN_TEXT
        else " (danh sách ở phụ lục cuối)"
    )
    why = (
        f" Lý do lập báo cáo khi chưa đủ: {wording.incomplete_reason}."
        if (wording.incomplete_reason)
        else ""
    )
    return [text, f"Chưa có báo cáo được tiếp nhận của {len(summary.missing)} đơn vị{names}.{why}"]


def _sections(summary: Summary, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    def words(part: str) -> list[str]:
        body = texts.get(part, "").strip()
        return [line.strip() for line in body.splitlines() if line.strip()] or [NOTHING_WRITTEN]

    return [
        _section("I. TÌNH HÌNH CÓ LIÊN QUAN", [_block("", words("tinh_hinh"))]),
        _section("II. KẾT QUẢ CÔNG TÁC", result_blocks(summary.lines, summary.children)),
        _section(
            "III. NHẬN XÉT, ĐÁNH GIÁ",
            [
                _block("1. Ưu điểm", words("uu_diem")),
                _block("2. Tồn tại, hạn chế và nguyên nhân", words("ton_tai")),
            ],
        ),
        _section("IV. PHƯƠNG HƯỚNG, NHIỆM VỤ", [_block("", words("phuong_huong"))]),
        _section("V. KIẾN NGHỊ, ĐỀ XUẤT", [_block("", words("kien_nghi"))]),
    ]


def _section(heading: str, blocks: Sequence[Mapping[str, object]]) -> dict[str, Any]:
    return {"heading": heading, "blocks": list(blocks)}


def _block(heading: str, paragraphs: Sequence[str]) -> dict[str, object]:
    return {"heading": heading, "paragraphs": list(paragraphs), "items": []}


def _table(lines: Sequence[SummaryLine]) -> list[dict[str, Any]]:
    """Return the indicator table in its groups: now, last year, change, %, and a note."""
    groups: list[dict[str, Any]] = []
    for code, name in SECTION_NAMES.items():
        mine = [line for line in lines if line.section == code]
        if mine:
            rows = [_table_row(number, line) for number, line in enumerate(mine, start=1)]
            groups.append({"title": f"{code}. {name}", "rows": rows})
    return groups


def _table_row(number: int, line: SummaryLine) -> list[str]:
    if line.ratio is not None:
        return _ratio_row(number, line, line.ratio)
    now, before = line.now.value, line.last_year.value
    change = percent_change(now, before)
    by = signed(now - before, line.decimals) if now is not None and before is not None else ""
    about = "khoảng " if by and not is_exact(line) else ""
    return [
        str(number),
        f"{line.code} {line.name}",
        line.measure_unit,
        say(now, line.now.qualifier, line.decimals) if now is not None else NOT_SAID,
        say(before, line.last_year.qualifier, line.decimals) if before is not None else NOT_SAID,
        f"{about}{by}",
        f"{about}{format_percent(change)}" if change is not None else "",
        completeness_mark(line.now.n_reporting, line.now.n_expected),
    ]


def _ratio_row(number: int, line: SummaryLine, now: Ratio) -> list[str]:
    before = line.ratio_last_year
    note = ""
    if now.numerator is not None and now.denominator is not None:
        note = f"{format_number(now.numerator)}/{format_number(now.denominator)}"
    if now.n_left_out:
        note = f"{note}; thiếu {now.n_left_out} đơn vị".lstrip("; ")
    return [
        str(number),
        f"{line.code} {line.name}",
        "%",
        say_ratio(now, line.decimals),
        say_ratio(before, line.decimals) if before is not None else NOT_SAID,
        _points(line),
        "",
        note,
    ]


def _points(line: SummaryLine) -> str:
    """Return the change of a rate in points, not in per cent of a per cent."""
    now = line.ratio.value if line.ratio else None
    before = line.ratio_last_year.value if line.ratio_last_year else None
    if now is None or before is None:
        return ""
    return f"{signed(now - before, line.decimals)} điểm %"


def _annexes(summary: Summary) -> list[dict[str, Any]]:
    """Return one annex a section and eight columns: every child unit with its figures."""
    annexes: list[dict[str, Any]] = []
    for code, name in SECTION_NAMES.items():
        columns = [
            line
            for line in summary.lines
            if line.section == code and line.ratio is None and is_said(line)
        ]
        for first in range(0, len(columns), ANNEX_COLUMNS):
            part = columns[first : first + ANNEX_COLUMNS]
            asked = _asked(summary.children, part)
            if len(asked) > 1:  # one unit alone says no more than the table of indicators
                annexes.append(_annex(name, part, asked, summary.root.pk))
    return annexes


def _asked(children: Sequence[ChildFigures], columns: Sequence[SummaryLine]) -> list[ChildFigures]:
    """Return the units that were asked for at least one of these figures."""
    keys = {(line.code, line.breakdown) for line in columns}
    return [child for child in children if keys & child.totals.keys()]


def _annex(
    name: str, columns: Sequence[SummaryLine], asked: Sequence[ChildFigures], root_id: int
) -> dict[str, Any]:
    totals = [line.now for line in columns]
    cells = [[child.totals.get((line.code, line.breakdown)) for line in columns] for child in asked]
    names = [ROOT_NAME if child.unit_id == root_id else child.name for child in asked]
    return {
        "title": f"SỐ LIỆU THEO ĐƠN VỊ: {name.upper()}",
        "columns": [f"{line.code} {line.name} ({line.measure_unit})" for line in columns],
        "rows": [
            [str(number), name, *_annex_cells(row, columns)]
            for number, (name, row) in enumerate(zip(names, cells, strict=True), start=1)
        ],
        "total": ["", ALL_NAME, *_annex_cells(totals, columns)],
        "note": counted_once(columns, cells, totals, ALL_NAME),
    }


def _annex_cells(cells: Sequence[Total | None], columns: Sequence[SummaryLine]) -> list[str]:
    return [
        say(cell.value, cell.qualifier, line.decimals)
        if cell is not None and cell.value is not None
        else NOT_SAID
        for cell, line in zip(cells, columns, strict=True)
    ]


def _raw(line: SummaryLine) -> dict[str, Any]:
    """Return a line as plain data for the attached JSON; numbers as text, so nothing is rounded."""

    def text(value: Decimal | None) -> str | None:
        return str(value) if value is not None else None

    data: dict[str, Any] = {
        "code": line.code,
        "breakdown": line.breakdown,
        "kind": line.kind,
        "value": text(line.now.value),
        "qualifier": line.now.qualifier,
        "n_reporting": line.now.n_reporting,
        "n_expected": line.now.n_expected,
        "last_year": text(line.last_year.value),
    }
    if line.ratio is not None:
        data |= {
            "value": text(line.ratio.value),
            "qualifier": line.ratio.qualifier,
            "numerator": text(line.ratio.numerator),
            "denominator": text(line.ratio.denominator),
        }
    return data
