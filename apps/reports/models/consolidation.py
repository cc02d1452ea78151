"""Sums over units, what was signed on top of them, and the documents made from them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class RollupNode(models.Model):
    """A unit with units below it in one period: the lock, and whether it must be summed again."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey("indicators.Period", on_delete=models.PROTECT, related_name="+")
    tree_on = models.DateField("cây đơn vị tại ngày")
    is_dirty = models.BooleanField(default=True)
    dirtied_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "nút tổng hợp"
        verbose_name_plural = "nút tổng hợp"
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="one_node_per_period"),
        ]
        indexes = [
            models.Index(fields=["period"], condition=Q(is_dirty=True), name="node_dirty"),
        ]

    def __str__(self) -> str:
        """Return unit and period."""
        return f"{self.unit_id}/{self.period_id}"


class Rollup(models.Model):
    """Total of a unit and all below it: own + children + adjustments; the root has none."""

    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    period = models.ForeignKey(
        "indicators.Period", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    indicator = models.ForeignKey(
        "indicators.Indicator", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    breakdown = models.CharField(max_length=40, blank=True, default="")
    value = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    qualifier = models.CharField(max_length=6, default="exact")
    n_reporting = models.PositiveIntegerField()
    n_expected = models.PositiveIntegerField()

    class Meta:
        verbose_name = "số tổng hợp"
        verbose_name_plural = "số tổng hợp"
        constraints = [
            models.UniqueConstraint(
                # With the value beside the key a sum over many periods reads the index alone.
                fields=["unit", "period", "indicator", "breakdown"],
                include=["value"],
                name="one_rollup_per_key",
            ),
            models.CheckConstraint(
                condition=Q(n_reporting__lte=models.F("n_expected")),
                name="reporting_within_expected",
            ),
        ]

    def __str__(self) -> str:
        """Return the key."""
        return f"{self.unit_id}/{self.period_id}/{self.indicator_id}/{self.breakdown}"


class Adjustment(models.Model):
    """A signed row added at a higher level, with its reason; undone only by an opposite row."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey("indicators.Period", on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey("indicators.Indicator", on_delete=models.PROTECT)
    breakdown = models.CharField("phân tổ", max_length=40, blank=True, default="")
    delta = models.DecimalField("số điều chỉnh", max_digits=17, decimal_places=2)
    reason = models.CharField("lý do", max_length=500)
    decision_ref = models.CharField("căn cứ", max_length=120, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "điều chỉnh"
        verbose_name_plural = "điều chỉnh"
        constraints = [
            models.CheckConstraint(condition=~Q(delta=0), name="adjustment_not_zero"),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_has_reason"),
        ]
        indexes = [models.Index(fields=["period", "unit"], name="adjustment_period_unit")]

    def __str__(self) -> str:
        """Return the row's number and key."""
        return f"Điều chỉnh #{self.pk} {self.unit_id}/{self.period_id}"


class Reconciliation(models.Model):
    """One nightly comparison of the stored sums with one recomputation; it repairs nothing."""

    period = models.ForeignKey("indicators.Period", on_delete=models.PROTECT, related_name="+")
    ran_at = models.DateTimeField()
    n_rows = models.PositiveIntegerField()
    n_differences = models.PositiveIntegerField()
    detail = models.JSONField(default=list)

    class Meta:
        verbose_name = "lần đối soát"
        verbose_name_plural = "lần đối soát"

    def __str__(self) -> str:
        """Return period and moment."""
        return f"{self.period_id} {self.ran_at:%d/%m/%Y %H:%M:%S} #{self.pk}"


class ConsolidationText(models.Model):
    """Words of the summary report that people may change before it is made."""

    root = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey("indicators.Period", on_delete=models.PROTECT, related_name="+")
    part = models.SlugField(max_length=30)
    body = models.TextField(blank=True)
    lock_version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "lời văn tổng hợp"
        verbose_name_plural = "lời văn tổng hợp"
        constraints = [
            models.UniqueConstraint(
                fields=["root", "period", "part"], name="one_consolidation_text"
            ),
        ]

    def __str__(self) -> str:
        """Return the key."""
        return f"{self.root_id}/{self.period_id}/{self.part}"


class Document(models.Model):
    """An official summary report: frozen figures, words and inputs behind one paper."""

    root = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey("indicators.Period", on_delete=models.PROTECT, related_name="+")
    paper = models.OneToOneField("papers.Paper", on_delete=models.PROTECT, related_name="document")
    job = models.OneToOneField("desk.Job", on_delete=models.SET_NULL, null=True, blank=True)
    number = models.PositiveSmallIntegerField("lần lập")
    content = models.JSONField("số liệu và lời văn đã đóng băng")
    inputs = models.JSONField("các lần nộp đã dùng", default=list)
    content_hash = models.CharField(max_length=64)
    incomplete_reason = models.CharField("lý do lập khi thiếu đơn vị", max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "văn bản báo cáo tổng hợp"
        verbose_name_plural = "văn bản báo cáo tổng hợp"
        constraints = [
            models.UniqueConstraint(
                fields=["root", "period", "number"], name="one_document_number"
            ),
        ]

    def __str__(self) -> str:
        """Return province, period and number."""
        return f"{self.root_id}/{self.period_id} lần {self.number}"
