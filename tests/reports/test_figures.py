"""Accepted figures as others read them: one query, this window only, said figures only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.indicators.figures import RegisterFigure
from apps.reports.figures import answer_accepted
from apps.reports.models import Report
from apps.reports.rules import CellFigure
from tests.factories.reports import ReportFactory, said, sent

pytestmark = pytest.mark.django_db

NOVEMBER = (date(2026, 10, 15), date(2026, 11, 15))


@pytest.fixture
def report() -> Report:
    made: Report = ReportFactory()
    return made


def window(report: Report) -> tuple[date, date]:
    return report.obligation.period.start, report.obligation.period.end


def test_said_figures_are_answered_and_unsaid_ones_are_not(report: Report) -> None:
    unit = report.obligation.unit_id
    figures = {
        "F1": said(12, "over"),
        "F2": said(0),
        "B2": CellFigure("nothing"),
        "A2": CellFigure("not_available"),
        "A2d": CellFigure("not_applicable"),
    }
    sent(report, figures)

    found = answer_accepted(["F1", "F2", "B2", "A2", "A2d", "F7c"], [unit], window(report))

    assert found == {
        ("F1", unit, ""): RegisterFigure(Decimal(12), "over"),
        ("F2", unit, ""): RegisterFigure(Decimal(0), "exact"),
        ("B2", unit, ""): RegisterFigure(Decimal(0), "exact"),
    }


def test_parts_are_answered_by_their_codes(report: Report) -> None:
    unit = report.obligation.unit_id
    sent(report, {"B1": said(4)})

    found = answer_accepted(["B1"], [unit], window(report))

    assert set(found) == {("B1", unit, "buoi"), ("B1", unit, "diem")}


@pytest.mark.parametrize("state", ["waiting", "returned", "superseded"])
def test_only_accepted_figures_count(report: Report, state: str) -> None:
    sent(report, {"F1": said(12)}, state)

    assert answer_accepted(["F1"], [report.obligation.unit_id], window(report)) == {}


def test_another_window_another_unit_and_another_code_are_not_answered(report: Report) -> None:
    unit, (start, end) = report.obligation.unit_id, window(report)
    sent(report, {"F1": said(12)})

    assert (start, end) == NOVEMBER
    assert answer_accepted(["F1"], [unit], (start, date(2026, 12, 15))) == {}
    assert answer_accepted(["F1"], [unit + 1], (start, end)) == {}
    assert answer_accepted(["F2"], [unit], (start, end)) == {}


@pytest.mark.parametrize("count", [1, 6])
def test_it_costs_one_query_for_any_number_of_units(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reports = ReportFactory.create_batch(count)
    for report in reports:
        sent(report, {"F1": said(3)})
    units = [report.obligation.unit_id for report in reports]

    with django_assert_num_queries(1):
        found = answer_accepted(["F1"], units, NOVEMBER)

    assert len(found) == count
