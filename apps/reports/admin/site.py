"""Give the admin pages of reports one behaviour: services write, refusals stand in the form."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.core.errors import DomainError
from apps.units.models import Unit


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Says why a service refused what was typed; uniqueness is the service's to judge."""

    refusal: ClassVar[str] = ""

    def clean(self) -> dict[str, Any]:
        """Put the service's refusal above the fields."""
        if self.refusal:
            raise ValidationError(self.refusal)
        return super().clean() or self.cleaned_data


class ServiceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Deletes nothing, brings the names of units along, shows a refusal where one typed."""

    form = ServiceForm
    # Columns that point to units; their names come with one query each.
    unit_columns: ClassVar[tuple[str, ...]] = ()
    labels: ClassVar[dict[str, str]] = {}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: reports name the forms, the units and the sums they were made with."""
        return False

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Label what a column points to in Vietnamese."""
        if db_field.name in self.labels:
            kwargs.setdefault("label", self.labels[db_field.name])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the names of units along."""
        named = Unit.objects.with_names(timezone.localdate())
        rows = super().get_queryset(request)
        return rows.prefetch_related(*(Prefetch(name, named) for name in self.unit_columns))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        """Give the form the refusal of this request, if there was one."""
        form: type[forms.ModelForm[Any]] = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", "")  # type: ignore[attr-defined]
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the same form again, with what was typed, when a service refuses."""
        context = self.words_above(request, object_id) | (extra_context or {})
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except DomainError as error:
            request.refusal = error.message  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, context)

    def words_above(self, request: HttpRequest, object_id: str | None) -> dict[str, Any]:
        """Return what the page of a row is called instead of its key."""
        row = self.get_object(request, object_id) if object_id else None
        return {"subtitle": self.row_words(row)} if row is not None else {}

    def row_words(self, row: Any) -> str:
        """Call a row what people call it."""
        return str(row)

    @admin.display(description="Kỳ báo cáo", ordering="period__end")
    def period_words(self, row: Any) -> str:
        """Name the period of a row."""
        return str(row.period)

    @admin.display(description="Biểu mẫu", ordering="template__name")
    def template_words(self, row: Any) -> str:
        """Name the form of a row with its code."""
        return str(row.template)

    @admin.display(description="Chỉ tiêu", ordering="indicator__code")
    def indicator_words(self, row: Any) -> str:
        """Name the indicator of a row with its code."""
        return str(row.indicator)


class ReadOnlyAdmin(ServiceAdmin):
    """Rows that are only looked at here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows below another that are only looked at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False


class StateFilter(admin.ChoicesFieldListFilter):
    """Filters by state, under a Vietnamese heading."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "trạng thái"


class DirtyFilter(admin.BooleanFieldListFilter):
    """Filters by what waits to be summed, under a Vietnamese heading."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "đang chờ cộng lại"


def unit_name(unit: Unit) -> str:
    """Return the name that came along, else the code."""
    return unit.__dict__.get("name") or unit.code


def written(row: models.Model, obj: models.Model) -> None:
    """Let the admin go on with the row that a service wrote."""
    obj.pk = row.pk
    obj._state.adding = False
