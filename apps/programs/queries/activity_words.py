"""An activity in words: for its page, and to hold two versions of it side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.dates import format_date
from apps.core.numbers import format_number
from apps.programs.models import Activity
from apps.programs.rules import amount_text


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two versions of an activity say differently."""

    label: str
    kept: str
    typed: str


def activity_words(activity: Activity, unit_name: str, helpers: Sequence[str]) -> dict[str, str]:
    """Return what is known of an activity by its label; what is not said is empty."""
    counts = {
        "Số buổi, cuộc": activity.sessions,
        "Số điểm": activity.points,
        "Tài liệu, tờ rơi": activity.materials,
        "Tin, bài đăng phát": activity.news,
        "Bài trên mạng xã hội": activity.posts,
    }
    return {
        "Loại hoạt động": activity.get_kind_display(),
        "Nội dung": activity.title,
        "Đơn vị chủ trì": unit_name,
        "Phối hợp tổ chức": "; ".join(helpers),
        "Ngày tổ chức": format_date(activity.held_on),
        "Đến ngày": format_date(activity.until),
        "Nơi tổ chức": activity.place,
        "Lượt người dự": amount_text(activity.attendances, activity.qualifier),
        **{label: format_number(value) if value else "" for label, value in counts.items()},
        "Kinh phí": f"{format_number(activity.cost)} đồng" if activity.cost else "",
        "Điểm mô hình": str(activity.site or ""),
        "Chương trình, kế hoạch": str(activity.program or ""),
        "Ghi chú": activity.note,
    }


def differences(kept: dict[str, str], typed: dict[str, str]) -> list[Difference]:
    """Return where two versions differ, in the order of the page."""
    return [
        Difference(label, kept[label] or "(để trống)", typed[label] or "(để trống)")
        for label in kept
        if kept[label] != typed[label]
    ]
