"""Give the admin pages of units one behaviour: no deletion, refusals as messages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelect
from django.db import models
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.core.dates import format_date
from apps.core.errors import DomainError
from apps.core.text import search_key
from apps.units.models import Unit
from apps.units.models.dated import Dated


class ServiceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Show a refusal of a service as a message, delete nothing."""

    formfield_overrides: ClassVar[dict[Any, Any]] = {
        models.TextField: {"widget": AdminTextInputWidget}
    }

    # Where a typing slip is forgiven: the search_key reached from the row.
    similar_by: ClassVar[str] = ""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Delete nothing: what ends has an end date."""
        return False

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> list[Any]:
        """Show the past of what has one."""
        return list(self.inlines) if obj else []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Turn a refusal into a message on the same page; its transaction is rolled back."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(request.get_full_path())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search without accents; when nothing holds what was typed, show what is like it."""
        key = search_key(search_term)
        found, may_repeat = super().get_search_results(request, queryset, key)
        if not key or not self.similar_by or found.exists():
            return found, may_repeat
        similar = Q(**{f"{self.similar_by}__trigram_word_similar": key})
        return queryset.filter(similar).distinct(), False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """List dated rows under a unit or block; they change by the form above."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Add nothing here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Change nothing here."""
        return False

    @admin.display(description="Từ ngày")
    def since(self, row: Dated) -> str:
        """Show the first day."""
        return format_date(row.valid_from)

    @admin.display(description="Đến hết ngày trước")
    def until(self, row: Dated) -> str:
        """Show the day on which it no longer holds."""
        return format_date(row.valid_to) or "nay"


@admin.display(description="Hiệu lực", ordering="valid")
def valid_words(row: Dated) -> str:
    """Write the days on which a row holds."""
    until = f"đến trước {format_date(row.valid_to)}" if row.valid_to else "đến nay"
    return f"từ {format_date(row.valid_from)} {until}"


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Choose a unit by typing a part of its name; `via` is the column whose choices it asks for."""

    def __init__(self, *, via: Any, **kwargs: Any) -> None:
        widget = AutocompleteSelect(via.field, admin.site)
        super().__init__(queryset=Unit.objects.all(), widget=widget, **kwargs)
