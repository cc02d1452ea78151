"""What a report asks for: templates, their immutable versions, and who owes them."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from apps.indicators.models import AskedOf, PeriodKind


class Template(models.Model):
    """One report form: whom it asks and for which kind of period."""

    code = models.SlugField("mã", max_length=60, unique=True)
    name = models.CharField("tên biểu mẫu", max_length=200)
    asked_of = models.CharField("đối tượng báo cáo", max_length=20, choices=AskedOf.choices)
    period_kind = models.CharField("loại kỳ", max_length=20, choices=PeriodKind.choices)
    calendar = models.ForeignKey(
        "indicators.Calendar", on_delete=models.PROTECT, verbose_name="lịch báo cáo"
    )
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "biểu mẫu báo cáo"
        verbose_name_plural = "biểu mẫu báo cáo"

    def __str__(self) -> str:
        """Return the name with the unique code."""
        return f"{self.name} ({self.code})"


class VersionState(models.TextChoices):
    """Life of a template version; a published one never changes again."""

    DRAFT = "draft", "Bản nháp"
    PUBLISHED = "published", "Đã ban hành"


class TemplateVersion(models.Model):
    """What a template asks from a date on; immutable once published (a trigger holds it)."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("phiên bản")
    state = models.CharField(
        "trạng thái", max_length=10, choices=VersionState.choices, default=VersionState.DRAFT
    )
    effective_on = models.DateField(
        "áp dụng cho kỳ bắt đầu từ", help_text="kỳ nào bắt đầu từ ngày này thì dùng phiên bản này"
    )
    cascade = models.ForeignKey(
        "indicators.DeadlineCascade", on_delete=models.PROTECT, verbose_name="quy tắc hạn nộp"
    )
    published_at = models.DateTimeField("ban hành lúc", null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = "phiên bản biểu mẫu"
        verbose_name_plural = "phiên bản biểu mẫu"
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_version_number"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | Q(state="published", published_at__isnull=False),
                name="version_published_at_with_state",
            ),
        ]

    def __str__(self) -> str:
        """Return the template's code and the version number."""
        return f"{self.template.code} v{self.number}"


class TemplateLine(models.Model):
    """One line of a form: an indicator, or one breakdown of it ('' is the total)."""

    version = models.ForeignKey(TemplateVersion, on_delete=models.CASCADE, related_name="lines")
    indicator = models.ForeignKey("indicators.Indicator", on_delete=models.PROTECT)
    breakdown = models.CharField("phân tổ", max_length=40, blank=True, default="")
    order = models.PositiveSmallIntegerField("thứ tự")
    is_required = models.BooleanField("bắt buộc", default=True)

    class Meta:
        verbose_name = "dòng chỉ tiêu"
        verbose_name_plural = "dòng chỉ tiêu"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "indicator", "breakdown"], name="one_line_per_breakdown"
            ),
            models.UniqueConstraint(fields=["version", "order"], name="one_line_per_place"),
        ]

    def __str__(self) -> str:
        """Return the line's place and key."""
        return f"{self.version_id}/{self.order} {self.indicator_id}/{self.breakdown}"


class NarrativePart(models.Model):
    """A part of a form that is written in words."""

    version = models.ForeignKey(TemplateVersion, on_delete=models.CASCADE, related_name="parts")
    code = models.SlugField("mã", max_length=30)
    title = models.CharField("tiêu đề", max_length=120)
    hint = models.CharField("gợi ý", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "phần lời văn"
        verbose_name_plural = "phần lời văn"
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_part_per_code"),
        ]

    def __str__(self) -> str:
        """Return the version and the part's code."""
        return f"{self.version_id}/{self.code}"


class Assignment(models.Model):
    """Who owes a template, from when to when: a kind of unit, one unit, or block heads."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="assignments")
    within = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="trong phạm vi"
    )
    unit_kind = models.CharField("loại đơn vị", max_length=30, blank=True, default="")
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    of_block_heads = models.BooleanField("giao cho khối trưởng", default=False)
    valid = DateRangeField("hiệu lực")

    class Meta:
        verbose_name = "giao báo cáo"
        verbose_name_plural = "giao báo cáo"
        constraints = [
            models.CheckConstraint(
                condition=(
                    (~Q(unit_kind="") & Q(unit__isnull=True) & Q(of_block_heads=False))
                    | (Q(unit_kind="") & Q(unit__isnull=False) & Q(of_block_heads=False))
                    | (Q(unit_kind="") & Q(unit__isnull=True) & Q(of_block_heads=True))
                ),
                name="assignment_has_one_target",
            ),
            models.UniqueConstraint(
                F("template"),
                F("within"),
                F("unit_kind"),
                F("unit"),
                F("of_block_heads"),
                F("valid"),
                name="assignment_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        """Return the template and its target."""
        target = self.unit_kind or self.unit_id or "khối trưởng"
        return f"{self.template_id} → {target} {self.valid}"
