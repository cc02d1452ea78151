"""Gather the models of units."""

from apps.units.models.areas import Area
from apps.units.models.blocks import Block, BlockMember, PoliceInCharge
from apps.units.models.forces import ForceKind, ForceRating, ForceStock
from apps.units.models.people import AccountImport, Contact, Membership
from apps.units.models.tree import Lineage, Unit, UnitClosure, UnitParent, UnitSpan

__all__ = [
    "AccountImport",
    "Area",
    "Block",
    "BlockMember",
    "Contact",
    "ForceKind",
    "ForceRating",
    "ForceStock",
    "Lineage",
    "Membership",
    "PoliceInCharge",
    "Unit",
    "UnitClosure",
    "UnitParent",
    "UnitSpan",
]
