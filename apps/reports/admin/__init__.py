"""Forms, assignments and what is owed in the Django admin: services write, nothing is deleted."""

from apps.reports.admin.assignments import AssignmentAdmin
from apps.reports.admin.obligations import ObligationAdmin
from apps.reports.admin.sums import (
    AdjustmentAdmin,
    DocumentAdmin,
    ReconciliationAdmin,
    RollupNodeAdmin,
)
from apps.reports.admin.templates import TemplateAdmin
from apps.reports.admin.versions import TemplateVersionAdmin

__all__ = [
    "AdjustmentAdmin",
    "AssignmentAdmin",
    "DocumentAdmin",
    "ObligationAdmin",
    "ReconciliationAdmin",
    "RollupNodeAdmin",
    "TemplateAdmin",
    "TemplateVersionAdmin",
]
