"""Sites by commune, for the map and the table beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.programs.queries.site_list import SiteNarrowing, listed_sites
from apps.units.models import UnitClosure, UnitSpan
from apps.units.permissions import scope_unit_ids
from apps.units.rules import AreaKind, UnitKind


@dataclass(frozen=True, slots=True)
class CommuneCount:
    """A commune with its sites, and where it lies if that is known."""

    code: str
    name: str
    count: int
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class ProvinceMap:
    """The communes of a scope in Vietnamese order, and the sites that stand in none of them."""

    communes: list[CommuneCount]
    elsewhere: int

    @property
    def total(self) -> int:
        """Count all sites once."""
        return sum(commune.count for commune in self.communes) + self.elsewhere


def province_map(user: User, on: date, narrowing: SiteNarrowing) -> ProvinceMap:
    """Count the sites in a user's scope by the commune in which they stand: three queries.

    A site at a residential area, a school or a police station counts for the commune in whose
    area that unit, or the nearest unit above it, lies.
    """
    sites = listed_sites(user, on, narrowing).order_by()
    by_unit = dict(sites.values_list("unit_id").annotate(count=Count("pk")))
    scope = scope_unit_ids(user, on, Permission.REGISTER_VIEW)
    communes = UnitSpan.objects.alive_on(on).filter(kind=UnitKind.COMMUNE, unit_id__in=scope)
    rows = communes.order_by("sort_key", "unit_id").values_list(
        "unit_id", "unit__code", "name", "area_id", "area__lat", "area__lon"
    )
    communes_found = list(rows)
    by_area = {area: unit for unit, _, _, area, _, _ in communes_found if area}
    own = {unit for unit, *_ in communes_found}
    counted: Counter[int] = Counter()
    places = _communes_above(set(by_unit), by_area, own, on)
    for unit_id, count in by_unit.items():
        counted[places.get(unit_id, 0)] += count
    return ProvinceMap(
        [
            CommuneCount(code, name, counted[unit], lat, lon)
            for unit, code, name, _, lat, lon in communes_found
        ],
        counted[0],
    )


def _communes_above(
    unit_ids: set[int], by_area: dict[int, int], own: set[int], on: date
) -> dict[int, int]:
    """Return the commune in which each unit lies: its nearest ancestor that is one or has one."""
    rows = (
        UnitClosure.objects.alive_on(on)
        .filter(descendant_id__in=unit_ids, ancestor__spans__valid__contains=on)
        .exclude(ancestor__spans__area__kind=AreaKind.PROVINCE)
        .order_by("descendant_id", "depth")
        .values_list("descendant_id", "ancestor_id", "ancestor__spans__area_id")
    )
    found: dict[int, int] = {}
    for unit_id, ancestor_id, area_id in rows:
        commune = ancestor_id if ancestor_id in own else by_area.get(area_id or 0)
        if commune and unit_id not in found:
            found[unit_id] = commune
    return found
