"""The registers in the Django admin: lists to keep, registers to look at."""

from apps.programs.admin.ratings import RatingCriterionAdmin, RatingLevelAdmin
from apps.programs.admin.registers import (
    ActivityAdmin,
    ExemplarAdmin,
    ModelSiteAdmin,
    ProgramAdmin,
)
from apps.programs.admin.types import ModelFieldAdmin, ModelTypeAdmin, ModelTypeAliasAdmin

__all__ = [
    "ActivityAdmin",
    "ExemplarAdmin",
    "ModelFieldAdmin",
    "ModelSiteAdmin",
    "ModelTypeAdmin",
    "ModelTypeAliasAdmin",
    "ProgramAdmin",
    "RatingCriterionAdmin",
    "RatingLevelAdmin",
]
