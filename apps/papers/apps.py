"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Every issued paper: its number, signer, files and verification code."""

    name = "apps.papers"
    label = "papers"
    verbose_name = "Văn bản phát hành"
