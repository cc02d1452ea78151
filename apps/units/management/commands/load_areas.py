"""Load the provinces and communes of Vietnam from reference/areas.csv."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.units.rules import AreaKind
from apps.units.services.areas import AreaRow, load_area_rows

_KINDS = {"xã": AreaKind.COMMUNE, "phường": AreaKind.WARD, "đặc khu": AreaKind.SPECIAL_ZONE}
# The 34 provinces and the two-level administration began on this day (NQ 202/2025/QH15).
_TWO_LEVELS_SINCE = date(2025, 7, 1)
Line = dict[str, str]


class Command(BaseCommand):
    """Bring the areas to the state of the file; running it again changes nothing."""

    help = "Nạp 34 tỉnh, thành phố và 3.321 xã, phường, đặc khu từ reference/areas.csv."

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the files and hand the rows to the service."""
        folder = Path(settings.BASE_DIR) / "reference"
        lines = _lines(folder / "areas.csv")
        effects = {
            line["resolution_date"]: date.fromisoformat(line["effective_on"])
            for line in _lines(folder / "area_effects.csv")
        }
        rows = [*_provinces(lines), *_communes(lines, effects)]
        loaded = load_area_rows(rows=rows, by=None, at=timezone.now())
        self.stdout.write(
            f"Địa bàn: {len(rows)} trong tệp, {loaded.created} mới, "
            f"{loaded.succeeded} thay thế, {loaded.corrected} sửa."
        )


def _lines(path: Path) -> list[Line]:
    """Read a CSV file; codes stay text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _provinces(lines: list[Line]) -> Iterator[AreaRow]:
    """Return one row for each province that the communes name."""
    for code, name in sorted({(line["province_code"], line["province_name_vi"]) for line in lines}):
        yield AreaRow(code, name, AreaKind.PROVINCE, code, _TWO_LEVELS_SINCE)


def _communes(lines: list[Line], effects: dict[str, date]) -> Iterator[AreaRow]:
    """Return one row for each commune, ward and special zone."""
    for line in lines:
        yield AreaRow(
            code=line["code"],
            name=line["name_vi"],
            kind=_KINDS[line["type_vi"]],
            province_code=line["province_code"],
            since=effects[line["resolution_date"]],
            lat=float(line["lat"]) if line["lat"] else None,
            lon=float(line["lon"]) if line["lon"] else None,
            area_km2=_square_kilometres(line["area_km2"]),
            resolution=line["resolution"],
            resolution_on=date.fromisoformat(line["resolution_date"]),
        )


def _square_kilometres(text: str) -> Decimal | None:
    """Return an area with the four decimals that the table keeps."""
    return Decimal(text).quantize(Decimal("0.0001")) if text else None
