"""Journey A: a clerk with a phone enters, loses the network, gets it back, hands the report up."""

from __future__ import annotations

import contextlib
import re

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.entry import (
    Opener,
    cell_of,
    expect_saved,
    last_period,
    no_sideways,
    report_of,
    rows_of,
    state_of,
)
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

WAITING = "Chưa lưu – mất kết nối"


def test_a_clerk_reports_from_a_phone(portal: Portal, phone: Opener) -> None:
    page = phone("xa.nhap")
    page.goto("/")
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("Nhập tiếp.*Báo cáo của xã, phường tháng")).click()
    with page.expect_navigation():
        page.locator(".task-list a").first.click()
    n_cells = 0

    while True:
        assert no_sideways(page)
        for row in rows_of(page):
            cell_of(row).fill(last_period(row))
            cell_of(row).press("Enter")
            n_cells += 1
        expect_saved(page)
        if "/B/" in page.url:
            row = page.locator("tr[data-line]").nth(2)
            cell_of(row).fill("999999")
            cell_of(row).press("Enter")
            expect(state_of(row)).to_have_class(re.compile("is-warning"))
            row.locator("input[id^='n-']").fill("Có chiến dịch cao điểm trong kỳ")
            row.locator("input[id^='n-']").press("Enter")
            expect(state_of(row)).to_have_class(re.compile("has-note"))
            page.context.set_offline(True)
            cell_of(row).fill("888888")
            cell_of(row).press("Enter")
            expect(row).to_contain_text(WAITING)
            expect(page.locator("[data-save-state]")).to_have_text("1 ô chưa lưu")
            page.context.set_offline(False)
            expect(state_of(row)).to_have_class(re.compile("is-saved|is-warning"))
            expect_saved(page)
        following = page.locator("a[rel=next]")
        if not following.count():
            break
        with page.expect_navigation():
            following.click()

    assert n_cells >= 20
    page.get_by_role("link", name="Kiểm tra").last.click()
    expect(page.get_by_text("Không còn lỗi")).to_be_visible()
    # The note answered the warning, so nothing is left to ask.
    expect(page.get_by_role("heading", name=re.compile("Cảnh báo"))).to_have_count(0)
    assert no_sideways(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Gửi lãnh đạo duyệt").click()
    expect(page.get_by_text("Đã gửi lãnh đạo duyệt")).to_be_visible()
    report = report_of(portal, "xa.nhap", "xa-month")
    assert portal.rows("SELECT state FROM reports_report WHERE id = %s", report) == [("awaiting",)]
    written = "SELECT count(*) FROM reports_cell WHERE report_id = %s AND state <> 'missing'"
    assert portal.rows(written, report) == [(n_cells,)]


def kill(page: Page) -> None:
    """End the tab's process at once: a tab that is only closed still sends what it holds."""
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash")
    page.close()


def test_what_a_killed_tab_had_not_sent_is_offered_back(portal: Portal, phone: Opener) -> None:
    report = report_of(portal, "xa.nhap", "xa-quarter")
    page = phone("xa.nhap")
    context = page.context
    page.goto(f"/bao-cao/{report}/E/")
    context.set_offline(True)
    for number, row in enumerate(list(rows_of(page))[:3], start=1):
        cell_of(row).fill(str(100 + number))
        cell_of(row).press("Enter")
    expect(page.locator("[data-save-state]")).to_have_text("3 ô chưa lưu")
    # The last one was not even left: it is only in the box.
    cell_of(page.locator("tr[data-line]").nth(3)).press_sequentially("104")
    kill(page)
    again = context.new_page()
    context.set_offline(False)

    again.goto(f"/bao-cao/{report}/")
    expect(again.get_by_text("Trên máy này còn số chưa gửi ở")).to_be_visible()
    again.get_by_role("link", name="mục E (4 số)").click()
    expect(again.get_by_text("Có 4 số chưa gửi từ lần trước.")).to_be_visible()
    again.get_by_role("button", name="Khôi phục").click()
    expect_saved(again)
    again.reload()

    assert [cell_of(row).input_value() for row in list(rows_of(again))[:4]] == [
        "101",
        "102",
        "103",
        "104",
    ]
    expect(again.locator("[data-drafts]")).to_be_hidden()


def test_an_expired_session_in_mid_entry_loses_nothing(portal: Portal, desk: Opener) -> None:
    report = report_of(portal, "xa.nhap", "xa-quarter")
    page = desk("xa.nhap")
    page.goto(f"/bao-cao/{report}/A/")
    cookies = page.context.cookies()
    page.context.clear_cookies(name=re.compile("^antq_session"))
    row = page.locator("tr[data-line]").first
    cell_of(row).fill("77")
    cell_of(row).press("Enter")
    expect(row).to_contain_text("phiên làm việc đã hết")
    page.get_by_role("link", name="Đăng nhập lại").click()
    expect(page).to_have_url(re.compile("/dang-nhap/"))
    page.get_by_label("Tên đăng nhập").fill("xa.nhap")
    page.locator("input[type=password]").fill(portal.password)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"/bao-cao/{report}/A/"))
    expect(page.get_by_text("Có 1 số chưa gửi từ lần trước.")).to_be_visible()
    page.get_by_role("button", name="Khôi phục").click()
    expect_saved(page)
    page.reload()
    assert cell_of(page.locator("tr[data-line]").first).input_value() == "77"
    assert cookies != page.context.cookies()
