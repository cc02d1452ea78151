"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The work list, and the province to try."""

    name = "apps.home"
    label = "home"
    verbose_name = "Trang chính"
