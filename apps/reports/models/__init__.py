"""Rows of the reporting engine; each module holds one station of a report's way."""

from __future__ import annotations

from apps.reports.models.consolidation import (
    Adjustment,
    ConsolidationText,
    Document,
    Reconciliation,
    Rollup,
    RollupNode,
)
from apps.reports.models.entry import Cell, CellChange, Report, ReportScan, ReportText
from apps.reports.models.obligations import Obligation, ObligationStep
from apps.reports.models.review import Event, JointShare, Remark, Submission, SubmissionLine
from apps.reports.models.templates import (
    Assignment,
    NarrativePart,
    Template,
    TemplateLine,
    TemplateVersion,
)

__all__ = [
    "Adjustment",
    "Assignment",
    "Cell",
    "CellChange",
    "ConsolidationText",
    "Document",
    "Event",
    "JointShare",
    "NarrativePart",
    "Obligation",
    "ObligationStep",
    "Reconciliation",
    "Remark",
    "Report",
    "ReportScan",
    "ReportText",
    "Rollup",
    "RollupNode",
    "Submission",
    "SubmissionLine",
    "Template",
    "TemplateLine",
    "TemplateVersion",
]
