"""Sites by commune, for the map and the table beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.programs.models import SiteTeam
from apps.programs.models.sites import SiteQuerySet
from apps.programs.queries.site_list import SiteNarrowing, listed_sites
from apps.units.models import UnitClosure, UnitSpan
from apps.units.permissions import scope_unit_ids
from apps.units.rules import AreaKind, UnitKind

ELSEWHERE = "khac"


@dataclass(frozen=True, slots=True)
class CommuneCount:
    """A commune with its figure, the units behind it, and where it lies if that is known."""

    code: str
    name: str
    count: int
    unit_ids: tuple[int, ...] = ()
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class ProvinceMap:
    """The communes of a scope in Vietnamese order, and what stands in none of them."""

    communes: list[CommuneCount]
    elsewhere: CommuneCount

    @property
    def total(self) -> int:
        """Add up all figures; every site is in just one of them."""
        return sum(commune.count for commune in self.communes) + self.elsewhere.count

    def place(self, code: str) -> CommuneCount | None:
        """Return the place of a code."""
        return next((row for row in [*self.communes, self.elsewhere] if row.code == code), None)


def province_map(
    user: User, on: date, narrowing: SiteNarrowing, *, by_members: bool = False
) -> ProvinceMap:
    """Count sites, or their members, by the commune in which the sites stand: three queries.

    A site at a residential area, a school or a police station counts for the commune in whose
    area that unit, or the nearest unit above it, lies. Members that nobody counted are not in.
    """
    sites = listed_sites(user, on, narrowing).order_by()
    by_unit = _members_of(sites, on) if by_members else _sites_of(sites)
    scope = scope_unit_ids(user, on, Permission.REGISTER_VIEW)
    communes = UnitSpan.objects.alive_on(on).filter(kind=UnitKind.COMMUNE, unit_id__in=scope)
    rows = communes.order_by("sort_key", "unit_id").values_list(
        "unit_id", "unit__code", "name", "area_id", "area__lat", "area__lon"
    )
    communes_found = list(rows)
    by_area = {area: unit for unit, _, _, area, _, _ in communes_found if area}
    own = {unit for unit, *_ in communes_found}
    counted: Counter[int] = Counter()
    behind: defaultdict[int, list[int]] = defaultdict(list)
    places = _communes_above(set(by_unit), by_area, own, on)
    for unit_id, count in by_unit.items():
        commune = places.get(unit_id, 0)
        counted[commune] += count
        behind[commune].append(unit_id)
    return ProvinceMap(
        [
            CommuneCount(code, name, counted[unit], tuple(behind[unit]), lat, lon)
            for unit, code, name, _, lat, lon in communes_found
        ],
        CommuneCount(ELSEWHERE, "Không gắn với xã, phường nào", counted[0], tuple(behind[0])),
    )


def sites_in(place: CommuneCount, user: User, on: date, narrowing: SiteNarrowing) -> SiteQuerySet:
    """Return just the sites behind a figure of the map, by name."""
    sites = listed_sites(user, on, narrowing).filter(unit_id__in=place.unit_ids)
    return sites.order_by("sort_key", "pk")


def _sites_of(sites: SiteQuerySet) -> dict[int, int]:
    """Count sites by unit."""
    return dict(sites.values_list("unit_id").annotate(count=Count("pk")))


def _members_of(sites: SiteQuerySet, on: date) -> dict[int, int]:
    """Add up the members of the sites' teams by unit; a site without teams counts as none."""
    teams = SiteTeam.objects.alive_on(on).filter(site__in=sites, members__isnull=False)
    rows = teams.order_by().values_list("site__unit_id").annotate(count=Sum("members"))
    return dict(rows)


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
