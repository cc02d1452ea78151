"""Offer units to choose from: the person's own, those of the scope, any that lives today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, QuerySet, When

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.text import search_key
from apps.units.models import PoliceInCharge, Unit, UnitSpan
from apps.units.models.tree import UnitQuerySet
from apps.units.permissions import posts_of, roles_with
from apps.units.queries import names_of, parents_of, search_units
from apps.units.rules import POLICE_KINDS, UnitKind

MAX_HITS = 20


@dataclass(frozen=True, slots=True)
class UnitOption:
    """One unit to choose, told apart from its namesakes by the unit above it."""

    pk: int
    code: str
    name: str
    parent: str

    @property
    def label(self) -> str:
        """Return the name with the unit above it."""
        return f"{self.name}, {self.parent}" if self.parent else self.name


def home_unit(user: User, on: date, permission: Permission) -> Unit | None:
    """Return the unit a person writes for first; for commune police it is the commune itself."""
    wanted = roles_with(permission)
    own = [unit_id for unit_id, roles in posts_of(user, on).items() if roles & wanted]
    police = Unit.objects.of_kind(on, UnitKind.POLICE_COMMUNE).filter(pk__in=own)
    charged = PoliceInCharge.objects.alive_on(on).filter(
        police_unit_id__in=police.values("pk"),
        unit_id__in=Unit.objects.of_kind(on, UnitKind.COMMUNE).values("pk"),
    )
    commune_ids = charged.order_by("unit_id").values_list("unit_id", flat=True)
    commune = next((unit_id for unit_id in commune_ids if unit_id), None)
    return Unit.objects.filter(pk=commune or min(own, default=0)).first()


def offered_units(
    unit_ids: Collection[int] | QuerySet[Unit, int], on: date, limit: int, *, begun: str = ""
) -> list[UnitOption]:
    """Return at most `limit` of the units that live on a day, in Vietnamese order.

    Those come first whose name begins with `begun`, then those of which a word does; a commune
    stands before its police, who rarely are what is meant.
    """
    spans = UnitSpan.objects.alive_on(on).filter(unit_id__in=unit_ids).select_related("unit")
    near = Case(
        When(search_key__startswith=begun, then=0),
        When(search_key__contains=f" {begun}", then=1),
        default=2,
    )
    is_police = Case(When(kind__in=POLICE_KINDS, then=1), default=0)
    found = list(spans.order_by(near, is_police, "sort_key", "unit_id")[:limit])
    parents = parents_of([span.unit_id for span in found], on)
    names = names_of(list(set(parents.values())), on)
    return [
        UnitOption(
            span.unit_id,
            span.unit.code,
            span.name,
            "" if span.kind in POLICE_KINDS else names.get(parents.get(span.unit_id, 0), ""),
        )
        for span in found
    ]


def chosen_units(unit_ids: Collection[int], on: date) -> list[UnitOption]:
    """Return units that were chosen before, also those that no longer live."""
    names = names_of(list(unit_ids), on)
    units = Unit.objects.filter(pk__in=unit_ids).order_by("pk")
    return [UnitOption(unit.pk, unit.code, names.get(unit.pk, unit.code), "") for unit in units]


def find_units(units: UnitQuerySet, typed: str, on: date) -> list[UnitOption]:
    """Return units whose name or code holds what was typed; names that begin so come first."""
    key = search_key(typed)
    if not key:
        return []
    found = search_units(units.alive_on(on), typed, on)
    return offered_units(found.values_list("pk", flat=True), on, MAX_HITS, begun=key)
