"""The catalogue, calendars, holidays and due dates in the Django admin, with every change noted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.audit.services import record_action
from apps.indicators.models import (
    Breakdown,
    Calendar,
    DeadlineCascade,
    DeadlineStep,
    Holiday,
    Indicator,
    IndicatorAsk,
    Period,
    Section,
    SubsetRule,
)
from apps.indicators.rules import FormulaUnreadable, parse_ratio
from apps.indicators.services import CalendarHasNoRule, open_periods


class ReferenceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Reference data: changed here, noted in the audit, never deleted once others lean on it."""

    final_fields: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what others name for ever: codes, and the period a window belongs to."""
        return self.final_fields if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: what is out of use gets an end date, what is wrong gets corrected."""
        return False

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Note a new row in the audit too."""
        self._note("indicators.reference_added", request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Note a changed row, and which fields changed, in the audit too."""
        self._note("indicators.reference_changed", request, obj, {"changes": message})
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Note each deleted row in the audit too."""
        for row in queryset:
            self._note("indicators.reference_deleted", request, row, {"row": str(row)})
        return super().log_deletions(request, queryset)

    def _note(
        self,
        action: str,
        request: HttpRequest,
        target: models.Model,
        detail: dict[str, Any] | None = None,
    ) -> None:
        record_action(
            action=action, by=request.user, at=timezone.now(), target=target, detail=detail
        )


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]
    """Checks the formulas of a rate."""

    def clean_numerator(self) -> str:
        """Read the sum above the line."""
        return _read_formula(self.cleaned_data["numerator"])

    def clean_denominator(self) -> str:
        """Read the sum below the line."""
        return _read_formula(self.cleaned_data["denominator"])


class BreakdownForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keeps the code of a part that is already there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class BreakdownInline(admin.TabularInline):  # type: ignore[type-arg]
    """The closed list of an indicator's parts."""

    model = Breakdown
    form = BreakdownForm
    extra = 0
    can_delete = False
    ordering = ("order", "pk")


class IndicatorAskInline(admin.TabularInline):  # type: ignore[type-arg]
    """Who is asked, and when."""

    model = IndicatorAsk
    extra = 0
    ordering = ("asked_of", "period_kind", "pk")


class DeadlineStepInline(admin.TabularInline):  # type: ignore[type-arg]
    """The levels of a rule of due dates."""

    model = DeadlineStep
    extra = 0
    ordering = ("level",)


@admin.register(Section)
class SectionAdmin(ReferenceAdmin):
    """Parts of the catalogue."""

    list_display = ("code", "name", "order")
    ordering = ("order", "pk")
    final_fields = ("code",)


@admin.register(Indicator)
class IndicatorAdmin(ReferenceAdmin):
    """Indicators with their parts and who is asked."""

    form = IndicatorForm
    inlines = (BreakdownInline, IndicatorAskInline)
    list_display = (
        "code",
        "name",
        "measure_unit",
        "kind",
        "source_register",
        "is_default_on",
        "is_verified",
    )
    list_filter = ("section", "kind", "is_default_on", "is_verified", "source_register")
    search_fields = ("code", "name")
    ordering = ("section__order", "order", "pk")
    final_fields = ("code",)


@admin.register(SubsetRule)
class SubsetRuleAdmin(ReferenceAdmin):
    """Hard rules between two indicators; one that proves wrong may go."""

    list_display = ("smaller", "larger", "per_breakdown", "message")
    list_select_related = ("smaller", "larger")
    ordering = ("pk",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow: nothing leans on a rule."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Calendar)
class CalendarAdmin(ReferenceAdmin):
    """Calendars, and the opening of their periods."""

    list_display = ("code", "name", "source", "is_verified")
    ordering = ("pk",)
    final_fields = ("code",)
    actions = ("open_years",)

    @admin.action(description="Mở các kỳ của năm nay và năm sau", permissions=("change",))
    def open_years(self, request: HttpRequest, queryset: QuerySet[Calendar]) -> None:
        """Open what is missing of this year and the next."""
        at = timezone.now()
        this_year, opened = timezone.localdate(at).year, 0
        for calendar in queryset.order_by("pk"):
            for year in (this_year, this_year + 1):
                try:
                    opened += len(
                        open_periods(calendar=calendar, year=year, by=request.user, at=at)  # type: ignore[arg-type]
                    )
                except CalendarHasNoRule as refusal:
                    messages.error(request, refusal.message)
                    break
        messages.success(request, f"Đã mở thêm {opened} kỳ.")


@admin.register(Period)
class PeriodAdmin(ReferenceAdmin):
    """Windows; their days may be set right by hand, what they stand for may not."""

    list_display = ("label", "calendar", "kind", "year", "number", "start", "end")
    list_filter = ("calendar", "kind", "year")
    search_fields = ("label",)
    list_select_related = ("calendar",)
    ordering = ("-year", "calendar", "kind", "number")
    final_fields = ("calendar", "kind", "year", "number")


@admin.register(Holiday)
class HolidayAdmin(ReferenceAdmin):
    """Days off and days worked to make up; a wrong one may go."""

    list_display = ("on", "name", "is_working", "is_verified")
    list_filter = ("is_working", "is_verified")
    date_hierarchy = "on"
    ordering = ("-on",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow: due dates that were computed are stored with the reports."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(DeadlineCascade)
class DeadlineCascadeAdmin(ReferenceAdmin):
    """Rules of due dates with their levels."""

    inlines = (DeadlineStepInline,)
    list_display = ("code", "name", "comparison", "source", "is_verified")
    ordering = ("pk",)
    final_fields = ("code",)


def _read_formula(formula: str) -> str:
    try:
        return "+".join(parse_ratio(formula)) if formula else ""
    except FormulaUnreadable as refusal:
        raise ValidationError(refusal.message) from refusal
