"""A number of a series is used or free."""

from datetime import date

import pytest

from apps.papers.queries import is_number_taken
from tests.factories.papers import PaperFactory
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db


def test_is_number_taken_in_the_unit_symbol_and_year() -> None:
    unit = UnitFactory()
    PaperFactory(unit=unit, state="issued", number=15, issued_on=date(2026, 11, 18))
    PaperFactory(unit=unit)

    assert is_number_taken(unit=unit, symbol="BC-BCĐ", year=2026, number=15)
    assert not is_number_taken(unit=unit, symbol="BC-BCĐ", year=2026, number=16)
    assert not is_number_taken(unit=unit, symbol="BC-BCĐ", year=2025, number=15)
    assert not is_number_taken(unit=UnitFactory(), symbol="BC-BCĐ", year=2026, number=15)
