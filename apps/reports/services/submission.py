"""Send a report: to the own leader, back to the clerk, and to the unit that consolidates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.codes import new_code
from apps.core.errors import DomainError
from apps.core.files import StoredFile
from apps.core.uploads import CleanUpload
from apps.reports.models import (
    Event,
    Report,
    ReportScan,
    Submission,
)
from apps.reports.models.entry import OPEN_STATES, ReportState
from apps.reports.models.review import EventKind, SubmissionState
from apps.reports.queries.forms import FormRow, form_rows, hard_findings
from apps.reports.rules import content_hash
from apps.reports.services.entry import begin, lock_open_report, refuse_after_close

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
# One that nobody wrote in may be complete too: registers can fill every line.
SENDABLE = (*OPEN_STATES, ReportState.AWAITING)


FIGURES_CHANGED = (
    "Báo cáo đã thay đổi từ lúc bạn mở trang này nên chưa nộp. Xem lại số mới, rồi nộp lại."
)


class NotReady(DomainError):
    """The report breaks a hard rule; the check page names each cell."""


class RemarksOpen(DomainError):
    """A remark has no answer yet."""


class AlreadySent(DomainError):
    """The report has been sent and is with the reviewer."""


class FiguresChanged(DomainError):
    """The report no longer says what the person saw when he signed it."""


class PaperMissing(DomainError):
    """An entry on behalf needs the scan and the day the paper came."""


@transaction.atomic
def send_to_leader(*, report: Report, by: User, at: datetime) -> Report:
    """Hand a checked report to the unit's own leader."""
    locked = _lock(report)
    if not locked.is_open:
        raise AlreadySent(f"Báo cáo đã ở trạng thái “{locked.get_state_display()}”.")
    refuse_after_close(locked, at)
    _refuse_unready(form_rows(locked))
    _refuse_open_remarks(locked)
    locked.state = ReportState.AWAITING
    locked.save(update_fields=["state"])
    Event.objects.create(report=locked, kind=EventKind.SENT_TO_LEADER, at=at, by=by)
    record_action(action="reports.sent_to_leader", by=by, at=at, target=locked)
    return locked


@transaction.atomic
def send_back(*, report: Report, text: str, by: User, at: datetime) -> Report:
    """Give it back to the clerk with a word, before it ever left the unit."""
    locked = _lock(report)
    if locked.state != ReportState.AWAITING:
        raise AlreadySent("Báo cáo không còn chờ lãnh đạo duyệt. Tải lại trang.")
    was_returned = Submission.objects.filter(report=locked, state=SubmissionState.RETURNED).exists()
    locked.state = ReportState.RETURNED if was_returned else ReportState.DRAFT
    locked.save(update_fields=["state"])
    Event.objects.create(report=locked, kind=EventKind.SENT_BACK, text=text[:1000], at=at, by=by)
    record_action(action="reports.sent_back", by=by, at=at, target=locked)
    return locked


# In SQL of its own: everybody submits in the same hour, and composing this statement anew for
# each of them took as long as all else.
LOCK = """
SELECT r.*,
       (SELECT b.state FROM reports_report b WHERE b.id = r.id) AS seen_state,
       (SELECT b.changed_at FROM reports_report b WHERE b.id = r.id) AS seen_changed_at,
       EXISTS (SELECT 1 FROM reports_remark m WHERE m.report_id = r.id AND m.answer = '')
           AS has_open_remark,
       EXISTS (SELECT 1 FROM reports_reportscan c WHERE c.report_id = r.id) AS has_scan,
       (SELECT max(s.number) FROM reports_submission s WHERE s.report_id = r.id) AS last_number,
       (SELECT s.id FROM reports_submission s
         WHERE s.report_id = r.id AND s.client_token = %(token)s) AS repeat_of,
       (SELECT json_object_agg(t.part, t.body)::text FROM reports_reporttext t
         WHERE t.report_id = r.id) AS written
  FROM reports_report r
 WHERE r.id = %(report)s
   FOR NO KEY UPDATE OF r
"""


def _lock(report: Report, client_token: str = "") -> Report:
    """Return the report locked, with all that a submission must know, in one query.

    Where it had to wait for the lock, PostgreSQL gives the row as it is now but the facts beside
    it as they were before: then it is read once more, this time while nobody else can write.
    """
    locked = _read_locked(report, client_token)
    seen = (locked.seen_state, locked.seen_changed_at)  # type: ignore[attr-defined]
    if (locked.state, locked.changed_at) != seen:
        locked = _read_locked(report, client_token)
    return locked


def _read_locked(report: Report, client_token: str) -> Report:
    names = {"report": report.pk, "token": client_token}
    locked: Report = Report.objects.raw(LOCK, names)[0]
    locked.obligation = report.obligation
    return locked


