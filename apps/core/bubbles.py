"""A map of bubbles: places on a sheet, sizes in five classes; for lack of a polygon file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, dist, radians

from apps.core.numbers import format_number

WIDTH, EDGE = 640, 34
GROUND_RADIUS = 28
FOOT = 22
N_CLASSES = 5
RADII = (5.0, 10.0, 13.0, 16.0, 19.0, 22.0)
NUMBER_SIZE, NAME_SIZE = 12.0, 11.0
_SHALLOWEST, _TALLEST = 260.0, 760.0
_LEAST_DEGREES = 0.01
_KM_PER_DEGREE = 111.2
_LENGTHS_KM = (1, 2, 5, 10, 20, 50, 100)
_ROUNDS, _LOOK_AGAIN, _NEAR = 200, 10, 20.0
_GAP = 1.5
# How wide a letter of our typeface is, in sizes of type; names need some air besides.
_DIGIT, _LETTER = 0.6, 0.56

Spot = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Bubble:
    """A place with its figure, its key, the words that say all, and the page behind it."""

    key: str
    name: str
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
class Name:
    """A name beside its bubble, where there was room: its middle on the sheet."""

    words: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Scale:
    """A line on the sheet that is so many kilometres long."""

    kilometres: int
    length: float


@dataclass(frozen=True, slots=True)
class BubbleMap:
    """Everything that is drawn; the ground lies under the true places, bubbles may be moved.

    The foot of the sheet is kept free for the scale.
    """

    height: float
    drawn: list[Drawn]
    ground: list[tuple[float, float]]
    names: list[Name]
    scale: Scale | None


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
    """Place bubbles by their coordinates, north above, in the order in which they came.

    Bubbles that would cover each other are moved apart, no further than that needs, so that
    every figure can be read.
    """
    if not bubbles:
        return BubbleMap(_SHALLOWEST, [], [], [], None)
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
    numbers = [class_number(bubble.value, classes) for bubble in bubbles]
    true_spots = tuple(
        (
            left + (bubble.lon - west) * squeeze * scale,
            top + (north - bubble.lat) * scale,
            _radius(bubble.value, number),
        )
        for bubble, number in zip(bubbles, numbers, strict=True)
    )
    drawn = [
        Drawn(bubble, number, round(x, 1), round(y, 1), round(radius, 1))
        for bubble, number, (x, y, radius) in zip(
            bubbles, numbers, spread(true_spots, height), strict=True
        )
    ]
    return BubbleMap(
        round(height + FOOT, 1),
        drawn,
        [(round(x, 1), round(y, 1)) for x, y, _ in true_spots],
        _names(drawn, height),
        _scale(scale / _KM_PER_DEGREE) if len(bubbles) > 1 else None,
    )


@lru_cache(maxsize=64)
def spread(spots: tuple[Spot, ...], height: float) -> tuple[Spot, ...]:
    """Move circles apart until none covers another, and keep them on the sheet."""
    places = [[x, y] for x, y, _ in spots]
    sizes = [radius for _, _, radius in spots]
    near: list[tuple[int, int]] = []
    for turn in range(_ROUNDS):
        if turn % _LOOK_AGAIN == 0:
            near = _neighbours(places, sizes)
        moved = [_parted(places, sizes, i, j) for i, j in near]
        for place, radius in zip(places, sizes, strict=True):
            place[0] = min(max(place[0], radius + 1), WIDTH - radius - 1)
            place[1] = min(max(place[1], radius + 1), height - radius - 1)
        if not any(moved):
            break
    return tuple((x, y, radius) for (x, y), radius in zip(places, sizes, strict=True))


def _neighbours(places: Sequence[list[float]], sizes: Sequence[float]) -> list[tuple[int, int]]:
    """Return the pairs of circles that may come to touch in the next rounds."""
    return [
        (i, j)
        for i in range(len(places))
        for j in range(i)
        if dist(places[i], places[j]) < sizes[i] + sizes[j] + _NEAR
    ]


def _parted(places: Sequence[list[float]], sizes: Sequence[float], i: int, j: int) -> bool:
    """Push two circles apart by half of what they cover of each other; tell whether they did."""
    (ax, ay), (bx, by) = places[i], places[j]
    gap, apart = dist(places[i], places[j]), sizes[i] + sizes[j] + _GAP
    if gap >= apart:
        return False
    # Two at one spot part sideways.
    ux, uy = ((ax - bx) / gap, (ay - by) / gap) if gap else (1.0, 0.0)
    push = (apart - gap) / 2 + 0.01
    places[i][:] = ax + ux * push, ay + uy * push
    places[j][:] = bx - ux * push, by - uy * push
    return True


def _radius(value: int, number: int) -> float:
    """Return the size of a class, or more when the figure needs it."""
    return max(RADII[number], len(format_number(value)) * NUMBER_SIZE * _DIGIT / 2 + 2) * (
        1 if value else RADII[0] / RADII[1]
    )


def _names(drawn: Sequence[Drawn], height: float) -> list[Name]:
    """Put names below or above bubbles, those of the largest figures first, where room is left."""
    names: list[tuple[Name, float]] = []
    for place in sorted(drawn, key=lambda one: -one.bubble.value):
        half = len(place.bubble.name) * NAME_SIZE * _LETTER / 2
        for side in (1, -1):
            y = place.y + side * (place.radius + NAME_SIZE * 0.6 + 1)
            name = Name(place.bubble.name, place.x, round(y, 1))
            if _has_room(name, half, drawn, names, height):
                names.append((name, half))
                break
    return [name for name, _ in names]


def _has_room(
    name: Name,
    half: float,
    drawn: Sequence[Drawn],
    names: Sequence[tuple[Name, float]],
    height: float,
) -> bool:
    """Tell whether a name would cover no bubble, no other name and not the edge."""
    tall = NAME_SIZE * 0.55
    if not half < name.x < WIDTH - half or not tall < name.y < height - tall:
        return False
    for other, its_half in names:
        if abs(name.x - other.x) < half + its_half + 3 and abs(name.y - other.y) < 2 * tall:
            return False
    for place in drawn:
        across = max(abs(place.x - name.x) - half, 0)
        along = max(abs(place.y - name.y) - tall, 0)
        if across**2 + along**2 < place.radius**2:
            return False
    return True


def _scale(per_km: float) -> Scale:
    """Return the longest round distance that takes at most a quarter of the sheet."""
    fitting = [km for km in _LENGTHS_KM if km * per_km <= WIDTH / 4]
    kilometres = max(fitting, default=_LENGTHS_KM[0])
    return Scale(kilometres, round(kilometres * per_km, 1))
