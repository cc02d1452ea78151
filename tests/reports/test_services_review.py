"""Returning, accepting, reopening: what they change, what they refuse, whom they tell."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.desk.models import Notice
from apps.reports.models import Event, Obligation, Remark, Report, Submission
from apps.reports.services.review import (
    AnswerMissing,
    OwnReport,
    ReasonMissing,
    RemarkMisplaced,
    VersionOutdated,
    accept_report,
    answer_remark,
    reopen_report,
    return_report,
)
from apps.reports.services.submission import RemarksOpen, submit_report
from tests.reports.world import AT, World, make_world, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def send_back(world: World, sent: Submission, line: str = "F1") -> Report:
    line_id = sent.lines.get(indicator__code=line, breakdown="").line_id
    return return_report(
        report=sent.report,
        looked_at=sent,
        reason="Số tin không khớp sổ",
        remarks=[(line_id, "Kiểm tra lại sổ tháng 8"), (line_id, "   "), (None, "Bổ sung phụ lục")],
        by=world.reviewer,
        at=AT,
    )


def test_accept_report_decides_the_version_and_tells_the_audit(world: World) -> None:
    sent = world.send(world.org_1, {})

    report = accept_report(report=sent.report, looked_at=sent, by=world.reviewer, at=AT)

    sent.refresh_from_db()
    assert (report.state, sent.state) == ("accepted", "accepted")
    assert (sent.decided_by, sent.decided_at) == (world.reviewer, AT)
    assert AuditEntry.objects.get(action="reports.accepted").detail["hash"] == sent.content_hash


def test_return_report_keeps_remarks_that_say_something(world: World) -> None:
    sent = world.send(world.org_1, {})

    report = send_back(world, sent)

    assert report.state == "returned"
    assert list(Remark.objects.order_by("pk").values_list("text", flat=True)) == [
        "Kiểm tra lại sổ tháng 8",
        "Bổ sung phụ lục",
    ]
    assert AuditEntry.objects.get(action="reports.returned").detail == {"number": 1, "remarks": 2}


def test_return_report_never_makes_a_unit_late(world: World) -> None:
    sent = world.send(world.org_1, {})
    send_back(world, sent)
    first = Obligation.objects.get(unit=world.org_1).first_submitted_at

    for remark in Remark.objects.all():
        answer_remark(remark=remark, answer="fixed", text="", by=world.clerk, at=AT)
    world.send(world.org_1, {"F1": 99}, at=AT + timedelta(days=60))

    owed = Obligation.objects.get(unit=world.org_1)
    assert owed.first_submitted_at == first
    assert owed.was_on_time is True


def test_return_report_tells_the_people_of_the_unit_and_nobody_else(world: World) -> None:
    leader = person("truong.don.vi", world.org_1, Role.LEADER)
    person("nguoi.khac", world.org_2, Role.LEADER)
    person("thanh.tra", world.org_1, Role.AUDITOR)
    sent = world.send(world.org_1, {})

    send_back(world, sent)

    notice = Notice.objects.get()
    assert notice.user == leader
    assert "Số tin không khớp sổ" in notice.text
    assert notice.url == f"/bao-cao/{sent.report_id}/"


def test_return_report_asks_for_a_reason(world: World) -> None:
    sent = world.send(world.org_1, {})

    with pytest.raises(ReasonMissing):
        return_report(
            report=sent.report, looked_at=sent, reason="  ", remarks=[], by=world.reviewer, at=AT
        )
    assert Report.objects.get(pk=sent.report_id).state == "submitted"


def test_return_report_refuses_a_line_of_another_form(world: World) -> None:
    sent = world.send(world.org_1, {})
    strange = world.report(world.commune_a).obligation.version.lines.first()

    with pytest.raises(RemarkMisplaced):
        return_report(
            report=sent.report,
            looked_at=sent,
            reason="Sai",
            remarks=[(strange.pk, "Nhầm dòng")],
            by=world.reviewer,
            at=AT,
        )
    assert not Remark.objects.exists()


def test_resubmission_waits_for_every_answer(world: World) -> None:
    sent = world.send(world.org_1, {})
    send_back(world, sent)

    with pytest.raises(RemarksOpen):
        world.send(world.org_1, {"F1": 99})

    for remark in Remark.objects.all():
        answer_remark(remark=remark, answer="explained", text="Đã đối chiếu", by=world.clerk, at=AT)
    assert world.send(world.org_1, {"F1": 99}).number == 2


def test_answer_remark_wants_words_for_an_explanation(world: World) -> None:
    send_back(world, world.send(world.org_1, {}))

    with pytest.raises(AnswerMissing):
        answer_remark(
            remark=Remark.objects.first(), answer="explained", text=" ", by=world.clerk, at=AT
        )


@pytest.mark.parametrize("decision", ["accept", "return"])
def test_a_version_that_is_no_longer_current_is_refused(world: World, decision: str) -> None:
    old = world.send(world.org_1, {})
    send_back(world, old)
    for remark in Remark.objects.all():
        answer_remark(remark=remark, answer="fixed", text="", by=world.clerk, at=AT)
    new = world.send(world.org_1, {"F1": 99})

    with pytest.raises(VersionOutdated):
        if decision == "accept":
            accept_report(report=old.report, looked_at=old, by=world.reviewer, at=AT)
        else:
            send_back(world, old)

    new.refresh_from_db()
    assert new.state == "waiting"


def test_a_version_of_another_report_is_refused(world: World) -> None:
    mine, other = world.send(world.org_1, {}), world.send(world.org_2, {})

    with pytest.raises(VersionOutdated):
        accept_report(report=mine.report, looked_at=other, by=world.reviewer, at=AT)


def test_accepting_twice_is_refused(world: World) -> None:
    sent = world.accept(world.org_1, {})

    with pytest.raises(VersionOutdated):
        accept_report(report=sent.report, looked_at=sent, by=world.reviewer, at=AT)


def test_nobody_accepts_what_he_typed_or_sent(world: World) -> None:
    typed = world.send(world.org_1, {})
    with pytest.raises(OwnReport):
        accept_report(report=typed.report, looked_at=typed, by=world.clerk, at=AT)

    report = world.fill(world.org_2, {}, by=person("khac", world.org_2, Role.CLERK))
    sent = submit_report(report=report, client_token="x", by=world.reviewer, at=AT).submission
    with pytest.raises(OwnReport):
        accept_report(report=report, looked_at=sent, by=world.reviewer, at=AT)
    assert not Event.objects.filter(kind="accepted").exists()


def test_reopen_report_gives_it_back_with_a_reason(world: World) -> None:
    leader = person("truong.don.vi", world.org_1, Role.LEADER)
    sent = world.accept(world.org_1, {})

    report = reopen_report(report=sent.report, reason="Đếm trùng", by=world.reviewer, at=AT)

    sent.refresh_from_db()
    assert (report.state, sent.state) == ("returned", "returned")
    assert Event.objects.get(kind="reopened").text == "Đếm trùng"
    assert AuditEntry.objects.get(action="reports.reopened").detail["reason"] == "Đếm trùng"
    assert Notice.objects.get().user == leader


def test_reopen_report_refuses_without_reason_and_what_is_not_accepted(world: World) -> None:
    sent = world.send(world.org_1, {})
    with pytest.raises(VersionOutdated):
        reopen_report(report=sent.report, reason="Sai", by=world.reviewer, at=AT)

    accept_report(report=sent.report, looked_at=sent, by=world.reviewer, at=AT)
    with pytest.raises(ReasonMissing):
        reopen_report(report=sent.report, reason=" ", by=world.reviewer, at=AT)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield pool


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_make_one_decision(threads: ThreadPoolExecutor) -> None:
    world = make_world()
    other = person("hai", world.police, Role.REVIEWER)
    sent = world.send(world.org_1, {})

    def accept() -> str:
        try:
            accept_report(report=sent.report, looked_at=sent, by=world.reviewer, at=AT)
        except DomainError as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    def give_back() -> str:
        try:
            return_report(
                report=sent.report, looked_at=sent, reason="Sai", remarks=[], by=other, at=AT
            )
        except DomainError as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    answers = [
        work.result(timeout=30) for work in (threads.submit(accept), threads.submit(give_back))
    ]

    assert sorted(answers) == ["VersionOutdated", "done"]
    assert Event.objects.filter(kind__in=["accepted", "returned"]).count() == 1
