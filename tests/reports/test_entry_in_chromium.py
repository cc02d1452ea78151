"""Entering a report in Chromium: journeys A and B, and what goes wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.reports.models import Cell, Report, Submission
from tests.factories.indicators import IndicatorFactory
from tests.factories.report_forms import TemplateVersionFactory, catalogue
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


def long_report(lines: int) -> Report:
    """Return an empty report that asks for that many flows in section F."""
    section = catalogue()["F1"].section
    codes = [IndicatorFactory(section=section, name=f"Chỉ tiêu thử {n}").code for n in range(lines)]
    version = TemplateVersionFactory(lines=[(code, "") for code in codes])
    report: Report = ReportFactory(obligation__version=version)
    return report


def box(page: Page, report: Report, code: str) -> Any:
    return page.locator(f"#o-{line_of(report, code).pk}")


def cell(page: Page, report: Report, code: str) -> Any:
    return page.locator(f"#dong-{line_of(report, code).pk} td.cell")


def boxes(page: Page) -> Any:
    return page.locator("td.cell input:not([type=hidden])")


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


# --- Journeys -----------------------------------------------------------------------------------


def test_journey_a_a_clerk_on_a_phone(open_page: Open, has_no_barriers: Check) -> None:
    report = long_report(20)
    first = report.obligation.version.lines.order_by("order")[0].indicator.code
    earlier(report, 2026, 10, {first: said(100)})
    page = open_page(clerk_of(report), "/", PHONE)

    page.locator(f"main a[href$='/bao-cao/{report.pk}/']").click()
    has_no_barriers(page)
    page.get_by_role("link", name="F. Tin báo").click()
    has_no_barriers(page)
    boxes(page).first.focus()
    for number in range(19):
        page.keyboard.type(str(400 + number))
        page.keyboard.press("Enter")
    expect(page.locator("td.cell.is-saved")).to_have_count(18)
    expect(page.locator("td.cell.is-warning")).to_have_count(1)

    page.context.set_offline(True)
    page.keyboard.type("419")
    page.keyboard.press("Enter")
    expect(page.locator("td.cell.is-waiting")).to_contain_text("Chưa lưu – mất kết nối")
    page.context.set_offline(False)
    expect(page.locator("td.cell.is-saved")).to_have_count(19)
    assert Cell.objects.filter(report=report).count() == 20

    page.locator(f"#n-{line_of(report, first).pk}").fill("Mở đợt cao điểm")
    page.keyboard.press("Tab")
    expect(page.locator("td.cell.is-warning")).to_have_count(0)
    page.get_by_role("link", name="Kiểm tra").click()
    has_no_barriers(page)
    page.get_by_label("Tôi đã kiểm tra").check()
    page.get_by_role("button", name="Gửi lãnh đạo duyệt").click()
    expect(page.get_by_text("Đã gửi lãnh đạo duyệt")).to_be_visible()
    report.refresh_from_db()
    assert report.state == "awaiting"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the wanted thing has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is never reached by Tab")


def test_journey_b_keyboard_only_from_excel_to_the_receipt(
    open_page: Open, has_no_barriers: Check
) -> None:
    report = long_report(30)
    page = open_page(clerk_of(report), section_path(report))
    tab_to(page, "td.cell input")
    paste(page, page.locator(":focus"), "\r\n".join(str(1000 + n) for n in range(30)) + "\r\n")
    expect(page.locator("td.cell.is-saved")).to_have_count(30)
    expect(page.get_by_text("Đã dán 30 ô.")).to_be_visible()
    assert boxes(page).first.input_value() == "1.000"
    has_no_barriers(page)

    page.goto(f"/bao-cao/{report.pk}/kiem-tra/")
    tab_to(page, "#id_declared")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã gửi lãnh đạo duyệt")).to_be_visible()

    leader = open_page(leader_of(report), f"/bao-cao/{report.pk}/kiem-tra/")
    has_no_barriers(leader)
    tab_to(leader, "#id_declared")
    leader.keyboard.press("Space")
    leader.keyboard.press("Tab")
    leader.keyboard.press("Enter")
    submission = _receipt(leader)
    has_no_barriers(leader)
    expect(leader.get_by_text(submission.receipt_code).first).to_be_visible()
    with leader.expect_request(re.compile(r"/in/$")) as _:
        pdf = leader.request.get(f"/bao-cao/{report.pk}/in/")
        leader.evaluate("path => fetch(path)", f"/bao-cao/{report.pk}/in/")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF-")


def _receipt(page: Page) -> Submission:
    page.wait_for_url(re.compile(r"/da-nop/$"))
    return Submission.objects.get()


# --- On the way ---------------------------------------------------------------------------------


@pytest.fixture
def report() -> Report:
    made: Report = ReportFactory()
    return made


@pytest.fixture
def lan(report: Report) -> User:
    return clerk_of(report)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["360", "1280"])
def test_every_page_of_a_report_is_free_of_barriers(
    open_page: Open, has_no_barriers: Check, viewport: Any
) -> None:
    report = ReportFactory()
    filled(report, {("F2", ""): "9.000"})
    returned(report)
    earlier(report, 2026, 10, {"F1": said(100)})
    page = open_page(leader_of(report), "/bao-cao/", viewport)
    has_no_barriers(page)
    line = line_of(report, "F1").pk
    for path in ("", "F/", "B/", "loi-van/uu_diem/", "kiem-tra/", f"o/{line}/chi-tiet/"):
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


def test_an_expired_session_keeps_the_figure_and_offers_it_back(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))
    Session.objects.all().delete()
    box(page, report, "F1").fill("12")
    page.keyboard.press("Enter")
    expect(cell(page, report, "F1")).to_contain_text("phiên làm việc đã hết")
    link = page.get_by_role("link", name="Đăng nhập lại")
    expect(link).to_have_attribute("href", re.compile(r"^/dang-nhap/\?next=%2Fbao-cao%2F"))

    page.goto("about:blank")
    again = open_page(lan, section_path(report))
    state = page.context.storage_state()
    again.evaluate(
        "pairs => pairs.forEach(({name, value}) => localStorage.setItem(name, value))",
        state["origins"][0]["localStorage"],
    )
    again.reload()
    expect(again.get_by_text("Có 1 số chưa gửi từ lần trước.")).to_be_visible()
    again.get_by_role("button", name="Khôi phục").click()

    expect(cell(again, report, "F1")).to_have_class(re.compile("is-saved"))
    assert Cell.objects.get().value == 12


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
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))
    page.context.set_offline(True)

    paste(page, box(page, report, "F1"), "12\n5\t theo sổ\n1,25\n")
    expect(page.locator("td.cell.is-waiting")).to_have_count(3)
    page.context.set_offline(False)

    expect(page.locator("td.cell.is-saved")).to_have_count(3)
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


def test_a_killed_tab_loses_nothing(open_page: Open, report: Report, lan: User) -> None:
    page = open_page(lan, section_path(report))
    page.context.set_offline(True)
    box(page, report, "F1").fill("12")
    page.close(run_before_unload=False)

    fresh = open_page_again(page, report)
    expect(fresh.get_by_text("Có 1 số chưa gửi từ lần trước.")).to_be_visible()
    fresh.get_by_role("button", name="Bỏ").click()
    fresh.reload()
    expect(fresh.get_by_text("chưa gửi từ lần trước")).to_have_count(0)


def open_page_again(page: Page, report: Report) -> Page:
    page.context.set_offline(False)
    fresh = page.context.new_page()
    fresh.goto(section_path(report))
    return fresh


def test_drafts_of_another_person_are_not_offered(
    open_page: Open, report: Report, lan: User
) -> None:
    page = open_page(lan, section_path(report))
    page.evaluate(
        "([user, report, line]) => localStorage.setItem(`antq-draft:${user}:${report}:${line}`,"
        " JSON.stringify({text: '77', note: '', base: 0, section: 'F'}))",
        [lan.pk + 1, report.pk, line_of(report, "F1").pk],
    )

    page.reload()

    expect(page.locator("[data-drafts]")).to_be_hidden()


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
