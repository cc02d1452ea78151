"""Addresses of activities and of the yearly rating of forces."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.programs.views import activities, activity_imports, force_ratings

_ONE = "hoat-dong/<int:pk>/"
_IMPORT = "hoat-dong/nhap/"

urlpatterns: list[URLPattern] = [
    path("hoat-dong/", activities.activities, name="activities"),
    path("hoat-dong/xuat-excel/", activities.activities_export, name="activities_export"),
    path("hoat-dong/them/", activities.activity_add, name="activity_add"),
    path(_IMPORT, activity_imports.activity_import, name="activity_import"),
    path(f"{_IMPORT}mau/", activity_imports.activity_template, name="activity_import_template"),
    path(f"{_IMPORT}<int:pk>/", activity_imports.activity_preview, name="activity_import_preview"),
    path(f"{_IMPORT}<int:pk>/ghi/", activity_imports.activity_apply, name="activity_import_apply"),
    path(
        f"{_IMPORT}<int:pk>/hoan-tac/", activity_imports.activity_undo, name="activity_import_undo"
    ),
    path(_ONE, activities.activity, name="activity"),
    path(f"{_ONE}sua/", activities.activity_edit, name="activity_edit"),
    path(f"{_ONE}bo/", activities.activity_remove, name="activity_remove"),
    path(f"{_ONE}khoi-phuc/", activities.activity_restore, name="activity_restore"),
    path("don-vi/luc-luong/<int:pk>/xep-loai/", force_ratings.force_rating, name="force_rating"),
]
