"""The registry asks the one who knows, once per register."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.indicators import figures
from apps.indicators.figures import Figure, SourceTaken, answer, has_source, register_source

WINDOW = (date(2025, 12, 15), date(2026, 12, 15))


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(figures, "_sources", {})
    yield


def count_tips(codes: Any, unit_ids: Any, window: Any) -> dict[tuple[str, int, str], Figure]:
    assert window == WINDOW
    return {(code, unit, ""): Figure(Decimal(3)) for code in codes for unit in unit_ids}


def test_answer_comes_from_the_register() -> None:
    register_source("tips", count_tips)

    assert has_source("tips")
    assert answer("tips", ["F1"], [7], WINDOW) == {("F1", 7, ""): Figure(Decimal(3), "exact")}


def test_answer_of_an_absent_register_is_nothing_not_zero() -> None:
    assert not has_source("tips")
    assert answer("tips", ["F1"], [7], WINDOW) == {}


def test_register_source_twice_is_harmless_but_two_apps_collide() -> None:
    register_source("tips", count_tips)
    register_source("tips", count_tips)

    with pytest.raises(SourceTaken, match="tips"):
        register_source("tips", lambda _codes, _units, _window: {})
