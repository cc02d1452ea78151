"""Answer what pages and reports ask about units."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.accounts.rules import ROLE_WORDS, Role
from apps.core.text import search_key
from apps.units.models import (
    Contact,
    Membership,
    PoliceInCharge,
    Unit,
    UnitClosure,
    UnitParent,
    UnitSpan,
)
from apps.units.models.people import Unaccented
from apps.units.models.tree import UnitQuerySet


@dataclass(frozen=True, slots=True)
class UnitName:
    """Say what a unit is called on a day and what it is."""

    unit_id: int
    code: str
    name: str
    short_name: str
    kind: str
    sort_key: str


@dataclass(frozen=True, slots=True)
class Place:
    """Say where somebody works and as what."""

    unit_id: int
    unit_code: str
    unit_name: str
    role_name: str


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


def subtree_ids(unit: Unit, on: date) -> QuerySet[UnitClosure, int]:
    """Return the ids of a unit and all below it on a day, for use as a subquery."""
    rows = UnitClosure.objects.alive_on(on).filter(ancestor=unit)
    return rows.values_list("descendant_id", flat=True)


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


def search_units(units: UnitQuerySet, typed: str, on: date) -> UnitQuerySet:
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


def places_of(user_ids: Collection[int], on: date) -> dict[int, list[Place]]:
    """Return where each person works on a day and as what (two queries)."""
    rows = Membership.objects.alive_on(on).filter(user_id__in=user_ids).order_by("pk")
    found = list(rows.values_list("user_id", "unit_id", "unit__code", "role"))
    names = names_of([unit_id for _, unit_id, _, _ in found], on)
    places: dict[int, list[Place]] = {}
    for user_id, unit_id, code, role in found:
        place = Place(unit_id, code, names.get(unit_id, code), ROLE_WORDS[Role(role)].name)
        places.setdefault(user_id, []).append(place)
    return places


def search_people(people: QuerySet[User], typed: str, on: date) -> QuerySet[User]:
    """Narrow people to those whose name, user name, phone or unit holds what was typed."""
    key = search_key(typed)
    if not key:
        return people
    spans = UnitSpan.objects.alive_on(on).filter(search_key__contains=key)
    there = Membership.objects.alive_on(on).filter(unit_id__in=spans.values("unit_id"))
    return people.alias(name_key=Unaccented("full_name")).filter(
        Q(name_key__contains=key)
        | Q(username__contains=key)
        | Q(phone__contains=typed.strip())
        | Q(pk__in=there.values("user_id"))
    )


def in_name_order(people: QuerySet[User]) -> QuerySet[User]:
    """Order people by their name without accents."""
    return people.order_by(Unaccented("full_name"), "pk")


def contacts_of(unit: Unit) -> QuerySet[Contact]:
    """Return the people to call in a unit, the main one first."""
    return Contact.objects.filter(unit=unit).order_by("-is_main", "sort_key", "pk")


def found_unit(units: UnitQuerySet, typed: str, on: date) -> tuple[Unit | None, str]:
    """Return the one unit that is meant by a code, a name, or "name (code)"; else say why not."""
    text = typed.strip()
    code = text[text.rfind("(") + 1 : -1] if text.endswith(")") else text
    by_code = units.filter(code=code).first()
    if by_code is not None:
        return by_code, ""
    exact = UnitSpan.objects.alive_on(on).filter(search_key=search_key(text)).values("unit_id")
    matches = list(units.filter(pk__in=exact).order_by("pk")[:2])
    found = matches or list(search_units(units, text, on).order_by("pk")[:4])
    if len(found) == 1:
        return found[0], ""
    if not found:
        return None, "Không có đơn vị này trong phạm vi của bạn."
    names = names_of([unit.pk for unit in found], on)
    listed = "; ".join(f"{names.get(unit.pk, '')} ({unit.code})" for unit in found)
    return None, f"Có nhiều đơn vị khớp. Hãy gõ rõ hơn, ví dụ: {listed}."
