"""Statements planned once a connection."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection, transaction
from django.db.utils import DataError
from django.test.utils import CaptureQueriesContext

from apps.core.prepared import Prepared

pytestmark = pytest.mark.django_db


def test_rows_gives_values_their_types() -> None:
    types = {"ids": "bigint[]", "on": "date", "numbers": "numeric[]", "text": "text"}
    statement = Prepared("SELECT %(on)s, %(numbers)s, %(text)s, %(ids)s, %(on)s", types)
    on = date(2026, 2, 28)

    rows = statement.rows({"ids": [], "on": on, "numbers": [None, None], "text": "5 %% '"})

    assert rows == [(on, [None, None], "5 %% '", [], on)]


def test_rows_is_one_query_and_planned_once() -> None:
    statement = Prepared("SELECT 1 + %(more)s", {"more": "int"})
    with CaptureQueriesContext(connection) as queries:
        assert [statement.rows({"more": n}) for n in (1, 2)] == [[(2,)], [(3,)]]

    assert len(queries) == 2
    assert all(query["sql"].startswith("EXECUTE ") for query in queries)


def test_rows_works_after_the_transaction_that_prepared_it_was_rolled_back() -> None:
    statement = Prepared("SELECT 10 / %(by)s", {"by": "numeric"})
    with pytest.raises(DataError), transaction.atomic():
        statement.rows({"by": 0})

    [[number]] = statement.rows({"by": 4})
    assert number == Decimal("2.5")


def test_rows_works_on_a_connection_that_has_not_prepared_it() -> None:
    statement = Prepared("SELECT 7", {})
    found = [statement.rows({})]

    def ask() -> None:
        try:
            found.append(statement.rows({}))
        finally:
            connection.close()

    other = Thread(target=ask)
    other.start()
    other.join()
    assert found == [[(7,)], [(7,)]]
