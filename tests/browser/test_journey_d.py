"""Journey D: what a clerk records on a phone stands in the report by itself, up to the province."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from apps.core.dates import format_date
from tests.browser.entry import Opener, no_sideways
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

# A month that the small province has not opened, so that every commune owes it.
OPEN_A_MONTH = """
from django.utils import timezone
from apps.indicators.models import Period
from apps.reports.services.obligations import open_period_reports
ended = Period.objects.filter(calendar__code="nd09", kind="month", end__lte=timezone.localdate())
open_period_reports(period=ended.order_by("-end")[2], by=None, at=timezone.now())
"""
OWED = """
SELECT report.id, owed.unit_id, owed.filler_id, period.id, period.start, period."end"
FROM reports_report report
JOIN reports_obligation owed ON owed.id = report.obligation_id
JOIN reports_template template ON template.id = owed.template_id
JOIN indicators_period period ON period.id = owed.period_id
WHERE template.code = 'xa-month' AND report.state IN ('empty', 'draft')
  AND NOT EXISTS (SELECT 1 FROM units_membership post JOIN accounts_user person
                  ON person.id = post.user_id
                  WHERE post.unit_id = owed.filler_id AND person.username = 'xa.nhap')
ORDER BY period.start, report.id
LIMIT 1
"""
PEOPLE = """
from django.utils import timezone
from apps.accounts.models import User
from apps.accounts.rules import NewAccount, Role
from apps.accounts.services import create_user
from apps.home.services.demo_units import SINCE
from apps.units.models import Unit
from apps.units.services.memberships import grant_membership
at, unit = timezone.now(), Unit.objects.get(pk={filler})
for name, role in (("{clerk}", Role.CLERK), ("{leader}", Role.LEADER)):
    if not User.objects.filter(username=name).exists():
        new = NewAccount(username=name, full_name=name, is_demo=True)
        user = create_user(new=new, by=None, at=at, password={password!r}).user
        grant_membership(user=user, unit=unit, role=role, on=SINCE, by=None, at=at)
"""
# What the journey does not look at: every empty line that is not a register's.
FILL_THE_REST = """
from django.utils import timezone
from apps.accounts.models import User
from apps.reports.models import Report
from apps.reports.queries.forms import form_rows
from apps.reports.rules import Reading
from apps.reports.services.entry import Entry, save_block
report, by = Report.objects.get(pk={report}), User.objects.get(username="{clerk}")
empty = [row for row in form_rows(report) if row.figure.state == "missing"]
entries = [Entry(row.line.line_id, Reading("nothing"), row.lock_version) for row in empty]
save_block(report=report, entries=entries, by=by, at=timezone.now())
"""
RECOMPUTE = "from apps.reports.tasks import recompute\nrecompute()"
TALK = "Tuyên truyền phòng, chống lừa đảo qua mạng (hành trình D)"


@dataclass(frozen=True)
class Owed:
    """The report that the journey is about, a day inside its period, and whose it is."""

    report: int
    period: int
    day: str
    clerk: str
    leader: str


@pytest.fixture
def owed(portal: Portal) -> Owed:
    portal.ask(OPEN_A_MONTH)
    report, _unit, filler, period, start, end = portal.rows(OWED)[0]
    clerk, leader = f"so.nhap.{filler}", f"so.lanhdao.{filler}"
    names = {"filler": filler, "clerk": clerk, "leader": leader}
    portal.ask(PEOPLE.format(password=portal.password, **names))
    assert end - start > timedelta(days=20)
    day = format_date(end - timedelta(days=3))
    return Owed(int(report), int(period), day, clerk, leader)


def register_cell(page: Page, code: str) -> str:
    """Return what a line that a register fills shows, and see that it says so."""
    row = page.locator("tr[data-line]", has=page.locator(".grid-code", has_text=code + " ")).first
    expect(row).to_contain_text("Từ sổ")
    return row.locator(".cell-value").inner_text().strip()


def total_of(page: Page, owed: Owed, code: str) -> int:
    """Return the province's total of an indicator on the page behind it."""
    part = "?phan=buoi" if code == "B1" else ""
    page.goto(f"/tong-hop/{owed.period}/{code}/{part}")
    text = page.locator("dl.facts dt", has_text="Tổng").locator("+ dd strong").inner_text()
    return int(text.replace(".", "")) if text.strip()[:1].isdigit() else 0


