"""What is owed: one row per template, unit and period, with every deadline stored."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from apps.accounts.rules import Permission
from apps.reports.models.templates import Template, TemplateVersion
from apps.units.permissions import scope_unit_ids

if TYPE_CHECKING:
    from datetime import date

    from apps.accounts.models import User


class ObligationState(models.TextChoices):
    """Whether the report is expected; only expected ones count in a rate."""

    EXPECTED = "expected", "Phải nộp"
    EXEMPT = "exempt", "Được miễn"
    WAIVED = "waived", "Được bỏ qua"
    SUSPENDED = "suspended", "Tạm dừng"


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Filters that chain."""

    def visible_to(self, user: User, on: date) -> ObligationQuerySet:
        """Narrow to the units in the user's scope on that day, and to what they fill in."""
        scope = scope_unit_ids(user, on, Permission.REPORT_VIEW)
        return self.filter(Q(unit__in=scope) | Q(filler__in=scope))

    def expected(self) -> ObligationQuerySet:
        """Narrow to what counts in rates."""
        return self.filter(state=ObligationState.EXPECTED)

    def overdue(self, at: datetime) -> ObligationQuerySet:
        """Narrow to expected ones never submitted whose time is over."""
        return self.expected().filter(first_submitted_at__isnull=True, due_at__lte=at)


class Obligation(models.Model):
    """This unit owes this report for this period; its consolidator is frozen at opening."""

    version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT)
    template = models.ForeignKey(Template, on_delete=models.PROTECT)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="obligations")
    period = models.ForeignKey("indicators.Period", on_delete=models.PROTECT)
    root = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="tỉnh"
    )
    filler = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị lập"
    )
    consolidator = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị tiếp nhận"
    )
    tree_on = models.DateField("cây đơn vị tại ngày")
    covered_from = models.DateField("từ ngày")
    covered_to = models.DateField("đến trước ngày")
    opens_at = models.DateTimeField("mở lúc")
    due_at = models.DateTimeField("hạn nộp (trước thời điểm)")
    hard_close_at = models.DateTimeField("khóa lúc", null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=ObligationState.choices, default=ObligationState.EXPECTED
    )
    reason = models.CharField("lý do", max_length=300, blank=True)
    decision_ref = models.CharField("căn cứ", max_length=120, blank=True)
    first_submitted_at = models.DateTimeField("nộp lần đầu", null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "nghĩa vụ báo cáo"
        verbose_name_plural = "nghĩa vụ báo cáo"
        constraints = [
            models.UniqueConstraint(
                fields=["template", "unit", "period"], name="one_obligation_per_period"
            ),
            models.CheckConstraint(
                condition=Q(covered_from__lt=F("covered_to")), name="obligation_covers_days"
            ),
            models.CheckConstraint(
                condition=Q(state="expected") | ~Q(reason=""), name="obligation_excused_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["period", "unit"], name="obligation_period_unit"),
            models.Index(fields=["consolidator", "period"], name="obligation_consolidator"),
            models.Index(fields=["filler", "period"], name="obligation_filler"),
            models.Index(
                fields=["due_at"],
                condition=Q(first_submitted_at__isnull=True, state="expected"),
                name="obligation_due",
            ),
        ]

    def __str__(self) -> str:
        """Return the key of the obligation."""
        return f"{self.template_id}/{self.unit_id}/{self.period_id}"

    @property
    def was_on_time(self) -> bool | None:
        """Return whether the first submission came in time; None when there is none."""
        if self.first_submitted_at is None:
            return None
        return self.first_submitted_at < self.due_at


class ObligationStep(models.Model):
    """One level of the deadline cascade: who must have done it by when."""

    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="steps")
    level = models.PositiveSmallIntegerField("cấp")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField("hạn (trước thời điểm)")

    class Meta:
        verbose_name = "bước báo cáo"
        verbose_name_plural = "bước báo cáo"
        constraints = [
            models.UniqueConstraint(fields=["obligation", "level"], name="one_step_per_level"),
        ]

    def __str__(self) -> str:
        """Return obligation and level."""
        return f"{self.obligation_id} cấp {self.level}"
