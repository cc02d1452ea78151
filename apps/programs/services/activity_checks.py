"""Say what is wrong with an activity before it is written: for one form or thousands of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta

from apps.core.dates import format_date
from apps.core.numbers import format_number
from apps.desk.models import ImportBatch
from apps.programs.models import ModelSite, Program
from apps.programs.rules import ActivityKind, Amount
from apps.programs.services.refusals import Fault, FaultsRefused, refusing
from apps.units.models import Unit, UnitSpan

MAX_TITLE, MAX_PLACE = 250, 200
MAX_COUNT, MAX_COST = 10_000_000, 10**12
LONGEST = timedelta(days=366)
COUNTS = {
    "sessions": "Số buổi",
    "points": "Số điểm",
    "attendances": "Số lượt người dự",
    "materials": "Số tài liệu",
    "news": "Số tin, bài",
    "posts": "Số bài đăng",
}
IN_FUTURE = "Ngày này còn ở tương lai. Ghi hoạt động sau khi đã tổ chức."

Lives = dict[int, list[tuple[date, date | None]]]


@dataclass(frozen=True, slots=True)
class NewActivity:
    """What was held: by whom, when, where, how often, for how many."""

    kind: str
    title: str
    unit: Unit
    held_on: date
    until: date | None = None
    place: str = ""
    sessions: int = 1
    points: int = 0
    attendances: int | None = None
    qualifier: str = Amount.EXACT
    materials: int = 0
    news: int = 0
    posts: int = 0
    cost: int = 0
    co_organisers: tuple[Unit, ...] = ()
    site: ModelSite | None = None
    program: Program | None = None
    note: str = ""
    client_token: str = ""
    is_demo: bool = False
    import_batch: ImportBatch | None = None


class ActivityRefused(FaultsRefused):
    """An activity cannot be written so; it may name the fields."""


class ActivityChangedMeanwhile(ActivityRefused):
    """Somebody else saved the activity after it was opened here."""

    def __init__(self) -> None:
        super().__init__(
            "Người khác vừa sửa hoạt động này sau khi bạn mở. So sánh hai bản bên dưới rồi lưu "
            "lại; những gì bạn nhập vẫn còn."
        )


class ActivityRemovedMeanwhile(ActivityRefused):
    """Somebody took the activity back after it was opened here."""

    def __init__(self) -> None:
        super().__init__("Hoạt động này vừa bị bỏ nên chưa lưu. Những gì bạn nhập vẫn còn.")


class ActivitySentBefore(ActivityRefused):
    """The same form was sent before with something else in it."""


_MESSAGES = {
    "activity_ends_after_start": ("until", "Ngày kết thúc không thể trước ngày tổ chức."),
    "activity_party_once": ("", "Một đơn vị chỉ ghi một lần: hoặc chủ trì, hoặc phối hợp."),
}


def refusing_activities() -> AbstractContextManager[None]:
    """Run writes in a savepoint and say in words which constraint broke."""
    return refusing(_MESSAGES, ActivityRefused.at_field)


def activity_faults(rows: Sequence[NewActivity], *, on: date) -> list[list[Fault]]:
    """Return the faults of each row, in one query however many rows there are.

    Nothing may have been held after the day `on`.
    """
    lives = _lives_of({unit.pk for row in rows for unit in (row.unit, *row.co_organisers)})
    return [
        [
            *_text_faults(row),
            *held_day_faults(row.held_on, row.until, on),
            *_number_faults(row),
            *_unit_faults(row, lives),
            *_site_faults(row),
        ]
        for row in rows
    ]


def held_day_faults(held_on: date, until: date | None, on: date) -> Iterator[Fault]:
    """Yield what is wrong with the days of an activity; nothing is held after the day `on`."""
    if held_on > on:
        yield Fault("held_on", IN_FUTURE)
    if until is not None and until < held_on:
        yield Fault(*_MESSAGES["activity_ends_after_start"])
    elif until is not None and until - held_on > LONGEST:
        yield Fault("until", "Một hoạt động không thể kéo dài hơn một năm. Xem lại hai ngày.")


def refuse_faults(faults: Sequence[Fault]) -> None:
    """Raise what is wrong, with all fields at once."""
    if faults:
        raise ActivityRefused(" ".join(fault.message for fault in faults), faults)


def _lives_of(unit_ids: set[int]) -> Lives:
    """Return from when to when each unit exists, by its names."""
    lives: Lives = {}
    for span in UnitSpan.objects.filter(unit_id__in=unit_ids).only("unit_id", "valid"):
        lives.setdefault(span.unit_id, []).append((span.valid_from, span.valid_to))
    return lives


def _text_faults(row: NewActivity) -> Iterator[Fault]:
    """Yield what is wrong with kind and words."""
    if row.kind not in ActivityKind.values:
        yield Fault("kind", "Chưa chọn loại hoạt động.")
    if not row.title.strip():
        yield Fault("title", "Chưa nhập nội dung.")
    if len(row.title) > MAX_TITLE:
        yield Fault("title", f"Nội dung dài quá {MAX_TITLE} ký tự. Ghi phần còn lại vào ghi chú.")
    if len(row.place) > MAX_PLACE:
        yield Fault("place", f"Nơi tổ chức dài quá {MAX_PLACE} ký tự.")


def _number_faults(row: NewActivity) -> Iterator[Fault]:
    """Yield what is wrong with the numbers."""
    for name, words in COUNTS.items():
        value = getattr(row, name)
        if value is not None and value < 0:
            yield Fault(name, f"{words} không thể âm.")
        elif value is not None and value > MAX_COUNT:
            yield Fault(name, f"{words} lớn hơn mức cho phép ({format_number(MAX_COUNT)}).")
    if row.cost < 0:
        yield Fault("cost", "Kinh phí không thể âm.")
    elif row.cost > MAX_COST:
        yield Fault("cost", f"Kinh phí lớn hơn mức cho phép ({format_number(MAX_COST)} đồng).")
    if row.qualifier != Amount.EXACT and not row.attendances:
        yield Fault("attendances", "Ghi “hơn” hoặc “gần” thì phải có số lượt người dự.")
    if not (row.sessions or row.points or row.materials or row.news or row.posts):
        yield Fault("sessions", "Ghi ít nhất một buổi, điểm, tài liệu hoặc tin, bài.")


def _unit_faults(row: NewActivity, lives: Lives) -> Iterator[Fault]:
    """Yield what is wrong with the organisers."""
    day = format_date(row.held_on)
    if not _is_alive(row.unit.pk, row.held_on, lives):
        yield Fault("unit", f"Đơn vị này không tồn tại vào ngày {day}.")
    dead = [unit.code for unit in row.co_organisers if not _is_alive(unit.pk, row.held_on, lives)]
    if dead:
        yield Fault("co_organisers", f"Không tồn tại vào ngày {day}: {', '.join(dead)}.")
    ids = [unit.pk for unit in row.co_organisers]
    if row.unit.pk in ids:
        yield Fault("co_organisers", "Đơn vị đã chủ trì thì không ghi thêm là phối hợp.")
    if len(set(ids)) < len(ids):
        yield Fault("co_organisers", "Một đơn vị được ghi hai lần.")


def _site_faults(row: NewActivity) -> Iterator[Fault]:
    """Yield what is wrong with the site of the activity."""
    site = row.site
    if site is None:
        return
    if site.removed_at is not None:
        yield Fault("site", "Điểm mô hình này đã được bỏ.")
    elif site.ended_on is not None and row.held_on >= site.ended_on:
        yield Fault("site", f"Điểm mô hình đã dừng từ ngày {format_date(site.ended_on)}.")


def _is_alive(unit_id: int, day: date, lives: Lives) -> bool:
    return any(start <= day and (end is None or day < end) for start, end in lives.get(unit_id, ()))
