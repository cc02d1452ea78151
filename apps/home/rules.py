"""The menu, and the words of deadlines: what is true without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.accounts.rules import Permission

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the main menu, shown to those who hold the right, where the page exists."""

    permission: Permission | None
    url_name: str
    label: str
    icon: str


MENU = (
    MenuEntry(None, "home:work_list", "Việc cần làm", "list-task"),
    MenuEntry(Permission.REPORT_VIEW, "reports:list", "Báo cáo", "file-earmark-text"),
    MenuEntry(Permission.REPORT_REVIEW, "reports:inbox", "Tiếp nhận", "inbox"),
    MenuEntry(Permission.PROGRESS_VIEW, "reports:progress", "Tiến độ nộp", "clipboard-check"),
    MenuEntry(Permission.CONSOLIDATE_VIEW, "reports:consolidations", "Tổng hợp", "bar-chart"),
    MenuEntry(Permission.JOBS_VIEW, "desk:jobs", "Tác vụ", "hourglass-split"),
    MenuEntry(Permission.PEOPLE_MANAGE, "units:people", "Tài khoản", "person-circle"),
    MenuEntry(Permission.ADMIN_SITE, "admin:index", "Quản trị", "gear"),
)


@dataclass(frozen=True, slots=True)
class DueWords:
    """A deadline as people say it, with how urgent it is."""

    label: str
    tone: str
    icon: str


def due_words(due_at: datetime, at: datetime) -> DueWords:
    """Say how long is left: `due_at` is the first moment that is too late."""
    last_day = (due_at.astimezone(LOCAL) - _ONE_MICROSECOND).date()
    days = (last_day - at.astimezone(LOCAL).date()).days
    if days < 0 or due_at <= at:
        return DueWords(f"Quá hạn {max(1, -days)} ngày", "bad", "exclamation-triangle-fill")
    if days == 0:
        return DueWords("Hạn hôm nay", "warn", "clock")
    return DueWords(f"Còn {days} ngày", "warn" if days <= SOON_DAYS else "neutral", "clock")


_ONE_MICROSECOND = datetime.resolution
