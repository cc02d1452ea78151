"""What is true of figures without a database: reading a cell, checking a report, hashing it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from apps.core.dates import format_date, format_datetime
from apps.core.errors import DomainError
from apps.core.numbers import format_number, parse_number
from apps.core.text import nfc, search_key
from apps.indicators.rules import Figure, round_half_up

Key = tuple[str, str]  # indicator code, breakdown code
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

SOFT_CHANGE = Decimal("0.5")  # ±50 % against last period asks for a note (design.md section 5)
OUTLIER_MIN_POINTS = 6
OUTLIER_LIMIT = Decimal("3.5")  # modified z-score, Iglewicz and Hoaglin

QUALIFIER_WORDS = {
    "hon": "over",
    "tren": "over",
    ">": "over",
    "gan": "nearly",
    "<": "nearly",
    "xap xi": "nearly",
    "khoang": "about",
}
STATE_WORDS = {
    "-": "nothing",
    "k": "nothing",
    "kps": "nothing",
    "khong phat sinh": "nothing",
    "ka": "not_applicable",
    "khong ap dung": "not_applicable",
    "cc": "not_available",
    "chua co": "not_available",
    "chua co so lieu": "not_available",
}
QUALIFIER_TYPED = {"exact": "", "over": "hơn ", "nearly": "gần ", "about": "khoảng "}
STATE_TYPED = {
    "missing": "",
    "zero": "0",
    "nothing": "-",
    "not_applicable": "không áp dụng",
    "not_available": "chưa có",
}
KEPT_DECIMALS = 2  # what a cell keeps in the database
KEPT = Decimal("0.01")


class CellUnreadable(DomainError):
    """What was typed is not a figure; the message says how to type it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a typed text means: a state, a value when there is one, how exact it is."""

    state: str
    value: Decimal | None = None
    qualifier: str = "exact"


def read_cell(text: str, *, decimals: int) -> Reading:
    """Read what a person typed in a cell: a number, "hơn 1.250", "-", or nothing at all."""
    typed = nfc(text).strip()
    if not typed:
        return Reading("missing")
    key = search_key(typed)
    if typed in {"-", "–", "—", "−"} or key in STATE_WORDS:
        return Reading(STATE_WORDS.get(key, "nothing"))
    qualifier = "exact"
    match = re.match(r"^(hon|tren|gan|xap xi|khoang|>|<)\s*(?=[\d])", key)
    if match:
        qualifier = QUALIFIER_WORDS[match.group(1)]
        typed = re.sub(r"^[^\d]+", "", typed)
    value = parse_number(typed, decimals)
    if value == 0:
        if qualifier != "exact":
            raise CellUnreadable("Số 0 không đi cùng “hơn”, “gần” hay “khoảng”. Chỉ gõ 0.")
        return Reading("zero", Decimal(0))
    return Reading("value", value, qualifier)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a form as the rules need it."""

    line_id: int
    code: str
    breakdown: str
    name: str
    section: str
    kind: str
    decimals: int
    is_required: bool


@dataclass(frozen=True, slots=True)
class CellFigure:
    """One figure of a report as the rules need it."""

    state: str = "missing"
    value: Decimal | None = None
    qualifier: str = "exact"
    note: str = ""

    @property
    def number(self) -> Decimal | None:
        """Return what counts in a sum: nothing that occurred is 0, unknown is None."""
        if self.state in {"zero", "nothing"}:
            return Decimal(0)
        return self.value if self.state == "value" else None


def cell_text(figure: CellFigure, decimals: int) -> str:
    """Write a figure as people type it: read_cell reads it back to the same figure."""
    if figure.state != "value":
        return STATE_TYPED[figure.state]
    return QUALIFIER_TYPED[figure.qualifier] + format_number(figure.value, decimals)


def register_figure(said: Figure, decimals: int) -> CellFigure:
    """Turn what a register says into a figure of a line, with the line's decimals."""
    value = round_half_up(said.value, min(decimals, KEPT_DECIMALS)).quantize(KEPT)
    if not value:
        return CellFigure("zero", value)
    return CellFigure("value", value, said.qualifier)


