"""Addresses of the reporting engine."""

from __future__ import annotations

from apps.reports.urls import consolidation, entry, review

app_name = "reports"

urlpatterns = [*entry.urlpatterns, *review.urlpatterns, *consolidation.urlpatterns]
