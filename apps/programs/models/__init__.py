"""Gather the models of programmes, community models and activities."""

from __future__ import annotations

from apps.programs.models.activities import Activity, ActivityParty
from apps.programs.models.details import (
    MinistryReferral,
    ProtectedObject,
    RatingCriterion,
    RatingLevel,
    SiteEquipment,
    SiteFile,
    SiteFunding,
    SiteObjective,
    SiteRating,
    SiteRatingMark,
    SiteResult,
    SiteTeam,
)
from apps.programs.models.exemplars import Exemplar
from apps.programs.models.programs import (
    Program,
    ProgramFile,
    ProgramParty,
    ProgramRecipient,
    ProgramTarget,
    RecipientFile,
)
from apps.programs.models.sites import ModelSite, SiteMove, SiteParty
from apps.programs.models.types import ModelField, ModelType, ModelTypeAlias

__all__ = [
    "Activity",
    "ActivityParty",
    "Exemplar",
    "MinistryReferral",
    "ModelField",
    "ModelSite",
    "ModelType",
    "ModelTypeAlias",
    "Program",
    "ProgramFile",
    "ProgramParty",
    "ProgramRecipient",
    "ProgramTarget",
    "ProtectedObject",
    "RatingCriterion",
    "RatingLevel",
    "RecipientFile",
    "SiteEquipment",
    "SiteFile",
    "SiteFunding",
    "SiteMove",
    "SiteObjective",
    "SiteParty",
    "SiteRating",
    "SiteRatingMark",
    "SiteResult",
    "SiteTeam",
]
