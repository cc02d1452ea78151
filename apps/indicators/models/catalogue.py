"""What is measured: sections, indicators, their parts, who is asked, which contains which."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from apps.indicators.rules import AskedOf, IndicatorKind, PeriodKind


class Section(models.Model):
    """A group of indicators, as reports are divided: A leadership, B propaganda, and so on."""

    code = models.CharField("mã", max_length=5, unique=True)
    name = models.CharField("tên phần", max_length=200)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "phần chỉ tiêu"
        verbose_name_plural = "phần chỉ tiêu"

    def __str__(self) -> str:
        """Name the section with its letter."""
        return f"{self.code}. {self.name}"


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Chains of conditions on indicators."""

    def in_force(self, on: date) -> IndicatorQuerySet:
        """Keep what is in the catalogue on a day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on)
        )

    def cleared(self) -> IndicatorQuerySet:
        """Keep what the owner's security officer lets the portal ask for."""
        return self.filter(is_default_on=True)

    def asked(self, asked_of: str, period_kind: str) -> IndicatorQuerySet:
        """Keep what a kind of body is asked for in a kind of period."""
        return self.filter(asks__asked_of=asked_of, asks__period_kind=period_kind)


class Indicator(models.Model):
    """One thing that is measured; its code is final, because figures and papers name it."""

    code = models.CharField("mã", max_length=10, unique=True)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, related_name="indicators", verbose_name="phần"
    )
    name = models.CharField("tên chỉ tiêu", max_length=250)
    measure_unit = models.CharField("đơn vị tính", max_length=30)
    decimals = models.PositiveSmallIntegerField("số chữ số thập phân", default=0)
    kind = models.CharField("cách cộng", max_length=10, choices=IndicatorKind.choices)
    numerator = models.CharField("tử số", max_length=100, blank=True)
    denominator = models.CharField("mẫu số", max_length=100, blank=True)
    rule_text = models.TextField("quy tắc", blank=True)
    source_register = models.CharField("sổ nguồn", max_length=40, default="manual")
    is_default_on = models.BooleanField("được hỏi", default=True)
    total_of_breakdowns = models.BooleanField(
        "được cộng các phân tổ",
        default=True,
        help_text="Bỏ chọn khi các phân tổ trùng nhau hoặc đếm theo cách khác nhau.",
    )
    evidence = models.TextField("nơi đã thấy số liệu", blank=True)
    is_verified = models.BooleanField("đã kiểm chứng", default=True)
    mark = models.CharField("điều chưa kiểm chứng", max_length=250, blank=True)
    valid_from = models.DateField("có hiệu lực từ ngày", null=True, blank=True)
    valid_to = models.DateField(
        "hết hiệu lực từ ngày", null=True, blank=True, help_text="Ngày đầu tiên không còn dùng."
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z]{1,3}[0-9]{1,3}[a-z]?$"),
                name="indicator_code_form",
                violation_error_message="Mã gồm chữ hoa, số và có thể một chữ thường cuối.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=IndicatorKind.values), name="indicator_kind_known"
            ),
            models.CheckConstraint(condition=Q(decimals__lte=4), name="indicator_decimals_max"),
            models.CheckConstraint(
                condition=(Q(kind=IndicatorKind.RATIO) & ~Q(numerator="") & ~Q(denominator=""))
                | (~Q(kind=IndicatorKind.RATIO) & Q(numerator="", denominator="")),
                name="indicator_ratio_parts",
                violation_error_message="Chỉ chỉ tiêu tỷ lệ có tử số và mẫu số, và phải có cả hai.",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
                name="indicator_valid_order",
                violation_error_message="Ngày hết hiệu lực phải sau ngày có hiệu lực.",
            ),
            models.CheckConstraint(
                condition=Q(is_verified=True) | ~Q(mark=""),
                name="indicator_unverified_says_why",
                violation_error_message="Ghi rõ điều chưa kiểm chứng.",
            ),
        ]

    def __str__(self) -> str:
        """Name the indicator with its code."""
        return f"{self.code} {self.name}"

    @property
    def is_computed(self) -> bool:
        """Say whether the portal computes the value, so that nobody may type it."""
        return self.kind == IndicatorKind.RATIO


class Breakdown(models.Model):
    """One line of an indicator's closed list of parts; the total has no row, its code is ''."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="breakdowns", verbose_name="chỉ tiêu"
    )
    code = models.CharField("mã phân tổ", max_length=30)
    name = models.CharField("tên phân tổ", max_length=150)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_verified = models.BooleanField("đã kiểm chứng", default=True)

    class Meta:
        verbose_name = "phân tổ"
        verbose_name_plural = "phân tổ"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "code"], name="breakdown_once"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"),
                name="breakdown_code_form",
                violation_error_message="Mã phân tổ gồm chữ thường không dấu, số và dấu gạch dưới.",
            ),
        ]

    def __str__(self) -> str:
        """Name the part with its indicator."""
        return f"{self.indicator_id}/{self.code} {self.name}"


class IndicatorAsk(models.Model):
    """Who is asked for an indicator, and in which kind of period."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="asks", verbose_name="chỉ tiêu"
    )
    asked_of = models.CharField("hỏi ai", max_length=20, choices=AskedOf.choices)
    period_kind = models.CharField("kỳ", max_length=12, choices=PeriodKind.choices)

    class Meta:
        verbose_name = "nơi được hỏi"
        verbose_name_plural = "nơi được hỏi"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "asked_of", "period_kind"], name="indicator_ask_once"
            ),
            models.CheckConstraint(
                condition=Q(asked_of__in=AskedOf.values), name="indicator_ask_of_known"
            ),
            models.CheckConstraint(
                condition=Q(period_kind__in=PeriodKind.values), name="indicator_ask_kind_known"
            ),
        ]

    def __str__(self) -> str:
        """Say who is asked and when."""
        return (
            f"{self.indicator_id}: {self.get_asked_of_display()}, {self.get_period_kind_display()}"
        )


class SubsetRule(models.Model):
    """A hard rule: the smaller indicator counts a part of the larger, so it cannot exceed it."""

    smaller = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="upper_rules", verbose_name="chỉ tiêu nhỏ"
    )
    larger = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="lower_rules", verbose_name="chỉ tiêu lớn"
    )
    per_breakdown = models.BooleanField("so từng phân tổ", default=False)
    message = models.CharField("thông báo khi sai", max_length=300)

    class Meta:
        verbose_name = "quy tắc không vượt quá"
        verbose_name_plural = "quy tắc không vượt quá"
        constraints = [
            models.UniqueConstraint(fields=["smaller", "larger"], name="subset_rule_once"),
            models.CheckConstraint(
                condition=~Q(smaller=F("larger")), name="subset_rule_two_indicators"
            ),
        ]

    def __str__(self) -> str:
        """Write the rule with the ids of its two sides."""
        return f"{self.smaller_id} ≤ {self.larger_id}: {self.message}"
