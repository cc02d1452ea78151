"""What is owed, in the Django admin: looked at, and excused with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from apps.core.errors import DomainError
from apps.core.text import nfc
from apps.reports.admin.site import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    ServiceAdmin,
    StateFilter,
    unit_name,
)
from apps.reports.models import Obligation, ObligationStep
from apps.reports.models.obligations import ObligationState
from apps.reports.services.obligations import excuse_obligation
from apps.units.models import Unit
from apps.units.permissions import user_of

AT_ONCE = 200
STATES = [
    (ObligationState.EXEMPT, "Được miễn"),
    (ObligationState.WAIVED, "Được bỏ qua kỳ này"),
    (ObligationState.SUSPENDED, "Tạm dừng"),
    (ObligationState.EXPECTED, "Phải nộp trở lại"),
]


class ExcuseForm(forms.Form):
    """Asks what becomes of the chosen reports, why, and by which decision."""

    state = forms.ChoiceField(label="Chuyển thành", choices=STATES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Bắt buộc khi miễn, bỏ qua hoặc tạm dừng. Nhiều nhất 300 ký tự.",
    )
    decision_ref = forms.CharField(
        label="Căn cứ (số, ngày văn bản)", max_length=120, required=False
    )


class StepInline(ReadOnlyInline):
    """The deadlines of every level."""

    model = ObligationStep
    fields = readonly_fields = ("level", "unit_name", "due_at")
    ordering = ("level",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ObligationStep]:
        """Bring the names of units along."""
        return super().get_queryset(request).prefetch_related(_named("unit"))

    @admin.display(description="Đơn vị")
    def unit_name(self, step: ObligationStep) -> str:
        """Name the unit."""
        return unit_name(step.unit)


@admin.register(Obligation)
class ObligationAdmin(ReadOnlyAdmin):
    """Show who owes what by when; excuse by an action."""

    list_display = (
        "unit_today",
        "form_name",
        "period_words",
        "state_words",
        "due_at",
        "first_submitted_at",
        "decision_ref",
    )
    list_display_links = ("unit_today",)
    list_filter = (("state", StateFilter), "template__asked_of", "period__kind", "period__year")
    list_select_related = ("template", "period", "version__template")
    unit_columns = ("unit", "filler", "consolidator", "root")
    search_fields = ("unit__code", "unit__spans__name", "template__code", "template__name")
    ordering = ("-due_at", "unit__code", "pk")
    list_per_page = 50
    fields = (
        "unit_today",
        "form_name",
        "period_words",
        "state_words",
        "reason",
        "decision_ref",
        "filler_today",
        "consolidator_today",
        ("covered_from", "covered_to"),
        "opens_at",
        "due_at",
        "hard_close_at",
        "first_submitted_at",
    )
    readonly_fields = (
        "unit_today",
        "form_name",
        "period_words",
        "state_words",
        "filler_today",
        "consolidator_today",
    )
    inlines = (StepInline,)
    actions = ("excuse",)

    def row_words(self, row: Obligation) -> str:
        """Name unit, form and period."""
        return f"{unit_name(row.unit)} – {row.template.name}, {row.period.label}"

    def has_excuse_permission(self, request: HttpRequest) -> bool:
        """Allow whoever could change the row, were it not read-only."""
        return super(ServiceAdmin, self).has_change_permission(request)

    @admin.action(description="Miễn / tạm dừng báo cáo đã chọn", permissions=("excuse",))
    def excuse(self, request: HttpRequest, chosen: QuerySet[Obligation]) -> HttpResponse | None:
        """Ask for reason and decision on a page of its own, then let the service write."""
        rows = list(chosen.order_by("pk")[: AT_ONCE + 1])
        if len(rows) > AT_ONCE:
            messages.error(request, f"Mỗi lần chọn nhiều nhất {AT_ONCE} báo cáo.")
            return None
        form = ExcuseForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid() and self._excuse_all(request, form, rows):
            return None
        context = self.admin_site.each_context(request) | {
            "title": "Miễn / tạm dừng báo cáo",
            "opts": self.opts,
            "form": form,
            "rows": [(row.pk, self.row_words(row)) for row in rows],
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/reports/excuse.html", context)

    def _excuse_all(self, request: HttpRequest, form: ExcuseForm, rows: list[Obligation]) -> bool:
        """Excuse all of them or none."""
        typed, at = form.cleaned_data, timezone.now()
        try:
            with transaction.atomic():
                for row in rows:
                    excuse_obligation(
                        obligation=row,
                        state=typed["state"],
                        reason=nfc(typed["reason"]),
                        decision_ref=nfc(typed["decision_ref"]),
                        by=user_of(request),
                        at=at,
                    )
        except DomainError as error:
            form.add_error("reason", error.message)
            return False
        word = ObligationState(typed["state"]).label.lower()
        messages.success(request, f"{len(rows)} báo cáo: {word}.")
        return True

    @admin.display(description="Đơn vị", ordering="unit__code")
    def unit_today(self, row: Obligation) -> str:
        """Name the unit."""
        return unit_name(row.unit)

    @admin.display(description="Đơn vị lập")
    def filler_today(self, row: Obligation) -> str:
        """Name who fills it in."""
        return unit_name(row.filler)

    @admin.display(description="Đơn vị tiếp nhận")
    def consolidator_today(self, row: Obligation) -> str:
        """Name who receives it."""
        return unit_name(row.consolidator)

    @admin.display(description="Biểu mẫu", ordering="template__name")
    def form_name(self, row: Obligation) -> str:
        """Name the form with its version."""
        return f"{row.template.name} (phiên bản {row.version.number})"

    @admin.display(description="Trạng thái", ordering="state")
    def state_words(self, row: Obligation) -> str:
        """Say whether it is expected."""
        return ObligationState(row.state).label


def _named(column: str) -> Any:
    return Prefetch(column, Unit.objects.with_names(timezone.localdate()))
