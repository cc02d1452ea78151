"""Who issues on a day, and which numbers are left."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.papers.queries import is_number_taken, issuing_body_of, next_number
from tests.factories.papers import IssuingBodyFactory, PaperFactory
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db


def test_issuing_body_of_knows_the_day() -> None:
    old = IssuingBodyFactory(valid=DateRange(date(2021, 1, 1), date(2025, 7, 1)))
    new = IssuingBodyFactory(unit=old.unit, valid=DateRange(date(2025, 7, 1), None))

    assert issuing_body_of(old.unit, date(2025, 6, 30)) == old
    assert issuing_body_of(old.unit, date(2025, 7, 1)) == new
    assert issuing_body_of(old.unit, date(2020, 12, 31)) is None


def test_numbers_of_a_series() -> None:
    unit = UnitFactory()
    series = {"unit": unit, "symbol": "BC-BCĐ", "year": 2026}
    assert next_number(**series) == 1
    PaperFactory(unit=unit, state="issued", number=15, issued_on=date(2026, 11, 18))
    PaperFactory(unit=unit)

    assert next_number(**series) == 16
    assert is_number_taken(**series, number=15)
    assert not is_number_taken(**series, number=16)
    assert not is_number_taken(unit=UnitFactory(), symbol="BC-BCĐ", year=2026, number=15)
