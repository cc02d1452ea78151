"""Papers, their files, and the bodies that issue them; what is issued never changes."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear

from apps.accounts.rules import Permission
from apps.papers.rules import FileFormat, PaperKind, PaperState, file_name
from apps.units.models import Unit

if TYPE_CHECKING:
    from apps.accounts.models import User


class PaperQuerySet(models.QuerySet["Paper"]):
    """Chains of conditions on papers."""

    def visible_to(self, user: User, on: date) -> PaperQuerySet:
        """Keep a unit's own reports for those who see its reports, other papers for those who
        see papers, each in scope, and what the user had made himself."""
        reports = Unit.objects.visible_to(user, on, Permission.REPORT_VIEW).values("pk")
        papers = Unit.objects.visible_to(user, on, Permission.DOCUMENT_VIEW).values("pk")
        return self.filter(
            Q(kind=PaperKind.UNIT_REPORT, unit__in=reports)
            | Q(unit__in=papers)
            | Q(created_by_id=user.pk)
        )


class PaperFileQuerySet(models.QuerySet["PaperFile"]):
    """Chains of conditions on files."""

    def visible_to(self, user: User, on: date) -> PaperFileQuerySet:
        """Keep files of papers that the user may see."""
        papers = Paper.objects.visible_to(user, on)
        return self.filter(paper__in=papers.values("pk")).select_related("paper")


class Paper(models.Model):
    """One paper: report, covenant, certificate or decision, with its number once it has one."""

    kind = models.CharField("loại", max_length=12, choices=PaperKind.choices)
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="papers", verbose_name="đơn vị"
    )
    title = models.CharField("trích yếu", max_length=500)
    symbol = models.CharField("ký hiệu", max_length=50)
    number = models.PositiveIntegerField("số", null=True, blank=True)
    year = models.PositiveSmallIntegerField("năm")
    issued_on = models.DateField("ngày phát hành", null=True, blank=True)
    place = models.CharField("nơi phát hành", max_length=100, blank=True)
    signer_name = models.CharField("người ký", max_length=150, blank=True)
    signer_title = models.TextField("chức vụ người ký", blank=True)
    state = models.CharField(
        "trạng thái", max_length=8, choices=PaperState.choices, default=PaperState.DRAFT
    )
    verification_code = models.CharField("mã xác minh", max_length=20, unique=True)
    is_demo = models.BooleanField("dữ liệu minh họa", default=False)
    created_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="người lập",
        help_text="Trống khi hệ thống lập theo lịch.",
    )
    created_at = models.DateTimeField("lập lúc")

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "symbol", "year", "number"],
                condition=Q(number__isnull=False),
                name="paper_number_once",
                violation_error_message="Số này đã dùng cho văn bản khác cùng ký hiệu trong năm.",
            ),
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="paper_kind_known"),
            models.CheckConstraint(
                condition=Q(state=PaperState.DRAFT, number=None, issued_on=None)
                | Q(state=PaperState.ISSUED, number__isnull=False, issued_on__isnull=False)
                | Q(state=PaperState.REPLACED, number=None, issued_on=None)
                | Q(state=PaperState.REPLACED, number__isnull=False, issued_on__isnull=False),
                name="paper_state_number_pair",
            ),
            models.CheckConstraint(
                condition=Q(number=None) | Q(number__gte=1), name="paper_number_from_one"
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(year=ExtractYear("issued_on")),
                name="paper_year_of_issue",
            ),
            models.CheckConstraint(condition=~Q(symbol=""), name="paper_symbol_given"),
        ]
        indexes = [models.Index(fields=["unit", "-created_at"], name="paper_of_unit")]

    def __str__(self) -> str:
        """Write number, symbol and title."""
        return f"{self.number or '…'}/{self.symbol} {self.title} [{self.verification_code}]"


class PaperFile(models.Model):
    """The bytes of a paper in one format, found by their hash; never changed, only added."""

    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="files", verbose_name="văn bản"
    )
    format = models.CharField("định dạng", max_length=4, choices=FileFormat.choices)
    sha256 = models.CharField("mã băm", max_length=64)
    size = models.PositiveBigIntegerField("cỡ (byte)")
    path = models.CharField("nơi lưu", max_length=250)
    created_at = models.DateTimeField("lưu lúc")
    created_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người lưu",
    )

    objects = PaperFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp của văn bản"
        verbose_name_plural = "tệp của văn bản"
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "format", "sha256"], name="paper_file_bytes_once"
            ),
            models.CheckConstraint(
                condition=Q(format__in=FileFormat.values), name="paper_file_format_known"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="paper_file_sha256_form"
            ),
            models.CheckConstraint(condition=Q(size__gte=1), name="paper_file_not_empty"),
        ]

    def __str__(self) -> str:
        """Name the format with the start of the hash."""
        return f"{self.get_format_display()} {self.sha256[:12]} của văn bản {self.paper_id}"

    @property
    def download_name(self) -> str:
        """Name the file for the one who saves it."""
        paper = self.paper
        note = " (ban ky)" if self.format == FileFormat.SCAN else ""
        ending = f"{note}{PurePosixPath(self.path).suffix}"
        return file_name(paper.symbol, paper.number, paper.year, paper.verification_code, ending)


class IssuingBody(models.Model):
    """Who issues papers for a unit, and how head and foot of a paper name it, in a span of time."""

    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="issuing_bodies", verbose_name="đơn vị"
    )
    superior_name = models.CharField("cơ quan chủ quản", max_length=200, blank=True)
    name = models.CharField("cơ quan ban hành", max_length=200)
    committee_name = models.CharField("ban chỉ đạo", max_length=200, blank=True)
    place = models.CharField("nơi phát hành", max_length=100)
    symbol = models.CharField("ký hiệu", max_length=50)
    signer_title = models.TextField("chức vụ người ký", help_text="Mỗi dòng in thành một dòng.")
    signer_name = models.CharField("người ký", max_length=150)
    recipients = models.TextField("nơi nhận", blank=True, help_text="Mỗi dòng một nơi nhận.")
    valid = DateRangeField("thời gian hiệu lực", help_text="Từ ngày (tính cả) đến trước ngày.")

    class Meta:
        verbose_name = "cơ quan ban hành"
        verbose_name_plural = "cơ quan ban hành"
        constraints = [
            ExclusionConstraint(
                name="issuing_body_no_overlap",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                violation_error_message="Thời gian hiệu lực trùng với một dòng khác của đơn vị.",
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False, valid__startswith__isnull=False),
                name="issuing_body_valid_span",
                violation_error_message="Phải có ngày bắt đầu, và trước ngày kết thúc.",
            ),
        ]

    def __str__(self) -> str:
        """Name the body with its committee."""
        return f"#{self.pk} {self.name} {self.committee_name}".strip()
