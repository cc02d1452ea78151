"""Reviews of programmes become reports that units owe: once, of everybody who had it in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.urls import reverse

from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.home.queries import work_list
from apps.programs.models import Program
from apps.programs.rules import TargetSign
from apps.programs.services.program_ends import withdraw_program
from apps.programs.services.programs import send_program
from apps.reports.models import Obligation, Report, TemplateVersion
from apps.reports.models.obligations import ObligationState
from apps.reports.queries.sums import Node, read_node
from apps.reports.services.entry import Entry, save_block
from apps.reports.services.obligations import excuse_obligation
from apps.reports.services.program_reviews import open_program_reviews
from apps.reports.services.review import accept_report
from apps.reports.services.submission import submit_report
from apps.units.models import Unit
from tests.factories.programs import ProgramFactory, ProgramTargetFactory
from tests.reports.world import HANOI, World, make_world, person, reading

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 7, 1, 8, 0, tzinfo=HANOI)
INTERIM, FINAL = date(2026, 10, 20), date(2027, 1, 20)
NEAR = datetime(2026, 9, 10, 9, 0, tzinfo=HANOI)


@pytest.fixture
def world() -> World:
    return make_world()


def sent_program(world: World, *units: Unit, **changes: object) -> Program:
    facts = {"interim_due_on": INTERIM, "final_due_on": FINAL} | changes
    program: Program = ProgramFactory(
        unit=world.root,
        title="Kế hoạch Ngày hội",
        number="47/KH-BCĐ",
        issued_on=date(2026, 6, 20),
        valid_from=date(2026, 6, 20),
        **facts,
    )
    send_program(program=program, units=units or [world.commune_a], by=None, at=SENT)
    return program


def reviews() -> list[Obligation]:
    rows = Obligation.objects.filter(template__code__startswith="ct-")
    return list(rows.select_related("template", "period").order_by("pk"))


def test_review_opens_before_its_day_with_the_name_and_the_day(world: World) -> None:
    program = sent_program(world, world.commune_a, world.org_1)

    assert open_program_reviews(by=None, at=NEAR - timedelta(days=30)) == 0
    assert open_program_reviews(by=None, at=NEAR) == 2

    commune, organisation = sorted(reviews(), key=lambda row: row.unit_id != world.commune_a.pk)
    assert commune.template.code == f"ct-{program.pk}-so-ket"
    assert commune.template.name == "Báo cáo sơ kết: 47/KH-BCĐ Kế hoạch Ngày hội"
    assert commune.due_at == datetime(2026, 10, 21, tzinfo=HANOI)
    assert commune.period.label == "từ 20/06/2026 đến 19/10/2026"
    # A commune's report is written by its police and received by the province's, as always.
    assert (commune.filler, commune.consolidator) == (world.police_a, world.police)
    assert (organisation.filler, organisation.consolidator) == (world.org_1, world.police_a)


def test_review_stands_in_the_work_list_at_once(world: World) -> None:
    sent_program(world)
    clerk = person("xa.nhap", world.police_a, Role.CLERK)
    open_program_reviews(by=None, at=NEAR)

    works = work_list(clerk, NEAR)
    (work,) = [w for w in works.soon + works.other if "sơ kết" in w.title]

    assert "47/KH-BCĐ" in work.title and work.due is not None
    assert work.due_at == datetime(2026, 10, 21, tzinfo=HANOI)


def test_tick_may_run_any_number_of_times(world: World) -> None:
    program = sent_program(world, world.commune_a)
    open_program_reviews(by=None, at=NEAR)
    (first,) = reviews()
    excuse_obligation(
        obligation=first,
        state=ObligationState.EXEMPT,
        reason="Đã báo cáo giấy",
        decision_ref="",
        by=world.reviewer,
        at=NEAR,
    )
    send_program(program=program, units=[world.commune_a, world.commune_b], by=None, at=NEAR)

    assert open_program_reviews(by=None, at=NEAR) == 1
    assert open_program_reviews(by=None, at=NEAR) == 0

    kept, added = reviews()
    assert (kept.pk, kept.state) == (first.pk, ObligationState.EXEMPT)
    assert added.unit == world.commune_b
    assert Report.objects.filter(obligation__in=[kept, added]).count() == 2
    assert AuditEntry.objects.filter(action="reports.review_opened").count() == 2


def test_missed_review_is_caught_up_but_not_for_who_came_later(world: World) -> None:
    program = sent_program(world, world.commune_a)
    late = datetime(2026, 11, 1, 9, 0, tzinfo=HANOI)
    send_program(program=program, units=[world.commune_b], by=None, at=late)

    assert open_program_reviews(by=None, at=late) == 1
    assert [row.unit for row in reviews()] == [world.commune_a]


def test_interim_and_final_are_two_reports(world: World) -> None:
    sent_program(world)
    at = datetime(2026, 12, 20, 9, 0, tzinfo=HANOI)

    assert open_program_reviews(by=None, at=at) == 2
    assert [row.template.period_kind for row in reviews()] == ["half_year", "year"]


def test_draft_and_closed_programmes_ask_nobody(world: World) -> None:
    ProgramFactory(interim_due_on=INTERIM, valid_from=date(2026, 6, 20))
    closed = sent_program(world)
    Program.objects.filter(pk=closed.pk).update(state="closed")

    assert open_program_reviews(by=None, at=NEAR) == 0


def test_form_asks_both_sides_of_each_target_and_words(world: World) -> None:
    program = sent_program(world)
    ProgramTargetFactory(
        program=program, indicator=world.indicators["RF2"], sign=TargetSign.MORE_THAN, value=80
    )
    ProgramTargetFactory(program=program, indicator=world.indicators["F1"], value=5, order=2)
    open_program_reviews(by=None, at=NEAR)

    version = TemplateVersion.objects.get(template__code=f"ct-{program.pk}-so-ket")

    lines = version.lines.order_by("order").values_list("indicator__code", flat=True)
    assert (list(lines), version.state) == (["F2", "F1"], "published")
    parts = version.parts.order_by("order").values_list("code", flat=True)
    assert list(parts) == ["ket_qua", "ton_tai", "phuong_huong"]


def test_figures_of_a_review_are_not_added_to_the_ordinary_report(world: World) -> None:
    program = sent_program(world)
    ProgramTargetFactory(program=program, indicator=world.indicators["RF2"], value=80)
    open_program_reviews(by=None, at=NEAR)
    (owed,) = reviews()
    world.accept(world.commune_a, {"F1": 100, "F2": 40})
    fill_review(world, owed)

    node = Node(world.commune_a.pk, world.period.pk, world.period.start, date(2026, 9, 14))
    assert read_node(node)["F1", ""].value == 100


def fill_review(world: World, owed: Obligation) -> None:
    report = Report.objects.select_related("obligation__version").get(obligation=owed)
    lines = owed.version.lines.values_list("pk", flat=True)
    said = [Entry(line, reading(7), 0) for line in lines]
    if said:
        save_block(report=report, entries=said, by=world.clerk, at=NEAR)
    sent = submit_report(report=report, client_token="x", by=world.clerk, at=NEAR).submission
    accept_report(report=sent.report, looked_at=sent, by=world.reviewer, at=NEAR)


def test_review_without_targets_is_words_only_and_can_be_sent(world: World) -> None:
    sent_program(world)
    open_program_reviews(by=None, at=NEAR)
    (owed,) = reviews()
    client = Client()
    client.force_login(person("xa.nhap", world.police_a, Role.LEADER))
    with time_machine.travel(NEAR, tick=False):
        for name in ("reports:contents", "reports:check"):
            assert client.get(reverse(name, args=[owed.report.pk])).status_code == 200

    fill_review(world, owed)

    owed.refresh_from_db()
    assert owed.first_submitted_at == NEAR


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_open_each_review_once(world: World) -> None:
    sent_program(world, world.commune_a, world.commune_b)
    start = Barrier(2)

    def tick() -> int:
        try:
            start.wait(timeout=10)
            return open_program_reviews(by=None, at=NEAR)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        opened = [future.result(timeout=60) for future in [pool.submit(tick), pool.submit(tick)]]

    assert sorted(opened) == [0, 2] and len(reviews()) == 2


def test_reviews_of_a_withdrawn_programme_are_waived_once(world: World) -> None:
    program = sent_program(world, world.commune_a, world.commune_b)
    open_program_reviews(by=None, at=NEAR)
    withdraw_program(program=program, reason="Gửi nhầm", by=world.reviewer, at=NEAR)

    open_program_reviews(by=None, at=NEAR)
    open_program_reviews(by=None, at=NEAR)

    assert {(row.state, row.reason) for row in reviews()} == {
        (ObligationState.WAIVED, "Chương trình đã thu hồi.")
    }
    assert AuditEntry.objects.filter(action="reports.review_waived").count() == 1
