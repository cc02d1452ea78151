"""Areas in the Django admin: read, search; the list itself comes from the reference file."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from apps.units.admin.site import ServiceAdmin, valid_words
from apps.units.models import Area


@admin.register(Area)
class AreaAdmin(ServiceAdmin):
    """Show the areas that `manage.py load_areas` brought in."""

    list_display = ("code", "name", "kind", "province_code", "resolution", valid_words)
    list_filter = ("kind",)
    search_fields = ("search_key", "code")
    similar_by = "search_key"
    ordering = ("province_code", "code")
    fields = (
        ("code", "name", "kind"),
        ("province_code", "valid"),
        ("resolution", "resolution_on"),
        ("lat", "lon", "area_km2"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Add nothing by hand: names and codes are set by law."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Area | None = None) -> bool:
        """Change nothing by hand."""
        return False
