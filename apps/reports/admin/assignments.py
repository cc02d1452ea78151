"""Who owes which form, in the Django admin: given from a day on, ended on a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpRequest
from django.utils import timezone

from apps.core.dates import format_date
from apps.core.forms import DateField
from apps.reports.admin.site import ServiceAdmin, ServiceForm, unit_name, written
from apps.reports.models import Assignment
from apps.reports.services.drafts import end_assignment
from apps.reports.services.templates import assign_template
from apps.units.permissions import user_of
from apps.units.rules import UnitKind

FACTS = ("template", "within", "unit_kind", "unit", "of_block_heads")


class NewAssignmentForm(ServiceForm):
    """Asks who owes a form and from when to when."""

    unit_kind = forms.ChoiceField(
        label="Mọi đơn vị thuộc loại", choices=[("", "—"), *UnitKind.choices], required=False
    )
    since = DateField(label="Từ ngày")
    until = DateField(label="Đến trước ngày", required=False, help_text="Để trống: đến nay.")

    def clean(self) -> dict[str, Any]:
        """Want exactly one target and days in their order."""
        typed = super().clean()
        targets = [typed.get("unit_kind"), typed.get("unit"), typed.get("of_block_heads")]
        if sum(map(bool, targets)) != 1:
            raise ValidationError(
                "Chọn đúng một đối tượng: một loại đơn vị, một đơn vị, hoặc khối trưởng."
            )
        since, until = typed.get("since"), typed.get("until")
        if since and until and until <= since:
            raise ValidationError({"until": "Ngày kết thúc phải sau ngày bắt đầu."})
        return typed


class EndForm(ServiceForm):
    """Asks on which day an assignment ends."""

    ended_on = DateField(label="Kết thúc từ ngày")


@admin.register(Assignment)
class AssignmentAdmin(ServiceAdmin):
    """Give a form to units by the add page, end it by the change page."""

    list_display = ("template_words", "target", "within_name", "days")
    list_filter = ("template__asked_of", "template__period_kind", "of_block_heads")
    list_select_related = ("template",)
    unit_columns = ("within", "unit")
    labels = {"template": "Biểu mẫu", "unit": "Một đơn vị"}
    search_fields = ("template__code", "template__name")
    autocomplete_fields = ("template", "within", "unit")
    ordering = ("template__asked_of", "template__code", "pk")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        """Ask for a start or for an end."""
        kwargs["form"] = EndForm if change else NewAssignmentForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Show what the row says, and the day."""
        if obj is None:
            return [*FACTS, "since", "until"]
        return ["template_words", "target", "within_name", "days", "ended_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        """Keep what the row says; another truth is another row."""
        return ("template_words", "target", "within_name", "days") if obj else ()

    def row_words(self, row: Assignment) -> str:
        """Name the form and who owes it."""
        return f"{row.template.name}: {self.target(row)}"

    def save_model(
        self, request: HttpRequest, obj: Assignment, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """Hand what was typed to the services."""
        by, at, typed = user_of(request), timezone.now(), form.cleaned_data
        if change:
            end_assignment(assignment=obj, on=typed["ended_on"], by=by, at=at)
            return
        obj.valid = DateRange(typed["since"], typed["until"])
        written(assign_template(assignment=obj, by=by, at=at), obj)

    @admin.display(description="Đối tượng")
    def target(self, row: Assignment) -> str:
        """Say who owes it."""
        if row.of_block_heads:
            return "Khối trưởng các khối thi đua"
        if row.unit is not None:
            return unit_name(row.unit)
        return f"Mọi đơn vị loại {UnitKind(row.unit_kind).label}"

    @admin.display(description="Trong phạm vi")
    def within_name(self, row: Assignment) -> str:
        """Name the unit below which it holds."""
        return unit_name(row.within)

    @admin.display(description="Hiệu lực", ordering="valid")
    def days(self, row: Assignment) -> str:
        """Write the days on which it holds."""
        until = format_date(row.valid.upper)
        return f"từ {format_date(row.valid.lower)} " + (
            f"đến trước {until}" if until else "đến nay"
        )
