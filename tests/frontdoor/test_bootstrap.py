"""The first step works with the machine's Python alone and says what is missing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from frontdoor import bootstrap

PATH = Path(bootstrap.__file__)


def test_bootstrap_needs_the_standard_library_only() -> None:
    tree = ast.parse(PATH.read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported <= sys.stdlib_module_names


def test_old_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))

    with pytest.raises(SystemExit, match="or newer is needed"):
        bootstrap.main()


def test_missing_and_moved_venv_are_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", tmp_path / "python")
    assert not bootstrap.venv_works()

    (tmp_path / "python").symlink_to(tmp_path / "gone")
    assert not bootstrap.venv_works()


def test_packages_are_installed_once_for_the_same_pins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls: list[list[str]] = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(bootstrap, "BASE_DIR", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(subprocess, "run", run)
    pins = tmp_path / "requirements.txt"

    pins.write_text("django==5.2.19\n", encoding="utf-8")
    bootstrap.install("requirements.txt")
    bootstrap.install("requirements.txt")
    assert len(calls) == 1

    pins.write_text("django==5.2.20\n", encoding="utf-8")
    bootstrap.install("requirements.txt")
    assert len(calls) == 2


def test_failed_installation_shows_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "no such version")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)

    with pytest.raises(SystemExit, match="no such version"):
        bootstrap.install("requirements.txt")
