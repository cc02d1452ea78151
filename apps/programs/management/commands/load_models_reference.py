"""Load the kinds of models and what goes with them from reference/."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.programs.services.reference import ModelRows, Row, load_models_reference


class Command(BaseCommand):
    """Add what is missing; running it again changes nothing."""

    help = "Nạp lĩnh vực, loại mô hình, tên gọi khác, thang và tiêu chí xếp loại từ reference/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to set changed rows back to the files."""
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Ghi đè các dòng đã sửa trong trang quản trị bằng nội dung tệp.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read the files and hand the rows to the service."""
        rows = ModelRows(
            fields=_read("model_fields"),
            types=_read("model_types"),
            aliases=_read("model_type_aliases"),
            levels=_read("rating_levels"),
            criteria=_read("rating_criteria"),
        )
        overwrite = bool(options["overwrite"])
        added = load_models_reference(rows=rows, by=None, at=timezone.now(), overwrite=overwrite)
        self.stdout.write(f"Loại mô hình và thang xếp loại: thêm {added} dòng.")


def _read(name: str) -> list[Row]:
    """Read one reference file."""
    path = Path(settings.BASE_DIR) / "reference" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