def _refuse_unready(rows: list[FormRow]) -> None:
    found = hard_findings(rows)
    if found:
        raise NotReady(
            f"Còn {len(found)} chỗ phải sửa trước khi gửi. Chỗ đầu tiên: {found[0].text}"
        )


def _refuse_open_remarks(report: Report) -> None:
    if report.has_open_remark:  # type: ignore[attr-defined]  # annotated by _lock
        raise RemarksOpen("Còn ý kiến chưa trả lời. Trả lời từng ý kiến rồi nộp lại.")


def _refuse_missing_paper(report: Report) -> None:
    if report.is_on_behalf and not (report.has_scan and report.paper_received_on):  # type: ignore[attr-defined]
        raise PaperMissing(
            "Nhập thay phải có bản giấy: ghi ngày nhận bản giấy và tải lên bản quét trước khi nộp."
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of a submission; `is_repeat` says that the same one had been taken before."""

    submission: Submission
    is_repeat: bool


def submit_report(
    *, report: Report, client_token: str, by: User, at: datetime, seen_hash: str = ""
) -> Receipt:
    """Submit a frozen version; sent twice with one token it gives the same receipt once.

    A person submits what he saw: `seen_hash` is the content hash of the page that he looked at.
    The receipt is shown only after the commit: the transaction is opened and closed in here.
    """
    with transaction.atomic(durable=not connection.in_atomic_block):
        locked = _lock(report, client_token)
        if locked.repeat_of is not None:  # type: ignore[attr-defined]  # annotated by _lock
            known = Submission.objects.get(pk=locked.repeat_of)  # type: ignore[attr-defined]
            return Receipt(known, is_repeat=True)
        if locked.state not in SENDABLE:
            raise AlreadySent(
                f"Báo cáo đã ở trạng thái “{locked.get_state_display()}”. Không cần nộp lại."
            )
        refuse_after_close(locked, at)
        rows = form_rows(locked)
        content = _Content(rows, json.loads(locked.written or "{}"))  # type: ignore[attr-defined]
        if seen_hash and seen_hash != content.hash:
            raise FiguresChanged(FIGURES_CHANGED)
        _refuse_unready(rows)
        _refuse_open_remarks(locked)
        _refuse_missing_paper(locked)
        submission = _freeze(locked, content, client_token, by, at)
        _note_submission(locked, submission, by, at)
    return Receipt(submission, is_repeat=False)


@dataclass(frozen=True)
class _Content:
    """What a version says: figures and words."""

    rows: list[FormRow]
    texts: dict[str, str]

    @cached_property
    def hash(self) -> str:
        return content_hash((row.hash_parts() for row in self.rows), self.texts)


def _freeze(
    report: Report, content: _Content, client_token: str, by: User, at: datetime
) -> Submission:
    number = (report.last_number or 0) + 1  # type: ignore[attr-defined]  # annotated by _lock
    obligation = report.obligation
    submission = Submission.objects.create(
        report=report,
        unit_id=obligation.unit_id,
        period_id=obligation.period_id,
        number=number,
        content_hash=content.hash,
        texts=content.texts,
        client_token=client_token,
        receipt_code=new_code(),
        submitted_at=at,
        submitted_by=by,
    )
    with connection.cursor() as cursor:
        names = (
            _register_columns(content.rows)
            | _joint_columns(content.rows)
            | {
                "submission": submission.pk,
                "report": report.pk,
                "version": obligation.version_id,
            }
        )
        cursor.execute(FREEZE_LINES, names)
    return submission


# The cells of this moment become the version's lines; a line nobody filled stays "missing". Lines
# of registers come as they were shown, because the register itself may change with the next second;
# beside them stay the records that other units own too, for their common total.
FREEZE_LINES = """
WITH shares AS (
    INSERT INTO reports_jointshare
           (submission_id, indicator_id, breakdown, register, record_id, value)
    SELECT %(submission)s, j.indicator_id, j.breakdown, j.register, j.record_id, j.value
      FROM unnest(%(joint_indicators)s::bigint[], %(joint_breakdowns)s::text[],
                  %(joint_registers)s::text[], %(joint_records)s::bigint[],
                  %(joint_values)s::numeric[])
           AS j(indicator_id, breakdown, register, record_id, value)
)
INSERT INTO reports_submissionline
       (submission_id, line_id, indicator_id, breakdown, state, value, qualifier, note, source,
        register_value, register_qualifier)
SELECT %(submission)s, t.id, t.indicator_id, t.breakdown, coalesce(r.state, c.state, 'missing'),
       CASE WHEN r.line_id IS NULL THEN c.value ELSE r.value END,
       coalesce(r.qualifier, c.qualifier, 'exact'), coalesce(c.note, ''),
       coalesce(r.source, c.source, 'typed'), r.register_value,
       coalesce(r.register_qualifier, 'exact')
  FROM reports_templateline t
  LEFT JOIN reports_cell c ON c.line_id = t.id AND c.report_id = %(report)s
  LEFT JOIN unnest(%(lines)s::bigint[], %(states)s::text[], %(values)s::numeric[],
                   %(qualifiers)s::text[], %(sources)s::text[], %(register_values)s::numeric[],
                   %(register_qualifiers)s::text[])
            AS r(line_id, state, value, qualifier, source, register_value, register_qualifier)
         ON r.line_id = t.id
 WHERE t.version_id = %(version)s
"""


def _register_columns(rows: list[FormRow]) -> dict[str, Any]:
    """Return the lines that a register speaks about, column by column."""
    known = [(row, row.register) for row in rows if row.register is not None]
    return {
        "lines": [row.line.line_id for row, _register in known],
        "states": [row.figure.state for row, _register in known],
        "values": [row.figure.value for row, _register in known],
        "qualifiers": [row.figure.qualifier for row, _register in known],
        "sources": [row.source for row, _register in known],
        "register_values": [register.number for _row, register in known],
        "register_qualifiers": [register.qualifier for _row, register in known],
    }


def _joint_columns(rows: list[FormRow]) -> dict[str, Any]:
    """Return the records inside these figures that other units own too, column by column."""
    shares = [(row, joint) for row in rows for joint in row.joint]
    return {
        "joint_indicators": [row.indicator_id for row, _joint in shares],
        "joint_breakdowns": [row.line.breakdown for row, _joint in shares],
        "joint_registers": [row.source_register for row, _joint in shares],
        "joint_records": [joint.record_id for _row, joint in shares],
        "joint_values": [joint.value for _row, joint in shares],
    }


# One statement: the report is with the reviewer, and the first time decides punctuality.
MARK_SUBMITTED = """
WITH sent AS (
    UPDATE reports_report SET state = 'submitted' WHERE id = %s RETURNING obligation_id
)
UPDATE reports_obligation o SET first_submitted_at = coalesce(o.first_submitted_at, %s)
  FROM sent WHERE o.id = sent.obligation_id
"""


def _note_submission(report: Report, submission: Submission, by: User, at: datetime) -> None:
    kind = EventKind.SUBMITTED if submission.number == 1 else EventKind.RESUBMITTED
    arrived = at
    if report.is_on_behalf and report.paper_received_on is not None:
        arrived = min(at, end_of_day(report.paper_received_on))
    with connection.cursor() as cursor:
        cursor.execute(MARK_SUBMITTED, [report.pk, arrived])
    Event.objects.create(report=report, kind=kind, submission=submission, at=at, by=by)
    record_action(
        action="reports.submitted",
        by=by,
        at=at,
        target=report,
        detail={"number": submission.number, "hash": submission.content_hash},
    )


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day here: paper that came on a day came in time for that day."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=LOCAL)


@transaction.atomic
def add_scan(
    *, report: Report, upload: CleanUpload, stored: StoredFile, by: User, at: datetime
) -> ReportScan:
    """Keep the scan of the signed paper beside the report; the same file twice is one."""
    scan, is_new = ReportScan.objects.get_or_create(
        report=report,
        sha256=stored.sha256,
        defaults={
            "name": upload.name,
            "mime": upload.mime,
            "size": stored.size,
            "path": stored.path,
            "uploaded_at": at,
            "uploaded_by": by,
        },
    )
    if is_new:
        Event.objects.create(
            report=report, kind=EventKind.SCAN_ADDED, text=upload.name, at=at, by=by
        )
        record_action(
            action="reports.scan_added", by=by, at=at, target=report, detail={"sha256": scan.sha256}
        )
    return scan


@transaction.atomic
def start_on_behalf(*, report: Report, paper_received_on: date, by: User, at: datetime) -> Report:
    """Take over the entry for a unit without a computer; the day the paper came is kept."""
    locked = lock_open_report(report.pk, at)
    if paper_received_on > at.astimezone(LOCAL).date():
        raise PaperMissing("Ngày nhận bản giấy không thể ở tương lai.")
    locked.is_on_behalf, locked.paper_received_on = True, paper_received_on
    locked.save(update_fields=["is_on_behalf", "paper_received_on"])
    begin(locked, by, at)
    Event.objects.create(report=locked, kind=EventKind.ON_BEHALF, at=at, by=by)
    record_action(
        action="reports.on_behalf_started",
        by=by,
        at=at,
        target=locked,
        detail={"paper_received_on": paper_received_on.isoformat()},
    )
    return locked
