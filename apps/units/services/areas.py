"""Bring the administrative areas to the state of a list, without losing what was before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.text import nfc, search_key, sort_key
from apps.units.models import Area
from apps.units.rules import AreaKind

_IDENTITY = ("name", "kind", "province_code")
_DETAILS = (
    "lat", "lon", "area_km2", "resolution", "resolution_on", "search_key", "sort_key"
)  # fmt: skip
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class AreaRow:
    """Describe an area as a list gives it, with the day since which it is so."""

    code: str
    name: str
    kind: AreaKind
    province_code: str
    since: date
    lat: float | None = None
    lon: float | None = None
    area_km2: Decimal | None = None
    resolution: str = ""
    resolution_on: date | None = None

    def columns(self) -> dict[str, Any]:
        """Return the values of the table's columns but for the range."""
        name = nfc(self.name)
        return {
            "name": name,
            "kind": self.kind,
            "province_code": self.province_code,
            "lat": self.lat,
            "lon": self.lon,
            "area_km2": self.area_km2,
            "resolution": nfc(self.resolution),
            "resolution_on": self.resolution_on,
            "search_key": search_key(name),
            "sort_key": sort_key(name),
        }


@dataclass(frozen=True, slots=True)
class AreasLoaded:
    """Count what a list changed."""

    created: int
    succeeded: int
    corrected: int


@transaction.atomic
def load_area_rows(*, rows: Collection[AreaRow], by: User | None, at: datetime) -> AreasLoaded:
    """Create new areas, let a renamed one succeed the old, correct details; twice is once."""
    codes = [row.code for row in rows]
    current = {area.code: area for area in Area.objects.open_ended().filter(code__in=codes)}
    created: list[Area] = []
    ended: list[Area] = []
    corrected: list[Area] = []
    for row in rows:
        area, columns = current.get(row.code), row.columns()
        if area is None or _succeeds(area, row, columns):
            created.append(Area(code=row.code, valid=DateRange(row.since, None), **columns))
        if area is None:
            continue
        if _succeeds(area, row, columns):
            area.valid = DateRange(area.valid_from, row.since)
            ended.append(area)
        elif _differs(area, columns, (*_IDENTITY, *_DETAILS)):
            for name, value in columns.items():
                setattr(area, name, value)
            corrected.append(area)
    Area.objects.bulk_update(ended, ["valid"], batch_size=_BATCH)
    Area.objects.bulk_update(corrected, [*_IDENTITY, *_DETAILS], batch_size=_BATCH)
    Area.objects.bulk_create(created, batch_size=_BATCH)
    loaded = AreasLoaded(len(created) - len(ended), len(ended), len(corrected))
    if loaded != AreasLoaded(0, 0, 0):
        detail = {"created": loaded.created, "succeeded": loaded.succeeded}
        detail["corrected"] = loaded.corrected
        record_action(action="units.areas_loaded", by=by, at=at, detail=detail)
    return loaded


def _succeeds(area: Area, row: AreaRow, columns: dict[str, Any]) -> bool:
    """Tell whether the list's area replaces the known one from a later day."""
    return row.since > area.valid_from and _differs(area, columns, _IDENTITY)


def _differs(area: Area, columns: dict[str, Any], names: tuple[str, ...]) -> bool:
    """Tell whether any of the named columns would change."""
    return any(getattr(area, name) != columns[name] for name in names)
