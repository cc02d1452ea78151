"""The reviewer's step: return with remarks that must be answered, or accept what was looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.text import nfc
from apps.desk.rules import NoticeKind
from apps.desk.services import notify
from apps.reports.models import Event, Remark, Report, Submission, TemplateLine
from apps.reports.models.entry import ReportState
from apps.reports.models.review import EventKind, RemarkAnswer, SubmissionState
from apps.reports.permissions import took_part
from apps.reports.queries.people import people_of
from apps.reports.services.rollups import mark_changed

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


class VersionOutdated(DomainError):
    """The version looked at is no longer the one that waits."""


class OwnReport(DomainError):
    """Nobody accepts what he entered."""


class ReasonMissing(DomainError):
    """A return needs a reason."""


class RemarkMisplaced(DomainError):
    """A remark names a line that the report's form does not have."""


class AnswerMissing(DomainError):
    """An explanation needs words."""


def _lock_waiting(report: Report, looked_at: Submission) -> Report:
    locked = (
        Report.objects.select_for_update(of=("self",), no_key=True)
        .select_related("obligation__period")
        .get(pk=report.pk)
    )
    is_current = Submission.objects.filter(
        pk=looked_at.pk, report=locked, state=SubmissionState.WAITING
    ).exists()
    if locked.state != ReportState.SUBMITTED or not is_current:
        raise VersionOutdated(
            "Bản bạn đang xem không còn là bản chờ tiếp nhận: đơn vị đã nộp lại hoặc người khác đã "
            "xử lý. Tải lại trang để xem bản mới nhất."
        )
    return locked


def _decide(submission: Submission, state: str, by: User, at: datetime) -> None:
    Submission.objects.filter(pk=submission.pk).update(state=state, decided_at=at, decided_by=by)


@transaction.atomic
def return_report(
    *,
    report: Report,
    looked_at: Submission,
    reason: str,
    remarks: Sequence[tuple[int | None, str]],
    by: User,
    at: datetime,
) -> Report:
    """Send a version back with a reason and remarks on lines; punctuality stays as it was."""
    reason = nfc(reason).strip()
    if not reason:
        raise ReasonMissing("Ghi lý do trả lại để đơn vị biết phải làm gì.")
    locked = _lock_waiting(report, looked_at)
    said = [(line_id, nfc(text)[:1000]) for line_id, text in remarks if nfc(text)]
    _refuse_misplaced(locked, {line_id for line_id, _text in said if line_id is not None})
    _decide(looked_at, SubmissionState.RETURNED, by, at)
    made = {"report": locked, "submission": looked_at, "made_at": at, "made_by": by}
    Remark.objects.bulk_create(Remark(line_id=line, text=text, **made) for line, text in said)
    locked.state = ReportState.RETURNED
    locked.save(update_fields=["state"])
    Event.objects.create(
        report=locked,
        kind=EventKind.RETURNED,
        submission=looked_at,
        text=reason[:1000],
        at=at,
        by=by,
    )
    detail = {"number": looked_at.number, "remarks": len(said)}
    record_action(action="reports.returned", by=by, at=at, target=locked, detail=detail)
    _tell(locked, f"Báo cáo {locked.obligation.period.label} bị trả lại: {reason}", at)
    return locked


@transaction.atomic
def answer_remark(*, remark: Remark, answer: str, text: str, by: User, at: datetime) -> Remark:
    """Say what was done about a remark: fixed, or explained in words."""
    text = nfc(text).strip()
    if answer == RemarkAnswer.EXPLAINED and not text:
        raise AnswerMissing("Ghi lời giải trình cho ý kiến này.")
    remark.answer, remark.answer_text = answer, text[:1000]
    remark.answered_at, remark.answered_by = at, by
    remark.save(update_fields=["answer", "answer_text", "answered_at", "answered_by"])
    record_action(
        action="reports.remark_answered", by=by, at=at, target=remark, detail={"answer": answer}
    )
    return remark


@transaction.atomic
def accept_report(*, report: Report, looked_at: Submission, by: User, at: datetime) -> Report:
    """Accept the very version that was looked at; its figures count in totals from now on."""
    locked = _lock_waiting(report, looked_at)
    if took_part(by, locked):
        raise OwnReport("Bạn đã nhập hoặc nộp báo cáo này nên người khác phải tiếp nhận.")
    Submission.objects.filter(report=locked, state=SubmissionState.RETURNED).update(
        state=SubmissionState.SUPERSEDED
    )
    _decide(looked_at, SubmissionState.ACCEPTED, by, at)
    locked.state = ReportState.ACCEPTED
    locked.save(update_fields=["state"])
    Event.objects.create(report=locked, kind=EventKind.ACCEPTED, submission=looked_at, at=at, by=by)
    _mark(locked, by, at)
    record_action(
        action="reports.accepted",
        by=by,
        at=at,
        target=locked,
        detail={"number": looked_at.number, "hash": looked_at.content_hash},
    )
    return locked


@transaction.atomic
def reopen_report(*, report: Report, reason: str, by: User, at: datetime) -> Report:
    """Open an accepted report again for the unit, with a reason; its figures leave the totals."""
    reason = nfc(reason).strip()
    if not reason:
        raise ReasonMissing("Ghi lý do mở lại báo cáo đã tiếp nhận.")
    locked = (
        Report.objects.select_for_update(of=("self",), no_key=True)
        .select_related("obligation__period")
        .get(pk=report.pk)
    )
    if locked.state != ReportState.ACCEPTED:
        raise VersionOutdated("Báo cáo không ở trạng thái “Đã tiếp nhận”. Tải lại trang.")
    current = Submission.objects.get(report=locked, state=SubmissionState.ACCEPTED)
    _decide(current, SubmissionState.RETURNED, by, at)
    locked.state = ReportState.RETURNED
    locked.save(update_fields=["state"])
    Event.objects.create(
        report=locked, kind=EventKind.REOPENED, submission=current, text=reason[:1000], at=at, by=by
    )
    _mark(locked, by, at)
    record_action(
        action="reports.reopened",
        by=by,
        at=at,
        target=locked,
        detail={"number": current.number, "reason": reason[:500]},
    )
    _tell(locked, f"Báo cáo {locked.obligation.period.label} được mở lại: {reason}", at)
    return locked


def _refuse_misplaced(report: Report, line_ids: set[int]) -> None:
    known = TemplateLine.objects.filter(
        version_id=report.obligation.version_id, pk__in=line_ids
    ).count()
    if known != len(line_ids):
        raise RemarkMisplaced("Có ý kiến ghi vào dòng không thuộc biểu mẫu này. Tải lại trang.")


def _tell(report: Report, text: str, at: datetime) -> None:
    """Tell the people of the unit at once: of all messages this is the one they wait for."""
    obligation = report.obligation
    people = people_of([obligation.unit_id, obligation.filler_id], at.astimezone(LOCAL).date())
    notify(
        users={user for group in people.values() for user in group},
        text=text,
        url=f"/bao-cao/{report.pk}/",
        kind=NoticeKind.TASK,
        at=at,
    )


def _mark(report: Report, by: User, at: datetime) -> None:
    obligation = report.obligation
    mark_changed(
        unit_ids=[obligation.unit_id],
        period=obligation.period,
        tree_on=obligation.tree_on,
        by=by,
        at=at,
    )
