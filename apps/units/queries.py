"""Answer what pages and reports ask about units."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from apps.core.text import search_key
from apps.units.models import (
    BlockMember,
    PoliceInCharge,
    Unit,
    UnitClosure,
    UnitParent,
    UnitSpan,
)
from apps.units.rules import BlockRole


@dataclass(frozen=True, slots=True)
class UnitName:
    """Say what a unit is called on a day and what it is."""

    unit_id: int
    code: str
    name: str
    short_name: str
    kind: str
    sort_key: str


def names_of(unit_ids: Collection[int] | QuerySet[Unit, int], on: date) -> dict[int, str]:
    """Return the names of units on a day; a unit that does not exist then has its last name."""
    spans = UnitSpan.objects.filter(unit_id__in=unit_ids, valid__startswith__lte=on)
    rows = spans.order_by("unit_id", "valid").values_list("unit_id", "name")
    return dict(rows)


def described(unit_ids: Collection[int] | QuerySet[Unit, int], on: date) -> list[UnitName]:
    """Return code, names and kind of the units alive on a day, in Vietnamese order."""
    spans = UnitSpan.objects.alive_on(on).filter(unit_id__in=unit_ids)
    rows = spans.order_by("sort_key", "unit_id").values_list(
        "unit_id", "unit__code", "name", "short_name", "kind", "sort_key"
    )
    return [UnitName(*row) for row in rows]


def children_of(unit: Unit, on: date) -> QuerySet[Any]:
    """Return the units right under a unit on a day, with their names, in Vietnamese order."""
    rows = UnitClosure.objects.alive_on(on).filter(ancestor=unit, depth=1)
    children = Unit.objects.filter(pk__in=rows.values("descendant_id"))
    return children.with_names(on).order_by("sort_key", "pk")


def subtree_ids(unit: Unit, on: date) -> QuerySet[UnitClosure, int]:
    """Return the ids of a unit and all below it on a day, for use as a subquery."""
    rows = UnitClosure.objects.alive_on(on).filter(ancestor=unit)
    return rows.values_list("descendant_id", flat=True)


def ancestor_ids(unit: Unit, on: date) -> list[int]:
    """Return the ids above a unit on a day, nearest first."""
    rows = UnitClosure.objects.alive_on(on).filter(descendant=unit, depth__gt=0)
    return list(rows.order_by("depth", "pk").values_list("ancestor_id", flat=True))


def parents_of(unit_ids: Collection[int] | QuerySet[Unit, int], on: date) -> dict[int, int]:
    """Return the parent of each unit that has one on a day."""
    rows = UnitParent.objects.alive_on(on).filter(unit_id__in=unit_ids)
    return dict(rows.values_list("unit_id", "parent_id"))


def police_in_charge_of(
    unit_ids: Collection[int] | QuerySet[Unit, int], on: date
) -> dict[int, int]:
    """Return the police unit in charge of each unit that has one on a day."""
    rows = PoliceInCharge.objects.alive_on(on).filter(unit_id__in=unit_ids)
    return {unit: police for unit, police in rows.values_list("unit_id", "police_unit_id") if unit}


def police_in_charge_of_blocks(on: date) -> dict[int, int]:
    """Return the police unit in charge of each block that has one on a day."""
    rows = PoliceInCharge.objects.alive_on(on).filter(block_id__isnull=False)
    pairs = rows.values_list("block_id", "police_unit_id")
    return {block: police for block, police in pairs if block}


def block_heads(on: date) -> dict[int, int]:
    """Return the head unit of each block that has one on a day."""
    rows = BlockMember.objects.alive_on(on).filter(role=BlockRole.HEAD)
    return dict(rows.values_list("block_id", "unit_id"))


def search_units(units: QuerySet[Unit], typed: str, on: date) -> QuerySet[Unit]:
    """Narrow units to those whose name or code holds what was typed, accents or not.

    When none does, those whose name is like it: "My Thow" still finds Mỹ Tho.
    """
    key = search_key(typed)
    spans = UnitSpan.objects.alive_on(on)
    holding = spans.filter(search_key__contains=key).values("unit_id")
    found = units.filter(Q(pk__in=holding) | Q(code__istartswith=typed.strip()))
    if not key or found.exists():
        return found
    similar = spans.filter(search_key__trigram_word_similar=key)
    return units.filter(pk__in=similar.values("unit_id"))
