"""Each step runs once on the same files and the same database, and the province is loaded once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from frontdoor import places, steps
from frontdoor.console import Stop

Once = Callable[[str], None]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Return the management commands that steps would run, in a clone of its own."""
    made: list[str] = []
    monkeypatch.setattr(places, "BASE_DIR", tmp_path)
    monkeypatch.setattr(places, "STAMP_DIR", tmp_path)
    monkeypatch.setattr(steps, "DEMO_PENDING", tmp_path / "demo.pending")
    monkeypatch.setattr(steps, "manage", lambda *arguments: made.append(arguments[0]))
    monkeypatch.delenv("ANTQ_DEMO", raising=False)
    monkeypatch.delenv("ANTQ_ENV", raising=False)
    return made


@pytest.fixture
def once(tmp_path: Path) -> Once:
    source = tmp_path / "0001_initial.py"
    source.write_text("one", encoding="utf-8")
    return lambda database: steps._once("migrate", [source], database)


def test_step_runs_once(calls: list[str], once: Once) -> None:
    once("db1")
    once("db1")

    assert calls == ["migrate"]


def test_step_runs_again_on_another_database(calls: list[str], once: Once) -> None:
    once("db1")
    once("db2")

    assert calls == ["migrate", "migrate"]


def test_step_runs_again_when_a_file_changed(calls: list[str], once: Once, tmp_path: Path) -> None:
    once("db1")
    (tmp_path / "0001_initial.py").write_text("two", encoding="utf-8")
    once("db1")

    assert calls == ["migrate", "migrate"]


def test_failed_step_runs_again(
    calls: list[str], once: Once, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: str) -> str:
        raise Stop

    with monkeypatch.context() as patch:
        patch.setattr(steps, "manage", fail)
        with pytest.raises(Stop):
            once("db1")
    once("db1")

    assert calls == ["migrate"]


def test_province_is_loaded_into_an_empty_database_only(calls: list[str]) -> None:
    steps._load_demo_once(frozenset({"load_demo"}))
    assert calls == []

    steps.DEMO_PENDING.touch()
    steps._load_demo_once(frozenset({"load_demo"}))
    steps._load_demo_once(frozenset({"load_demo"}))
    assert calls == ["load_demo"]


@pytest.mark.parametrize(("name", "value"), [("ANTQ_DEMO", "0"), ("ANTQ_ENV", "production")])
def test_province_stays_out_when_not_wanted(
    calls: list[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    steps.DEMO_PENDING.touch()

    steps._load_demo_once(frozenset({"load_demo"}))

    assert calls == []
    assert not steps.DEMO_PENDING.exists()


def test_failed_province_is_tried_again(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: str) -> str:
        raise Stop

    steps.DEMO_PENDING.touch()
    monkeypatch.setattr(steps, "manage", fail)
    with pytest.raises(Stop):
        steps._load_demo_once(frozenset({"load_demo"}))

    assert steps.DEMO_PENDING.exists()


def test_command_that_fails_shows_what_it_printed() -> None:
    with pytest.raises(Stop, match="Unknown command"):
        steps.manage("no_such_command")


def test_commands_of_our_apps_are_known() -> None:
    assert {"grant_rights", "audit_verify"} <= steps.known_commands()
