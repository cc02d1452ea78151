"""What the templates in templates/pdf are given: plain frozen records and the words of a header.

Sizes and places come from Nghị định 30/2020/NĐ-CP, Phụ lục I; they are in static/css/pdf.css.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The parts of an official letter around its text.

    number_text and date_text come from `number_words` and `date_words`; recipients are written
    without dash and full stop; signer_lines are the lines above the signature (TM., KT., chức vụ).
    """

    superior: str
    body: str
    number_text: str
    place: str
    date_text: str
    kind_name: str
    subject: str
    recipients: tuple[str, ...]
    signer_lines: tuple[str, ...]
    signer_name: str
    addressees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A headed stretch of text: I., or 1. inside it."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    subsections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A line of the indicator table, every value already written as text."""

    number: str
    name: str
    measure_unit: str = ""
    value: str = ""
    previous: str = ""
    change: str = ""
    change_percent: str = ""
    note: str = ""
    is_detail: bool = False


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """The lines of one section of the indicator table."""

    heading: str
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """What one person needs to sign in for the first time."""

    full_name: str
    username: str
    password: str
    unit_name: str = ""
    role_name: str = ""


def number_words(number: int | None, symbol: str) -> str:
    """Write "Số: 07/BC-BCĐ"; without a number a place to write it by hand is left."""
    digits = f"{number:02d}" if number is not None else NBSP * 6
    return f"Số: {digits}/{symbol}"


def date_words(on: date | None, year: int | None = None) -> str:
    """Write "ngày 05 tháng 02 năm 2026": zeros before days under 10 and months 1 and 2 only."""
    if on is None:
        gap = NBSP * 5
        return f"ngày{gap}tháng{gap}năm {year or NBSP * 6}"
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"ngày {on.day:02d} tháng {month} năm {on.year}"
