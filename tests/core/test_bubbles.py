"""Classes of figures and places on the sheet."""

from __future__ import annotations

import random
from itertools import combinations
from math import dist

import pytest

from apps.core.bubbles import EDGE, WIDTH, Bubble, class_number, classes_of, draw_map
from apps.core.templatetags.maps import bubble_map


def spans(values: list[int]) -> list[tuple[int, int]]:
    return [(found.low, found.high) for found in classes_of(values)]


def bubble(name: str, value: int, lat: float, lon: float) -> Bubble:
    return Bubble(name, name, f"{name}: {value}", value, lat, lon, f"/{name}/")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([0, 0], []),
        ([4], [(4, 4)]),
        ([1, 1, 1, 9], [(1, 1), (9, 9)]),
        ([1, 2, 3, 4, 5], [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]),
    ],
)
def test_classes_hold_about_as_many_places_each(
    values: list[int], expected: list[tuple[int, int]]
) -> None:
    assert spans(values) == expected


def test_every_figure_falls_into_just_one_of_at_most_five_classes() -> None:
    chance = random.Random(7)
    for _ in range(200):
        values = [chance.randrange(40) for _ in range(chance.randrange(1, 60))]
        classes = classes_of(values)
        assert len(classes) <= 5
        for value in values:
            holding = [found for found in classes if found.low <= value <= found.high]
            assert len(holding) == (1 if value else 0)
            assert class_number(value, classes) == (holding[0].number if holding else 0)


def test_north_is_above_west_is_left_and_nothing_leaves_the_sheet() -> None:
    north = bubble("B", 1, 21.0, 105.0)
    south = bubble("N", 9, 9.0, 106.5)
    drawn = draw_map([south, north], classes_of([1, 9]))

    below, above = drawn.drawn
    assert above.y < below.y and above.x < below.x
    for place in drawn.drawn:
        assert EDGE - 1 <= place.x <= WIDTH - EDGE + 1
        assert place.radius <= place.y <= drawn.height - place.radius


def test_no_bubble_covers_another_and_each_stays_near_its_place() -> None:
    """A hundred communes as close together as in the delta, two of them at one spot."""
    chance = random.Random(3)
    places = [
        bubble(f"Xã {n}", chance.randrange(2000), 10 + chance.random() / 2, 105 + chance.random())
        for n in range(100)
    ]
    places.append(bubble("Trùng chỗ", 7, places[0].lat, places[0].lon))
    drawn = draw_map(places, classes_of([place.value for place in places]))

    for one, other in combinations(drawn.drawn, 2):
        apart = dist((one.x, one.y), (other.x, other.y))
        assert apart > one.radius + other.radius - 2, (one, other)
    moved = [
        dist((place.x, place.y), spot)
        for place, spot in zip(drawn.drawn, drawn.ground, strict=True)
    ]
    assert sum(moved) / len(moved) < 20
    assert all(0 < place.x < WIDTH and 0 < place.y < drawn.height for place in drawn.drawn)


def test_a_name_stands_only_where_it_covers_nothing() -> None:
    places = [bubble(f"Tên dài {n}", 9 - n, 10 + n / 100, 105 + n / 100) for n in range(9)]
    drawn = draw_map([*places, bubble("Xa", 1, 11, 106)], classes_of(list(range(1, 10))))

    assert "Xa" in {name.words for name in drawn.names}
    for name in drawn.names:
        for place in drawn.drawn:
            assert dist((name.x, name.y), (place.x, place.y)) > place.radius


def test_one_place_alone_is_drawn_in_the_middle() -> None:
    (place,) = draw_map([bubble("A", 1, 10.0, 105.0)], classes_of([1])).drawn

    assert place.x == WIDTH / 2


def test_words_from_outside_are_escaped() -> None:
    hostile = '"><script>'
    place = Bubble(hostile, hostile, hostile, 1, 10.0, 105.0, "/a/?b=1&c=2")
    drawn = bubble_map([place], classes_of([1]), "T", hostile)

    assert "<script>" not in drawn
    assert 'href="/a/?b=1&amp;c=2"' in drawn
