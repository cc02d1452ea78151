"""Addresses of lists, imports and the map of models."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.programs.views import bulk, imports, lists
from apps.programs.views.map import province

urlpatterns: list[URLPattern] = [
    path("mo-hinh/", lists.sites, name="sites"),
    path("mo-hinh/xuat-excel/", lists.sites_export, name="sites_export"),
    path("mo-hinh/xuat-excel/lap/", lists.sites_export_order, name="sites_export_order"),
    path("mo-hinh/sua-nhieu/", bulk.sites_bulk, name="sites_bulk"),
    path("mo-hinh/sua-nhieu/<int:pk>/", bulk.bulk_preview, name="sites_bulk_preview"),
    path("mo-hinh/sua-nhieu/<int:pk>/ghi/", bulk.bulk_apply, name="sites_bulk_apply"),
    path("mo-hinh/sua-nhieu/<int:pk>/hoan-tac/", bulk.bulk_undo, name="sites_bulk_undo"),
    path("ban-do/", province, name="map"),
    *imports.site_steps,
]
