"""The unit's answer while it is being written: report, cells, texts, scans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from apps.reports.models.obligations import Obligation
from apps.reports.models.templates import TemplateLine

if TYPE_CHECKING:
    from datetime import date

    from apps.accounts.models import User


class ReportState(models.TextChoices):
    """The six states that people see (ux.md section 0)."""

    EMPTY = "empty", "Chưa nhập"
    DRAFT = "draft", "Đang nhập"
    AWAITING = "awaiting", "Chờ lãnh đạo duyệt"
    SUBMITTED = "submitted", "Đã nộp"
    RETURNED = "returned", "Trả lại"
    ACCEPTED = "accepted", "Đã tiếp nhận"


OPEN_STATES = (ReportState.EMPTY, ReportState.DRAFT, ReportState.RETURNED)


class ReportQuerySet(models.QuerySet["Report"]):
    """Filters that chain."""

    def visible_to(self, user: User, on: date) -> ReportQuerySet:
        """Narrow to reports whose obligation the user may see."""
        return self.filter(obligation__in=Obligation.objects.visible_to(user, on))


class Report(models.Model):
    """The answer to one obligation; its state is the projection of its events."""

    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="report")
    state = models.CharField(
        "trạng thái", max_length=10, choices=ReportState.choices, default=ReportState.EMPTY
    )
    is_on_behalf = models.BooleanField("nhập thay", default=False)
    paper_received_on = models.DateField("ngày nhận bản giấy", null=True, blank=True)
    lock_version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField("thay đổi lúc", null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on_behalf=True) | Q(paper_received_on__isnull=True),
                name="paper_day_only_on_behalf",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="report_state")]

    def __str__(self) -> str:
        """Return the number of the report."""
        return f"Báo cáo {self.pk}"

    @property
    def is_open(self) -> bool:
        """Return whether its unit may write in it now."""
        return self.state in OPEN_STATES


class CellState(models.TextChoices):
    """Six states of a figure; zero, nothing and missing are never the same thing."""

    VALUE = "value", "Có số liệu"
    ZERO = "zero", "Bằng 0"
    NOTHING = "nothing", "Không phát sinh"
    NOT_APPLICABLE = "not_applicable", "Không áp dụng"
    NOT_AVAILABLE = "not_available", "Chưa có số liệu"
    MISSING = "missing", "Chưa nhập"


class CellQualifier(models.TextChoices):
    """How exact a value is."""

    EXACT = "exact", "đúng bằng"
    OVER = "over", "hơn, trên"
    NEARLY = "nearly", "gần"
    ABOUT = "about", "khoảng"


class CellSource(models.TextChoices):
    """Where the figure came from."""

    TYPED = "typed", "Nhập tay"
    PASTED = "pasted", "Dán từ Excel"
    CARRIED = "carried", "Không thay đổi so với kỳ trước"
    DECLARED = "declared", "Khai không phát sinh"
    REGISTER = "register", "Từ sổ theo dõi"
    SOURCE = "source", "Từ tài liệu nguồn"


def state_ties_value(name: str) -> models.CheckConstraint:
    """Return the constraint that ties a cell's state to its value."""
    return models.CheckConstraint(
        condition=Q(state="value", value__gt=0)
        | Q(state="zero", value=0)
        | (~Q(state__in=["value", "zero"]) & Q(value__isnull=True)),
        name=name,
    )


class Cell(models.Model):
    """One figure being written; `lock_version` rises with each change."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="cells")
    line = models.ForeignKey(TemplateLine, on_delete=models.PROTECT)
    state = models.CharField(max_length=14, choices=CellState.choices)
    value = models.DecimalField(max_digits=17, decimal_places=2, null=True, blank=True)
    qualifier = models.CharField(
        max_length=6, choices=CellQualifier.choices, default=CellQualifier.EXACT
    )
    note = models.CharField("ghi chú", max_length=500, blank=True)
    source = models.CharField(max_length=10, choices=CellSource.choices, default=CellSource.TYPED)
    lock_version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "ô số liệu"
        verbose_name_plural = "ô số liệu"
        constraints = [
            models.UniqueConstraint(fields=["report", "line"], name="one_cell_per_line"),
            state_ties_value("cell_state_ties_value"),
            models.CheckConstraint(
                condition=Q(qualifier="exact") | Q(state="value"), name="cell_qualifier_needs_value"
            ),
        ]

    def __str__(self) -> str:
        """Return report and line."""
        return f"{self.report_id}/{self.line_id}"


class CellChange(models.Model):
    """Append-only memory of who changed which figure, shown beside the cell."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="changes")
    line = models.ForeignKey(TemplateLine, on_delete=models.PROTECT)
    old_state = models.CharField(max_length=14)
    old_value = models.DecimalField(max_digits=17, decimal_places=2, null=True)
    new_state = models.CharField(max_length=14)
    new_value = models.DecimalField(max_digits=17, decimal_places=2, null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "lần sửa ô"
        verbose_name_plural = "lần sửa ô"
        indexes = [models.Index(fields=["report", "line", "-id"], name="change_report_line")]

    def __str__(self) -> str:
        """Return report, line and moment."""
        return f"{self.report_id}/{self.line_id} {self.changed_at:%d/%m/%Y %H:%M:%S}"


class ReportText(models.Model):
    """What the unit wrote in words, part by part."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="texts")
    part = models.SlugField(max_length=30)
    body = models.TextField("nội dung", blank=True)
    lock_version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "lời văn báo cáo"
        verbose_name_plural = "lời văn báo cáo"
        constraints = [
            models.UniqueConstraint(fields=["report", "part"], name="one_text_per_part"),
        ]

    def __str__(self) -> str:
        """Return report and part."""
        return f"{self.report_id}/{self.part}"


class ReportScan(models.Model):
    """The signed paper, scanned: one file kept by its hash."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="scans")
    name = models.CharField("tên tệp", max_length=120)
    mime = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "bản ký quét"
        verbose_name_plural = "bản ký quét"
        constraints = [
            models.UniqueConstraint(fields=["report", "sha256"], name="one_scan_once"),
        ]

    def __str__(self) -> str:
        """Return report and hash."""
        return f"{self.report_id}/{self.sha256[:12]}"
