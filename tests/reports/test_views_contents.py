"""The list, the contents page, and who may see them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.sheets import read_workbook
from apps.reports.models import Cell, Report
from tests.factories.report_forms import month
from tests.factories.reports import (
    CellFactory,
    ReportFactory,
    clerk_of,
    filled,
    leader_of,
    line_of,
    person_at,
    returned,
    reviewer_of,
)
from tests.factories.units import UnitFactory
from tests.reports.pages import (
    page,
    save,
    sign_in,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_list_shows_state_deadline_and_receiver(client: Client, report: Report, lan: User) -> None:
    shown = text_of(page(client, "list"))

    assert "Báo cáo tháng của xã, tháng 11/2026" in shown
    assert "Chưa nhập" in shown
    assert "Còn 2 ngày" in shown
    assert "Công an tỉnh Đồng Tháp" in shown


def test_list_has_no_report_of_others(client: Client, report: Report, lan: User) -> None:
    ReportFactory()

    assert len(page(client, "list").context["rows"]) == 1


def test_list_of_units_in_charge_finds_without_accents(client: Client, report: Report) -> None:
    ReportFactory(obligation__unit=UnitFactory(name="Xã Mỹ Quý", kind="commune"))
    sign_in(client, reviewer_of(report))

    assert page(client, "list").context["rows"] == []
    assert len(page(client, "list", tab="phu-trach").context["rows"]) == 2
    found = page(client, "list", tab="phu-trach", tim="tan thanh").context["rows"]
    assert [row.report for row in found] == [report]


def test_list_narrows_by_year_kind_and_state(client: Client, report: Report, lan: User) -> None:
    for query, count in (
        ({"nam": "2026"}, 1),
        ({"nam": "2019"}, 1),  # no such year: the list is not narrowed by it
        ({"loai": "month"}, 1),
        ({"loai": "year"}, 0),
        ({"trang_thai": "empty"}, 1),
        ({"trang_thai": "accepted"}, 0),
    ):
        assert len(page(client, "list", **query).context["rows"]) == count, query


def test_list_pages_by_25(client: Client, report: Report, lan: User) -> None:
    owed = report.obligation
    for number in range(1, 13):
        for year in (2024, 2025):
            ReportFactory(
                obligation__unit=owed.unit,
                obligation__filler=owed.filler,
                obligation__period=month(year, number),
            )
    ReportFactory(
        obligation__unit=owed.unit,
        obligation__filler=owed.filler,
        obligation__period=month(2026, 1),
    )

    assert len(page(client, "list").context["rows"]) == 25
    assert len(page(client, "list", trang="2").context["rows"]) == 1


def test_list_when_empty_says_why(client: Client) -> None:
    sign_in(client, person_at(UnitFactory(), "clerk"))

    assert "Chưa có kỳ nào được giao" in text_of(page(client, "list"))


def test_export_is_the_list_as_excel(client: Client, report: Report, lan: User) -> None:
    response = page(client, "export_list")

    (sheet,) = read_workbook(b"".join(response.streaming_content))
    assert sheet.cell(2, 4).text() == "tháng 11/2026"
    assert "attachment" in response["Content-Disposition"]


READS = ("contents", "check", "print")
WRITES = ("submit", "hand_up", "give_back", "take_over", "upload_scan")


@pytest.mark.parametrize("name", [*READS, "receipt"])
def test_report_of_another_unit_is_404_like_a_missing_one(client: Client, name: str) -> None:
    sign_in(client, clerk_of(ReportFactory()))
    foreign = ReportFactory()

    answers = [page(client, name, pk) for pk in (foreign.pk, 999_999)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("name", WRITES)
def test_writing_in_a_report_of_another_unit_is_404(client: Client, name: str) -> None:
    sign_in(client, leader_of(ReportFactory()))
    foreign = ReportFactory()

    assert client.post(reverse(f"reports:{name}", args=[foreign.pk])).status_code == 404


def test_cell_of_another_unit_is_404(client: Client) -> None:
    sign_in(client, clerk_of(ReportFactory()))

    assert save(client, ReportFactory(), "F1", "12").status_code == 404
    assert not Cell.objects.exists()


def test_reviewer_sees_but_may_not_type_or_submit(client: Client, report: Report) -> None:
    sign_in(client, reviewer_of(report))

    shown = text_of(page(client, "section", report.pk, "F"))

    assert "ghi ngày nhận bản giấy" in shown
    assert 'name="o-' not in shown
    assert save(client, report, "F1", "12").status_code == 403


def test_clerk_may_not_submit(client: Client, report: Report, lan: User) -> None:
    answer = client.post(reverse("reports:submit", args=[report.pk]), {"declared": "on"})

    assert answer.status_code == 403


def test_expired_session_is_sent_to_sign_in_and_nothing_is_written(
    client: Client, report: Report
) -> None:
    answer = save(client, report, "F1", "12")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/dang-nhap/?next=")
    assert not Cell.objects.exists()


def test_contents_lists_sections_with_their_state(
    client: Client, report: Report, lan: User
) -> None:
    CellFactory(report=report, code="A2")
    CellFactory(report=report, code="A2d")
    CellFactory(report=report, code="F1")

    sections = page(client, "contents", report.pk).context["sections"]

    assert [(s.code, s.look.label, s.done, s.total) for s in sections] == [
        ("A", "Xong", 2, 2),
        ("B", "Chưa nhập", 0, 3),
        ("F", "Đang nhập", 1, 3),
    ]


def test_contents_of_a_locked_report_says_why(client: Client, report: Report, lan: User) -> None:
    Report.objects.update(state="accepted")

    assert "đã được tiếp nhận" in text_of(page(client, "contents", report.pk))


def test_contents_of_a_returned_report_shows_who_why_and_where(
    client: Client, report: Report, lan: User
) -> None:
    remark = returned(filled(report))

    shown = text_of(page(client, "contents", report.pk))

    assert str(remark.made_by).split(" (")[0] in shown
    assert "Số liệu chưa khớp sổ." in shown
    assert f'/bao-cao/{report.pk}/F/#o-{line_of(report, "F1").pk}"' in shown
    assert "Giải trình" in shown
