"""Units in the Django admin: what is dated is written by services, nothing is deleted."""

from apps.units.admin.areas import AreaAdmin
from apps.units.admin.blocks import BlockAdmin, BlockMemberAdmin, PoliceInChargeAdmin
from apps.units.admin.forces import ForceKindAdmin
from apps.units.admin.memberships import MembershipAdmin
from apps.units.admin.units import LineageAdmin, UnitAdmin

__all__ = [
    "AreaAdmin",
    "BlockAdmin",
    "BlockMemberAdmin",
    "ForceKindAdmin",
    "LineageAdmin",
    "MembershipAdmin",
    "PoliceInChargeAdmin",
    "UnitAdmin",
]
