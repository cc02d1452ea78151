"""What the unit's pages cost: the same for one line and for twenty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.reports.models import Report
from tests.factories.indicators import IndicatorFactory
from tests.factories.report_forms import TemplateVersionFactory, catalogue
from tests.factories.reports import (
    GOOD,
    CellFactory,
    ReportFactory,
    SubmissionFactory,
    clerk_of,
    reviewer_of,
)
from tests.reports.pages import (
    page,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def long_report(lines: int) -> Report:
    """Return a filled report whose section F has that many lines."""
    section = catalogue()["F1"].section
    codes = [IndicatorFactory(section=section, name=f"Chỉ tiêu {n}").code for n in range(lines)]
    version = TemplateVersionFactory(
        number=2 + lines,
        lines=[(code, "") for code in codes],
        template=ReportFactory().obligation.template,
    )
    report = ReportFactory(obligation__version=version)
    for code in codes:
        CellFactory(report=report, code=code)
    return report


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [("contents", (), 15), ("section", ("F",), 11), ("check", (), 14)],
)
def test_pages_cost_the_same_for_1_and_20_lines(
    client: Client, name: str, args: tuple[str, ...], expected: int
) -> None:
    costs = []
    for lines in (1, 20):
        report = long_report(lines)
        sign_in(client, clerk_of(report))
        page(client, name, report.pk, *args)
        with CaptureQueriesContext(connection) as queries:
            page(client, name, report.pk, *args)
        costs.append(len(queries))

    assert costs == [expected, expected]


def test_list_costs_the_same_for_1_and_20_reports(client: Client) -> None:
    report = ReportFactory()
    sign_in(client, reviewer_of(report))
    page(client, "list", tab="phu-trach")
    costs = []
    for more in (0, 19):
        for _ in range(more):
            ReportFactory()
        with CaptureQueriesContext(connection) as queries:
            page(client, "list", tab="phu-trach")
        costs.append(len(queries))

    assert costs[0] == costs[1] == 9


def test_saving_a_cell_costs_the_same_for_1_and_20_lines(client: Client) -> None:
    costs = []
    for lines in (1, 20):
        report = long_report(lines)
        line = report.obligation.version.lines.order_by("order")[0]
        sign_in(client, clerk_of(report))
        page(client, "section", report.pk, "F")
        url = reverse("reports:cell", args=[report.pk, line.pk])
        with CaptureQueriesContext(connection) as queries:
            client.post(url, {"text": "99", "base": 1})
        costs.append(len(queries))

    assert costs[0] == costs[1] == 19


def test_every_good_figure_of_the_factory_can_be_submitted() -> None:
    assert len(GOOD) == len(ReportFactory().obligation.version.lines.all())
    assert SubmissionFactory().receipt_code
