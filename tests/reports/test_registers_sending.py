"""What a register said is frozen with the report; who signs signs what he saw."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.reports.documents.unit_report import unit_report_context
from apps.reports.models import Cell, JointShare, Report, Submission, SubmissionLine
from apps.reports.queries.forms import form_rows
from apps.reports.queries.printing import printed_report
from apps.reports.queries.review_sheet import review_sheet
from apps.reports.rules import Reading, cell_text
from apps.reports.services.entry import Entry, save_cell
from apps.reports.services.review import return_report
from apps.reports.services.submission import FiguresChanged, NotReady, submit_report
from tests.factories.accounts import UserFactory
from tests.factories.reports import (
    GOOD,
    CellFactory,
    ReportFactory,
    filled,
    leader_of,
    line_of,
    reviewer_of,
)
from tests.factories.units import UnitFactory
from tests.reports.ledger import Ledger
from tests.reports.pages import TOKEN, page, sign_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def minh() -> User:
    return UserFactory(full_name="Lê Văn Minh")


@pytest.fixture
def ready(report: Report, ledger: Ledger) -> Report:
    """Return a report with every line filled, F1 by its register: 4.250, shared with a school."""
    filled(report)
    Cell.objects.filter(report=report, line__indicator__code="F1").delete()
    ledger.write("F1", report.obligation.unit, value=4249)
    ledger.write("F1", report.obligation.unit, UnitFactory(), value=1)
    return report


def submit(report: Report, by: User, at: datetime, **more: str) -> Submission:
    return submit_report(report=report, client_token=TOKEN, by=by, at=at, **more).submission


def frozen(submission: Submission, code: str) -> SubmissionLine:
    return submission.lines.get(indicator__code=code)


def override(report: Report, number: int, by: User, at: datetime) -> None:
    entry = Entry(
        line_of(report, "F1").pk, Reading("value", Decimal(number)), 0, "Ba tin chưa vào sổ"
    )
    save_cell(report=report, entry=entry, by=by, at=at)


def test_a_submission_keeps_the_registers_figure_and_its_joint_records(
    ready: Report, minh: User, at: datetime
) -> None:
    submission = submit(ready, minh, at)

    line = frozen(submission, "F1")
    assert (line.state, line.value, line.source) == ("value", 4250, "register")
    assert line.register_value == 4250
    share = JointShare.objects.get()
    assert (share.indicator.code, share.record_id, share.value) == ("F1", 2, 1)
    assert frozen(submission, "F2").register_value is None


def test_an_override_is_sent_with_what_the_register_said_and_shares_nothing(
    ready: Report, minh: User, at: datetime
) -> None:
    override(ready, 4253, minh, at)

    line = frozen(submit(ready, minh, at), "F1")

    assert (line.value, line.register_value, line.source) == (4253, 4250, "typed")
    assert line.note == "Ba tin chưa vào sổ"
    assert not JointShare.objects.exists()


def test_what_a_register_knew_as_more_than_is_not_sent_as_exact(
    ready: Report, ledger: Ledger, minh: User, at: datetime
) -> None:
    ledger.write("F1", ready.obligation.unit, value=1, qualifier="over")
    override(ready, 4300, minh, at)
    submission = submit(ready, minh, at)

    row = next(row for row in review_sheet(ready, submission).rows if row.line.code == "F1")
    [locked] = [row for row in form_rows(submission.report) if row.line.code == "F1"]

    assert row.register is not None
    assert cell_text(row.register, 0) == "hơn 4.251"
    assert locked.register == row.register


def test_a_zero_and_an_about_of_a_register_are_sent_as_they_are(
    ready: Report, ledger: Ledger, minh: User, at: datetime
) -> None:
    Cell.objects.filter(line__indicator__code__in=["B2", "F7c"]).delete()
    ledger.write("B2", ready.obligation.unit, value=900, qualifier="about")
    ledger.know("F7c", ready.obligation.unit)

    submission = submit(ready, minh, at)

    assert frozen(submission, "B2").qualifier == "about"
    zero = frozen(submission, "F7c")
    assert (zero.state, zero.value, zero.register_value) == ("zero", 0, 0)


def test_a_report_that_registers_fill_whole_can_be_sent_without_typing(
    report: Report, ledger: Ledger, minh: User, at: datetime
) -> None:
    unit = report.obligation.unit
    for code, breakdown in GOOD:
        ledger.write(code, unit, value=5, breakdown=breakdown)

    submit(report, minh, at)

    assert not Cell.objects.exists()
    assert not SubmissionLine.objects.exclude(source="register").exists()


def test_an_empty_report_is_still_not_ready(report: Report, minh: User, at: datetime) -> None:
    with pytest.raises(NotReady):
        submit(report, minh, at)


def test_the_hash_follows_what_is_shown_and_paper_and_receipt_agree(
    ready: Report, ledger: Ledger, minh: User, at: datetime
) -> None:
    on = date(2026, 11, 17)
    printed = unit_report_context(printed_report(ready, on), at)["content_hash"]
    ledger.rows[0].value += 1
    moved = unit_report_context(printed_report(ready, on), at)["content_hash"]
    ledger.rows[0].value -= 1
    submission = submit(ready, minh, at)

    assert submission.content_hash == printed != moved
    ready.refresh_from_db()
    later = unit_report_context(printed_report(ready, on), at)["content_hash"]
    assert later == submission.content_hash


def test_after_a_return_the_report_follows_the_register_again(
    ready: Report, ledger: Ledger, minh: User, at: datetime
) -> None:
    submission = submit(ready, minh, at)
    ledger.rows[0].value = Decimal(9)
    return_report(
        report=ready, looked_at=submission, reason="Kiểm tra F1", remarks=[], by=minh, at=at
    )

    ready.refresh_from_db()
    [row] = [row for row in form_rows(ready) if row.line.code == "F1"]
    assert row.figure.value == 10
    assert frozen(submission, "F1").value == 4250


def test_submit_costs_the_same_for_1_and_7_register_lines(
    ledger: Ledger, minh: User, at: datetime
) -> None:
    costs = []
    for n_lines in (1, 7):
        report = filled(ReportFactory())
        for code, breakdown in list(GOOD)[:n_lines]:
            Cell.objects.filter(report=report, line=line_of(report, code, breakdown)).delete()
            ledger.write(code, report.obligation.unit, UnitFactory(), value=5, breakdown=breakdown)
        with CaptureQueriesContext(connection) as queries:
            submit_report(report=report, client_token=TOKEN + str(n_lines), by=minh, at=at)
        costs.append(len(queries))

    assert costs[0] == costs[1] == 7


# The leader signs what he saw


def seen_on(client: Client, report: Report) -> dict[str, Any]:
    """Return what the form of the check page would send."""
    context = page(client, "check", report.pk).context
    return {
        "declared": "on",
        "client_token": TOKEN,
        "seen_hash": context["check"].content_hash,
        "seen": context["seen"],
    }


def test_a_leader_who_saw_other_figures_is_shown_the_new_ones(
    client: Client, ready: Report, ledger: Ledger
) -> None:
    sign_in(client, leader_of(ready))
    values = seen_on(client, ready)
    ledger.rows[0].value += 10
    url = reverse("reports:submit", args=[ready.pk])

    refused = client.post(url, values)

    text = text_of(refused)
    assert "Báo cáo đã thay đổi từ lúc bạn mở trang này" in text
    assert "Số đã đổi từ lúc bạn mở trang (1)" in text
    assert "4.250" in text
    assert "4.260" in text
    assert not Submission.objects.exists()
    again = values | {"seen_hash": refused.context["check"].content_hash}
    assert client.post(url, again)["Location"] == reverse("reports:receipt", args=[ready.pk])
    assert frozen(Submission.objects.get(), "F1").value == 4260


def test_a_form_that_sends_no_hash_still_works(client: Client, ready: Report) -> None:
    sign_in(client, leader_of(ready))
    client.post(
        reverse("reports:submit", args=[ready.pk]), {"declared": "on", "client_token": TOKEN}
    )

    assert Submission.objects.count() == 1


@pytest.mark.parametrize("seen", ["không phải json", "[1]", "null", '{"9": {"a": 1}}'])
def test_nonsense_about_what_was_seen_breaks_nothing(
    client: Client, ready: Report, seen: str
) -> None:
    sign_in(client, leader_of(ready))
    values = {"declared": "on", "client_token": TOKEN, "seen_hash": "0" * 64, "seen": seen}

    answer = client.post(reverse("reports:submit", args=[ready.pk]), values)

    assert answer.status_code == 200
    assert not Submission.objects.exists()


def test_a_hash_of_other_figures_is_refused_by_the_service(
    ready: Report, minh: User, at: datetime
) -> None:
    with pytest.raises(FiguresChanged):
        submit(ready, minh, at, seen_hash="0" * 64)


# Pages


def test_the_check_page_lists_overrides_with_reasons_and_figures_of_registers(
    client: Client, ready: Report, ledger: Ledger, minh: User, at: datetime
) -> None:
    ledger.write("F2", ready.obligation.unit, value=3200, qualifier="nearly")
    override(ready, 4253, minh, at)
    sign_in(client, leader_of(ready))

    text = text_of(page(client, "check", ready.pk))

    assert "Ghi khác sổ (1)" in text
    assert "Ba tin chưa vào sổ" in text
    assert "Lấy từ sổ (1)" in text
    assert "gần 3.200" in text


def test_a_reviewer_sees_both_figures_and_the_reason(
    client: Client, ready: Report, minh: User, at: datetime
) -> None:
    override(ready, 4253, minh, at)
    submit(ready, minh, at)
    sign_in(client, reviewer_of(ready))

    text = text_of(client.get(reverse("reports:review", args=[ready.pk])))

    assert "Đơn vị ghi khác sổ: sổ 4.250, báo cáo 4.253. Lý do: Ba tin chưa vào sổ" in text
    assert "Chỉ dòng có cảnh báo (1)" in text


def test_the_records_page_of_a_cell_lists_them_and_says_when_the_register_moved(
    client: Client, ready: Report, ledger: Ledger, minh: User, at: datetime
) -> None:
    line = line_of(ready, "F1").pk
    sign_in(client, leader_of(ready))
    text = text_of(page(client, "cell_records", ready.pk, line))
    assert 'href="/so/1/"' in text
    assert "chung của 2 đơn vị" in text
    assert "2 bản ghi, tổng 4.250" in text
    assert "Sổ đã thay đổi" not in text

    submit(ready, minh, at)
    ledger.rows[0].value += 1
    text = text_of(page(client, "cell_records", ready.pk, line))
    assert "Sổ đã thay đổi sau khi báo cáo được gửi" in text
    assert "4.251" in text


def test_a_line_without_a_register_has_no_records_page(client: Client, ready: Report) -> None:
    sign_in(client, leader_of(ready))
    assert page(client, "cell_records", ready.pk, line_of(ready, "A2").pk).status_code == 404


@pytest.mark.parametrize(("name", "more"), [("section", ("F",)), ("check", ())])
def test_pages_cost_the_same_for_1_and_4_register_lines(
    client: Client, ledger: Ledger, name: str, more: tuple[str, ...]
) -> None:
    costs = []
    for codes in (["F1"], ["F1", "F2", "F7c", "B2"]):
        report = ReportFactory()
        CellFactory(report=report, code="A2")
        for code in codes:
            ledger.write(code, report.obligation.unit)
        sign_in(client, leader_of(report))
        page(client, name, report.pk, *more)
        with CaptureQueriesContext(connection) as queries:
            page(client, name, report.pk, *more)
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_the_records_page_costs_the_same_for_1_and_20_records(
    client: Client, report: Report, ledger: Ledger
) -> None:
    ledger.write("F1", report.obligation.unit)
    sign_in(client, leader_of(report))
    line = line_of(report, "F1").pk
    page(client, "cell_records", report.pk, line)
    costs = []
    for more in (0, 19):
        for _ in range(more):
            ledger.write("F1", report.obligation.unit, UnitFactory())
        with CaptureQueriesContext(connection) as queries:
            page(client, "cell_records", report.pk, line)
        costs.append(len(queries))

    assert costs[0] == costs[1]
