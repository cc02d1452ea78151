"""Load the kinds of forces from reference/force_kinds.csv."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.units.services.force_kinds import load_force_kinds


class Command(BaseCommand):
    """Add the kinds that are missing; running it again changes nothing."""

    help = "Nạp các loại lực lượng từ reference/force_kinds.csv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to set changed rows back to the file."""
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Ghi đè các dòng đã sửa trong trang quản trị bằng nội dung tệp.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read the file and hand the rows to the service."""
        path = Path(settings.BASE_DIR) / "reference" / "force_kinds.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        overwrite = bool(options["overwrite"])
        added = load_force_kinds(rows=rows, by=None, at=timezone.now(), overwrite=overwrite)
        self.stdout.write(f"Loại lực lượng: thêm {added} loại.")
