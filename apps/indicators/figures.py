"""The registry of figure sources: registers answer for their own codes, reports only ask here.

It holds no query of its own and loads no model, because register apps call it while they start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date

from apps.indicators.rules import Figure

__all__ = ["Answer", "Figure", "Key", "SourceTaken", "answer", "has_source", "register_source"]

Key = tuple[str, int, str]
Answer = Callable[[Collection[str], Collection[int], tuple[date, date]], Mapping[Key, Figure]]

_sources: dict[str, Answer] = {}


class SourceTaken(Exception):
    """Two apps claim the same register: a mistake in the code, not of a user."""


def register_source(register: str, source: Answer) -> None:
    """Let an app answer for a register ("tips", "programs.models"); called from its apps.py."""
    if _sources.setdefault(register, source) is not source:
        raise SourceTaken(register)


def has_source(register: str) -> bool:
    """Say whether some app answers for this register."""
    return register in _sources


def answer(
    register: str, codes: Collection[str], unit_ids: Collection[int], window: tuple[date, date]
) -> dict[Key, Figure]:
    """Ask a register for {(code, unit id, breakdown): figure}; nothing when no app answers."""
    if register not in _sources:
        return {}
    return dict(_sources[register](codes, unit_ids, window))
