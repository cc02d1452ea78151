"""The registry of figure sources: registers answer for their own codes, reports only ask here.

It holds no query of its own and loads no model, because register apps call it while they start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.indicators.rules import Figure

__all__ = [
    "Answer",
    "Common",
    "Figure",
    "Joint",
    "Key",
    "Record",
    "Records",
    "RegisterFigure",
    "SourceTaken",
    "answer",
    "answer_all",
    "common",
    "has_source",
    "records",
    "register_source",
    "registers",
]

Key = tuple[str, int, str]
Window = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Joint:
    """A record inside a figure that other units own too, with what it adds to the figure."""

    record_id: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class RegisterFigure(Figure):
    """A figure of a register, and the joint records in it."""

    joint: tuple[Joint, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One record behind a figure: what it is, whose, of which day, what it adds, where it is."""

    record_id: int
    title: str
    unit_ids: tuple[int, ...]
    on: date | None
    value: Decimal
    url: str


Answer = Callable[[Collection[str], Collection[int], Window], Mapping[Key, Figure]]
Common = Callable[[Collection[str], Collection[int], Window], Mapping[tuple[str, str], Figure]]
Records = Callable[[str, str, Collection[int], Window], list[Record]]


@dataclass(frozen=True, slots=True)
class Source:
    """What one register can be asked: figures by unit, records behind one, a common total."""

    answer: Answer
    records: Records | None = None
    common: Common | None = None


_sources: dict[str, Source] = {}


class SourceTaken(Exception):
    """Two apps claim the same register: a mistake in the code, not of a user."""


def register_source(
    register: str, source: Answer, *, records: Records | None = None, common: Common | None = None
) -> None:
    """Let an app answer for a register ("tips", "programs.models"); called from its apps.py.

    One function may answer for several registers: it is then asked once for all their codes.
    """
    new = Source(source, records, common)
    if _sources.setdefault(register, new) != new:
        raise SourceTaken(register)


def registers() -> frozenset[str]:
    """Name the registers that some app answers for."""
    return frozenset(_sources)


def has_source(register: str) -> bool:
    """Say whether some app answers for this register."""
    return register in _sources


def answer(
    register: str, codes: Collection[str], unit_ids: Collection[int], window: Window
) -> dict[Key, Figure]:
    """Ask a register for {(code, unit id, breakdown): figure}; nothing when no app answers.

    A code is left out for a unit whose register holds nothing about it: unknown is not 0.
    """
    if register not in _sources:
        return {}
    return dict(_sources[register].answer(codes, unit_ids, window))


def answer_all(
    asked: Mapping[str, Collection[str]], unit_ids: Collection[int], window: Window
) -> dict[Key, Figure]:
    """Ask several registers at once ({register: codes}), each function of theirs only once."""
    by_function: dict[Answer, list[str]] = {}
    for register, codes in asked.items():
        if register in _sources:
            by_function.setdefault(_sources[register].answer, []).extend(codes)
    found: dict[Key, Figure] = {}
    for function, codes in by_function.items():
        found.update(function(codes, unit_ids, window))
    return found


def common(
    register: str, codes: Collection[str], unit_ids: Collection[int], window: Window
) -> dict[tuple[str, str], Figure]:
    """Ask for {(code, breakdown): figure} of several units together, joint records once."""
    source = _sources.get(register)
    if source is None or source.common is None:
        return {}
    return dict(source.common(codes, unit_ids, window))


def records(
    register: str, code: str, breakdown: str, unit_ids: Collection[int], window: Window
) -> list[Record]:
    """List the records behind a figure of these units, newest first."""
    source = _sources.get(register)
    if source is None or source.records is None:
        return []
    return source.records(code, breakdown, unit_ids, window)
