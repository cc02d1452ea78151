"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig

from apps.indicators.figures import register_source


class ProgramsConfig(AppConfig):
    """Programmes, models and activities of the movement."""

    name = "apps.programs"
    label = "programs"
    verbose_name = "Chương trình, mô hình, hoạt động"

    def ready(self) -> None:
        """Offer the figures of this app, and of the units app, which lies below the registry."""
        from apps.programs import figures  # noqa: PLC0415 (as every app does it)

        for register in figures.PROGRAM_REGISTERS:
            register_source(
                register,
                figures.answer_programs,
                records=figures.records_programs,
                common=figures.common_programs,
            )
        for register in figures.UNIT_REGISTERS:
            register_source(
                register,
                figures.answer_units,
                records=figures.records_units,
                common=figures.common_units,
            )
