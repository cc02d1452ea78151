"""A register's figure in the grid, in Chromium: seen, overridden with a reason, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.reports.models import Cell, Report
from tests.factories.reports import leader_of, line_of
from tests.reports.chromium import DESK, PHONE, Open
from tests.reports.ledger import Ledger

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock"),
]
Check = Callable[[Page], None]


@pytest.fixture
def twelve(report: Report, ledger: Ledger) -> Report:
    ledger.write("F1", report.obligation.unit, value=12)
    return report


def row_of(page: Page, report: Report, code: str) -> Any:
    return page.locator(f"#dong-{line_of(report, code).pk}")


def path_of(report: Report) -> str:
    return f"/bao-cao/{report.pk}/F/"


PASTE = """(field, block) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", block);
    field.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def paste(field: Any, block: str) -> None:
    field.focus()
    field.evaluate(PASTE, block)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_figure_is_overridden_with_a_reason_and_taken_back(
    open_page: Open, has_no_barriers: Check, lan: User, twelve: Report, size: Any
) -> None:
    page = open_page(lan, path_of(twelve), size)
    row = row_of(page, twelve, "F1")
    expect(row).to_contain_text("Từ sổ")
    has_no_barriers(page)

    row.get_by_role("link", name="Ghi số khác").click()
    expect(page.get_by_label("Lý do ghi khác sổ")).to_be_visible()
    has_no_barriers(page)
    page.get_by_label("Số ghi vào báo cáo").fill("15")
    page.get_by_role("button", name="Ghi số này").click()
    expect(page.locator("#id_note_error")).to_contain_text("Số này lấy từ sổ: 12")
    has_no_barriers(page)
    page.get_by_label("Lý do ghi khác sổ").fill("Sổ thiếu 3 tin của ấp 2")
    page.get_by_role("button", name="Ghi số này").click()

    row = row_of(page, twelve, "F1")
    expect(row).to_contain_text("Sổ: 12")
    expect(row).to_contain_text("Sổ thiếu 3 tin của ấp 2")
    has_no_barriers(page)
    row.get_by_role("button", name="Lấy lại số từ sổ").click()
    expect(row_of(page, twelve, "F1")).to_contain_text("Từ sổ")
    assert Cell.objects.get().state == "missing"


def test_the_same_works_without_scripts(open_page: Open, lan: User, twelve: Report) -> None:
    page = open_page(lan, path_of(twelve), PHONE, java_script_enabled=False)

    row_of(page, twelve, "F1").get_by_role("link", name="Ghi số khác").click()
    page.get_by_label("Số ghi vào báo cáo").fill("15")
    page.get_by_label("Lý do ghi khác sổ").fill("Sổ thiếu")
    page.get_by_role("button", name="Ghi số này").click()

    expect(row_of(page, twelve, "F1")).to_contain_text("Sổ: 12")
    row_of(page, twelve, "F1").get_by_role("button", name="Lấy lại số từ sổ").click()
    expect(row_of(page, twelve, "F1")).to_contain_text("Từ sổ")


def test_what_is_being_typed_elsewhere_is_saved_before_an_override(
    open_page: Open, lan: User, twelve: Report
) -> None:
    page = open_page(lan, path_of(twelve))
    row_of(page, twelve, "F1").get_by_role("link", name="Ghi số khác").click()
    page.get_by_label("Số ghi vào báo cáo").fill("15")
    page.get_by_label("Lý do ghi khác sổ").fill("Sổ thiếu")
    page.locator(f"#o-{line_of(twelve, 'F2').pk}").fill("7")
    page.get_by_role("button", name="Ghi số này").click()

    expect(row_of(page, twelve, "F1")).to_contain_text("Sổ: 12")
    assert dict(Cell.objects.values_list("line__indicator__code", "value")) == {"F1": 15, "F2": 7}


def test_a_pasted_column_passes_over_a_registers_line_and_says_so(
    open_page: Open, lan: User, report: Report, ledger: Ledger
) -> None:
    ledger.write("F2", report.obligation.unit, value=3)
    page = open_page(lan, path_of(report))

    paste(page.locator(f"#o-{line_of(report, 'F1').pk}"), "12\n5\n1,25\n")

    expect(page.locator("[data-grid-message]")).to_contain_text("1 ô giữ số từ sổ")
    expect(page.locator("[data-grid-message]")).to_contain_text("F2 (dán 5)")
    expect(page.locator(f"#o-{line_of(report, 'F7c').pk}")).to_have_value("1,25")


def test_without_a_network_a_pasted_column_stays_on_its_lines(
    open_page: Open, lan: User, report: Report, ledger: Ledger
) -> None:
    ledger.write("F2", report.obligation.unit, value=3)
    page = open_page(lan, path_of(report))
    page.context.set_offline(True)

    paste(page.locator(f"#o-{line_of(report, 'F1').pk}"), "12\n5\n1,25\n")

    expect(page.locator(f"#o-{line_of(report, 'F7c').pk}")).to_have_value("1,25")
    expect(page.locator("td.cell.is-waiting")).to_have_count(2)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_records_and_the_check_have_no_barriers(
    open_page: Open, has_no_barriers: Check, twelve: Report, ledger: Ledger, size: Any
) -> None:
    leader = leader_of(twelve)
    page = open_page(leader, f"/bao-cao/{twelve.pk}/o/{line_of(twelve, 'F1').pk}/ban-ghi/", size)
    expect(page.get_by_role("link", name="Bản ghi 1")).to_be_visible()
    has_no_barriers(page)
    page.goto(f"/bao-cao/{twelve.pk}/kiem-tra/")
    expect(page.get_by_role("heading", name="Lấy từ sổ (1)")).to_be_visible()
    has_no_barriers(page)
