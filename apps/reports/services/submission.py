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
from apps.core.prepared import Prepared
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
from apps.reports.queries.sending import Locked, lock_report
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
    found = lock_report(report)
    locked = found.report
    if not locked.is_open:
        raise AlreadySent(f"Báo cáo đã ở trạng thái “{locked.get_state_display()}”.")
    refuse_after_close(locked, at)
    _refuse_unready(form_rows(locked))
    _refuse_open_remarks(found)
    locked.state = ReportState.AWAITING
    locked.save(update_fields=["state"])
    Event.objects.create(report=locked, kind=EventKind.SENT_TO_LEADER, at=at, by=by)
    record_action(action="reports.sent_to_leader", by=by, at=at, target=locked)
    return locked


@transaction.atomic
def send_back(*, report: Report, text: str, by: User, at: datetime) -> Report:
    """Give it back to the clerk with a word, before it ever left the unit."""
    locked = lock_report(report).report
    if locked.state != ReportState.AWAITING:
        raise AlreadySent("Báo cáo không còn chờ lãnh đạo duyệt. Tải lại trang.")
    was_returned = Submission.objects.filter(report=locked, state=SubmissionState.RETURNED).exists()
    locked.state = ReportState.RETURNED if was_returned else ReportState.DRAFT
    locked.save(update_fields=["state"])
    Event.objects.create(report=locked, kind=EventKind.SENT_BACK, text=text[:1000], at=at, by=by)
    record_action(action="reports.sent_back", by=by, at=at, target=locked)
    return locked


def _refuse_unready(rows: list[FormRow]) -> None:
    found = hard_findings(rows)
    if found:
        raise NotReady(
            f"Còn {len(found)} chỗ phải sửa trước khi gửi. Chỗ đầu tiên: {found[0].text}"
        )


def _refuse_open_remarks(found: Locked) -> None:
    if found.has_open_remark:
        raise RemarksOpen("Còn ý kiến chưa trả lời. Trả lời từng ý kiến rồi nộp lại.")


def _refuse_missing_paper(found: Locked) -> None:
    report = found.report
    if report.is_on_behalf and not (found.has_scan and report.paper_received_on):
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
        found = lock_report(report, client_token)
        if found.repeat_of is not None:
            return Receipt(Submission.objects.get(pk=found.repeat_of), is_repeat=True)
        locked = found.report
        if locked.state not in SENDABLE:
            raise AlreadySent(
                f"Báo cáo đã ở trạng thái “{locked.get_state_display()}”. Không cần nộp lại."
            )
        refuse_after_close(locked, at)
        rows = form_rows(locked)
        content = _Content(rows, found.texts)
        if seen_hash and seen_hash != content.hash:
            raise FiguresChanged(FIGURES_CHANGED)
        _refuse_unready(rows)
        _refuse_open_remarks(found)
        _refuse_missing_paper(found)
        submission = _freeze(found, content, client_token, by, at)
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
    found: Locked, content: _Content, client_token: str, by: User, at: datetime
) -> Submission:
    report, owed = found.report, found.report.obligation
    submission = Submission(
        report=report,
        unit_id=owed.unit_id,
        period_id=owed.period_id,
        number=found.last_number + 1,
        content_hash=content.hash,
        texts=content.texts,
        client_token=client_token,
        receipt_code=new_code(),
        submitted_at=at,
        submitted_by=by,
    )
    [[submission.pk]] = FREEZE.rows(
        _submission_columns(submission)
        | _register_columns(content.rows)
        | _joint_columns(content.rows)
        | {"version": owed.version_id, "arrived": _arrival(report, at)}
    )
    record_action(
        action="reports.submitted",
        by=by,
        at=at,
        target=report,
        detail={"number": submission.number, "hash": submission.content_hash},
    )
    return submission


