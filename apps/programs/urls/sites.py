"""Addresses of one site and what it consists of."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.programs.views import pickers, site_parts, sites

_ONE = "mo-hinh/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("don-vi/tim/", pickers.unit_options, name="unit_options"),
    path("loai-mo-hinh/goi-y/", pickers.type_options, name="type_options"),
    path("mo-hinh/them/", sites.site_add, name="site_add"),
    path("mo-hinh/ban-nhap/", sites.site_drafts, name="site_drafts"),
    path(_ONE, sites.site, name="site"),
    path(f"{_ONE}sua/", sites.site_edit, name="site_edit"),
    path(f"{_ONE}bo/", sites.site_remove, name="site_remove"),
    path(f"{_ONE}khoi-phuc/", sites.site_restore, name="site_restore"),
    path(f"{_ONE}phan/<slug:part>/", site_parts.site_part, name="site_part"),
    path(
        f"{_ONE}phan/<slug:part>/<int:row_pk>/bo/",
        site_parts.site_part_drop,
        name="site_part_drop",
    ),
    path(f"{_ONE}tep/<int:file_pk>/", site_parts.site_file, name="site_file"),
]
