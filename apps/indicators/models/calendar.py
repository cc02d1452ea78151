"""Calendars and their periods, holidays, and the rules of when a report is due at each level."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from apps.indicators.rules import RULE_GRAMMAR, Comparison, PeriodKind


class Calendar(models.Model):
    """A rule for windows of time; five of them exist side by side in this field of work."""

    code = models.CharField("mã", max_length=20, unique=True)
    name = models.CharField("tên lịch", max_length=200)
    source = models.CharField("căn cứ", max_length=200, blank=True)
    is_verified = models.BooleanField("đã kiểm chứng", default=True)

    class Meta:
        verbose_name = "lịch báo cáo"
        verbose_name_plural = "lịch báo cáo"

    def __str__(self) -> str:
        """Give the calendar's name."""
        return self.name


class PeriodQuerySet(models.QuerySet["Period"]):
    """Chains of conditions on periods."""

    def of_kind(self, calendar: Calendar, kind: str) -> PeriodQuerySet:
        """Keep one kind of period of one calendar."""
        return self.filter(calendar=calendar, kind=kind)


class Period(models.Model):
    """One window of a calendar, from its first day up to the day after its last."""

    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="periods", verbose_name="lịch báo cáo"
    )
    kind = models.CharField("loại kỳ", max_length=12, choices=PeriodKind.choices)
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveSmallIntegerField("kỳ thứ", default=1)
    start = models.DateField("từ ngày")
    end = models.DateField("đến trước ngày", help_text="Ngày liền sau ngày chốt số liệu.")
    label = models.CharField("tên kỳ", max_length=50)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ báo cáo"
        verbose_name_plural = "kỳ báo cáo"
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "kind", "year", "number"], name="period_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PeriodKind.values), name="period_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(start__lt=F("end")),
                name="period_start_before_end",
                violation_error_message="Ngày bắt đầu phải trước ngày kết thúc.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=53, year__gte=1976, year__lte=2200),
                name="period_number_range",
            ),
            ExclusionConstraint(
                name="period_no_overlap",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        Func("start", "end", function="DATERANGE", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Kỳ này trùng ngày với một kỳ cùng loại của lịch.",
            ),
        ]

    def __str__(self) -> str:
        """Give the period's Vietnamese name."""
        return self.label


class Holiday(models.Model):
    """A day off, or a weekend day that is worked to make up for one."""

    on = models.DateField("ngày", unique=True)
    name = models.CharField("tên", max_length=100)
    is_working = models.BooleanField(
        "là ngày làm bù", default=False, help_text="Chọn khi thứ bảy, chủ nhật này phải đi làm."
    )
    is_verified = models.BooleanField("đã kiểm chứng", default=True)

    class Meta:
        verbose_name = "ngày nghỉ, ngày làm bù"
        verbose_name_plural = "ngày nghỉ, ngày làm bù"

    def __str__(self) -> str:
        """Name the day."""
        return f"{self.on:%d/%m/%Y} {self.name}"


class DeadlineCascade(models.Model):
    """When a report is due at each level on its way up, lowest level first."""

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=200)
    comparison = models.CharField("so với ngày hạn", max_length=6, choices=Comparison.choices)
    meaning = models.CharField("cách hiểu", max_length=300, blank=True)
    source = models.CharField("căn cứ", max_length=200, blank=True)
    is_verified = models.BooleanField("đã kiểm chứng", default=True)

    class Meta:
        verbose_name = "quy tắc hạn nộp"
        verbose_name_plural = "quy tắc hạn nộp"
        constraints = [
            models.CheckConstraint(
                condition=Q(comparison__in=Comparison.values), name="cascade_comparison_known"
            )
        ]

    def __str__(self) -> str:
        """Give the rule's name."""
        return self.name


class DeadlineStep(models.Model):
    """The due date of one level of a cascade: "16", "25/11" or "+2wd"."""

    cascade = models.ForeignKey(
        DeadlineCascade, on_delete=models.CASCADE, related_name="steps", verbose_name="quy tắc"
    )
    level = models.PositiveSmallIntegerField("cấp", help_text="1 là cấp thấp nhất.")
    rule = models.CharField(
        "hạn",
        max_length=10,
        help_text="“16”: ngày của tháng cuối kỳ; “25/11”: ngày, tháng của năm; "
        "“+2wd”: số ngày làm việc sau ngày chốt.",
    )

    class Meta:
        verbose_name = "hạn của một cấp"
        verbose_name_plural = "hạn của từng cấp"
        constraints = [
            models.UniqueConstraint(fields=["cascade", "level"], name="deadline_step_once"),
            models.CheckConstraint(condition=Q(level__gte=1), name="deadline_step_level"),
            models.CheckConstraint(
                condition=Q(rule__regex=RULE_GRAMMAR),
                name="deadline_step_grammar",
                violation_error_message="Ghi “16”, “25/11” hoặc “+2wd”.",
            ),
        ]

    def __str__(self) -> str:
        """Write level and rule."""
        return f"{self.cascade_id} cấp {self.level}: {self.rule}"
