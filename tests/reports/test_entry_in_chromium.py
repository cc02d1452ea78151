"""What goes wrong while a report is entered in Chromium; tests/browser has whole journeys."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.reports.models import Cell, Report
from tests.factories.reports import (
    GOOD,
    CellFactory,
    ReportFactory,
    clerk_of,
    earlier,
    filled,
    leader_of,
    line_of,
    returned,
    said,
)
from tests.reports.chromium import (
    DESK,
    PHONE,
    Open,
    session_of,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock"),
]
Check = Callable[[Page], None]


def box(page: Page, report: Report, code: str) -> Any:
    return page.locator(f"#o-{line_of(report, code).pk}")


def cell(page: Page, report: Report, code: str) -> Any:
    return page.locator(f"#dong-{line_of(report, code).pk} td.cell")


def paste(page: Page, place: Any, text: str) -> None:
    place.focus()
    place.evaluate(
        """(box, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const options = {clipboardData: data, bubbles: true, cancelable: true};
          box.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        text,
    )


def section_path(report: Report, code: str = "F") -> str:
    return f"/bao-cao/{report.pk}/{code}/"


@pytest.fixture
def report() -> Report:
    made: Report = ReportFactory()
    return made


@pytest.fixture
def lan(report: Report) -> User:
    return clerk_of(report)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["360", "1280"])
def test_a_returned_report_with_faults_is_free_of_barriers(
    open_page: Open, has_no_barriers: Check, viewport: Any
) -> None:
    report = ReportFactory()
    filled(report, {("F2", ""): "9.000"})
    returned(report)
    earlier(report, 2026, 10, {"F1": said(100)})
    page = open_page(leader_of(report), "/bao-cao/", viewport)
    line = line_of(report, "F1").pk
    for path in ("", "F/", "kiem-tra/", f"o/{line}/chi-tiet/"):
        page.goto(f"/bao-cao/{report.pk}/{path}")
        has_no_barriers(page)


def test_keys_move_as_in_excel_and_open_the_panel(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))
    focused = "document.activeElement.id"
    ids = [f"o-{line_of(report, code).pk}" for code in ("F1", "F2", "F7c")]

    box(page, report, "F1").focus()
    for key, place in (("Enter", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("Shift+Enter", 0)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == ids[place], key
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == ids[0].replace("o-", "n-")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == ids[1]
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel")).to_contain_text("Cách đếm tin có giá trị")


def test_unreadable_figures_stay_as_typed_with_the_reason(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))

    box(page, report, "F1").fill("1,5")
    page.keyboard.press("Enter")

    expect(cell(page, report, "F1")).to_have_class(re.compile("is-error"))
    expect(cell(page, report, "F1")).to_contain_text("số nguyên")
    expect(box(page, report, "F1")).to_have_value("1,5")
    box(page, report, "F1").fill("15")
    page.keyboard.press("Enter")
    expect(cell(page, report, "F1")).to_have_class(re.compile("is-saved"))
    expect(cell(page, report, "F1")).not_to_contain_text("số nguyên")


def test_a_broken_rule_is_shown_and_goes_away_with_its_partner(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))
    box(page, report, "F1").fill("5")
    page.keyboard.press("Enter")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(cell(page, report, "F2")).to_contain_text("lớn hơn")

    box(page, report, "F1").fill("10")
    page.keyboard.press("Enter")

    expect(cell(page, report, "F2")).to_have_class(re.compile("is-saved"))


@pytest.mark.parametrize(("choice", "value"), [("Giữ số của tôi", 12), ("Lấy số trên máy chủ", 15)])
def test_two_editors_in_one_cell_choose(
    open_page: Open, report: Report, lan: User, choice: str, value: int
) -> None:
    page = open_page(lan, section_path(report))
    CellFactory(report=report, code="F1", text="15", updated_by=clerk_of(report))

    box(page, report, "F1").fill("12")
    page.keyboard.press("Enter")
    expect(cell(page, report, "F1")).to_contain_text("Số của bạn: “12”. Trên máy chủ: “15”")
    page.get_by_role("button", name=choice).click()

    expect(cell(page, report, "F1")).to_have_class(re.compile("is-saved"))
    expect(box(page, report, "F1")).to_have_value(str(value))
    assert Cell.objects.get().value == value


def test_a_block_larger_than_the_grid_says_how_many_fit(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))

    paste(page, box(page, report, "F2"), "1\n2\n3\n4")

    expect(page.get_by_text("chỉ còn 2 dòng. Chưa dán ô nào.")).to_be_visible()
    assert not Cell.objects.exists()
    page.get_by_role("button", name="Dán 2 dòng đầu").click()
    expect(page.locator("td.cell.is-saved")).to_have_count(2)


def test_a_block_with_a_bad_cell_keeps_it_as_typed(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))

    paste(page, box(page, report, "F1"), "1.250\n1,5\n1,5")

    expect(cell(page, report, "F2")).to_contain_text("số nguyên")
    expect(box(page, report, "F2")).to_have_value("1,5")
    expect(box(page, report, "F1")).to_have_value("1.250")
    expect(box(page, report, "F7c")).to_have_value("1,50")


