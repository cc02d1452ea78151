"""What every check of a file from outside raises."""

from __future__ import annotations

from apps.core.errors import DomainError


class UploadRefused(DomainError):
    """The file is not one the portal keeps."""
