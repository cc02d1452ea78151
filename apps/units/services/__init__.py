"""Gather what changes units."""

from apps.units.services.blocks import create_block, join_block, leave_block, rename_block
from apps.units.services.loading import load_units
from apps.units.services.memberships import end_membership, grant_membership
from apps.units.services.refusals import (
    NotAPoliceUnit,
    UnitCodeTaken,
    UnitCycle,
    UnitNotAlive,
    UnitRefused,
    UnitStillNeeded,
)
from apps.units.services.tree import (
    NewLineage,
    NewUnit,
    change_unit_kind,
    close_unit,
    create_unit,
    move_unit_to_area,
    rebuild_closure,
    record_lineage,
    rename_unit,
    set_parent,
    set_police_in_charge,
)

__all__ = [
    "NewLineage",
    "NewUnit",
    "NotAPoliceUnit",
    "UnitCodeTaken",
    "UnitCycle",
    "UnitNotAlive",
    "UnitRefused",
    "UnitStillNeeded",
    "change_unit_kind",
    "close_unit",
    "create_block",
    "create_unit",
    "end_membership",
    "grant_membership",
    "join_block",
    "leave_block",
    "load_units",
    "move_unit_to_area",
    "rebuild_closure",
    "record_lineage",
    "rename_block",
    "rename_unit",
    "set_parent",
    "set_police_in_charge",
]
