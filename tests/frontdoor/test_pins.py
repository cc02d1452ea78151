"""Every dependency has its reason, an exact version, and no address of an index."""

import re

import pytest

from tests.shape.source import BASE_DIR

FILES = ("requirements", "requirements-dev")
PIN = re.compile(r"^[a-z0-9._-]+==[^ ;]+( ;.*)?$")


def lines(name: str) -> list[str]:
    return (BASE_DIR / name).read_text(encoding="utf-8").splitlines()


def without_reason(found: list[str]) -> list[str]:
    named = [line for line in found if line.strip() and not line.startswith(("#", "-"))]
    return [line for line in named if not re.search(r"\S\s+# \S", line)]


def unpinned(found: list[str]) -> list[str]:
    named = [line for line in found if line.strip() and not line.lstrip().startswith("#")]
    return [line for line in named if not PIN.match(line)]


def addresses(found: list[str]) -> list[str]:
    return [line for line in found if re.search(r"https?://|--(index|extra|find|trusted)", line)]


def names(found: list[str]) -> set[str]:
    named = [line for line in found if line.strip() and not line.startswith(("#", "-", " "))]
    return {re.split(r"[=~<> #]", line)[0].lower().replace("_", "-") for line in named}


@pytest.mark.parametrize("name", FILES)
def test_dependencies_say_what_for(name: str) -> None:
    assert without_reason(lines(f"{name}.in")) == []


@pytest.mark.parametrize("name", FILES)
def test_versions_are_exact_and_come_from_no_named_index(name: str) -> None:
    assert unpinned(lines(f"{name}.txt")) == []
    assert addresses(lines(f"{name}.txt") + lines(f"{name}.in")) == []


@pytest.mark.parametrize("name", FILES)
def test_every_dependency_is_pinned(name: str) -> None:
    assert names(lines(f"{name}.in")) <= names(lines(f"{name}.txt"))


def test_both_files_agree() -> None:
    run, dev = (set(filter(PIN.match, lines(f"{name}.txt"))) for name in FILES)
    shared = names(list(run)) & names(list(dev))

    assert {line for line in run if names([line]) <= shared} == {
        line for line in dev if names([line]) <= shared
    }


def test_faults_are_found() -> None:
    assert without_reason(["django"]) == ["django"]
    assert unpinned(["django>=5"]) == ["django>=5"]
    assert addresses(["--index-url https://x"]) == ["--index-url https://x"]
