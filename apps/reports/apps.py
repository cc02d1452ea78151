"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig

from apps.indicators.figures import register_source


class ReportsConfig(AppConfig):
    """What each unit owes, and what became of it."""

    name = "apps.reports"
    label = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        """Offer accepted figures to whoever asks the registry of figure sources."""
        from apps.reports.figures import answer_accepted  # noqa: PLC0415 (models must be loaded first)

        register_source("reports", answer_accepted)
