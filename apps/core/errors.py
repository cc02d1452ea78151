"""The one ancestor of every refusal that a user is told about."""

from __future__ import annotations


class DomainError(Exception):
    """Say in Vietnamese, as a sentence for the user, why a thing was refused."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message
