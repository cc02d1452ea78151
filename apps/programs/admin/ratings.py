"""The scale and the criteria of the yearly rating: data that the province sets."""

from __future__ import annotations

from django.contrib import admin

from apps.programs.admin.site import ListAdmin
from apps.programs.models import RatingCriterion, RatingLevel


@admin.register(RatingLevel)
class RatingLevelAdmin(ListAdmin):
    """Levels; a level's code is a part of an indicator and stays."""

    list_display = ("code", "name", "order", "is_verified", "mark")
    ordering = ("order", "pk")
    final_fields = ("code",)


@admin.register(RatingCriterion)
class RatingCriterionAdmin(ListAdmin):
    """Criteria; one that is out of use is switched off and stays with the old ratings."""

    list_display = ("code", "name", "order", "is_active")
    list_filter = ("is_active",)
    ordering = ("order", "pk")
    final_fields = ("code",)
