"""The units of a programme with what they did, as rows of a sheet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from apps.programs.queries.programs import DUTY_WORDS, RecipientRow, done
from apps.programs.rules import RecipientStep

SHEET_HEADINGS = (
    "STT",
    "Đơn vị",
    "Mã đơn vị",
    "Gửi lúc",
    "Nhận lúc",
    "Số kế hoạch",
    "Ngày kế hoạch",
    "Ngày phát động",
    "Còn thiếu",
    "Ghi chú",
)
SHEET_WIDTHS = (6, 40, 14, 18, 18, 20, 14, 14, 36, 40)
SheetValue = str | int | date | datetime | None


def sheet_rows(rows: Iterable[RecipientRow]) -> list[tuple[SheetValue, ...]]:
    """Return one row a unit, in the order of the page."""
    return [
        (
            number,
            row.name,
            row.recipient.unit.code,
            row.recipient.sent_at,
            row.recipient.received_at,
            row.recipient.plan_number,
            row.recipient.plan_on,
            row.recipient.launched_on,
            ", ".join(DUTY_WORDS[step] for step in RecipientStep if not done(row.recipient, step)),
            row.recipient.note,
        )
        for number, row in enumerate(rows, start=1)
    ]
