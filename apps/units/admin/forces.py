"""Kinds of forces in the Django admin: dated data, corrected here, never deleted."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from apps.units.admin.site import ServiceAdmin
from apps.units.models import ForceKind
from apps.units.permissions import user_of
from apps.units.services.force_kinds import save_force_kind


@admin.register(ForceKind)
class ForceKindAdmin(ServiceAdmin):
    """Add kinds, say what they count and when the law knows them."""

    list_display = (
        "name",
        "team_word",
        "teams_code",
        "due_code",
        "members_code",
        "valid_from",
        "valid_to",
        "is_verified",
    )
    list_filter = ("is_verified", "is_rated")
    search_fields = ("code", "name")
    ordering = ("order", "pk")
    fieldsets = (
        (None, {"fields": ("code", "name", "team_word", "order")}),
        (
            "Đếm gì",
            {"fields": ("has_teams", "has_due", "has_members", "is_rated")},
        ),
        (
            "Vào chỉ tiêu nào",
            {"fields": ("teams_code", "due_code", "members_code", "rating_code")},
        ),
        ("Hiệu lực", {"fields": ("valid_from", "valid_to")}),
        ("Nguồn", {"fields": ("source", "is_verified", "mark")}),
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: ForceKind | None = None
    ) -> tuple[str, ...]:
        """Keep the code: files and tests name it."""
        return ("code",) if obj else ()

    def save_model(
        self, request: HttpRequest, obj: ForceKind, form: forms.ModelForm[ForceKind], change: bool
    ) -> None:
        """Hand what was typed to the service."""
        changed = form.changed_data
        save_force_kind(kind=obj, changed=changed, by=user_of(request), at=timezone.now())
