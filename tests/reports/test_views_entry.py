"""The pages of the unit's side, through the client: rights, grid, paste, sending, paper."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.core.sheets import read_workbook
from apps.reports.models import Cell, Report, ReportScan, ReportText, Submission
from tests.factories.indicators import IndicatorFactory
from tests.factories.reports import (
    GOOD,
    CellFactory,
    ReportFactory,
    SubmissionFactory,
    TemplateVersionFactory,
    catalogue,
    clerk_of,
    earlier,
    filled,
    leader_of,
    line_of,
    month,
    person_at,
    provincial_police,
    returned,
    reviewer_of,
    said,
)
from tests.factories.units import ContactFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TOKEN = "token-cua-trinh-duyet"


@pytest.fixture
def report() -> Report:
    return ReportFactory()


@pytest.fixture
def lan(report: Report, client: Client) -> User:
    """The clerk, signed in."""
    user = clerk_of(report)
    client.force_login(user)
    return user


def sign_in(client: Client, user: User) -> User:
    client.force_login(user)
    return user


def page(client: Client, name: str, *args: Any, **query: str) -> Any:
    return client.get(reverse(f"reports:{name}", args=args), query)


def text_of(response: Any) -> str:
    return response.content.decode()


def save(client: Client, report: Report, code: str, text: str, base: int = 0, **more: str) -> Any:
    url = reverse("reports:cell", args=[report.pk, line_of(report, code).pk])
    return client.post(url, {"text": text, "base": base, **more})


# --- List ---------------------------------------------------------------------------------------


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


# --- Rights -------------------------------------------------------------------------------------

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


# --- Contents -----------------------------------------------------------------------------------


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

    assert remark.made_by.full_name in shown
    assert "Số liệu chưa khớp sổ." in shown
    assert f'/bao-cao/{report.pk}/F/#o-{line_of(report, "F1").pk}"' in shown
    assert "Giải trình" in shown


# --- Grid ---------------------------------------------------------------------------------------


def test_section_shows_figures_as_people_type_them(
    client: Client, report: Report, lan: User
) -> None:
    for code, text in (("F1", "hơn 1.250"), ("F2", "0"), ("F7c", "-")):
        CellFactory(report=report, code=code, text=text)

    shown = text_of(page(client, "section", report.pk, "F"))

    for text in ("hơn 1.250", "0", "-"):
        assert f'value="{text}"' in shown


def test_section_shows_past_and_the_sum_of_the_year(
    client: Client, report: Report, lan: User
) -> None:
    earlier(report, 2026, 10, {"F1": said(100)})
    earlier(report, 2026, 9, {"F1": said(30, "over")})
    earlier(report, 2025, 11, {"F1": said(80)})
    earlier(report, 2025, 12, {"F1": said(7)})
    CellFactory(report=report, code="F1", text="20")

    (line,) = [
        shown.line
        for shown in page(client, "section", report.pk, "F").context["lines"]
        if shown.line.row.line.code == "F1"
    ]

    assert (line.before, line.last_year) == ("100", "80")
    assert line.year_total == "hơn 150"  # 2026 only: 30 + 100 + 20, as weak as its weakest part
    assert "quá 50 %" in line.warnings[0]


def test_section_of_a_form_without_it_is_404(client: Client, report: Report, lan: User) -> None:
    assert page(client, "section", report.pk, "Z").status_code == 404


def test_cell_is_saved_and_comes_back_normalised(client: Client, report: Report, lan: User) -> None:
    answer = save(client, report, "F1", "1250").json()

    (line,) = [each for each in answer["lines"] if each["line"] == line_of(report, "F1").pk]
    assert (line["text"], line["version"], line["state"]) == ("1.250", 1, "saved")
    assert answer["section"] == {"done": 1, "total": 3, "label": "Đang nhập"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("mười", "không phải là số"),
        ("1,5", "số nguyên"),
        ("-4", "số âm"),
        ("1000000000000000", "quá lớn"),
        ("1" * 90, "quá dài"),
    ],
)
def test_cell_that_cannot_be_read_says_so_and_writes_nothing(
    client: Client, report: Report, lan: User, text: str, word: str
) -> None:
    answer = save(client, report, "F1", text)

    assert (answer.status_code, answer.json()["kind"]) == (422, "unreadable")
    assert word in answer.json()["message"]
    assert not Cell.objects.exists()


def test_cell_1250_with_a_dot_is_1250(client: Client, report: Report, lan: User) -> None:
    save(client, report, "F1", "1.250")

    assert Cell.objects.get().value == 1250


def test_cell_changed_by_another_person_shows_both(
    client: Client, report: Report, lan: User
) -> None:
    minh = clerk_of(report)
    CellFactory(report=report, code="F1", text="15", updated_by=minh)

    answer = save(client, report, "F1", "12")

    assert (answer.status_code, answer.json()["kind"]) == (409, "conflict")
    assert (answer.json()["text"], answer.json()["by"]) == ("15", minh.full_name)
    assert Cell.objects.get().value == 15
    kept = save(client, report, "F1", "12", base=answer.json()["version"])
    assert kept.status_code == 200


def test_cell_larger_than_its_whole_is_kept_and_marked(
    client: Client, report: Report, lan: User
) -> None:
    save(client, report, "F1", "5")

    answer = save(client, report, "F2", "9").json()

    states = {line["line"]: line["state"] for line in answer["lines"]}
    assert states == {line_of(report, "F2").pk: "error", line_of(report, "F1").pk: "saved"}
    mended = save(client, report, "F1", "10", base=1).json()
    states = {line["line"]: line["state"] for line in mended["lines"]}
    assert states[line_of(report, "F2").pk] == "saved"


def test_cell_of_a_version_that_changed_meanwhile_is_refused(
    client: Client, report: Report, lan: User
) -> None:
    line = TemplateVersionFactory(number=2).lines.first()

    url = reverse("reports:cell", args=[report.pk, line.pk])
    answer = client.post(url, {"text": "12", "base": 0})

    assert (answer.status_code, answer.json()["kind"]) == (423, "locked")
    assert "Tải lại trang" in answer.json()["message"]


def test_cell_of_a_report_sent_meanwhile_is_refused(
    client: Client, report: Report, lan: User
) -> None:
    Report.objects.update(state="submitted")

    answer = save(client, report, "F1", "12")

    assert answer.status_code == 423
    assert "Đã nộp" in answer.json()["message"]


def test_cell_note_longer_than_its_place_is_refused(
    client: Client, report: Report, lan: User
) -> None:
    assert save(client, report, "F1", "12", note="a" * 501).status_code == 422


def test_cell_panel_defines_and_remembers(client: Client, report: Report, lan: User) -> None:
    earlier(report, 2026, 10, {"F1": said(100)})
    save(client, report, "F1", "12")

    answer = page(client, "cell_panel", report.pk, line_of(report, "F1").pk)

    assert "Cách đếm tin nhân dân cung cấp" in text_of(answer)
    assert "tháng 10/2026" in text_of(answer)
    assert lan.full_name in text_of(answer)


# --- Without scripts ----------------------------------------------------------------------------


def section_post(report: Report, **texts: str) -> dict[str, str]:
    return {f"o-{line_of(report, code).pk}": text for code, text in texts.items()}


def test_section_post_saves_good_cells_and_keeps_bad_ones_as_typed(
    client: Client, report: Report, lan: User
) -> None:
    url = reverse("reports:section", args=[report.pk, "F"])

    answer = client.post(url, section_post(report, F1="1.250", F2="1,5"))

    assert answer.status_code == 200
    assert [cell.value for cell in Cell.objects.all()] == [1250]
    assert 'value="1,5"' in text_of(answer)
    assert 'value="1.250"' in text_of(answer)
    assert "số nguyên" in text_of(answer)


def test_section_post_of_good_cells_comes_back_to_the_page(
    client: Client, report: Report, lan: User
) -> None:
    url = reverse("reports:section", args=[report.pk, "F"])

    assert client.post(url, section_post(report, F1="1.250", F2="")).status_code == 302
    assert Cell.objects.count() == 1


def test_section_post_over_a_newer_value_shows_both(
    client: Client, report: Report, lan: User
) -> None:
    CellFactory(report=report, code="F1", text="15")
    url = reverse("reports:section", args=[report.pk, "F"])

    answer = client.post(url, section_post(report, F1="12", F2="3"))

    assert 'value="12"' in text_of(answer)
    assert "“15”" in text_of(answer)
    assert Cell.objects.get(line=line_of(report, "F1")).value == 15
    assert Cell.objects.get(line=line_of(report, "F2")).value == 3


def test_section_post_into_a_locked_report_loses_nothing(
    client: Client, report: Report, lan: User
) -> None:
    Report.objects.update(state="submitted")
    url = reverse("reports:section", args=[report.pk, "F"])

    answer = client.post(url, section_post(report, F1="12"))

    assert "không sửa được nữa" in text_of(answer)


# --- Paste --------------------------------------------------------------------------------------


def paste(client: Client, report: Report, code: str, block: str, **more: Any) -> Any:
    line = line_of(report, code)
    url = reverse("reports:paste", args=[report.pk, line.indicator.section.code])
    return client.post(url, {"start": line.pk, "block": block, **more})


def test_paste_lays_a_column_over_the_grid(client: Client, report: Report, lan: User) -> None:
    answer = paste(client, report, "F1", "1.250\r\n30\r\n1,25\r\n").json()

    assert sorted(cell.value for cell in Cell.objects.all()) == [
        pytest.approx(1.25),
        30,
        1250,
    ]
    assert set(Cell.objects.values_list("source", flat=True)) == {"pasted"}
    assert len(answer["saved"]) == 3


def test_paste_takes_notes_from_the_second_column(
    client: Client, report: Report, lan: User
) -> None:
    paste(client, report, "F1", '12\t"Theo sổ\n3"\n5')

    assert Cell.objects.get(line=line_of(report, "F1")).note == "Theo sổ 3"


def test_paste_larger_than_the_grid_is_refused_whole(
    client: Client, report: Report, lan: User
) -> None:
    answer = paste(client, report, "F2", "1\n2\n3\n4")

    assert answer.status_code == 422
    assert "4 dòng" in answer.json()["message"]
    assert answer.json()["fits"] == 2
    assert not Cell.objects.exists()
    assert paste(client, report, "F2", "1\n2\n3\n4", limit=2).status_code == 200
    assert Cell.objects.count() == 2


def test_paste_wider_than_figure_and_note_is_refused(
    client: Client, report: Report, lan: User
) -> None:
    answer = paste(client, report, "F1", "1\t2\t3")

    assert "hơn 2 cột" in answer.json()["message"]


def test_paste_with_a_bad_cell_saves_the_others_and_returns_it(
    client: Client, report: Report, lan: User
) -> None:
    answer = paste(client, report, "F1", "12\n1,5\n2").json()

    bad = str(line_of(report, "F2").pk)
    assert answer["problems"][bad]["text"] == "1,5"
    assert "số nguyên" in answer["problems"][bad]["message"]
    assert Cell.objects.count() == 2


def test_paste_over_a_newer_value_reports_it(client: Client, report: Report, lan: User) -> None:
    CellFactory(report=report, code="F2", text="9")

    answer = paste(client, report, "F1", "12\n5").json()

    (conflict,) = answer["conflicts"]
    assert (conflict["text"], conflict["mine"]) == ("9", "5")
    assert Cell.objects.get(line=line_of(report, "F2")).value == 9


def test_paste_leaves_cells_under_blanks_alone(client: Client, report: Report, lan: User) -> None:
    CellFactory(report=report, code="F2", text="9")

    answer = paste(client, report, "F1", "12\n\n5").json()

    assert answer["blank"] == 1
    assert Cell.objects.get(line=line_of(report, "F2")).value == 9


# --- Declarations and words ---------------------------------------------------------------------


def test_declare_fills_the_flows_of_one_section(client: Client, report: Report, lan: User) -> None:
    CellFactory(report=report, code="F1", text="12")

    client.post(reverse("reports:declare", args=[report.pk, "F"]))

    states = dict(Cell.objects.values_list("line__indicator__code", "state"))
    assert states == {"F1": "value", "F2": "nothing", "F7c": "nothing"}


def test_carry_takes_last_periods_stocks_and_tells_their_age(
    client: Client, report: Report, lan: User
) -> None:
    for number in (8, 9, 10):
        earlier(report, 2026, number, {"A2": said(34), "A2d": said(34 + number)})

    client.post(reverse("reports:carry", args=[report.pk, "A"]))

    assert set(Cell.objects.values_list("source", flat=True)) == {"carried"}
    shown = text_of(page(client, "section", report.pk, "A"))
    assert "không thay đổi từ tháng 8/2026 (3 kỳ)" in shown


def narrate(client: Client, report: Report, body: str, base: int = 0, **headers: str) -> Any:
    url = reverse("reports:narrative", args=[report.pk, "uu_diem"])
    return client.post(url, {"body": body, "base": base}, headers=headers)


def test_narrative_is_saved_by_script_and_by_button(
    client: Client, report: Report, lan: User
) -> None:
    answer = narrate(client, report, "Làm tốt\nhai việc", accept="application/json")
    assert answer.json() == {"kind": "saved", "version": 1}
    assert narrate(client, report, "Làm tốt ba việc", base=1).status_code == 302
    assert ReportText.objects.get().body == "Làm tốt ba việc"


def test_narrative_conflict_shows_both_texts(client: Client, report: Report, lan: User) -> None:
    narrate(client, report, "của người khác")

    scripted = narrate(client, report, "của tôi", accept="application/json")
    plain = text_of(narrate(client, report, "của tôi"))

    assert (scripted.status_code, scripted.json()["body"]) == (409, "của người khác")
    assert "của người khác" in plain
    assert "của tôi" in plain
    assert 'name="base" value="1"' in plain


def test_narrative_part_of_no_form_is_404(client: Client, report: Report, lan: User) -> None:
    assert page(client, "narrative", report.pk, "khong_co").status_code == 404


# --- Check, send, receipt -----------------------------------------------------------------------


def declare(client: Client, name: str, report: Report, **more: str) -> Any:
    values = {"declared": "on", "client_token": TOKEN, **more}
    return client.post(reverse(f"reports:{name}", args=[report.pk]), values)


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


# --- On behalf, paper ---------------------------------------------------------------------------


def test_take_over_lets_the_unit_in_charge_type_for_the_unit(
    client: Client, report: Report
) -> None:
    sign_in(client, reviewer_of(report))
    url = reverse("reports:take_over", args=[report.pk])

    client.post(url, {"paper_received_on": "31/02/2026"})
    report.refresh_from_db()
    assert not report.is_on_behalf
    client.post(url, {"paper_received_on": "16/11/2026"})

    assert save(client, report, "F1", "12").status_code == 200
    assert "Nhập thay" in text_of(page(client, "contents", report.pk))


def test_take_over_by_the_units_own_clerk_is_refused(
    client: Client, report: Report, lan: User
) -> None:
    url = reverse("reports:take_over", args=[report.pk])

    assert client.post(url, {"paper_received_on": "16/11/2026"}).status_code == 403


@pytest.fixture
def one_page() -> Callable[[], SimpleUploadedFile]:
    """Make a small PDF of one page."""

    def make() -> SimpleUploadedFile:
        writer, out = pypdf.PdfWriter(), io.BytesIO()
        writer.add_blank_page(200, 200)
        writer.write(out)
        return SimpleUploadedFile("ban ký.pdf", out.getvalue(), content_type="application/pdf")

    return make


def test_scan_is_kept_and_given_back_as_a_download(
    client: Client, report: Report, lan: User, one_page: Callable[[], SimpleUploadedFile]
) -> None:
    client.post(reverse("reports:upload_scan", args=[report.pk]), {"scan": one_page()})
    scan = ReportScan.objects.get()

    answer = page(client, "download_scan", report.pk, scan.pk)

    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    sign_in(client, clerk_of(ReportFactory()))
    assert page(client, "download_scan", report.pk, scan.pk).status_code == 404


def test_scan_that_is_no_scan_is_refused(client: Client, report: Report, lan: User) -> None:
    bad = SimpleUploadedFile("ban.pdf", b"MZ not a pdf", content_type="application/pdf")

    answer = client.post(
        reverse("reports:upload_scan", args=[report.pk]), {"scan": bad}, follow=True
    )

    assert "không phải là PDF" in text_of(answer)
    assert not ReportScan.objects.exists()


@pytest.mark.slow
def test_print_says_what_the_form_says(client: Client, report: Report, lan: User) -> None:
    filled(report)

    answer = page(client, "print", report.pk)

    reader = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    said_on_paper = " ".join(page.extract_text() for page in reader.pages)
    for text in ("Tin nhân dân cung cấp", "4.250", "gần 3.200", "tháng 11/2026"):
        assert text in said_on_paper


# --- Costs --------------------------------------------------------------------------------------


def long_report(lines: int) -> Report:
    """Return a filled report whose section F has that many lines."""
    section = catalogue()["F1"].section
    codes = [IndicatorFactory(section=section, name=f"Chỉ tiêu {n}").code for n in range(lines)]
    version = TemplateVersionFactory(
        number=2 + lines,
        lines=[(code, "") for code in codes],
        template=ReportFactory().obligation.template,
    )
    report = ReportFactory(obligation__version=version)
    for code in codes:
        CellFactory(report=report, code=code)
    return report


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [("contents", (), 15), ("section", ("F",), 10), ("check", (), 13)],
)
def test_pages_cost_the_same_for_1_and_20_lines(
    client: Client, name: str, args: tuple[str, ...], expected: int
) -> None:
    costs = []
    for lines in (1, 20):
        report = long_report(lines)
        sign_in(client, clerk_of(report))
        page(client, name, report.pk, *args)
        with CaptureQueriesContext(connection) as queries:
            page(client, name, report.pk, *args)
        costs.append(len(queries))

    assert costs == [expected, expected]


def test_list_costs_the_same_for_1_and_20_reports(client: Client) -> None:
    report = ReportFactory()
    sign_in(client, reviewer_of(report))
    page(client, "list", tab="phu-trach")
    costs = []
    for more in (0, 19):
        for _ in range(more):
            ReportFactory()
        with CaptureQueriesContext(connection) as queries:
            page(client, "list", tab="phu-trach")
        costs.append(len(queries))

    assert costs[0] == costs[1] == 7


def test_saving_a_cell_costs_the_same_for_1_and_20_lines(client: Client) -> None:
    costs = []
    for lines in (1, 20):
        report = long_report(lines)
        line = report.obligation.version.lines.first()
        sign_in(client, clerk_of(report))
        page(client, "section", report.pk, "F")
        url = reverse("reports:cell", args=[report.pk, line.pk])
        with CaptureQueriesContext(connection) as queries:
            client.post(url, {"text": "99", "base": 1})
        costs.append(len(queries))

    assert costs[0] == costs[1] == 20


def test_every_good_figure_of_the_factory_can_be_submitted() -> None:
    assert len(GOOD) == len(ReportFactory().obligation.version.lines.all())
    assert SubmissionFactory().receipt_code
