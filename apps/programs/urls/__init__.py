"""Addresses of programmes, models and activities."""

from __future__ import annotations

from apps.programs.urls import activities, life, lists, programs, sites

app_name = "programs"

urlpatterns = [
    *lists.urlpatterns,
    *sites.urlpatterns,
    *life.urlpatterns,
    *activities.urlpatterns,
    *programs.urlpatterns,
]
