"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """What is measured, in which windows of time, and by when it is due."""

    name = "apps.indicators"
    label = "indicators"
    verbose_name = "Chỉ tiêu và kỳ báo cáo"
