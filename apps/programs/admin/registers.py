"""Sites, activities, programmes and exemplars in the Django admin: to look at."""

from __future__ import annotations

from django.contrib import admin

from apps.programs.admin.site import ReadAdmin
from apps.programs.models import Activity, Exemplar, ModelSite, Program


@admin.register(ModelSite)
class ModelSiteAdmin(ReadAdmin):
    """Sites with their state, also those that were taken back."""

    list_display = ("code", "name", "model_type", "unit", "state", "launched_on", "removed_at")
    list_filter = ("state", "level", "is_demo")
    list_select_related = ("model_type", "unit")
    search_fields = ("name_key",)
    ordering = ("-pk",)


@admin.register(Activity)
class ActivityAdmin(ReadAdmin):
    """Activities, also those that were taken back."""

    list_display = ("title", "kind", "unit", "held_on", "removed_at")
    list_filter = ("kind", "is_demo")
    list_select_related = ("unit",)
    search_fields = ("title_key",)
    ordering = ("-pk",)


@admin.register(Program)
class ProgramAdmin(ReadAdmin):
    """Programmes, drafts too."""

    list_display = ("title", "kind", "number", "issued_on", "state")
    list_filter = ("kind", "state", "is_demo")
    search_fields = ("title_key",)
    ordering = ("-pk",)


@admin.register(Exemplar)
class ExemplarAdmin(ReadAdmin):
    """Exemplars with their step."""

    list_display = ("field", "unit", "site", "state", "chosen_on")
    list_filter = ("state",)
    list_select_related = ("unit", "site")
    ordering = ("-pk",)
