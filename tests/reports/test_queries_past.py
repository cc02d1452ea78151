"""What earlier periods say beside a cell: neighbours, gaps, the year's sum, how old a stock is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.reports.models import Report
from apps.reports.queries.past import past_of
from apps.reports.rules import CellFigure
from tests.factories.report_forms import month
from tests.factories.reports import ReportFactory, earlier, said, sent

pytestmark = pytest.mark.django_db
F1, A2 = ("F1", ""), ("A2", "")


@pytest.fixture
def january() -> Report:
    """Return a report of the first month of a year."""
    made: Report = ReportFactory(obligation__period=month(2026, 1))
    return made


def test_before_of_january_is_december_of_the_year_before(january: Report) -> None:
    earlier(january, 2025, 12, {"F1": said(70)})
    earlier(january, 2025, 1, {"F1": said(50)})

    past = past_of(january.obligation)

    assert past.before[F1].value == 70
    assert past.last_year[F1].value == 50


def test_before_is_only_the_very_period_before(report: Report) -> None:
    earlier(report, 2026, 9, {"F1": said(30)})

    assert F1 not in past_of(report.obligation).before


def test_a_version_that_was_returned_is_not_shown(report: Report) -> None:
    submission = earlier(report, 2026, 10, {"F1": said(30)})
    submission.state = "returned"
    submission.save()

    assert F1 not in past_of(report.obligation).before


def test_a_version_that_waits_is_shown_until_one_is_accepted(report: Report) -> None:
    owed = report.obligation
    before = ReportFactory(
        obligation__unit=owed.unit,
        obligation__filler=owed.filler,
        obligation__period=month(2026, 10),
    )
    sent(before, {"F1": said(30)}, state="waiting")

    assert past_of(owed).before[F1].value == 30


def test_another_units_figures_are_never_beside_ours(report: Report) -> None:
    earlier(ReportFactory(), 2026, 10, {"F1": said(30)})

    assert past_of(report.obligation).before == {}


def test_year_so_far_counts_nothing_as_zero_and_leaves_unknown_out(report: Report) -> None:
    earlier(report, 2026, 8, {"F1": CellFigure("nothing")})
    earlier(report, 2026, 9, {"F1": CellFigure("not_available")})
    earlier(report, 2026, 10, {"F1": said(30, "nearly")})
    earlier(report, 2025, 12, {"F1": said(900)})

    past = past_of(report.obligation)
    so_far = past.year_so_far(F1)

    assert (so_far.value, so_far.qualifier, so_far.periods) == (Decimal(30), "nearly", 2)
    assert so_far.with_current(said(5, "over")).qualifier == "about"
    assert past.kept_this_year == (3, 10)


def test_year_so_far_without_any_figure_shows_nothing(report: Report) -> None:
    so_far = past_of(report.obligation).year_so_far(F1)

    assert so_far.with_current(CellFigure()).state == "missing"
    assert so_far.with_current(CellFigure("nothing")).state == "zero"


def test_unchanged_since_goes_back_to_the_first_equal_figure(report: Report) -> None:
    for number, figure in ((7, 33), (8, 34), (9, 34), (10, 34)):
        earlier(report, 2026, number, {"A2": said(figure)})

    assert past_of(report.obligation).unchanged_since(A2) == ("tháng 8/2026", 3)
    assert past_of(report.obligation).unchanged_since(F1) is None


def test_series_keeps_its_gaps(report: Report) -> None:
    earlier(report, 2026, 8, {"F1": said(1)})
    earlier(report, 2026, 10, {"F1": said(3)})
    month(2026, 9)

    series = past_of(report.obligation).series(F1)

    assert [(label, figure.number) for label, figure in series] == [
        ("tháng 8/2026", Decimal(1)),
        ("tháng 9/2026", None),
        ("tháng 10/2026", Decimal(3)),
    ]


def test_past_costs_two_queries_however_long(report: Report) -> None:
    for number in range(1, 11):
        earlier(report, 2026, number, {"F1": said(number)})
    owed = report.obligation

    with CaptureQueriesContext(connection) as queries:
        past_of(owed)

    assert len(queries) == 2
