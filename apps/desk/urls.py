"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from apps.desk import views

app_name = "desk"

urlpatterns = [
    path("tac-vu/", views.jobs, name="jobs"),
    path("tac-vu/<int:pk>/", views.job, name="job"),
    path("tac-vu/<int:pk>/tep/", views.export, name="export"),
    path("tac-vu/<int:pk>/thu-lai/", views.retry, name="retry"),
    path("thong-bao/", views.notices, name="notices"),
    path("thong-bao/da-doc/", views.read_all, name="read_all"),
    path("thong-bao/<int:pk>/mo/", views.open_notice, name="open_notice"),
    path("bo-loc/luu/", views.filter_save, name="filter_save"),
    path("bo-loc/<int:pk>/", views.filter_change, name="filter_change"),
    path("bo-loc/<int:pk>/xoa/", views.filter_delete, name="filter_delete"),
]