def says_register(reading: Reading | CellFigure, register: CellFigure) -> bool:
    """Return whether a figure is the register's own; "nothing occurred" is its 0."""
    if reading.state in {"zero", "nothing"}:
        return register.state == "zero"
    return (reading.state, reading.value, reading.qualifier) == (
        register.state,
        register.value,
        register.qualifier,
    )


def override_refusal(register: CellFigure, decimals: int) -> str:
    """Say that a figure of a register is written otherwise only with a reason."""
    return (
        f"Số này lấy từ sổ: {cell_text(register, decimals)}. "
        "Muốn ghi khác, ghi lý do vào ô ghi chú."
    )


@dataclass(frozen=True, slots=True)
class Subset:
    """A hard rule: the smaller figure is a part of the larger one."""

    smaller: str
    larger: str
    per_breakdown: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and at which line."""

    kind: str  # "error", "missing", "warning"
    line_id: int
    text: str


def missing_lines(lines: Iterable[Line], figures: Mapping[int, CellFigure]) -> list[Finding]:
    """Return required lines where nobody said anything; zero and "nothing occurred" are said."""
    return [
        Finding(
            "missing",
            line.line_id,
            f"{line.code} {line.name}: chưa nhập. Gõ số, gõ 0, "
            "chọn “Không phát sinh” hoặc “Chưa có số liệu”.",
        )
        for line in lines
        if line.is_required and figures.get(line.line_id, CellFigure()).state == "missing"
    ]


def broken_subsets(
    lines: Sequence[Line], figures: Mapping[int, CellFigure], subsets: Iterable[Subset]
) -> list[Finding]:
    """Return hard rules that the figures break, such as F2 ≤ F1, at the smaller one's line."""
    at: dict[Key, Line] = {(line.code, line.breakdown): line for line in lines}
    found = []
    for rule in subsets:
        breakdowns = [b for code, b in at if code == rule.smaller] if rule.per_breakdown else [""]
        for breakdown in breakdowns:
            small, large = at.get((rule.smaller, breakdown)), at.get((rule.larger, breakdown))
            if small is None or large is None:
                continue
            part = figures.get(small.line_id, CellFigure()).number
            whole = figures.get(large.line_id, CellFigure()).number
            if part is not None and whole is not None and part > whole:
                found.append(
                    Finding("error", small.line_id, _subset_text(small, large, part, whole))
                )
    return found


def _subset_text(small: Line, large: Line, part: Decimal, whole: Decimal) -> str:
    return (
        f"{small.code} {small.name} ({format_number(part, small.decimals)}) lớn hơn "
        f"{large.code} {large.name} ({format_number(whole, large.decimals)}). "
        "Kiểm tra lại một trong hai số."
    )


def unexplained_overrides(
    lines: Iterable[Line],
    figures: Mapping[int, CellFigure],
    registers: Mapping[int, CellFigure],
) -> list[Finding]:
    """Return lines whose figure differs from the register's without a word why."""
    found = []
    for line in lines:
        figure, register = figures.get(line.line_id, CellFigure()), registers.get(line.line_id)
        if register is None or figure.note.strip() or says_register(figure, register):
            continue
        text = (
            f"{line.code} {line.name}: báo cáo ghi {cell_text(figure, line.decimals)}, "
            f"sổ có {cell_text(register, line.decimals)}. Ghi lý do, hoặc lấy lại số từ sổ."
        )
        found.append(Finding("error", line.line_id, text))
    return found


def is_big_change(now: Decimal, before: Decimal) -> bool:
    """Return whether a figure moved by more than half against last period."""
    if before == 0:
        return now > 0 and now >= 10  # from nothing to a handful is ordinary
    return abs(now - before) > SOFT_CHANGE * before


def is_outlier(now: Decimal, history: Sequence[Decimal]) -> bool:
    """Return whether a figure lies far from its own history (modified z-score, six points)."""
    if len(history) < OUTLIER_MIN_POINTS:
        return False
    middle = median(history)
    spread = median([abs(value - middle) for value in history])
    if spread == 0:
        return False
    return abs(Decimal("0.6745") * (now - middle) / spread) > OUTLIER_LIMIT


