"""The reviewer's pages: queue, one report, decisions, and who is let in."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.reports.models import Remark, Report, Submission
from apps.reports.queries.review import queue_of
from apps.reports.queries.review_sheet import review_sheet
from apps.reports.services.review import answer_remark, return_report
from tests.reports.world import AT, HANOI, World, make_period, make_world, person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 9, 12, 8, 0, tzinfo=HANOI)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reviewer(world: World) -> Client:
    return browser(world.reviewer)


def page(client: Client, report: Report) -> str:
    answer = client.get(reverse("reports:review", args=[report.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def decide(client: Client, name: str, sent: Submission, **said: object) -> object:
    data = {"looked_at": sent.pk, "reason": ""} | said
    return client.post(reverse(f"reports:{name}", args=[sent.report_id]), data)


def test_inbox_lists_what_this_reviewer_receives(world: World, reviewer: Client) -> None:
    world.send(world.commune_a, {})
    world.send(world.org_1, {})  # received by the commune police, not by the province

    text = reviewer.get(reverse("reports:inbox")).content.decode()

    assert "Xã Mỹ Hòa" in text
    assert "Trường THPT" not in text
    assert "1 báo cáo chờ bạn xử lý" in text


def test_inbox_puts_warnings_first_and_groups(world: World, reviewer: Client) -> None:
    before = world.open(make_period(world.calendar, "quarter", 2026, 2))
    for unit in (world.commune_a, world.commune_b, world.front):
        world.accept(unit, {"F1": 100, "F2": 40}, before)
    world.send(world.commune_a, {"F1": 100})
    world.send(world.commune_b, {"F1": 900})
    sent = world.send(world.front, {})
    return_report(
        report=sent.report, looked_at=sent, reason="Sai", remarks=[], by=world.reviewer, at=AT
    )

    rows = queue_of(world.reviewer, NOW)

    assert [(row.unit_name, row.group, row.n_warnings) for row in rows] == [
        ("Xã Tân Thạnh", "new", 1),
        ("Xã Mỹ Hòa", "new", 0),
        ("Ủy ban MTTQ tỉnh", "returned", 0),
    ]
    late = queue_of(world.reviewer, datetime(2026, 9, 20, tzinfo=HANOI))
    assert {row.group for row in late[:2]} == {"overdue"}


def test_inbox_finds_without_accents_and_by_period(world: World, reviewer: Client) -> None:
    world.send(world.commune_a, {})
    world.send(world.commune_b, {})

    found = reviewer.get(reverse("reports:inbox"), {"q": "tan thanh"}).content.decode()
    nothing = reviewer.get(reverse("reports:inbox"), {"q": "cao lanh"}).content.decode()
    other = make_period(world.calendar, "quarter", 2026, 4)
    empty = reviewer.get(reverse("reports:inbox"), {"period": other.pk}).content.decode()

    assert "Xã Tân Thạnh" in found
    assert "Xã Mỹ Hòa" not in found
    assert "Không thấy báo cáo nào khớp" in nothing
    assert "0 báo cáo chờ bạn xử lý (quý IV/2026)" in empty


def test_inbox_says_when_all_is_done(world: World, reviewer: Client) -> None:
    assert "Chưa có báo cáo nào chờ" in reviewer.get(reverse("reports:inbox")).content.decode()

    sent = world.send(world.commune_a, {})
    decide(reviewer, "accept", sent)

    assert "Đã xử lý hết 1 báo cáo" in reviewer.get(reverse("reports:inbox")).content.decode()


def count_queries(client: Client, url: str) -> int:
    client.get(url)  # the first request of a session also saves it
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_inbox_asks_as_often_for_one_as_for_many(world: World, reviewer: Client) -> None:
    world.send(world.commune_a, {})
    once = count_queries(reviewer, reverse("reports:inbox"))
    world.send(world.commune_b, {})
    world.send(world.front, {})

    assert count_queries(reviewer, reverse("reports:inbox")) == once <= 15


def test_review_shows_now_before_and_last_year(world: World, reviewer: Client) -> None:
    last_year = world.open(make_period(world.calendar, "quarter", 2025, 4))
    before = world.open(make_period(world.calendar, "quarter", 2026, 2))
    world.accept(world.commune_a, {"F1": 1111, "F2": 0}, before)
    world.accept(world.commune_a, {"F1": 777, "F2": 0}, last_year)
    sent = world.send(world.commune_a, {"F1": 5555, "F2": "not_available"})

    text = page(reviewer, sent.report)

    assert "5.555" in text
    assert "1.111" in text
    assert "+4.444" in text
    assert "Chưa có số liệu" in text
    assert "quá 50 % so với kỳ trước" in text


def test_review_marks_exactly_the_changed_cells(world: World, reviewer: Client) -> None:
    sent = world.send(world.commune_a, {"F1": 100, "F2": 40, "E2": 7})
    decide(reviewer, "return", sent, reason="Sai số")
    again = world.send(world.commune_a, {"F1": 120, "F2": 40, "E2": "nothing"})

    sheet = review_sheet(world.report(world.commune_a), again)

    assert {row.line.code for row in sheet.rows if row.is_changed} == {"F1", "E2"}
    assert sheet.n_changed == 2
    text = page(reviewer, again.report)
    assert text.count("đã đổi, lần trước") == 2
    assert "Chỉ ô đã đổi từ lần 1 (2)" in text


def test_review_of_a_first_version_offers_no_comparison(world: World, reviewer: Client) -> None:
    text = page(reviewer, world.send(world.commune_a, {}).report)

    assert "Chỉ ô đã đổi" not in text
    assert "đã đổi, lần trước" not in text


def test_review_shows_remarks_with_their_answers(world: World, reviewer: Client) -> None:
    sent = world.send(world.commune_a, {})
    line = sent.lines.get(indicator__code="F1").line_id
    decide(reviewer, "return", sent, reason="Sai", **{f"remark-{line}": "Kiểm tra sổ <b>"})
    remark = Remark.objects.get()
    answer_remark(remark=remark, answer="explained", text="Đúng theo sổ", by=world.clerk, at=AT)
    again = world.send(world.commune_a, {"F1": 101})

    text = page(reviewer, again.report)

    assert "Kiểm tra sổ &lt;b&gt;" in text
    assert "Giải trình" in text
    assert "Đúng theo sổ" in text


def test_accept_goes_on_to_the_next_report(world: World, reviewer: Client) -> None:
    first, second = world.send(world.commune_a, {}), world.send(world.commune_b, {})

    answer = decide(reviewer, "accept", first)

    assert answer.url == reverse("reports:review", args=[second.report_id])
    assert "Đã tiếp nhận báo cáo Xã Mỹ Hòa" in str(next(iter(get_messages(answer.wsgi_request))))
    assert decide(reviewer, "accept", second).url == reverse("reports:inbox")


def test_return_without_reason_keeps_what_was_typed(world: World, reviewer: Client) -> None:
    sent = world.send(world.commune_a, {})
    line = sent.lines.get(indicator__code="F1").line_id

    answer = decide(reviewer, "return", sent, **{f"remark-{line}": "Xem lại dòng này"})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Ghi lý do trả lại" in text
    assert "Xem lại dòng này</textarea>" in text
    assert Report.objects.get(pk=sent.report_id).state == "submitted"


def test_accept_with_remarks_is_refused_so_that_none_is_lost(
    world: World, reviewer: Client
) -> None:
    sent = world.send(world.commune_a, {})
    line = sent.lines.get(indicator__code="F1").line_id

    answer = decide(reviewer, "accept", sent, **{f"remark-{line}": "Xem lại"})

    assert answer.status_code == 422
    assert "Bạn đã ghi ý kiến" in answer.content.decode()


def test_an_outdated_version_gives_a_fresh_page_with_what_was_typed(
    world: World, reviewer: Client
) -> None:
    old = world.send(world.commune_a, {"F1": 100})
    decide(reviewer, "return", old, reason="Sai")
    new = world.send(world.commune_a, {"F1": 123})

    answer = decide(reviewer, "return", old, reason="Lý do gõ dở")

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "không còn là bản chờ tiếp nhận" in text
    assert "Lý do gõ dở" in text
    assert f'name="looked_at" value="{new.pk}"' in text
    new.refresh_from_db()
    assert new.state == "waiting"


def test_own_report_is_refused_in_words(world: World) -> None:
    both = person("vua.nhap", world.police, Role.REVIEWER)
    report = world.fill(world.commune_a, {}, by=both)
    from apps.reports.services.submission import submit_report  # noqa: PLC0415

    sent = submit_report(report=report, client_token="t", by=world.clerk, at=AT).submission

    answer = decide(browser(both), "accept", sent)

    assert answer.status_code == 422
    assert "người khác phải tiếp nhận" in answer.content.decode()


def test_reopen_asks_for_a_reason_and_takes_it_out(world: World, reviewer: Client) -> None:
    sent = world.accept(world.commune_a, {})
    url = reverse("reports:reopen", args=[sent.report_id])
    assert "Mở lại báo cáo đã tiếp nhận" in page(reviewer, sent.report)

    refused = reviewer.post(url, {"reason": ""})
    done = reviewer.post(url, {"reason": "Đếm trùng"})

    assert refused.status_code == 422
    assert "Chưa nhập lý do mở lại" in refused.content.decode()
    assert done.status_code == 302
    assert Report.objects.get(pk=sent.report_id).state == "returned"


def test_a_report_nobody_has_sent_says_so(world: World, reviewer: Client) -> None:
    assert "Đơn vị chưa nộp báo cáo này" in page(reviewer, world.report(world.commune_a))


def test_another_unit_s_report_is_not_there(world: World) -> None:
    sent = world.send(world.commune_b, {})
    outsider = browser(person("xa.a", world.police_a, Role.REVIEWER))

    assert outsider.get(reverse("reports:review", args=[sent.report_id])).status_code == 404
    assert decide(outsider, "accept", sent).status_code == 404
    assert outsider.get(reverse("reports:review", args=[10**9])).status_code == 404


def test_who_sees_but_does_not_receive_may_not_decide(world: World, reviewer: Client) -> None:
    sent = world.send(world.org_1, {})

    text = page(reviewer, sent.report)

    assert "Tiếp nhận</button>" not in text
    assert decide(reviewer, "accept", sent).status_code == 403
    assert Report.objects.get(pk=sent.report_id).state == "submitted"


@pytest.mark.parametrize("role", [Role.CLERK, Role.LEADER, Role.PROVINCE_LEADER, Role.AUDITOR])
def test_only_reviewers_come_in(world: World, role: Role) -> None:
    sent = world.send(world.commune_a, {})
    client = browser(person("khac", world.police, role))

    assert client.get(reverse("reports:inbox")).status_code == 403
    assert client.get(reverse("reports:review", args=[sent.report_id])).status_code == 403
    assert decide(client, "accept", sent).status_code == 403


def test_review_asks_as_often_for_many_remarks(world: World, reviewer: Client) -> None:
    sent = world.send(world.commune_a, {})
    decide(reviewer, "return", sent, reason="Sai")
    again = world.send(world.commune_a, {"F1": 101})
    url = reverse("reports:review", args=[again.report_id])
    once = count_queries(reviewer, url)
    for number, line in enumerate(again.lines.all()):
        Remark.objects.create(
            report=again.report,
            submission=again,
            line_id=line.line_id,
            text=f"Ý {number}",
            made_at=AT,
            made_by=world.reviewer,
        )
    world.send(world.commune_b, {})

    assert count_queries(reviewer, url) == once <= 24
