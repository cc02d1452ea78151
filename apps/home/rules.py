"""The menu: what is true without a database."""

from __future__ import annotations

from dataclasses import dataclass

from apps.accounts.rules import Permission

SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the main menu, shown to those who hold the right; `also` are pages in it."""

    permission: Permission | None
    url_name: str
    label: str
    icon: str
    also: tuple[str, ...] = ()


MENU = (
    MenuEntry(None, "home:work_list", "Việc cần làm", "list-task"),
    MenuEntry(Permission.REPORT_VIEW, "reports:list", "Báo cáo", "file-earmark-text"),
    MenuEntry(Permission.REPORT_REVIEW, "reports:inbox", "Tiếp nhận", "inbox"),
    MenuEntry(Permission.PROGRESS_VIEW, "reports:progress", "Tiến độ nộp", "clipboard-check"),
    MenuEntry(Permission.CONSOLIDATE_VIEW, "reports:consolidations", "Tổng hợp", "bar-chart"),
    MenuEntry(
        Permission.REGISTER_VIEW,
        "programs:sites",
        "Mô hình",
        "diagram-3",
        ("programs:map", "programs:types", "programs:exemplars"),
    ),
    MenuEntry(Permission.REGISTER_VIEW, "programs:activities", "Hoạt động", "calendar3"),
    MenuEntry(Permission.REGISTER_VIEW, "programs:programs", "Chương trình", "journal-text"),
    MenuEntry(Permission.REGISTER_VIEW, "units:forces", "Lực lượng", "shield-check"),
    MenuEntry(Permission.JOBS_VIEW, "desk:jobs", "Tác vụ", "hourglass-split"),
    MenuEntry(Permission.PEOPLE_MANAGE, "units:people", "Tài khoản", "person-circle"),
    MenuEntry(Permission.ADMIN_SITE, "admin:index", "Quản trị", "gear"),
)
