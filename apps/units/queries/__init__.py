"""Gather what pages and reports ask about units and the people in them."""

from apps.units.queries.units import (
    Place,
    UnitName,
    contacts_of,
    described,
    found_unit,
    in_name_order,
    names_of,
    parents_of,
    places_of,
    police_in_charge_of,
    search_people,
    search_units,
    subtree_ids,
)

__all__ = [
    "Place",
    "UnitName",
    "contacts_of",
    "described",
    "found_unit",
    "in_name_order",
    "names_of",
    "parents_of",
    "places_of",
    "police_in_charge_of",
    "search_people",
    "search_units",
    "subtree_ids",
]
