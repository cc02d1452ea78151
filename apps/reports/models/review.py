"""What was sent and what was said about it: submissions, events, remarks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.reports.models.entry import CellQualifier, CellState, Report, state_ties_value
from apps.reports.models.templates import TemplateLine


class SubmissionState(models.TextChoices):
    """What became of a version; only an accepted one counts in totals."""

    WAITING = "waiting", "Chờ tiếp nhận"
    RETURNED = "returned", "Đã trả lại"
    ACCEPTED = "accepted", "Đã tiếp nhận"
    SUPERSEDED = "superseded", "Đã được thay"


class Submission(models.Model):
    """A frozen, numbered version of a report, with its receipt."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="submissions")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey("indicators.Period", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("lần nộp")
    state = models.CharField(
        max_length=10, choices=SubmissionState.choices, default=SubmissionState.WAITING
    )
    content_hash = models.CharField(max_length=64)
    client_token = models.CharField(max_length=64)
    receipt_code = models.CharField("mã biên nhận", max_length=20, unique=True)
    texts = models.JSONField(default=dict)
    submitted_at = models.DateTimeField("nộp lúc")
    submitted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField("xử lý lúc", null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "lần nộp"
        verbose_name_plural = "lần nộp"
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_submission_number"),
            models.UniqueConstraint(fields=["report", "client_token"], name="one_submission_token"),
            models.UniqueConstraint(
                fields=["report"], condition=Q(state="accepted"), name="one_accepted_submission"
            ),
            models.UniqueConstraint(
                fields=["report"], condition=Q(state="waiting"), name="one_waiting_submission"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="submission_decided_with_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["period", "unit"], condition=Q(state="accepted"), name="submission_counts"
            ),
        ]

    def __str__(self) -> str:
        """Return the receipt code."""
        return self.receipt_code


class SubmissionLine(models.Model):
    """One figure of one version, as it was sent; never changed (a trigger holds it)."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(TemplateLine, on_delete=models.PROTECT)
    indicator = models.ForeignKey("indicators.Indicator", on_delete=models.PROTECT)
    breakdown = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=14, choices=CellState.choices)
    value = models.DecimalField(max_digits=17, decimal_places=2, null=True)
    qualifier = models.CharField(max_length=6, choices=CellQualifier.choices)
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=10)
    register_value = models.DecimalField(
        "số trong sổ lúc nộp", max_digits=17, decimal_places=2, null=True
    )
    register_qualifier = models.CharField(
        max_length=6, choices=CellQualifier.choices, db_default=CellQualifier.EXACT
    )

    class Meta:
        verbose_name = "số liệu đã nộp"
        verbose_name_plural = "số liệu đã nộp"
        constraints = [
            models.UniqueConstraint(fields=["submission", "line"], name="one_line_per_submission"),
            state_ties_value("line_state_ties_value"),
        ]

    def __str__(self) -> str:
        """Return submission and line."""
        return f"{self.submission_id}/{self.line_id}"


class JointShare(models.Model):
    """A record of a register that several units own, inside a figure that was sent.

    Where two accepted figures hold the same record, their common total counts it once.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="joint")
    indicator = models.ForeignKey("indicators.Indicator", on_delete=models.PROTECT)
    breakdown = models.CharField(max_length=40, blank=True, default="")
    register = models.CharField("sổ", max_length=40)
    record_id = models.PositiveBigIntegerField("số bản ghi")
    value = models.DecimalField(max_digits=17, decimal_places=2)

    class Meta:
        verbose_name = "bản ghi chung"
        verbose_name_plural = "bản ghi chung"
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "indicator", "breakdown", "register", "record_id"],
                name="joint_share_once",
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="joint_share_some"),
        ]

    def __str__(self) -> str:
        """Name register and record."""
        return f"{self.submission_id}: {self.register}#{self.record_id}"


class EventKind(models.TextChoices):
    """What can happen to a report."""

    OPENED = "opened", "Mở kỳ báo cáo"
    FIRST_SAVED = "first_saved", "Bắt đầu nhập"
    SENT_TO_LEADER = "sent_to_leader", "Gửi lãnh đạo duyệt"
    SENT_BACK = "sent_back", "Lãnh đạo trả lại người nhập"
    SUBMITTED = "submitted", "Nộp báo cáo"
    RESUBMITTED = "resubmitted", "Nộp lại"
    RETURNED = "returned", "Trả lại để bổ sung"
    ACCEPTED = "accepted", "Tiếp nhận"
    REOPENED = "reopened", "Mở lại"
    NIL_DECLARED = "nil_declared", "Khai không phát sinh"
    ON_BEHALF = "on_behalf", "Nhập thay"
    SCAN_ADDED = "scan_added", "Tải lên bản ký"
    REMINDED = "reminded", "Nhắc nộp"


class Event(models.Model):
    """Append-only history of a report (a trigger refuses change)."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, null=True, blank=True)
    text = models.CharField("lời", max_length=1000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "diễn biến báo cáo"
        verbose_name_plural = "diễn biến báo cáo"
        indexes = [models.Index(fields=["report", "id"], name="event_report")]

    def __str__(self) -> str:
        """Return report, kind and row number."""
        return f"{self.report_id} {self.kind} #{self.pk}"


class RemarkAnswer(models.TextChoices):
    """How a remark was met."""

    FIXED = "fixed", "Đã sửa"
    EXPLAINED = "explained", "Giải trình"


class Remark(models.Model):
    """What a reviewer asks, on a cell or on the whole; must be answered before resubmission."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="remarks")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    line = models.ForeignKey(TemplateLine, on_delete=models.PROTECT, null=True, blank=True)
    text = models.CharField("ý kiến", max_length=1000)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answer = models.CharField(max_length=10, choices=RemarkAnswer.choices, blank=True, default="")
    answer_text = models.CharField("trả lời", max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "ý kiến"
        verbose_name_plural = "ý kiến"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="remark_answered_with_answer",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="remark_has_text"),
        ]

    def __str__(self) -> str:
        """Return report and row number."""
        return f"{self.report_id} ý kiến #{self.pk}"
