"""Load areas, catalogue, calendars, due dates, holidays, and what registers list."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.indicators.models import Calendar
from apps.indicators.rules import kinds_of
from apps.indicators.services import (
    CatalogueRows,
    Row,
    load_calendars,
    load_cascades,
    load_catalogue,
    load_holidays,
    open_periods,
)

FOLDER = Path(settings.BASE_DIR) / "reference"
# Commands of register apps, by name: each reads its own files under the same rule.
OF_REGISTERS = frozenset({"load_force_kinds", "load_models_reference"})
FIRST_YEAR, LAST_YEAR = 2021, 2027


class Command(BaseCommand):
    """Add what is missing; running it again changes nothing."""

    help = "Nạp danh mục dùng chung từ thư mục reference/. Chạy lại nhiều lần không đổi gì thêm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to set changed rows back to the files."""
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Ghi đè các dòng đã sửa trong trang quản trị bằng nội dung tệp.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load every table in the order in which they lean on each other."""
        at, overwrite = timezone.now(), bool(options["overwrite"])
        present = get_commands()
        if "load_areas" in present:
            call_command("load_areas", stdout=self.stdout)
        for name in sorted(OF_REGISTERS & present.keys()):
            call_command(name, overwrite=overwrite, stdout=self.stdout)
        catalogue = CatalogueRows(
            sections=read_rows("sections"),
            indicators=read_rows("indicators"),
            breakdowns=read_rows("breakdowns"),
            subset_rules=read_rows("subset_rules"),
        )
        added = load_catalogue(rows=catalogue, by=None, at=at, overwrite=overwrite)
        calendars = read_rows("reporting_calendars")
        added += load_calendars(rows=calendars, by=None, at=at, overwrite=overwrite)
        cascades = read_rows("deadline_cascades")
        added += load_cascades(rows=cascades, by=None, at=at, overwrite=overwrite)
        added += load_holidays(rows=read_rows("holidays"), by=None, at=at, overwrite=overwrite)
        added += sum(
            len(open_periods(calendar=calendar, year=year, by=None, at=at))
            for calendar in Calendar.objects.order_by("pk")
            if kinds_of(calendar.code)
            for year in range(FIRST_YEAR, LAST_YEAR + 1)
        )
        self.stdout.write(f"Danh mục dùng chung: thêm {added} dòng.")


def read_rows(name: str) -> list[Row]:
    """Read one reference file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
