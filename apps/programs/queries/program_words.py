"""Tell in words what was changed in a programme, and who wrote what, when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apps.audit.models import AuditEntry
from apps.core.numbers import format_number
from apps.programs.models import Program
from apps.programs.queries.site_history import HistoryLine

MAX_LINES = 30
FACT_WORDS = {
    "kind": "loại",
    "title": "trích yếu",
    "number": "số, ký hiệu",
    "issued_on": "ngày ban hành",
    "issuer": "cơ quan ban hành",
    "level": "cấp",
    "unit": "đơn vị theo dõi",
    "valid_from": "ngày có hiệu lực",
    "valid_to": "ngày hết hiệu lực",
    "summary": "nội dung chính",
    "plan_due_on": "hạn gửi kế hoạch",
    "interim_due_on": "hạn sơ kết",
    "final_due_on": "hạn tổng kết",
}
_HEADS = {
    "programs.program_created": "Ghi vào sổ",
    "programs.program_edited": "Sửa",
    "programs.program_sent": "Gửi đơn vị",
    "programs.recipients_reminded": "Nhắc đơn vị",
    "programs.target_added": "Thêm chỉ tiêu",
    "programs.target_dropped": "Bỏ chỉ tiêu",
    "programs.program_file_added": "Tải lên văn bản",
    "programs.program_file_removed": "Rút văn bản",
    "programs.program_closed": "Ghi nhận đã tổng kết",
    "programs.program_reopened": "Mở lại, chưa tổng kết",
    "programs.program_replaced": "Được thay thế",
    "programs.program_withdrawn": "Thu hồi",
    "reports.review_waived": "Miễn báo cáo chưa nộp",
    "reports.review_opened": "Mở báo cáo sơ kết, tổng kết",
}


def change_words(changed: Iterable[str]) -> str:
    """Return "hạn sơ kết, nội dung chính" for names of fields."""
    return ", ".join(FACT_WORDS[name] for name in changed if name in FACT_WORDS)


def program_history(program: Program) -> list[HistoryLine]:
    """Return what was written of a programme, the newest first, from the audit (one query)."""
    entries = AuditEntry.objects.filter(
        target_type=Program._meta.label_lower, target_id=str(program.pk), action__in=_HEADS
    ).order_by("-at", "-pk")[:MAX_LINES]
    return [
        HistoryLine(
            _HEADS[entry.action], entry.actor_name or "Hệ thống", entry.at, _told(entry.detail)
        )
        for entry in entries
    ]


def _told(detail: Mapping[str, Any]) -> str:
    """Say what a line of the audit holds beyond its head."""
    units = detail.get("units")
    n_units = len(units) if isinstance(units, list) else units
    parts = (
        change_words(detail.get("changed", [])),
        f"{format_number(n_units)} đơn vị" if n_units else "",
        f"{format_number(detail['opened'])} đơn vị" if detail.get("opened") else "",
        str(detail.get("indicator", "")),
        str(detail.get("title") or detail.get("name") or ""),
        f"Thay thế {detail['replaces']}" if detail.get("replaces") else "",
        f"Bằng {detail['by']}" if detail.get("by") else "",
        f"Lý do: {detail['reason']}" if detail.get("reason") else "",
    )
    return ". ".join(part for part in parts if part)
