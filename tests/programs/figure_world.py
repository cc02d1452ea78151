"""A small province whose registers are counted by hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.indicators.figures import Key
from apps.indicators.rules import window
from apps.programs.figures import (
    answer_programs,
    answer_units,
    common_programs,
    common_units,
)
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.units import UnitFactory

# The year 2026 of Nghị định 09/2019: from 15/12/2025 to 14/12/2026.
YEAR = window("nd09", "year", 2026, 1)
LAST_DAY = date(2026, 12, 14)


@dataclass(frozen=True, slots=True)
class Province:
    """A province with its police; a commune with its police, an ấp and a school; a neighbour."""

    root: Unit
    police: Unit
    department: Unit
    commune: Unit
    commune_police: Unit
    hamlet: Unit
    school: Unit
    neighbour: Unit

    @property
    def units(self) -> list[Unit]:
        """Return them all."""
        return [getattr(self, name) for name in self.__slots__]


def make_province() -> Province:
    """Write the units; the neighbour has no police unit in charge."""
    root = UnitFactory(kind=UnitKind.PROVINCE)
    police = UnitFactory(kind=UnitKind.POLICE_PROVINCE, parent=root)
    department = UnitFactory(kind=UnitKind.POLICE_DEPARTMENT, parent=police)
    commune_police = UnitFactory(kind=UnitKind.POLICE_COMMUNE, parent=police)
    commune = UnitFactory(kind=UnitKind.COMMUNE, parent=root, police=commune_police)
    hamlet = UnitFactory(kind=UnitKind.RESIDENTIAL_AREA, parent=commune)
    school = UnitFactory(kind=UnitKind.SCHOOL, parent=commune)
    neighbour = UnitFactory(kind=UnitKind.COMMUNE, parent=root)
    return Province(root, police, department, commune, commune_police, hamlet, school, neighbour)


def ask(codes: Collection[str], *units: Unit, during: tuple[date, date] = YEAR) -> dict[Key, Any]:
    """Return the figures that both sources give of units."""
    ids = [unit.pk for unit in units]
    return answer_programs(codes, ids, during) | answer_units(codes, ids, during)


def told(unit: Unit, *codes: str, during: tuple[date, date] = YEAR) -> dict[str, int]:
    """Return the values of one unit by code, or by code/breakdown."""
    return {
        f"{code}/{part}".rstrip("/"): int(figure.value)
        for (code, _, part), figure in ask(codes, unit, during=during).items()
    }


def together(*units: Unit, codes: Collection[str]) -> dict[str, int]:
    """Return the values of several units as one whole by code, or by code/breakdown."""
    ids = [unit.pk for unit in units]
    found = common_programs(codes, ids, YEAR) | common_units(codes, ids, YEAR)
    return {f"{code}/{part}".rstrip("/"): int(f.value) for (code, part), f in found.items()}
