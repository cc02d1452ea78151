"""Jobs, imports and their troubles in the Django admin: to look at, not to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.desk.models import ImportBatch, Job


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Background work of everybody, for whoever is called when it fails."""

    list_display = ("pk", "title", "owner", "state", "attempts", "created_at", "finished_at")
    list_filter = ("state", "queue", "kind")
    search_fields = ("title", "error")
    list_select_related = ("owner",)
    ordering = ("-created_at", "-pk")


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    """Files that were read, applied or taken back."""

    list_display = ("pk", "file_name", "kind", "owner", "state", "created_at")
    list_filter = ("state", "kind")
    search_fields = ("file_name", "sha256")
    list_select_related = ("owner",)
    ordering = ("-created_at", "-pk")
