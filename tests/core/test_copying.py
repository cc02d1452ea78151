"""Rows that are copied are the same as rows that are saved one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from apps.core.copying import copy_rows, give_keys
from apps.desk.models import SavedFilter
from apps.units.models import Unit, UnitSpan
from tests.factories.accounts import UserFactory
from tests.factories.units import BareUnitFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def test_awkward_text_dates_and_truth_arrive_as_they_were() -> None:
    owner = UserFactory()
    name = "Dòng\t1\nDòng 2 \\N \\ “ô”; \r"
    copy_rows(
        [
            SavedFilter(owner=owner, page="p", name=name, created_at=AT),
            SavedFilter(owner=owner, page="p", name="\\N", query="", created_at=AT),
        ]
    )
    copy_rows([Unit(code=code, is_demo=code == "1", created_at=AT) for code in "01"])

    kept = {row.name: row for row in SavedFilter.objects.all()}
    assert set(kept) == {name, "\\N"}
    assert dict(Unit.objects.values_list("code", "is_demo")) == {"0": False, "1": True}
    assert kept[name].created_at == AT
    assert kept["\\N"].query == ""


@pytest.mark.parametrize("end", [None, date(2026, 1, 1)])
def test_ranges_and_missing_values_arrive(end: date | None) -> None:
    days = DateRange(date(2025, 7, 1), end)
    unit = BareUnitFactory()
    copy_rows([UnitSpan(unit=unit, name="Xã", kind="commune", valid=days)])

    span = UnitSpan.objects.get()
    assert (span.valid, span.area) == (days, None)


def test_keys_are_given_first_so_that_others_can_point_there() -> None:
    rows = [SavedFilter(owner=UserFactory(), page="p", name=n, created_at=AT) for n in "ab"]
    give_keys(rows)
    copy_rows(rows)

    assert {row.pk for row in rows} == set(SavedFilter.objects.values_list("pk", flat=True))


def test_constraints_hold_and_are_named_as_ever() -> None:
    owner = UserFactory()
    rows = [SavedFilter(owner=owner, page="p", name="a", created_at=AT) for _ in range(2)]

    with pytest.raises(IntegrityError, match="saved_filter_name_once"), transaction.atomic():
        copy_rows(rows)


def test_nothing_to_copy_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        copy_rows([])
        give_keys([])
