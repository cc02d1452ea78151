"""Fields, kinds of models and their spellings in the Django admin; names go through services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.core.text import search_key
from apps.programs.admin.site import ListAdmin
from apps.programs.models import ModelField, ModelType, ModelTypeAlias
from apps.programs.queries.types import find_type
from apps.programs.services.types import (
    NewType,
    add_alias,
    change_type,
    create_type,
    remove_alias,
)


class NamedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses a name that already means another kind, before the service would."""

    def clean_name(self) -> str:
        """Look the name up in any spelling."""
        name: str = self.cleaned_data["name"]
        if not search_key(name):
            raise ValidationError("Tên phải có chữ hoặc số.")
        holder = find_type(name)
        if holder is not None and holder.pk != self.own_pk():
            raise ValidationError(f"Tên này đã thuộc loại mô hình “{holder.name}”.")
        return name

    def own_pk(self) -> int | None:
        """Return the kind that may have this name: itself."""
        own: int | None = self.instance.pk
        return own


class AliasForm(NamedForm):
    """A spelling may not be any kind's name or spelling yet, its own kind's neither."""

    def own_pk(self) -> int | None:
        """Allow none."""
        return None


@admin.register(ModelField)
class ModelFieldAdmin(ListAdmin):
    """Fields of work, and which of them are sensitive."""

    list_display = ("code", "name", "is_sensitive", "order")
    ordering = ("order", "pk")
    final_fields = ("code",)


@admin.register(ModelType)
class ModelTypeAdmin(ListAdmin):
    """Kinds of models; merging and its undoing have pages of their own on the portal."""

    form = NamedForm
    list_display = ("name", "field", "host_kind", "merged_into")
    list_filter = ("field", "host_kind")
    list_select_related = ("field", "merged_into")
    search_fields = ("name_key", "aliases__name_key")
    ordering = ("sort_key", "pk")
    fields = ("name", "field", "host_kind", "description", "source")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search without accents."""
        return super().get_search_results(request, queryset, search_key(search_term))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leave a kind as it is once it was merged into another."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.merged_into_id is None)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write through the services, which keep keys, spellings and the audit."""
        names = ("name", "field", "host_kind", "description", "source")
        new = NewType(**{name: form.cleaned_data[name] for name in names})
        by, at = request.user, timezone.now()
        if change:
            stored = ModelType.objects.get(pk=obj.pk)
            change_type(model_type=stored, new=new, by=by, at=at)  # type: ignore[arg-type]
        else:
            obj.pk = create_type(new=new, by=by, at=at).pk  # type: ignore[arg-type]
        obj.refresh_from_db()

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Leave the audit to the service; the admin keeps its own history."""
        return admin.ModelAdmin.log_addition(self, request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Leave the audit to the service; the admin keeps its own history."""
        return admin.ModelAdmin.log_change(self, request, obj, message)


@admin.register(ModelTypeAlias)
class ModelTypeAliasAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Other spellings: added and taken back, not rewritten."""

    form = AliasForm
    list_display = ("name", "model_type")
    list_select_related = ("model_type",)
    search_fields = ("name_key", "model_type__name_key")
    autocomplete_fields = ("model_type",)
    fields = ("model_type", "name")
    ordering = ("name_key",)
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Change none: take it back and add another."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Add through the service."""
        kind, name = form.cleaned_data["model_type"], form.cleaned_data["name"]
        made = add_alias(model_type=kind, name=name, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        obj.pk = made.pk

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Take back through the service."""
        remove_alias(alias=obj, by=request.user, at=timezone.now())  # type: ignore[arg-type]
