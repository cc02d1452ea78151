"""Each bell rings one service, under the name that is on the schedule, as often as it likes."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine

from antq_portal.celery import app
from apps.desk.models import Job
from apps.reports import tasks
from apps.reports.models import Document, Obligation, Reconciliation, Rollup, RollupNode
from apps.reports.services.documents import ISSUE_TASK, RENDER_TASK, issue_document, order_document
from tests.factories.papers import IssuingBodyFactory
from tests.reports.world import AT, HANOI, World, make_period, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize(
    "name", [RENDER_TASK, ISSUE_TASK, "reports.open_due", "reports.recompute", "reports.reconcile"]
)
def test_the_names_that_others_ring_are_registered(name: str) -> None:
    assert name in app.tasks


def test_open_due_opens_what_has_come_due_once(world: World) -> None:
    period = make_period(world.calendar, "quarter", 2026, 4)

    with time_machine.travel(datetime(2026, 12, 1, 6, 0, tzinfo=HANOI), tick=False):
        opened = [tasks.open_due(), tasks.open_due()]

    assert opened == [5, 0]
    assert Obligation.objects.filter(period=period).count() == 5


def test_recompute_sums_what_changed_and_then_has_nothing_to_do(world: World) -> None:
    world.accept(world.org_1, {"F1": 9, "F2": 1})

    first, again = tasks.recompute(), tasks.recompute()

    assert (first > 0, again) == (True, 0)
    assert not RollupNode.objects.filter(is_dirty=True).exists()
    assert Rollup.objects.get(unit=world.commune_a, indicator__code="F1").value == 9


def test_reconcile_counts_differences_and_repairs_nothing(world: World) -> None:
    world.accept(world.org_1, {"F1": 9, "F2": 1})
    tasks.recompute()
    Rollup.objects.filter(unit=world.commune_a, indicator__code="F1").update(value=8)

    found = [tasks.reconcile(), tasks.reconcile()]

    assert found == [1, 1]
    assert Reconciliation.objects.count() == 2
    assert Rollup.objects.get(unit=world.commune_a, indicator__code="F1").value == 8


@pytest.mark.slow
def test_render_and_issue_make_one_file_each_however_often_they_ring(world: World) -> None:
    IssuingBodyFactory(unit=world.root)
    world.accept(world.org_1, {"F1": 9, "F2": 1})
    ordered = order_document(
        root=world.root, period=world.period, incomplete_reason="Bão", by=world.reviewer, at=AT
    )
    for _ in range(2):
        tasks.render(job_id=ordered.pk)
    document = Document.objects.get()
    issued = issue_document(
        document=document, number=3, issued_on=AT.date(), by=world.reviewer, at=AT
    )
    for _ in range(2):
        tasks.issue(job_id=issued.pk)

    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert document.paper.files.count() == 2


def test_a_bell_for_a_job_that_is_gone_does_nothing() -> None:
    tasks.render(job_id=987_654_321)
    tasks.issue(job_id=987_654_321)

    assert not Document.objects.exists()
