"""Addresses of papers."""

from __future__ import annotations

from django.urls import path

from apps.papers import views

app_name = "papers"

urlpatterns = [path("tep/<int:pk>/", views.download, name="file")]
