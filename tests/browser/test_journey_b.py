"""Journey B: a clerk at a PC, without a mouse, pastes from Excel; the leader submits and prints."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.entry import Opener, expect_saved, pdf_of, report_of, rows_of, tab_to
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

PASTE = """block => {
    const data = new DataTransfer();
    data.setData("text/plain", block);
    const how = {clipboardData: data, bubbles: true, cancelable: true};
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
}"""
NAME_OF = """
SELECT span.name FROM reports_report report
JOIN reports_obligation owed ON owed.id = report.obligation_id
JOIN units_unitspan span ON span.unit_id = owed.unit_id AND span.valid @> current_date
WHERE report.id = %s
"""


def paste_column(page: Page) -> int:
    """Paste a column as Excel writes it into the section, from its first cell down."""
    tab_to(page, r"^o-\d+$")
    count = len(list(rows_of(page)))
    page.evaluate(PASTE, "".join(f"{1250:,}\r\n".replace(",", ".") for _ in range(count)))
    expect(page.locator("[data-grid-message]")).to_contain_text(f"Đã dán {count} ô.")
    return count


def test_a_report_without_a_mouse(portal: Portal, desk: Opener) -> None:
    report = report_of(portal, "xa.nhap", "xa-nine-months")
    page = desk("xa.nhap")
    page.goto("/")
    tab_to(page, "Bắt đầu nhập[^|]*9 tháng")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/bao-cao/{report}/$"))
    tab_to(page, r"^A\. ")
    page.keyboard.press("Enter")
    n_pasted = 0
    for here, following in (("A", "Mục B"), ("B", "Mục E"), ("E", "Mục F"), ("F", "Kiểm tra")):
        page.wait_for_url(f"**/{here}/")
        n_pasted += paste_column(page)
        expect_saved(page)
        tab_to(page, rf"^{following}")
        page.keyboard.press("Enter")

    page.wait_for_url("**/kiem-tra/")
    assert n_pasted >= 30
    expect(page.get_by_text("Không còn lỗi")).to_be_visible()
    tab_to(page, "^declared$")
    page.keyboard.press("Space")
    tab_to(page, "Gửi lãnh đạo duyệt")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã gửi lãnh đạo duyệt")).to_be_visible()

    leader = desk("xa.lanhdao")
    leader.goto("/")
    tab_to(leader, "Duyệt[^|]*9 tháng")
    leader.keyboard.press("Enter")
    expect(leader).to_have_url(re.compile(f"/bao-cao/{report}/kiem-tra/$"))
    tab_to(leader, "^declared$")
    leader.keyboard.press("Space")
    tab_to(leader, "^Nộp báo cáo")
    leader.keyboard.press("Enter")
    expect(leader.get_by_role("heading", name="Đã nộp báo cáo")).to_be_visible()
    code = leader.locator(".big-code").inner_text().strip()
    kept = portal.rows("SELECT receipt_code FROM reports_submission WHERE report_id = %s", report)
    assert [(code,)] == kept

    tab_to(leader, "Tải bản PDF")
    address = leader.evaluate("document.activeElement.href")
    text = pdf_of(leader, address)
    unit = portal.rows(NAME_OF, report)[0][0]
    assert unit.upper() in text.upper()
    assert "1.250" in text