def soft_warnings(
    lines: Iterable[Line],
    figures: Mapping[int, CellFigure],
    before: Mapping[Key, CellFigure],
    history: Mapping[Key, Sequence[Decimal]],
) -> list[Finding]:
    """Return figures that ask for a note: far from last period or from their own history."""
    found = []
    for line in lines:
        figure = figures.get(line.line_id, CellFigure())
        now, key = figure.number, (line.code, line.breakdown)
        if now is None or figure.note:
            continue
        last = before.get(key, CellFigure()).number
        if last is not None and is_big_change(now, last):
            found.append(Finding("warning", line.line_id, _change_text(line, now, last)))
        elif is_outlier(now, history.get(key, ())):
            found.append(
                Finding(
                    "warning",
                    line.line_id,
                    f"{line.code} {line.name}: {format_number(now, line.decimals)} khác hẳn các kỳ "
                    "trước. Ghi lý do vào ô ghi chú.",
                )
            )
    return found


def _change_text(line: Line, now: Decimal, last: Decimal) -> str:
    word = "tăng" if now > last else "giảm"
    return (
        f"{line.code} {line.name}: {word} từ {format_number(last, line.decimals)} "
        f"{'lên' if now > last else 'xuống'} {format_number(now, line.decimals)}, quá 50 % so với "
        "kỳ trước. Ghi lý do vào ô ghi chú."
    )


def content_hash(lines: Iterable[Sequence[Any]], texts: Mapping[str, str]) -> str:
    """Return the sha256 of what a report says: the same content gives the same 64 hex digits."""
    body = json.dumps(
        {
            "lines": [[str(part) if part is not None else None for part in line] for line in lines],
            "texts": dict(sorted(texts.items())),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


def percent_change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return the change in per cent, one decimal, half up; None without anything to compare."""
    if now is None or before is None or before == 0:
        return None
    change = (now - before) / before * 100
    return change.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def completeness_mark(n_reporting: int, n_expected: int) -> str:
    """Return "91/95 đơn vị"."""
    return f"{n_reporting}/{n_expected} đơn vị"


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: a word, a tone, an icon; colour only repeats the word."""

    label: str
    tone: str
    icon: str = ""


STATE_LOOKS = {
    "empty": Look("Chưa nhập", "neutral", "circle"),
    "draft": Look("Đang nhập", "info", "pencil"),
    "awaiting": Look("Chờ lãnh đạo duyệt", "wait", "hourglass-split"),
    "submitted": Look("Đã nộp", "info", "send"),
    "returned": Look("Trả lại", "warn", "arrow-return-left"),
    "accepted": Look("Đã tiếp nhận", "done", "check-circle-fill"),
}


def due_text(due_at: datetime) -> str:
    """Say a deadline by its last good day: due_at is the first moment that is too late."""
    local = due_at.astimezone(LOCAL)
    if (local.hour, local.minute) != (0, 0):
        return f"trước {format_datetime(local)}"
    return f"hết ngày {format_date((local - timedelta(days=1)).date())}"


def timing_of(due_at: datetime, first_submitted_at: datetime | None, at: datetime) -> Look:
    """Say how a report stands to its deadline; `due_at` is the first moment that is too late."""
    if first_submitted_at is not None:
        if first_submitted_at < due_at:
            return Look("Đúng hạn", "done", "check-circle-fill")
        return Look("Nộp muộn", "warn", "clock")
    last_day = (due_at - timedelta(microseconds=1)).astimezone(LOCAL).date()
    days = (last_day - at.astimezone(LOCAL).date()).days
    if at >= due_at:
        return Look(f"Quá hạn {max(1, -days)} ngày", "bad", "exclamation-triangle-fill")
    if days == 0:
        return Look("Hôm nay", "warn", "clock")
    return Look(f"Còn {days} ngày", "neutral", "clock")
