"""Bytes over the wire of sign-in and first page in a browser that has nothing yet."""

from __future__ import annotations

import shutil

from django.core.management import call_command
from playwright.sync_api import sync_playwright

from apps.accounts.rules import Role
from tests.bench.database import bench_database
from tests.bench.lines import Line
from tests.bench.province import build, officer
from tests.bench.server import gunicorn

NAME = "first_page"
GOAL_KB = 150.0


def run() -> list[Line]:
    """Sign in with a cold Chromium and add up what came over the wire, headers included."""
    call_command("collectstatic", interactive=False, verbosity=0)
    with bench_database():
        province = build(100, 4, 10)
        officer("tonghop", province.police, Role.REVIEWER)
        with gunicorn("antq_portal.settings") as port:
            total, parts = _weigh(f"http://127.0.0.1:{port}")
    biggest = ", ".join(f"{name} {size / 1024:.1f}" for size, name in sorted(parts)[:-6:-1])
    return [Line("first_page_kb", total / 1024, GOAL_KB, True, " KB", f"largest: {biggest}")]


def _weigh(base: str) -> tuple[int, list[tuple[int, str]]]:
    sizes: dict[str, int] = {}
    names: dict[str, str] = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on(
            "Network.responseReceived",
            lambda e: names.update({e["requestId"]: e["response"]["url"].rsplit("/", 1)[-1]}),
        )
        wire.on(
            "Network.loadingFinished",
            lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}),
        )
        page.goto(f"{base}/dang-nhap/", wait_until="networkidle")
        page.fill("input[name=username]", "tonghop")
        page.fill("input[name=password]", "mat-khau-do-toc-do")
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{base}/")
        page.wait_for_load_state("networkidle")
        browser.close()
    return sum(sizes.values()), [(size, names.get(key, key)) for key, size in sizes.items()]
