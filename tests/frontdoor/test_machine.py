"""What the machine lacks is installed where allowed, else said exactly."""

import os
import shutil
from pathlib import Path

import pytest

from frontdoor import machine
from frontdoor.console import Stop


def test_pango_is_found_here() -> None:
    assert machine.has_pango()


def test_missing_library_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "PANGO_LIBRARIES", {"libnothing.so.9": "nothing-at-all"})

    assert not machine.has_pango()


def test_ordinary_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "has_pango", lambda: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(Stop, match=r"sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0"):
        machine.need_pango()


def test_root_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    monkeypatch.setattr(machine, "browser_path", lambda: "/x" if installed else None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(machine, "_apt_install", installed.extend)

    machine.need_browser()

    assert installed == ["chromium"]


def test_named_browser_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n", encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(browser))

    assert machine.browser_path() == str(browser)


def test_named_browser_must_be_a_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nothing"))

    assert machine.browser_path() is None
