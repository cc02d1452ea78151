"""Check, hand up, submit, receipt, answers, on behalf."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.reports.models import Cell, Report, Submission
from tests.factories.reports import (
    ReportFactory,
    clerk_of,
    earlier,
    filled,
    leader_of,
    line_of,
    provincial_police,
    returned,
    said,
)
from tests.factories.units import ContactFactory
from tests.reports.pages import (
    declare,
    page,
    sign_in,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_check_names_errors_missing_and_warnings(client: Client, lan: User) -> None:
    report = filled(ReportFactory(), {("F1", ""): "5", ("F2", ""): "9"})
    Cell.objects.filter(report=report, line__indicator__code="B2").delete()
    earlier(report, 2026, 10, {"F7c": said(900)})
    sign_in(client, clerk_of(report))

    answer = page(client, "check", report.pk)
    check = answer.context["check"]

    assert [spot.section for spot in check.errors] == ["F"]
    assert [spot.line_id for spot in check.missing] == [line_of(report, "B2").pk]
    assert len(check.warnings) == 1
    assert f'/F/#o-{line_of(report, "F2").pk}"' in text_of(answer)
    assert "Gửi lãnh đạo duyệt" in text_of(answer)


def test_hand_up_needs_the_tick(client: Client, lan: User, report: Report) -> None:
    filled(report)

    assert "Đánh dấu vào ô cam đoan" in text_of(declare(client, "hand_up", report, declared=""))
    assert declare(client, "hand_up", report).status_code == 302
    report.refresh_from_db()
    assert report.state == "awaiting"


def test_leader_gives_back_with_a_word(client: Client, report: Report) -> None:
    filled(report)
    Report.objects.update(state="awaiting")
    sign_in(client, leader_of(report))
    url = reverse("reports:give_back", args=[report.pk])

    assert "Chưa nhập việc cần sửa" in text_of(client.post(url, {"text": ""}))
    assert client.post(url, {"text": "Xem lại mục F"}).status_code == 302
    assert "Xem lại mục F" in text_of(page(client, "contents", report.pk))


def test_submit_leads_to_one_receipt_however_often(client: Client, report: Report) -> None:
    filled(report)
    ContactFactory(unit=provincial_police(), phone="0277 111 222")
    sign_in(client, leader_of(report))

    answers = [
        declare(client, "submit", report),
        declare(client, "submit", report),
        declare(client, "submit", report, client_token="token-cua-the-thu-hai"),
    ]

    receipt = reverse("reports:receipt", args=[report.pk])
    assert [answer["Location"] for answer in answers] == [receipt] * 3
    submission = Submission.objects.get()
    shown = text_of(client.get(receipt))
    assert submission.receipt_code in shown
    assert submission.content_hash in shown
    assert "Đúng hạn" in shown
    assert "0277 111 222" in shown


def test_submit_opens_to_nobody_else(client: Client, report: Report) -> None:
    sign_in(client, leader_of(ReportFactory()))
    post = {"declared": "on", "client_token": "token-cua-trinh-duyet"}

    for pk in (report.pk, 0, 2**63, 10**30):
        assert client.post(f"/bao-cao/{pk}/nop/", post).status_code == 404
    sign_in(client, clerk_of(report))
    assert client.post(f"/bao-cao/{report.pk}/nop/", post).status_code == 403


def test_submit_of_a_broken_rule_comes_back_with_its_cell(client: Client) -> None:
    report = filled(ReportFactory(), {("F1", ""): "5", ("F2", ""): "9"})
    sign_in(client, leader_of(report))

    answer = declare(client, "submit", report)

    assert "lớn hơn" in text_of(answer)
    assert not Submission.objects.exists()


def test_submit_costs_at_most_14_queries(client: Client, report: Report) -> None:
    filled(report)
    sign_in(client, leader_of(report))
    client.get("/")  # the session has been used within this minute

    with CaptureQueriesContext(connection) as queries:
        answer = declare(client, "submit", report)

    assert answer.status_code == 302
    assert len(queries) <= 14, "\n".join(query["sql"][:160] for query in queries)


def test_receipt_before_anything_was_sent_is_404(client: Client, report: Report, lan: User) -> None:
    assert page(client, "receipt", report.pk).status_code == 404


def test_check_after_a_return_shows_what_changed(client: Client, report: Report) -> None:
    filled(report)
    sign_in(client, leader_of(report))
    declare(client, "submit", report)
    Submission.objects.update(state="returned", decided_at=datetime.now().astimezone())
    Report.objects.update(state="returned")
    Cell.objects.filter(line__indicator__code="F1").update(value=4300)

    moved = page(client, "check", report.pk).context["check"].moved

    assert [(each.row.line.code, each.old, each.new) for each in moved] == [
        ("F1", "4.250", "4.300")
    ]


def test_answer_to_a_remark_opens_the_way(client: Client, report: Report) -> None:
    remark = returned(filled(report))
    sign_in(client, leader_of(report))
    url = reverse("reports:answer", args=[report.pk, remark.pk])

    client.post(url, {"answer": "explained", "text": ""})
    remark.refresh_from_db()
    assert remark.answer == ""
    answer = client.post(url, {"answer": "explained", "text": "Đã đối chiếu", "section": "F"})

    remark.refresh_from_db()
    assert (remark.answer, remark.answer_text) == ("explained", "Đã đối chiếu")
    assert answer["Location"].endswith(f"/F/#y-kien-{remark.pk}")


def test_answer_to_a_remark_of_another_report_is_404(client: Client, report: Report) -> None:
    foreign = returned(ReportFactory())
    sign_in(client, leader_of(report))

    url = reverse("reports:answer", args=[report.pk, foreign.pk])
    assert client.post(url, {"answer": "fixed"}).status_code == 404
