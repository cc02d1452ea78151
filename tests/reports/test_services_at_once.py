"""Two people, two workers: what happens at the same moment happens once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connections

from apps.audit.models import AuditEntry
from apps.desk.models import Job
from apps.reports.models import Document, Event, Obligation, ObligationStep, Report
from apps.reports.services.documents import order_document, render_document
from apps.reports.services.obligations import open_period_reports
from tests.factories.papers import IssuingBodyFactory
from tests.reports.world import AT, World, make_period, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

Result = TypeVar("Result")


def twice_at_once(work: Callable[[], Result]) -> list[Result]:
    start = Barrier(2)

    def one() -> Result:
        try:
            start.wait(timeout=10)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one), pool.submit(one)]]


@pytest.fixture
def world() -> World:
    made = make_world()
    IssuingBodyFactory(unit=made.root)
    made.accept(made.org_1, {"F1": 9, "F2": 1})
    return made


def ordered(world: World) -> Job:
    return order_document(
        root=world.root, period=world.period, incomplete_reason="Bão", by=world.reviewer, at=AT
    )


def test_two_ticks_open_each_report_once_and_say_so(world: World) -> None:
    period = make_period(world.calendar, "quarter", 2025, 4)

    opened = twice_at_once(lambda: open_period_reports(period=period, by=None, at=AT))

    assert sorted(opened) == [0, 5]
    made = Obligation.objects.filter(period=period)
    assert made.count() == Report.objects.filter(obligation__in=made).count() == 5
    assert ObligationStep.objects.filter(obligation__in=made).count() == 5
    assert Event.objects.filter(report__obligation__in=made).count() == 5
    entries = AuditEntry.objects.filter(action="reports.period_opened", target_id=str(period.pk))
    assert [entry.detail for entry in entries] == [{"opened": 5}]


def test_two_clicks_order_one_document(world: World) -> None:
    jobs = twice_at_once(lambda: ordered(world))

    assert jobs[0].pk == jobs[1].pk
    assert Document.objects.get().number == 1


def test_of_two_workers_one_renders(world: World) -> None:
    job = ordered(world)

    done = twice_at_once(lambda: render_document(job_id=job.pk, clock=lambda: AT))

    assert sorted(result is None for result in done) == [False, True]
    assert Document.objects.get().paper.files.count() == 1
    assert Job.objects.get().attempts == 1
