"""Sending a report: to the leader, back, up; the receipt, the scan, on behalf."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Thread
from time import sleep

import pytest
from django.db import connection, transaction

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.files import StoredFile
from apps.core.uploads import CleanUpload
from apps.reports.models import Cell, Event, Report, ReportScan, Submission
from apps.reports.services.entry import ReportClosed
from apps.reports.services.review import answer_remark
from apps.reports.services.submission import (
    AlreadySent,
    NotReady,
    PaperMissing,
    Receipt,
    RemarksOpen,
    add_scan,
    send_back,
    send_to_leader,
    start_on_behalf,
    submit_report,
)
from apps.reports.services.texts import save_text
from tests.factories.accounts import UserFactory
from tests.factories.reports import ReportFactory, filled, returned

pytestmark = pytest.mark.django_db
TOKEN = "token-cua-trinh-duyet"


@pytest.fixture
def report() -> Report:
    return filled(ReportFactory())


@pytest.fixture
def minh() -> User:
    return UserFactory(full_name="Lê Văn Minh")


def test_send_to_leader_locks_the_clerk_out(report: Report, minh: User, at: datetime) -> None:
    assert send_to_leader(report=report, by=minh, at=at).state == "awaiting"
    with pytest.raises(AlreadySent):
        send_to_leader(report=report, by=minh, at=at)
    assert Event.objects.filter(kind="sent_to_leader").count() == 1


def test_send_back_opens_it_again_with_a_word(report: Report, minh: User, at: datetime) -> None:
    send_to_leader(report=report, by=minh, at=at)

    send_back(report=report, text="Xem lại mục F", by=minh, at=at)

    report.refresh_from_db()
    assert report.state == "draft"
    assert Event.objects.get(kind="sent_back").text == "Xem lại mục F"
    with pytest.raises(AlreadySent):
        send_back(report=report, text="Lần nữa", by=minh, at=at)


def test_submit_report_freezes_every_line(report: Report, minh: User, at: datetime) -> None:
    receipt = submit_report(report=report, client_token=TOKEN, by=minh, at=at)

    lines = receipt.submission.lines
    assert lines.count() == report.obligation.version.lines.count()
    assert lines.get(indicator__code="F2").qualifier == "nearly"
    report.refresh_from_db()
    assert report.state == "submitted"
    assert report.obligation.first_submitted_at == at
    assert AuditEntry.objects.filter(action="reports.submitted").count() == 1


def test_submit_report_twice_with_one_token_gives_one_receipt(
    report: Report, minh: User, at: datetime
) -> None:
    first = submit_report(report=report, client_token=TOKEN, by=minh, at=at)
    second = submit_report(report=report, client_token=TOKEN, by=minh, at=at)

    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert first.submission.receipt_code == second.submission.receipt_code
    assert Submission.objects.count() == 1
    assert Event.objects.filter(kind="submitted").count() == 1


def test_submit_report_from_another_tab_is_not_a_second_version(
    report: Report, minh: User, at: datetime
) -> None:
    submit_report(report=report, client_token=TOKEN, by=minh, at=at)

    with pytest.raises(AlreadySent):
        submit_report(report=report, client_token="token-cua-the-khac", by=minh, at=at)


def test_submit_report_with_a_missing_line_is_refused_whole(
    report: Report, minh: User, at: datetime
) -> None:
    Cell.objects.filter(line__indicator__code="F1").delete()

    with pytest.raises(NotReady, match="F1"):
        submit_report(report=report, client_token=TOKEN, by=minh, at=at)

    assert not Submission.objects.exists()
    report.refresh_from_db()
    assert report.state == "draft"


def test_submit_report_with_more_valuable_tips_than_tips_is_refused(
    minh: User, at: datetime
) -> None:
    report = filled(ReportFactory(), {("F1", ""): "5", ("F2", ""): "9"})

    with pytest.raises(NotReady, match="lớn hơn"):
        submit_report(report=report, client_token=TOKEN, by=minh, at=at)


def test_submit_report_waits_for_answers(report: Report, minh: User, at: datetime) -> None:
    remark = returned(report)

    with pytest.raises(RemarksOpen):
        submit_report(report=report, client_token=TOKEN, by=minh, at=at)

    answer_remark(remark=remark, answer="fixed", text="", by=minh, at=at)
    receipt = submit_report(report=report, client_token=TOKEN, by=minh, at=at)
    assert receipt.submission.number == 2
    assert Event.objects.filter(kind="resubmitted").count() == 1


def test_submit_report_again_keeps_the_first_moment(
    report: Report, minh: User, at: datetime
) -> None:
    report.obligation.first_submitted_at = at - timedelta(days=3)
    report.obligation.save()

    submit_report(report=report, client_token=TOKEN, by=minh, at=at)

    report.obligation.refresh_from_db()
    assert report.obligation.first_submitted_at == at - timedelta(days=3)


def test_submit_report_after_the_hard_close_is_refused(
    report: Report, minh: User, at: datetime
) -> None:
    report.obligation.hard_close_at = at
    report.obligation.save()

    with pytest.raises(ReportClosed):
        submit_report(report=report, client_token=TOKEN, by=minh, at=at)


def test_same_content_has_the_same_hash_another_figure_another(minh: User, at: datetime) -> None:
    hashes = [
        submit_report(
            report=filled(ReportFactory(), texts), client_token=TOKEN, by=minh, at=at
        ).submission.content_hash
        for texts in ({}, {}, {("F1", ""): "4.251"})
    ]

    assert hashes[0] == hashes[1] != hashes[2]


def scan(report: Report, by: User, at: datetime) -> ReportScan:
    upload = CleanUpload("ban-ky.pdf", b"%PDF-", "application/pdf", "a" * 64)
    stored = StoredFile("a" * 64, 5, f"aa/{'a' * 64}.pdf")
    return add_scan(report=report, upload=upload, stored=stored, by=by, at=at)


def test_add_scan_of_the_same_file_twice_is_one(report: Report, minh: User, at: datetime) -> None:
    assert scan(report, minh, at) == scan(report, minh, at)
    assert Event.objects.filter(kind="scan_added").count() == 1


def test_start_on_behalf_keeps_the_day_the_paper_came(
    report: Report, minh: User, at: datetime
) -> None:
    start_on_behalf(report=report, paper_received_on=date(2026, 11, 16), by=minh, at=at)

    with pytest.raises(PaperMissing):
        submit_report(report=report, client_token=TOKEN, by=minh, at=at)
    scan(report, minh, at)
    late = at + timedelta(days=9)
    submit_report(report=report, client_token=TOKEN, by=minh, at=late)

    report.obligation.refresh_from_db()
    first = report.obligation.first_submitted_at
    assert first is not None
    assert first.astimezone(at.tzinfo).date() == date(2026, 11, 16)
    assert report.obligation.was_on_time


def test_start_on_behalf_with_a_day_to_come_is_refused(
    report: Report, minh: User, at: datetime
) -> None:
    with pytest.raises(PaperMissing, match="tương lai"):
        start_on_behalf(report=report, paper_received_on=date(2026, 11, 19), by=minh, at=at)


@pytest.mark.django_db(transaction=True)
def test_submit_report_sees_a_text_saved_while_it_waited(at: datetime) -> None:
    report, minh = filled(ReportFactory()), UserFactory()
    receipts: list[Receipt] = []

    def submit() -> None:
        try:
            receipts.append(submit_report(report=report, client_token=TOKEN, by=minh, at=at))
        finally:
            connection.close()

    other = Thread(target=submit)
    with transaction.atomic():
        save_text(report=report, part="uu_diem", body="Câu viết sau cùng", base=0, by=minh, at=at)
        other.start()
        _wait_until_somebody_waits()
    other.join(10)

    assert receipts[0].submission.texts == {"uu_diem": "Câu viết sau cùng"}


@pytest.mark.django_db(transaction=True)
def test_submit_report_twice_at_once_gives_one_receipt(at: datetime) -> None:
    report, minh = filled(ReportFactory()), UserFactory()
    receipts: list[Receipt] = []

    def submit() -> None:
        try:
            receipts.append(submit_report(report=report, client_token=TOKEN, by=minh, at=at))
        finally:
            connection.close()

    threads = [Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len({receipt.submission.receipt_code for receipt in receipts}) == 1
    assert sorted(receipt.is_repeat for receipt in receipts) == [False, True, True, True]


def _wait_until_somebody_waits() -> None:
    """Return when another connection to this database waits for a lock."""
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("nobody waits")