def test_signing_in_again_in_another_tab_sends_what_waited(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))
    Session.objects.all().delete()
    box(page, report, "F1").fill("12")
    page.keyboard.press("Enter")
    expect(cell(page, report, "F1")).to_contain_text("phiên làm việc đã hết")

    origin = page.evaluate("location.origin")
    page.context.clear_cookies()
    page.context.add_cookies([session_of(lan, origin)])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(cell(page, report, "F1")).to_have_class(re.compile("is-saved"))
    assert Cell.objects.get().value == 12


def test_a_block_pasted_without_a_network_is_sent_later(
    open_page: Open, has_no_barriers: Check, report: Report, lan: User
) -> None:
    earlier(report, 2026, 10, {"F1": said(100)})
    page = open_page(lan, section_path(report), PHONE)
    page.context.set_offline(True)

    paste(page, box(page, report, "F1"), "12\n5\t theo sổ\n1,25\n")
    expect(page.locator("td.cell.is-waiting")).to_have_count(3)
    has_no_barriers(page)
    page.context.set_offline(False)

    expect(page.locator("td.cell.is-saved")).to_have_count(2)
    expect(cell(page, report, "F1")).to_have_class(re.compile("is-warning"))
    has_no_barriers(page)
    notes = Cell.objects.order_by("line__order").values_list("value", "note")
    assert list(notes) == [
        (Decimal(12), ""),
        (Decimal(5), "theo sổ"),
        (Decimal("1.25"), ""),
    ]


def test_control_s_saves_and_says_so(open_page: Open, report: Report, lan: User) -> None:
    page = open_page(lan, section_path(report))

    box(page, report, "F1").fill("12")
    page.keyboard.press("Control+s")

    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu mọi ô.")
    assert Cell.objects.get().value == 12


def test_declaring_waits_for_what_is_being_typed(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))
    box(page, report, "F1").fill("12")

    page.get_by_role("button", name="Không phát sinh").click()
    page.get_by_role("button", name="Đồng ý").click()

    expect(page.get_by_text("cho 2 ô còn trống")).to_be_visible()
    expect(box(page, report, "F1")).to_have_value("12")
    expect(box(page, report, "F2")).to_have_value("-")


def test_remarks_are_stepped_through_and_answered(open_page: Open) -> None:
    report = filled(ReportFactory())
    remark = returned(report)
    page = open_page(clerk_of(report), section_path(report))

    page.get_by_role("button", name="Ý kiến sau").click()
    assert page.evaluate("document.activeElement.id") == f"y-kien-{remark.pk}"
    page.get_by_label("Trả lời").fill("Đã đối chiếu sổ")
    page.get_by_role("button", name="Giải trình").click()

    expect(page.get_by_text("Đã ghi câu trả lời.")).to_be_visible()
    expect(page.get_by_text("Đã đối chiếu sổ")).to_be_visible()


def test_only_own_drafts_are_offered_and_can_be_dropped(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))
    for user, code in ((lan.pk, "F2"), (lan.pk + 1, "F1")):
        page.evaluate(
            "([user, report, line]) => localStorage.setItem(`antq-draft:${user}:${report}:${line}`,"
            " JSON.stringify({text: '77', note: '', base: 0, section: 'F'}))",
            [user, report.pk, line_of(report, code).pk],
        )

    page.reload()

    expect(page.get_by_text("Có 1 số chưa gửi từ lần trước.")).to_be_visible()
    page.get_by_role("button", name="Bỏ").click()
    expect(page.locator("[data-drafts]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-drafts]")).to_be_hidden()
    expect(box(page, report, "F2")).to_have_value("")


def test_without_scripts_the_section_is_saved_whole(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report), java_script_enabled=False)

    box(page, report, "F1").fill("1.250")
    box(page, report, "F2").fill("1,5")
    page.get_by_role("button", name="Lưu mục này").click()

    expect(page.get_by_text("Có ô chưa lưu được")).to_be_visible()
    expect(box(page, report, "F2")).to_have_value("1,5")
    expect(box(page, report, "F1")).to_have_value("1.250")
    assert Cell.objects.get().value == 1250


def test_words_are_saved_as_one_types_and_conflicts_show_both(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, f"/bao-cao/{report.pk}/loi-van/uu_diem/")
    other = open_page(clerk_of(report), f"/bao-cao/{report.pk}/loi-van/uu_diem/")
    other.get_by_label("Ưu điểm").fill("của người khác")
    other.keyboard.press("Control+s")
    expect(other.locator("[data-save-state]")).to_have_text("Đã lưu.")

    page.get_by_label("Ưu điểm").fill("của tôi")
    expect(page.locator("[data-conflict-body]")).to_have_text("của người khác")
    page.get_by_role("button", name="Giữ bài của tôi").click()

    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu.")
    assert report.texts.get().body == "của tôi"


def test_the_check_page_jumps_into_the_cell(open_page: Open) -> None:
    report = filled(ReportFactory(), {("F2", ""): "9.000"})
    page = open_page(leader_of(report), f"/bao-cao/{report.pk}/kiem-tra/")
    assert page.evaluate("document.activeElement.className") == "error-summary"

    page.get_by_role("link", name=re.compile("F2 Tin có giá trị")).click()
    page.wait_for_url(re.compile("/F/"))

    expect(box(page, report, "F2")).to_be_focused()
    assert len(GOOD) == 8
