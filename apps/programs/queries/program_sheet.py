"""The units of a programme with what they did and how they stand to the targets, as a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from apps.programs.queries.programs import DUTY_WORDS, RecipientRow, done
from apps.programs.queries.targets import TargetPart, TargetProgress
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
NOT_COUNTED = "chưa có số liệu được tiếp nhận"
VERDICTS = {True: "Đạt", False: "Chưa đạt", None: ""}
SheetValue = str | int | date | datetime | None


def program_sheet_rows(
    rows: Sequence[RecipientRow], progress: Iterable[TargetProgress]
) -> list[tuple[SheetValue, ...]]:
    """Return the headings and one row a unit, in the order of the page; two columns a target."""
    names, columns = [], []
    for target in progress:
        for part in target.parts:
            names += [_heading(target, part), "So với chỉ tiêu"]
            columns.append(
                {unit.unit_id: (unit.words, VERDICTS[unit.is_reached]) for unit in part.units}
            )
    sheet: list[tuple[SheetValue, ...]] = [(*SHEET_HEADINGS, *names)]
    for number, row in enumerate(rows, start=1):
        said = [column.get(row.recipient.unit_id, (NOT_COUNTED, "")) for column in columns]
        figures = [text for pair in said for text in pair]
        sheet.append((*_steps_row(number, row), *figures))
    return sheet


def sheet_widths(n_columns: int) -> tuple[int, ...]:
    """Return the widths of the columns, those of the targets after the others."""
    return (*SHEET_WIDTHS, *[24] * (n_columns - len(SHEET_WIDTHS)))


def _heading(target: TargetProgress, part: TargetPart) -> str:
    name = target.target.indicator.name + (f", {part.name}" if part.name else "")
    return f"{name} ({target.level}), {target.period_name}"


def _steps_row(number: int, row: RecipientRow) -> Iterator[SheetValue]:
    recipient = row.recipient
    yield from (number, row.name, recipient.unit.code, recipient.sent_at, recipient.received_at)
    yield from (recipient.plan_number, recipient.plan_on, recipient.launched_on)
    yield ", ".join(DUTY_WORDS[step] for step in RecipientStep if not done(recipient, step))
    yield recipient.note
