"""What the operating system must bring: installed where that is allowed, else said exactly."""

import ctypes
import ctypes.util
import os
import shutil
import subprocess
from collections.abc import Callable

from frontdoor.console import Stop, say

# WeasyPrint draws with these; harfbuzz-subset makes the fonts in a PDF the same on every machine.
PANGO_LIBRARIES = {
    "libpango-1.0.so.0": "pango-1.0",
    "libpangoft2-1.0.so.0": "pangoft2-1.0",
    "libfontconfig.so.1": "fontconfig",
    "libharfbuzz-subset.so.0": "harfbuzz-subset",
}
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig")
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
BROWSER_PACKAGES = ("chromium",)


def need_pango() -> None:
    """Make sure that PDFs can be rendered."""
    _need(
        has_pango,
        PANGO_PACKAGES,
        "WeasyPrint needs Pango to render PDFs.",
        "Fedora: sudo dnf install pango harfbuzz fontconfig · macOS: brew install pango",
    )


def need_browser() -> None:
    """Make sure that the browser tests have a Chromium."""
    _need(
        lambda: browser_path() is not None,
        BROWSER_PACKAGES,
        "The browser tests need Chromium.",
        "Other systems: install Chromium or Chrome, or set CHROMIUM=/path/to/chromium",
    )


def has_pango() -> bool:
    """Say whether every library that WeasyPrint loads is there."""
    return all(_loads(file) or _loads_by_name(name) for file, name in PANGO_LIBRARIES.items())


def browser_path() -> str | None:
    """Return the Chromium to use: the one named by CHROMIUM, else the first on the path."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _need(
    is_there: Callable[[], bool], packages: tuple[str, ...], purpose: str, elsewhere: str
) -> None:
    if is_there():
        return
    names = " ".join(packages)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"{purpose} Installing {names} …")
        _apt_install(packages)
        if is_there():
            return
    msg = (
        f"{purpose} It is not installed, and make may not or could not install it.\n"
        f"Debian, Ubuntu: sudo apt-get install {names}\n{elsewhere}\nThen run make again."
    )
    raise Stop(msg)


def _apt_install(packages: tuple[str, ...]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        if done.returncode:
            say(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _loads(file_name: str) -> bool:
    try:
        ctypes.CDLL(file_name)
    except OSError:
        return False
    return True


def _loads_by_name(name: str) -> bool:
    found = ctypes.util.find_library(name)
    return found is not None and _loads(found)