# All that a submission writes but its audit row, in one statement. The cells of this moment become
# the version's lines; a line nobody filled stays "missing". Lines of registers come as they were
# shown, because the register itself may change with the next second; beside them stay the records
# that other units own too, for their common total. The first time decides punctuality.
FREEZE = Prepared(
    """
WITH sent AS (
    INSERT INTO reports_submission
           (report_id, unit_id, period_id, number, state, content_hash, client_token,
            receipt_code, texts, submitted_at, submitted_by_id)
    VALUES (%(report)s, %(unit)s, %(period)s, %(number)s, 'waiting', %(hash)s, %(token)s,
            %(code)s, %(texts)s, %(at)s, %(by)s)
    RETURNING id
), shares AS (
    INSERT INTO reports_jointshare
           (submission_id, indicator_id, breakdown, register, record_id, value)
    SELECT sent.id, j.indicator_id, j.breakdown, j.register, j.record_id, j.value
      FROM sent
     CROSS JOIN unnest(%(joint_indicators)s, %(joint_breakdowns)s, %(joint_registers)s,
                       %(joint_records)s, %(joint_values)s)
                AS j(indicator_id, breakdown, register, record_id, value)
), lines AS (
    INSERT INTO reports_submissionline
           (submission_id, line_id, indicator_id, breakdown, state, value, qualifier, note, source,
            register_value, register_qualifier)
    SELECT sent.id, t.id, t.indicator_id, t.breakdown, coalesce(r.state, c.state, 'missing'),
           CASE WHEN r.line_id IS NULL THEN c.value ELSE r.value END,
           coalesce(r.qualifier, c.qualifier, 'exact'), coalesce(c.note, ''),
           coalesce(r.source, c.source, 'typed'), r.register_value,
           coalesce(r.register_qualifier, 'exact')
      FROM sent
     CROSS JOIN reports_templateline t
      LEFT JOIN reports_cell c ON c.line_id = t.id AND c.report_id = %(report)s
      LEFT JOIN unnest(%(lines)s, %(states)s, %(values)s, %(qualifiers)s, %(sources)s,
                       %(register_values)s, %(register_qualifiers)s)
                AS r(line_id, state, value, qualifier, source, register_value,
                     register_qualifier) ON r.line_id = t.id
     WHERE t.version_id = %(version)s
), marked AS (
    UPDATE reports_report SET state = 'submitted' WHERE id = %(report)s RETURNING obligation_id
), answered AS (
    UPDATE reports_obligation o SET first_submitted_at = coalesce(o.first_submitted_at, %(arrived)s)
      FROM marked WHERE o.id = marked.obligation_id
)
INSERT INTO reports_event (report_id, kind, submission_id, text, at, by_id)
SELECT %(report)s, CASE WHEN %(number)s = 1 THEN 'submitted' ELSE 'resubmitted' END, sent.id, '',
       %(at)s, %(by)s
  FROM sent
RETURNING submission_id
""",
    {
        "report": "bigint", "unit": "bigint", "period": "bigint", "version": "bigint",
        "number": "int", "hash": "text", "token": "text", "code": "text", "texts": "jsonb",
        "at": "timestamptz", "arrived": "timestamptz", "by": "bigint",
        "lines": "bigint[]", "states": "text[]", "values": "numeric[]", "qualifiers": "text[]",
        "sources": "text[]", "register_values": "numeric[]",
        "register_qualifiers": "text[]",
        "joint_indicators": "bigint[]", "joint_breakdowns": "text[]", "joint_registers": "text[]",
        "joint_records": "bigint[]", "joint_values": "numeric[]",
    },
)  # fmt: skip


def _submission_columns(submission: Submission) -> dict[str, Any]:
    """Return the row of a submission column by column."""
    return {
        "report": submission.report_id,
        "unit": submission.unit_id,
        "period": submission.period_id,
        "number": submission.number,
        "hash": submission.content_hash,
        "token": submission.client_token,
        "code": submission.receipt_code,
        "texts": json.dumps(submission.texts, ensure_ascii=False),
        "at": submission.submitted_at,
        "by": submission.submitted_by_id,
    }


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


def _arrival(report: Report, at: datetime) -> datetime:
    """Return when the report counts as sent: of one on paper, the day its paper came."""
    if report.is_on_behalf and report.paper_received_on is not None:
        return min(at, end_of_day(report.paper_received_on))
    return at


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
