"""Codes that people read aloud, type and write by hand: no 0 and O, no 1, I and L."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_GROUP = 4


def new_code(length: int = 12) -> str:
    """Draw a code such as "K7QM-2R9D-XW4T" (about 5 bits a sign)."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(length)))


def grouped(code: str) -> str:
    """Put a hyphen between groups of four signs."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def new_password() -> str:
    """Draw a one-time password that is easy to dictate: lower case, 12 signs, about 59 bits."""
    return new_code(12).lower()
