"""Silence is counted in the database as in the rules, also at the edges of quarters."""

from __future__ import annotations

from datetime import date

import pytest

from apps.programs.queries.site_list import silent_before
from apps.programs.rules import silent_quarters

DAYS = [
    date(year, month, day) for year in (2025, 2026) for month in range(1, 13) for day in (1, 28)
]


@pytest.mark.parametrize("quarters", [1, 2, 4, 7])
@pytest.mark.parametrize("on", [date(2026, 11, 18), date(2026, 12, 31), date(2027, 1, 1)])
def test_the_day_before_which_news_must_lie_is_that_of_the_rules(on: date, quarters: int) -> None:
    before = silent_before(on, quarters)
    for heard in DAYS:
        if heard <= on:
            assert (heard < before) == (silent_quarters(heard, on) >= quarters)
