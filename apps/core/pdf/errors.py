"""Why a PDF could not be made, in words for the user."""

from __future__ import annotations

from apps.core.errors import DomainError


class PdfFailed(DomainError):
    """The document could not be laid out."""


class PdfTooLarge(PdfFailed):
    """The document needs more rows, memory or time than one PDF may take."""
