"""Two tabs, and a decision on a version that is no longer the newest: said plainly, done once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.entry import Opener, cell_of, expect_saved, report_of, rows_of
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]


def write(page: Page, report: int, figure: str) -> None:
    """Write one figure into every cell of the school's two sections."""
    for section in ("B", "E"):
        page.goto(f"/bao-cao/{report}/{section}/")
        for row in rows_of(page):
            cell_of(row).fill(figure)
            cell_of(row).press("Enter")
        expect_saved(page)


def declare(page: Page, report: int) -> None:
    """Open the page before sending and tick that the figures are right."""
    page.goto(f"/bao-cao/{report}/kiem-tra/")
    page.get_by_role("checkbox").check()


def test_two_tabs_one_receipt_and_no_acceptance_of_an_old_version(
    portal: Portal, desk: Opener
) -> None:
    report = report_of(portal, "truong.nhap", "truong-hoc-month")
    first = desk("truong.lanhdao")
    write(first, report, "12")
    second = first.context.new_page()
    codes = []
    for page in (first, second):
        declare(page, report)
    for page in (first, second):
        page.get_by_role("button", name="Nộp báo cáo").click()
        codes.append(page.locator(".big-code").inner_text())
    assert codes[0] == codes[1]
    sent = "SELECT count(*) FROM reports_submission WHERE report_id = %s"
    assert portal.rows(sent, report) == [(1,)]

    old, new = desk("xa.tiepnhan"), desk("xa.tiepnhan")
    for page in (old, new):
        page.goto(f"/tiep-nhan/{report}/")
    new.get_by_label(re.compile("Lý do|lý do")).first.fill("Đề nghị kiểm tra lại số buổi.")
    new.get_by_role("button", name="Trả lại").click()
    expect(new.get_by_text(re.compile("Đã trả lại")).first).to_be_visible()
    write(first, report, "13")
    declare(first, report)
    first.get_by_role("button", name="Nộp báo cáo").click()
    expect(first.locator(".big-code")).to_be_visible()

    old.get_by_role("button", name="Tiếp nhận", exact=True).click()
    expect(old.locator(".error-summary, .alert").first).to_contain_text(
        re.compile("phiên bản|lần nộp|nộp lại|bản mới", re.IGNORECASE)
    )
    state = "SELECT state FROM reports_report WHERE id = %s"
    assert portal.rows(state, report) == [("submitted",)]
