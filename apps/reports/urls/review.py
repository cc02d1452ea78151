"""Addresses of receiving reports and following progress."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
