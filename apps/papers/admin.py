"""Issuing bodies, to be kept right by the administrator, and papers, to be looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from apps.audit.services import record_action
from apps.papers.models import IssuingBody, Paper, PaperFile


@admin.register(IssuingBody)
class IssuingBodyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who issues papers for a unit in which span of time; a span ends, it is not deleted."""

    list_display = ("unit", "name", "committee_name", "symbol", "signer_name", "valid")
    list_select_related = ("unit",)
    search_fields = ("name", "committee_name", "signer_name")
    raw_id_fields = ("unit",)
    ordering = ("unit", "-valid")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: papers of the past say who issued them."""
        return False

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Note a new body in the audit too."""
        self._note("papers.issuing_body_added", request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Note what changed in the audit too."""
        self._note("papers.issuing_body_changed", request, obj, message)
        return super().log_change(request, obj, message)

    def _note(self, action: str, request: HttpRequest, obj: models.Model, message: Any) -> None:
        detail = {"changes": message}
        record_action(action=action, by=request.user, at=timezone.now(), target=obj, detail=detail)


class PaperFileInline(admin.TabularInline):  # type: ignore[type-arg]
    """The files of a paper."""

    model = PaperFile
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(Paper)
class PaperAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Papers as they were made; only services write them."""

    inlines = (PaperFileInline,)
    list_display = ("number", "symbol", "year", "title", "unit", "state", "issued_on")
    list_filter = ("state", "kind", "year", "is_demo")
    search_fields = ("title", "verification_code")
    list_select_related = ("unit",)
    ordering = ("-created_at", "-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False
