"""Chromium in front of the test portal, at the width of a phone and of an office PC."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.portal import Portal, chromium_path

PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=900)
PATIENCE = 15_000
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Remember that a test failed, for the fixture that takes the picture."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@dataclass
class Browsers:
    """Opens windows of Chromium, each with its own cookies and its own storage."""

    portal: Portal
    chromium: Browser
    opened: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def window(self, size: ViewportSize, **options: Any) -> BrowserContext:
        """Open a browser in which nobody is signed in."""
        context = self.chromium.new_context(
            viewport=size,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            base_url=self.portal.url,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("console", self._note)
        self.opened.append(context)
        return context

    def _note(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def signed_in(self, username: str, size: ViewportSize, **options: Any) -> Page:
        """Open a browser in which this account is signed in; its first page comes from a test."""
        context = self.window(size, **options)
        page = context.new_page()
        if username in self.portal.cookies:
            context.add_cookies(self.portal.cookies[username])
        else:
            sign_in(page, self.portal, username)
            self.portal.cookies[username] = context.cookies()
        return page

    def photograph(self, name: str) -> None:
        """Keep what every window shows, for whoever looks why a test failed."""
        folder = settings.BASE_DIR / "var" / "log"
        pages = [page for context in self.opened for page in context.pages]
        for number, page in enumerate(pages):
            page.screenshot(path=folder / f"test-{name}-{number}.png", full_page=True)

    def close(self) -> None:
        """Close every window."""
        for context in self.opened:
            context.close()


@pytest.fixture(scope="module")
def chromium(portal: Portal) -> Iterator[Browser]:
    """Start Chromium for one file of tests.

    Not for the session: while Playwright runs, its event loop would forbid other tests the ORM.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def browsers(
    request: pytest.FixtureRequest, portal: Portal, chromium: Browser
) -> Iterator[Browsers]:
    """Give a test its windows; no script of ours may fail and no page may break the CSP."""
    made = Browsers(portal, chromium)
    yield made
    if request.node.stash.get(FAILED, False):
        made.photograph(request.node.name)
    made.close()
    assert made.faults == []


@pytest.fixture
def phone(browsers: Browsers) -> Callable[..., Page]:
    """Sign in at 360 × 740: phone("xa.nhap")."""
    return lambda username, **options: browsers.signed_in(username, PHONE, **options)


@pytest.fixture
def desk(browsers: Browsers) -> Callable[..., Page]:
    """Sign in at 1280 × 900: desk("xa.nhap")."""
    return lambda username, **options: browsers.signed_in(username, DESK, **options)


def sign_in(page: Page, portal: Portal, username: str) -> None:
    """Sign in as a person does, with the keyboard."""
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.locator("input[type=password]").fill(portal.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal.url}/")
