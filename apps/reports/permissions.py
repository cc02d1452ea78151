"""Who may do what with one report: the table of rights, at the unit where each post is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission, permissions_of
from apps.reports.models import CellChange, Obligation, Report, Submission
from apps.units.permissions import posts_of


def holds_at(user: User, unit_ids: set[int], permission: Permission, on: date) -> bool:
    """Return whether the user holds a right by a post at one of these very units."""
    posts = posts_of(user, on)
    return any(
        permission in permissions_of(roles)
        for unit_id, roles in posts.items()
        if unit_id in unit_ids
    )


def enters_directly(user: User, obligation: Obligation, on: date) -> bool:
    """Return whether the user fills in this report as the unit's own person."""
    own = {obligation.unit_id, obligation.filler_id}
    return holds_at(user, own, Permission.REPORT_ENTER, on)


def enters_on_behalf(user: User, obligation: Obligation, on: date) -> bool:
    """Return whether the user may fill it in for the unit, as the unit in charge of it."""
    if enters_directly(user, obligation, on):
        return False
    return holds_at(user, {obligation.consolidator_id}, Permission.REPORT_ENTER_ON_BEHALF, on)


def may_write(user: User, report: Report, on: date) -> bool:
    """Return whether the user may write now: on behalf only once the paper's day is noted."""
    if enters_directly(user, report.obligation, on):
        return True
    return report.is_on_behalf and enters_on_behalf(user, report.obligation, on)


def submits_directly(user: User, obligation: Obligation, on: date) -> bool:
    """Return whether the user may submit it as the leader of the unit that fills it in."""
    own = {obligation.unit_id, obligation.filler_id}
    return holds_at(user, own, Permission.REPORT_SUBMIT, on)


def may_submit(user: User, obligation: Obligation, on: date) -> bool:
    """Return whether the user may submit it: the unit's leader, or on behalf."""
    return submits_directly(user, obligation, on) or enters_on_behalf(user, obligation, on)


def may_review(user: User, obligation: Obligation, on: date) -> bool:
    """Return whether the user's post at the consolidating unit lets him return or accept."""
    return holds_at(user, {obligation.consolidator_id}, Permission.REPORT_REVIEW, on)


def took_part(user: User, report: Report) -> bool:
    """Return whether the user typed a figure of it or sent it: nobody accepts what he entered."""
    return (
        CellChange.objects.filter(report=report, changed_by=user).exists()
        or Submission.objects.filter(report=report, submitted_by=user).exists()
    )


LOCKED_BECAUSE = {
    "awaiting": "Báo cáo đang chờ lãnh đạo duyệt. Muốn sửa tiếp, lãnh đạo trả lại người nhập.",
    "submitted": "Báo cáo đã nộp, đang chờ tiếp nhận. Muốn sửa, đề nghị đơn vị tiếp nhận trả lại.",
    "accepted": "Báo cáo đã được tiếp nhận. Muốn sửa, đề nghị đơn vị tiếp nhận mở lại.",
}
PERIOD_CLOSED = "Kỳ báo cáo này đã khóa, không nhập và không nộp được nữa."
ONLY_LOOKING = "Bạn xem được báo cáo này nhưng không nhập."
PAPER_FIRST = "Đơn vị này tự nhập báo cáo. Muốn nhập thay, ghi ngày nhận bản giấy trước."


@dataclass(frozen=True, slots=True)
class Rights:
    """What one person may do with one report at this moment, and why not."""

    is_entering: bool
    is_submitting: bool
    is_handing_up: bool
    is_sending_back: bool
    is_taking_over: bool
    is_adding_scan: bool
    is_reviewing: bool
    locked_because: str


def rights_at(user: User, report: Report, at: datetime) -> Rights:
    """Return a person's rights at a report: the table of rights, and the report's own state."""
    owed, on = report.obligation, timezone.localdate(at)
    writes, submits = may_write(user, report, on), may_submit(user, owed, on)
    stands_in = enters_on_behalf(user, owed, on)
    is_closed = owed.hard_close_at is not None and at >= owed.hard_close_at
    is_open = report.is_open and not is_closed
    submits = submits and (writes or not stands_in)
    return Rights(
        is_entering=writes and is_open,
        is_submitting=submits and not is_closed and (is_open or report.state == "awaiting"),
        is_handing_up=writes and is_open and not submits,
        is_sending_back=submits and report.state == "awaiting",
        is_taking_over=stands_in and is_open and not report.is_on_behalf,
        is_adding_scan=writes or submits,
        is_reviewing=report.state == "submitted" and may_review(user, owed, on),
        locked_because=_why_locked(report, is_closed, writes, stands_in),
    )


def _why_locked(report: Report, is_closed: bool, writes: bool, stands_in: bool) -> str:
    if report.state in LOCKED_BECAUSE:
        return LOCKED_BECAUSE[report.state]
    if is_closed:
        return PERIOD_CLOSED
    if writes:
        return ""
    return PAPER_FIRST if stands_in else ONLY_LOOKING
