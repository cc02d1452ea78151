"""Give the admin pages of the registers one behaviour: changes noted, nothing deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from apps.audit.services import record_action
from apps.core.text import search_key


class ListAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list that the registers choose from: changed here, noted in the audit, never deleted."""

    final_fields: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what others name for ever."""
        return self.final_fields if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: sites lean on every row; what is out of use is switched off."""
        return False

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Note a new row in the audit too."""
        note(request, "programs.list_added", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Note a changed row, and which fields changed, in the audit too."""
        note(request, "programs.list_changed", obj, {"changes": message})
        return super().log_change(request, obj, message)


class ReadAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A register to look at: its rows change on the portal's own pages, by their services."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Add nothing here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Change nothing here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Delete nothing: a mistake is taken back with its reason."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Search without accents: every register keeps such a key."""
        return super().get_search_results(request, queryset, search_key(search_term))


def note(
    request: HttpRequest, action: str, target: Model, detail: dict[str, Any] | None = None
) -> None:
    """Write what was done here into the audit."""
    record_action(action=action, by=request.user, at=timezone.now(), target=target, detail=detail)
