"""Journey C: the province's officer reminds, accepts, consolidates and takes the PDF along."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.entry import Opener, no_sideways, pdf_of
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

RECOMPUTE = "from apps.reports.tasks import recompute\nrecompute()"
JOB_PATIENCE = 60_000


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_five_units_are_reminded(request: pytest.FixtureRequest, width: str) -> None:
    page = request.getfixturevalue(width)("tinh.tonghop")
    page.goto("/tien-do/?asked_of=commune&kind=quarter")
    assert no_sideways(page)
    boxes = page.locator("table.heat input[name=unit]")
    for number in range(5):
        boxes.nth(number).check()
    page.get_by_role("button", name="Nhắc đơn vị đã chọn").click()
    expect(page.get_by_text("Xem trước: chưa gửi gì cả.")).to_be_visible()
    assert no_sideways(page)  # waits for the whole page, which is counted in next
    send = page.get_by_role("button", name=re.compile("Gửi cho"))
    n_reached = int(re.search(r"ở ([\d.]+) đơn vị", send.inner_text())[1])  # type: ignore[index]
    if width == "phone":
        # Those who were reminded a moment ago are not written to twice in a day without saying so.
        return
    without = page.get_by_role("heading", name=re.compile("chưa có tài khoản"))
    n_without = int(without.inner_text().split()[0]) if without.count() else 0
    assert n_reached + n_without == 5
    send.click()
    expect(page.get_by_text(f"Đã nhắc {n_reached} đơn vị")).to_be_visible()
    clerk = request.getfixturevalue("desk")("xa.nhap")
    clerk.goto("/thong-bao/")
    expect(clerk.locator("main")).to_contain_text("quý III/2026")


def test_from_the_inbox_to_the_pdf(portal: Portal, desk: Opener) -> None:
    page = desk("tinh.tonghop")
    page.goto("/tiep-nhan/")
    page.get_by_role("link", name=re.compile("Xem xét.*tháng 11.2026")).first.click()
    page.get_by_role("button", name="Tiếp nhận", exact=True).click()
    expect(page.get_by_text(re.compile("Đã tiếp nhận")).first).to_be_visible()
    portal.ask(RECOMPUTE)

    page.goto("/tong-hop/")
    page.get_by_role("link", name=re.compile("tháng 11.2026", re.IGNORECASE)).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tổng hợp tháng 11/2026")
    expect(page.get_by_text("Đang tính lại")).to_have_count(0)
    row = page.locator("table.totals tr", has=page.locator("th .grid-code", has_text="B2")).first
    total = row.locator("td.num strong").first.inner_text().strip()
    reason = page.locator("#lap-bao-cao [name=incomplete_reason]")
    if reason.count():
        reason.fill("Tổng hợp nhanh theo yêu cầu, còn đơn vị chưa nộp.")
    page.get_by_role("button", name="Lập báo cáo").click()
    expect(page).to_have_url(re.compile(r"/tac-vu/\d+/"))
    download = page.locator("a[id*='-link-']", has_text=re.compile("PDF|Tải"))
    expect(download.first).to_be_visible(timeout=JOB_PATIENCE)
    expect(page.locator("#jobs-status")).to_contain_text(
        re.compile("xong|hoàn thành", re.IGNORECASE)
    )
    address = download.first.get_attribute("href") or ""
    assert urlsplit(address).path.startswith("/van-ban/")

    assert re.search(r"\d", total)
    assert total in pdf_of(page, address)
