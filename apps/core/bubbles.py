"""A map of bubbles: places on a sheet, sizes in five classes; for lack of a polygon file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from apps.core.numbers import format_number

WIDTH, EDGE = 340, 22
N_CLASSES = 5
RADII = (3.0, 6.0, 8.5, 11.0, 13.5, 16.0)
_SHALLOWEST, _TALLEST = 160.0, 460.0
_LEAST_DEGREES = 0.01


@dataclass(frozen=True, slots=True)
class Bubble:
    """A place with its figure, the words that say both, and the page behind it."""

    label: str
    value: int
    lat: float
    lon: float
    url: str


@dataclass(frozen=True, slots=True)
class ValueClass:
    """One of at most five classes of figures, from and to; the lowest class is number 1."""

    number: int
    low: int
    high: int

    @property
    def words(self) -> str:
        """Return "4" or "5–9"."""
        low, high = format_number(self.low), format_number(self.high)
        return low if low == high else f"{low}–{high}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bubble on the sheet."""

    bubble: Bubble
    number: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class BubbleMap:
    """Everything that is drawn."""

    height: float
    drawn: list[Drawn]


def classes_of(values: Sequence[int]) -> list[ValueClass]:
    """Split figures above 0 into at most five classes of about as many places each.

    Equal figures never fall into two classes.
    """
    known = sorted(value for value in values if value > 0)
    if not known:
        return []
    ends = sorted({known[(len(known) * n + N_CLASSES - 1) // N_CLASSES - 1] for n in range(1, 6)})
    lows = [known[0], *(next(v for v in known if v > end) for end in ends[:-1])]
    return [
        ValueClass(n, low, high) for n, (low, high) in enumerate(zip(lows, ends, strict=True), 1)
    ]


def class_number(value: int, classes: Sequence[ValueClass]) -> int:
    """Return the class of a figure; 0 for none."""
    return next((found.number for found in classes if found.low <= value <= found.high), 0)


def draw_map(bubbles: Sequence[Bubble], classes: Sequence[ValueClass]) -> BubbleMap:
    """Place bubbles by their coordinates, north above, in the order in which they came."""
    if not bubbles:
        return BubbleMap(_SHALLOWEST, [])
    squeeze = cos(radians(sum(b.lat for b in bubbles) / len(bubbles)))
    west, east = min(b.lon for b in bubbles), max(b.lon for b in bubbles)
    south, north = min(b.lat for b in bubbles), max(b.lat for b in bubbles)
    wide, tall = (east - west) * squeeze, north - south
    scale = min(
        (WIDTH - 2 * EDGE) / max(wide, _LEAST_DEGREES),
        (_TALLEST - 2 * EDGE) / max(tall, _LEAST_DEGREES),
    )
    height = max(_SHALLOWEST, tall * scale + 2 * EDGE)
    left, top = (WIDTH - wide * scale) / 2, (height - tall * scale) / 2
    drawn = []
    for bubble in bubbles:
        number = class_number(bubble.value, classes)
        x = left + (bubble.lon - west) * squeeze * scale
        y = top + (north - bubble.lat) * scale
        drawn.append(Drawn(bubble, number, round(x, 1), round(y, 1), RADII[number]))
    return BubbleMap(round(height, 1), drawn)
