"""A register that changes after a report was sent: both numbers are shown, none is replaced."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.reports.models import Submission
from apps.reports.queries.drift import drifts_of, drifts_within
from apps.reports.services.review import return_report
from apps.units.models import Unit
from tests.reports.ledger import Ledger
from tests.reports.test_registers_totals import NOW
from tests.reports.world import AT, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def accepted(world: World, ledger: Ledger, unit: Unit, n_records: int = 5) -> Submission:
    for _ in range(n_records):
        ledger.write("A1", unit)
    return world.accept(unit, {})


def test_records_that_come_late_or_go_are_told_with_both_numbers(
    world: World, ledger: Ledger
) -> None:
    accepted(world, ledger, world.org_1)
    assert drifts_of(world.report(world.org_1)) == []

    ledger.write("A1", world.org_1)
    [drift] = drifts_of(world.report(world.org_1))
    assert (drift.code, drift.text) == ("A1", "lúc nộp 5, nay 6")

    del ledger.rows[:3]
    assert [drift.text for drift in drifts_of(world.report(world.org_1))] == ["lúc nộp 5, nay 3"]

    ledger.rows.clear()
    ledger.known.clear()
    assert [drift.text for drift in drifts_of(world.report(world.org_1))] == [
        "lúc nộp 5, nay chưa có gì"
    ]


def test_a_first_record_is_told_too_and_a_returned_report_follows_its_register(
    world: World, ledger: Ledger
) -> None:
    ledger.know("A1", world.org_2)  # so that the code is this register's
    sent = world.send(world.org_1, {"A1": 4})
    ledger.know("A1", world.org_1)
    assert drifts_of(world.report(world.org_1)) == [], "no record counts like 0"

    ledger.write("A1", world.org_1, value=4, qualifier="over")
    assert [row.text for row in drifts_of(world.report(world.org_1))] == [
        "lúc nộp chưa có gì, nay hơn 4"
    ]

    return_report(
        report=sent.report,
        looked_at=sent,
        reason="Xem lại số người dự",
        remarks=[],
        by=world.reviewer,
        at=AT,
    )
    assert drifts_of(world.report(world.org_1)) == []


def test_unit_reviewer_and_consolidator_see_it_where_they_look(
    world: World, ledger: Ledger, client: Client
) -> None:
    sent = accepted(world, ledger, world.org_1)
    ledger.write("A1", world.org_1)
    period, report = world.period.pk, sent.report_id
    pages = [
        reverse("reports:contents", args=[report]),
        reverse("reports:review", args=[report]),
        f"{reverse('reports:drilldown', args=[period, 'A1'])}?don_vi={world.commune_a.pk}",
        reverse("reports:figure_records", args=[period, "A1"]),
        reverse("reports:drifts", args=[period]),
    ]

    client.force_login(world.reviewer)
    for page in pages:
        assert "lúc nộp 5, nay 6" in client.get(page).content.decode(), page


def test_a_whole_list_asks_each_register_once(world: World, ledger: Ledger) -> None:
    units = [world.org_1, world.org_2]
    accepted(world, ledger, units[0])
    costs = []
    for n_units in (1, 2):
        for unit in units[1:n_units]:
            accepted(world, ledger, unit)
        ledger.write("A1", *units[:n_units])
        before = ledger.n_asked
        with CaptureQueriesContext(connection) as queries:
            found = drifts_within([unit.pk for unit in units], world.period)
        costs.append((len(queries), ledger.n_asked - before))
        assert len(found) == n_units

    assert costs == [(1, 1), (1, 1)]
