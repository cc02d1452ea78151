"""Figures of the province to try: made from a fixed seed, the same on every machine."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

from apps.reports.rules import Reading

SEED = "antq-minh-hoa-1"

# From, to: the size of a figure for one unit and month; a longer period has more.
RANGES: dict[str, tuple[int, int]] = {
    "A1": (1, 6),
    "A2": (1, 1),
    "A2d": (1, 1),
    "A3": (15, 23),
    "A4": (8, 16),
    "A5": (26, 54),
    "A6": (12, 40),
    "A7": (150, 620),
    "A8": (6, 60),
    "A9": (5, 14),
    "A10": (4, 12),
    "A12": (20, 90),
    "A13": (3, 9),
    "A14": (1, 5),
    "B1": (3, 18),
    "B2": (180, 1900),
    "B3": (100, 900),
    "B4": (5, 40),
    "B5": (6, 40),
    "B6": (1, 3),
    "B7": (1, 8),
    "B8": (120, 900),
    "B9": (5_000_000, 40_000_000),
    "B10": (1, 3),
    "C0": (60, 160),
    "C1": (4, 20),
    "C2": (30, 140),
    "C4d": (2600, 7800),
    "C5d": (40, 480),
    "C6d": (14, 40),
    "D12": (2, 9),
    "D13": (20, 60),
    "E1": (24, 38),
    "E2": (6, 28),
    "E3": (6, 30),
    "E4": (60, 420),
    "E5": (0, 2),
    "E6": (0, 2),
    "E7": (0, 2),
    "E8": (0, 1),
    "E13": (12, 160),
    "E14": (2_000_000, 28_000_000),
    "F1": (8, 46),
    "F7a": (0, 2),
    "F7b": (0, 6),
    "F7c": (0, 2),
    "F7d": (0, 4),
    "F8": (2, 14),
    "F9": (0, 5),
    "F10": (0, 3),
    "F11": (8, 46),
    "F13": (0, 5),
    "G9": (5, 18),
    "C3d": (5, 18),
}
PARTS = {  # of which: a share of another figure, in hundredths
    "F2": ("F1", 60, 88),
    "F3": ("F1", 70, 96),
    "F4": ("F1", 3, 12),
    "C4": ("C4d", 82, 100),
    "C5": ("C5d", 86, 100),
    "C6": ("C6d", 70, 100),
    "C3": ("C3d", 80, 100),
    "E10": ("E1", 20, 50),
}
STEADY = {
    "A2",
    "A2d",
    "A3",
    "A4",
    "A5",
    "A6",
    "A7",
    "A8",
    "A9",
    "A10",
    "C4d",
    "C5d",
    "C6d",
    "C3d",
    "G9",
    "D12",
    "D13",
    "E1",
    "E2",
    "E3",
    "E4",
    "E13",
    "A13",
}
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "nine_months": 9, "year": 12}


def draw(low: int, high: int, *what: object) -> int:
    """Draw a whole number from low to high, the same for the same question."""
    digest = sha256("|".join([SEED, *map(str, what)]).encode()).digest()
    return low + int.from_bytes(digest[:8], "big") % (high - low + 1)


def figure_for(code: str, breakdown: str, unit_code: str, period: tuple[str, int, int]) -> Reading:
    """Return what a unit says for one line in a period (kind, year, number)."""
    kind, year, number = period
    if code in PARTS:
        whole, low, high = PARTS[code]
        of = figure_for(whole, breakdown, unit_code, period).value or Decimal(0)
        return _reading(int(of) * draw(low, high, code, unit_code, breakdown, *period) // 100)
    low, high = RANGES.get(code, (0, 6))
    base = draw(low, high, code, breakdown, unit_code)
    if code in STEADY:
        return _reading(base)
    swing = draw(86, 114, code, breakdown, unit_code, kind, year, number)
    return _reading(base * MONTHS[kind] * swing // 100)


def _reading(value: int) -> Reading:
    if value == 0:
        return Reading("nothing")
    return Reading("value", Decimal(value))
