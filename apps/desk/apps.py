"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Work in the background, messages, repeated requests and imports."""

    name = "apps.desk"
    label = "desk"
    verbose_name = "Tác vụ và thông báo"
