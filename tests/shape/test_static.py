"""What comes from others is locked by checksum; nothing points to another host or a lost file."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.shape.source import BASE_DIR

LOCK = BASE_DIR / "static" / "vendor" / "vendor.lock.json"
FOREIGN = ("static/vendor", "static/fonts")
NEEDED = ("path", "package", "version", "licence", "sha256")
OUTSIDE = re.compile(r"(url\(|@import|from|import)\s*[\"']?\(?[\"']?(https?:)?//", re.IGNORECASE)


def lock() -> list[dict[str, Any]]:
    return list(json.loads(LOCK.read_text(encoding="utf-8")))


def changed_files(entries: list[dict[str, Any]], base: Path) -> list[str]:
    return [
        entry["path"]
        for entry in entries
        if not (base / entry["path"]).is_file()
        or hashlib.sha256((base / entry["path"]).read_bytes()).hexdigest() != entry["sha256"]
    ]


def incomplete_entries(entries: list[dict[str, Any]]) -> list[str]:
    return [str(e.get("path")) for e in entries if not all(e.get(name) for name in NEEDED)]


def unlisted_files(entries: list[dict[str, Any]], base: Path) -> list[str]:
    listed = {entry["path"] for entry in entries}
    found = [p for folder in FOREIGN for p in (base / folder).rglob("*") if p.is_file()]
    names = {p.relative_to(base).as_posix() for p in found} - {
        LOCK.relative_to(BASE_DIR).as_posix()
    }
    return sorted(names - listed)


def own_files() -> list[Path]:
    folders = (BASE_DIR / "static" / "css", BASE_DIR / "static" / "js")
    return [p for folder in folders for p in folder.rglob("*") if p.suffix in {".css", ".js"}]


def test_vendor_files_are_as_locked() -> None:
    assert changed_files(lock(), BASE_DIR) == []


def test_vendor_files_say_where_they_are_from() -> None:
    assert incomplete_entries(lock()) == []


def test_no_vendor_file_is_unlisted() -> None:
    assert unlisted_files(lock(), BASE_DIR) == []


def test_changed_incomplete_and_unlisted_are_found(tmp_path: Path) -> None:
    file = tmp_path / "static" / "vendor" / "x.js"
    file.parent.mkdir(parents=True)
    file.write_text("changed", encoding="utf-8")
    entry = {"path": "static/vendor/x.js", "sha256": "0" * 64}

    assert changed_files([entry], tmp_path) == ["static/vendor/x.js"]
    assert incomplete_entries([entry]) == ["static/vendor/x.js"]
    assert unlisted_files([], tmp_path) == ["static/vendor/x.js"]


def test_our_style_and_script_fetch_nothing_from_outside() -> None:
    assert [p.name for p in own_files() if OUTSIDE.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "text", ["@import 'https://x/y.css'", "src: url(//x/y.woff2)", 'import "https://x/y.js"']
)
def test_outside_address_is_found(text: str) -> None:
    assert OUTSIDE.search(text)


def test_collectstatic_finds_every_file_that_another_names(tmp_path: Path) -> None:
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=str(tmp_path), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)

    assert (tmp_path / "staticfiles.json").is_file()
