"""What a person does in the entry grid, and where the report to do it in is."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.portal import Portal

REPORT_OF = """
SELECT report.id
FROM reports_report report
JOIN reports_obligation owed ON owed.id = report.obligation_id
JOIN reports_template template ON template.id = owed.template_id
JOIN units_membership post ON post.unit_id = owed.filler_id
JOIN accounts_user person ON person.id = post.user_id
WHERE person.username = %s AND template.code = %s
ORDER BY owed.due_at DESC
LIMIT 1
"""


def report_of(portal: Portal, username: str, template: str) -> int:
    """Return the newest report of a form that this person writes or submits."""
    return int(portal.rows(REPORT_OF, username, template)[0][0])


def rows_of(page: Page) -> Iterator[Locator]:
    """Yield the rows of the grid from the top."""
    rows = page.locator("tr[data-line]")
    for number in range(rows.count()):
        yield rows.nth(number)


def cell_of(row: Locator) -> Locator:
    """Return the box for this period's figure."""
    return row.locator("input[id^='o-']")


def state_of(row: Locator) -> Locator:
    """Return the place that shows the state of the cell."""
    return row.locator("td.cell")


def last_period(row: Locator) -> str:
    """Return what the row says of the period before, or 12 where it says nothing."""
    text = row.locator("[data-label='Kỳ trước']").inner_text().strip()
    return text if text[:1].isdigit() else "12"


def expect_saved(page: Page) -> None:
    """Wait until no cell is dirty and the server has all of them."""
    expect(page.locator("td.cell.is-saving, td.cell.is-waiting, td.cell.is-error")).to_have_count(0)
    expect(page.locator("[data-save-state]")).to_contain_text("Xong")


def tab_to(page: Page, is_wanted: str, most: int = 150) -> None:
    """Press Tab until the focus is on what is wanted: a pattern for text, name, id or label."""
    page.wait_for_load_state()
    asks = """wanted => {
        const pattern = new RegExp(wanted);
        const e = document.activeElement;
        if (!e.matches("a, button, input, select, textarea, summary")) {
            return false;
        }
        const words = [e.innerText, e.name, e.id, e.getAttribute("aria-label"),
                       e.labels?.[0]?.innerText];
        return words.some(text => text && pattern.test(text));
    }"""
    for _ in range(most):
        if page.evaluate(asks, is_wanted):
            return
        page.keyboard.press("Tab")
    message = f"Tab never reaches {is_wanted!r} on {page.url}"
    raise AssertionError(message)


def pdf_of(page: Page, address: str) -> str:
    """Fetch a PDF with this person's cookies and return its text in one line."""
    answer = page.request.get(address)
    assert answer.ok, answer.status
    assert answer.headers["content-type"] == "application/pdf"
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages)
    return " ".join(text.split())


def no_sideways(page: Page) -> bool:
    """Return whether the page fits its width, once all of it is there."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


Opener = Callable[..., Page]
