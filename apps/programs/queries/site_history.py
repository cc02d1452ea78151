"""Tell in words who wrote what of a site, when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.audit.models import AuditEntry
from apps.core.dates import format_date
from apps.core.numbers import format_number
from apps.programs.models import ModelSite
from apps.programs.rules import EquipmentKind, FundingSource, SiteState

MAX_LINES = 30
Told = Callable[[Mapping[str, Any]], str]

FACT_WORDS = {
    "model_type": "loại mô hình",
    "unit": "đơn vị",
    "name": "tên",
    "place": "nơi cụ thể",
    "level": "cấp quản lý",
    "host_kind": "nơi áp dụng",
    "launched_on": "ngày ra mắt",
    "taken_over_from": "tiếp nhận từ",
    "note": "ghi chú",
    "parties": "đơn vị chủ trì, phối hợp",
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that was written: what, by whom, when, and more in words."""

    head: str
    who: str
    at: datetime
    text: str


def site_history(site: ModelSite) -> list[HistoryLine]:
    """Return what was written of a site, the newest first, from the audit (one query)."""
    entries = AuditEntry.objects.filter(
        target_type=ModelSite._meta.label_lower, target_id=str(site.pk), action__in=_ACTIONS
    ).order_by("-at", "-pk")[:MAX_LINES]
    return [
        HistoryLine(
            _ACTIONS[entry.action][0],
            entry.actor_name or "Hệ thống",
            entry.at,
            _ACTIONS[entry.action][1](entry.detail),
        )
        for entry in entries
    ]


def _nothing(_detail: Mapping[str, Any]) -> str:
    return ""


def _changed(detail: Mapping[str, Any]) -> str:
    names = [FACT_WORDS.get(name, name) for name in detail.get("changed", [])]
    return f"Đã sửa: {', '.join(names)}." if names else "Lưu lại, không đổi gì."


def _teams(detail: Mapping[str, Any]) -> str:
    members = detail.get("members")
    counted = f", {format_number(members)} thành viên" if members is not None else ""
    name = f"{detail['team']}: " if detail.get("team") else ""
    return f"{name}{format_number(detail.get('n_teams', 0))} tổ{counted}, từ {_day(detail, 'on')}."


def _equipment(detail: Mapping[str, Any]) -> str:
    kind = detail.get("kind", "")
    label = EquipmentKind(kind).label if kind in EquipmentKind else kind
    day = _day(detail, "since" if "since" in detail else "on")
    return f"{label}: {format_number(detail.get('quantity', 0))}, từ {day}."


def _funding(detail: Mapping[str, Any]) -> str:
    source = detail.get("source", "")
    label = FundingSource(source).label if source in FundingSource else source
    amount = format_number(Decimal(str(detail.get("amount", "0"))))
    return f"{label}: {amount} đồng, ngày {_day(detail, 'received_on')}."


def _moved(detail: Mapping[str, Any]) -> str:
    states = [detail.get("from", ""), detail.get("to", "")]
    labels = [str(SiteState(state).label) if state in SiteState else state for state in states]
    reason = f" Lý do: {detail['reason']}" if detail.get("reason") else ""
    return f"{' → '.join(labels)}, từ {_day(detail, 'on')}.{reason}"


def _protected(detail: Mapping[str, Any]) -> str:
    return f"{format_number(detail.get('quantity', 0))} {detail.get('kind', '')}"


def _result(detail: Mapping[str, Any]) -> str:
    return f"Năm {detail.get('year', '')}: {detail.get('text', '')}"


def _said(name: str) -> Told:
    return lambda detail: str(detail.get(name, ""))


def _day(detail: Mapping[str, Any], name: str) -> str:
    """Return a day that the audit keeps as text, as people write it."""
    try:
        return format_date(date.fromisoformat(str(detail.get(name, ""))))
    except ValueError:
        return "ngày không rõ"


_ACTIONS: dict[str, tuple[str, Told]] = {
    "programs.site_created": ("Ghi vào sổ", _nothing),
    "programs.site_edited": ("Sửa thông tin", _changed),
    "programs.site_moved": ("Đổi trạng thái", _moved),
    "programs.site_move_undone": ("Hoàn tác đổi trạng thái", _said("undo_reason")),
    "programs.teams_set": ("Ghi số tổ, thành viên", _teams),
    "programs.equipment_added": ("Thêm thiết bị", _equipment),
    "programs.equipment_ended": ("Thiết bị thôi dùng", _equipment),
    "programs.funding_added": ("Ghi kinh phí", _funding),
    "programs.funding_removed": ("Bỏ dòng kinh phí ghi nhầm", _funding),
    "programs.objective_added": ("Thêm mục tiêu", _said("text")),
    "programs.objective_removed": ("Bỏ mục tiêu", _said("text")),
    "programs.result_set": ("Ghi kết quả", _result),
    "programs.result_removed": ("Bỏ kết quả ghi nhầm", _result),
    "programs.protected_added": ("Thêm đối tượng bảo vệ", _protected),
    "programs.protected_removed": ("Bỏ đối tượng bảo vệ", _protected),
    "programs.site_file_added": ("Tải lên tệp", _said("title")),
    "programs.site_file_removed": ("Bỏ tệp", _said("title")),
    "programs.site_rated": ("Xếp loại", _said("level_name")),
    "programs.site_replicated": ("Nhân rộng", _nothing),
    "programs.site_removed": ("Bỏ khỏi sổ", _said("reason")),
    "programs.site_restored": ("Khôi phục", _nothing),
}