def test_records_on_a_phone_reach_the_province_total(
    portal: Portal, phone: Opener, desk: Opener, owed: Owed
) -> None:
    officer = desk("tinh.tonghop")
    before = {code: total_of(officer, owed, code) for code in ("B1", "B2", "E5")}
    clerk = phone(owed.clerk)
    clerk.goto(f"/bao-cao/{owed.report}/B/")
    counted = {"B1": 0, "B2": 0, "E5": 0}

    # An activity in five fields.
    clerk.goto("/hoat-dong/them/")
    assert no_sideways(clerk)
    clerk.get_by_label("Tuyên truyền", exact=True).check()
    clerk.get_by_label("Nội dung").fill(TALK)
    clerk.get_by_label("Ngày tổ chức").fill(owed.day)
    clerk.get_by_label("Lượt người dự").fill("120")
    clerk.get_by_role("button", name="Ghi hoạt động").click()
    expect(clerk.get_by_text(re.compile("Đã ghi")).first).to_be_visible()
    assert no_sideways(clerk)

    # A site in three steps.
    clerk.goto("/mo-hinh/them/")
    assert no_sideways(clerk)
    clerk.get_by_label("Loại mô hình", exact=False).first.fill("mo hinh chua ai co o day")
    clerk.get_by_role("button", name="Tiếp tục").click()
    expect(clerk.get_by_text("Tên này chưa có trong sổ")).to_be_visible()
    clerk.get_by_label("Loại mô hình", exact=False).first.fill("Cánh cổng an ninh")
    clerk.get_by_role("button", name="Tiếp tục").click()
    clerk.get_by_label("Ngày ra mắt").fill(owed.day)
    clerk.get_by_label("Nơi cụ thể").fill("Ấp 3")
    clerk.get_by_label("Số thành viên").fill("hơn 30")
    assert no_sideways(clerk)
    clerk.get_by_role("button", name="Tiếp tục").click()
    expect(clerk.get_by_role("button", name="Lưu")).to_be_visible()
    assert no_sideways(clerk)
    clerk.get_by_role("button", name="Lưu").click()
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("Cánh cổng an ninh")
    assert no_sideways(clerk)

    # The report shows both; nobody typed them.
    clerk.goto(f"/bao-cao/{owed.report}/B/")
    counted["B1"], counted["B2"] = (int(register_cell(clerk, code)) for code in ("B1", "B2"))
    assert no_sideways(clerk)
    clerk.goto(f"/bao-cao/{owed.report}/E/")
    counted["E5"] = int(register_cell(clerk, "E5"))
    assert counted["B1"] >= 1
    assert counted["B2"] >= 120
    assert counted["E5"] >= 1

    # The rest is declared; the leader sends; the officer accepts; the total rises by just that.
    portal.ask(FILL_THE_REST.format(report=owed.report, clerk=owed.clerk))
    leader = phone(owed.leader)
    leader.goto(f"/bao-cao/{owed.report}/kiem-tra/")
    expect(leader.get_by_text("Không còn lỗi")).to_be_visible()
    leader.get_by_role("checkbox").check()
    leader.get_by_role("button", name="Nộp báo cáo").click()
    expect(leader).to_have_url(re.compile("da-nop"))
    officer.goto(f"/tiep-nhan/{owed.report}/")
    officer.get_by_role("button", name="Tiếp nhận", exact=True).click()
    expect(officer.get_by_text(re.compile("Đã tiếp nhận")).first).to_be_visible()
    portal.ask(RECOMPUTE)
    after = {code: total_of(officer, owed, code) for code in before}
    assert after == {code: before[code] + counted[code] for code in before}

    # From the total to the two records.
    for code, part, record in (("B1", "?phan=buoi", TALK), ("E5", "", "Cánh cổng an ninh")):
        officer.goto(f"/tong-hop/{owed.period}/{code}/{part}")
        officer.get_by_role("link", name="Xem các bản ghi trong sổ").click()
        officer.get_by_role("link", name=re.compile(re.escape(record))).first.click()
        expect(officer.get_by_role("heading", level=1)).to_contain_text(record)


def test_another_figure_than_the_registers_needs_a_reason(
    portal: Portal, desk: Opener, owed: Owed
) -> None:
    clerk = desk(owed.clerk)
    clerk.goto(f"/bao-cao/{owed.report}/B/")
    row = clerk.locator("tr[data-line]", has=clerk.locator(".grid-code", has_text="B3 ")).first
    row.get_by_role("link", name=re.compile("Ghi số khác")).click()
    main = clerk.locator("main")
    main.get_by_label("Số ghi vào báo cáo").fill("77")
    main.get_by_role("button", name="Ghi số này").click()
    expect(main).to_contain_text("Muốn ghi khác, ghi lý do")
    main.get_by_label("Lý do ghi khác sổ").fill("Sổ ghi thiếu đợt phát tờ rơi ở chợ")
    main.get_by_role("button", name="Ghi số này").click()
    # Going on at once could overtake the answer, or stop the figure on its way.
    expect(row).to_contain_text("Đơn vị ghi khác. Sổ: ")
    clerk.goto(f"/bao-cao/{owed.report}/B/")
    expect(row).to_contain_text("Đơn vị ghi khác. Sổ: ")
    assert no_sideways(clerk)
