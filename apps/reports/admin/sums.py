"""Sums, adjustments and summary documents in the Django admin: to look at."""

from __future__ import annotations

import json
from datetime import datetime

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.numbers import format_number
from apps.reports.admin.site import (
    DirtyFilter,
    ReadOnlyAdmin,
    unit_name,
)
from apps.reports.models import Adjustment, Document, Reconciliation, RollupNode


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    """The nightly comparisons of stored sums with a recomputation."""

    list_display = ("when", "period_words", "n_rows_words", "n_differences_words")
    list_filter = ("period__kind", "period__year")
    list_select_related = ("period",)
    ordering = ("-ran_at", "-pk")
    fields = ("when", "period_words", "n_rows_words", "n_differences_words", "detail_words")
    readonly_fields = fields

    def row_words(self, row: Reconciliation) -> str:
        """Name the period."""
        return f"Đối soát {row.period.label}"

    @admin.display(description="Chạy lúc", ordering="ran_at")
    def when(self, row: Reconciliation) -> datetime:
        """Show when it ran."""
        return row.ran_at

    @admin.display(description="Số dòng đã so", ordering="n_rows")
    def n_rows_words(self, row: Reconciliation) -> str:
        """Show how many sums were compared."""
        return format_number(row.n_rows)

    @admin.display(description="Số dòng lệch", ordering="n_differences")
    def n_differences_words(self, row: Reconciliation) -> str:
        """Show how many differed."""
        return format_number(row.n_differences)

    @admin.display(description="Chi tiết lệch")
    def detail_words(self, row: Reconciliation) -> str:
        """Show what differed."""
        return json.dumps(row.detail, ensure_ascii=False, indent=1) if row.detail else "Không lệch"


@admin.register(RollupNode)
class RollupNodeAdmin(ReadOnlyAdmin):
    """Units with units below them: whether their sums are up to date."""

    list_display = ("unit_today", "period_words", "is_current", "dirtied", "computed")
    list_filter = (("is_dirty", DirtyFilter), "period__kind", "period__year")
    list_select_related = ("period",)
    unit_columns = ("unit",)
    search_fields = ("unit__code", "unit__spans__name")
    ordering = ("-period__end", "unit__code", "pk")
    fields = ("unit_today", "period_words", "tree_on", "is_current", "dirtied", "computed")
    readonly_fields = fields

    def row_words(self, row: RollupNode) -> str:
        """Name unit and period."""
        return f"{unit_name(row.unit)} – {row.period.label}"

    @admin.display(description="Đơn vị", ordering="unit__code")
    def unit_today(self, row: RollupNode) -> str:
        """Name the unit."""
        return unit_name(row.unit)

    @admin.display(description="Đã cộng xong", boolean=True, ordering="is_dirty")
    def is_current(self, row: RollupNode) -> bool:
        """Say whether nothing waits to be summed again."""
        return not row.is_dirty

    @admin.display(description="Số liệu đổi lúc", ordering="dirtied_at")
    def dirtied(self, row: RollupNode) -> datetime:
        """Show when a figure below changed last."""
        return row.dirtied_at

    @admin.display(description="Cộng lúc", ordering="computed_at")
    def computed(self, row: RollupNode) -> datetime | None:
        """Show when it was summed last."""
        return row.computed_at


@admin.register(Adjustment)
class AdjustmentAdmin(ReadOnlyAdmin):
    """Signed rows on top of sums; they are added on the consolidation page."""

    list_display = (
        "unit_today",
        "period_words",
        "indicator_words",
        "signed",
        "reason",
        "made",
        "author",
    )
    list_filter = ("period__kind", "period__year")
    list_select_related = ("period", "indicator", "made_by")
    unit_columns = ("unit",)
    search_fields = ("unit__code", "unit__spans__name", "indicator__code", "reason")
    ordering = ("-made_at", "-pk")
    fields = (
        "unit_today", "period_words", "indicator_words", "breakdown", "signed", "reason",
        "decision_ref", "made", "author",
    )  # fmt: skip
    readonly_fields = fields

    def row_words(self, row: Adjustment) -> str:
        """Name unit, indicator and period."""
        return f"{unit_name(row.unit)} – {row.indicator.code}, {row.period.label}"

    @admin.display(description="Đơn vị", ordering="unit__code")
    def unit_today(self, row: Adjustment) -> str:
        """Name the unit."""
        return unit_name(row.unit)

    @admin.display(description="Số điều chỉnh", ordering="delta")
    def signed(self, row: Adjustment) -> str:
        """Write the amount with its sign."""
        sign = "+" if row.delta > 0 else "−"
        return sign + format_number(abs(row.delta), row.indicator.decimals)

    @admin.display(description="Lúc", ordering="made_at")
    def made(self, row: Adjustment) -> datetime:
        """Show when it was added."""
        return row.made_at

    @admin.display(description="Người điều chỉnh", empty_value="Cổng")
    def author(self, row: Adjustment) -> str | None:
        """Name who added it."""
        return str(row.made_by) if row.made_by else None


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Summary reports with the checksum of their figures; the files are under papers."""

    list_display = ("root_today", "period_words", "number", "paper_words", "created", "author")
    list_filter = ("period__kind", "period__year", "paper__state")
    list_select_related = ("period", "paper", "created_by")
    unit_columns = ("root",)
    search_fields = ("root__code", "root__spans__name", "paper__title", "content_hash")
    ordering = ("-created_at", "-pk")
    fields = (
        "root_today", "period_words", "number", "paper_words", "checksum", "n_inputs",
        "incomplete_reason", "created", "author",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Leave the frozen figures in the database; they can be long."""
        return super().get_queryset(request).defer("content")

    def row_words(self, row: Document) -> str:
        """Name province, period and number."""
        return f"{unit_name(row.root)} – {row.period.label}, lần lập {row.number}"

    @admin.display(description="Tỉnh", ordering="root__code")
    def root_today(self, row: Document) -> str:
        """Name the province."""
        return unit_name(row.root)

    @admin.display(description="Văn bản", ordering="paper__number")
    def paper_words(self, row: Document) -> str:
        """Name the paper and its state."""
        return f"{row.paper.title} ({row.paper.get_state_display()})"

    @admin.display(description="Mã kiểm tra số liệu (SHA-256)")
    def checksum(self, row: Document) -> str:
        """Show the checksum of figures and words."""
        return row.content_hash

    @admin.display(description="Số lần nộp đã dùng")
    def n_inputs(self, row: Document) -> str:
        """Count the submissions behind it."""
        return format_number(len(row.inputs))

    @admin.display(description="Lập lúc", ordering="created_at")
    def created(self, row: Document) -> datetime:
        """Show when it was made."""
        return row.created_at

    @admin.display(description="Người lập", empty_value="Cổng")
    def author(self, row: Document) -> str | None:
        """Name who made it."""
        return str(row.created_by) if row.created_by else None
