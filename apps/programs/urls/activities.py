"""Addresses of activities and of the yearly rating of forces."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.programs.views import activities, force_ratings, imports

_ONE = "hoat-dong/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("hoat-dong/", activities.activities, name="activities"),
    path("hoat-dong/xuat-excel/", activities.activities_export, name="activities_export"),
    path(
        "hoat-dong/xuat-excel/lap/",
        activities.activities_export_order,
        name="activities_export_order",
    ),
    path("hoat-dong/them/", activities.activity_add, name="activity_add"),
    *imports.activity_steps,
    path(_ONE, activities.activity, name="activity"),
    path(f"{_ONE}sua/", activities.activity_edit, name="activity_edit"),
    path(f"{_ONE}bo/", activities.activity_remove, name="activity_remove"),
    path(f"{_ONE}khoi-phuc/", activities.activity_restore, name="activity_restore"),
    path("don-vi/luc-luong/<int:pk>/xep-loai/", force_ratings.force_rating, name="force_rating"),
]
