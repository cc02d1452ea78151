"""One write, one service: a unique name, keyword-only, atomic, with `by` and `at`."""

import ast
from collections import Counter

from tests.shape.source import Source, layer_sources

# A service that is not one transaction says why; an entry without its function fails.
NOT_ATOMIC: dict[str, str] = {}


def public_services(found: list[Source]) -> list[tuple[Source, ast.FunctionDef]]:
    return [(s, node) for s in found for node in s.public_functions()]


def repeated_names(found: list[Source]) -> list[str]:
    names = Counter(node.name for _, node in public_services(found))
    return [name for name, times in names.items() if times > 1]


def positional_services(found: list[Source]) -> list[str]:
    return [
        f"{s.path}:{node.lineno} {node.name}"
        for s, node in public_services(found)
        if node.args.args or node.args.posonlyargs or node.args.vararg
    ]


def not_atomic(found: list[Source]) -> list[str]:
    return [
        f"{s.path}:{node.lineno} {node.name}"
        for s, node in public_services(found)
        if not any("atomic" in ast.unparse(line) for line in node.decorator_list)
        and node.name not in NOT_ATOMIC
    ]


def by_without_at(found: list[Source]) -> list[str]:
    return [
        f"{s.path}:{node.lineno} {node.name}"
        for s, node in public_services(found)
        if "by" in (names := {a.arg for a in node.args.kwonlyargs}) and "at" not in names
    ]


def test_names_are_unique_in_the_project() -> None:
    assert repeated_names(layer_sources("services")) == []


def test_repeated_name_is_found() -> None:
    one = Source("apps/x/services.py", "def send_it(*, at): ...\n")
    other = Source("apps/y/services/post.py", "def send_it(*, at): ...\n")
    assert repeated_names([one, other]) == ["send_it"]


def test_services_are_keyword_only() -> None:
    assert positional_services(layer_sources("services")) == []


def test_positional_service_is_found() -> None:
    assert positional_services([Source("apps/x/services.py", "def send_it(unit, *, at): ...\n")])


def test_services_are_atomic() -> None:
    assert not_atomic(layer_sources("services")) == []


def test_service_without_transaction_is_found() -> None:
    assert not_atomic([Source("apps/x/services.py", "def send_it(*, at): ...\n")])


def test_exceptions_from_atomic_still_exist() -> None:
    names = {node.name for _, node in public_services(layer_sources("services"))}
    assert set(NOT_ATOMIC) <= names


def test_who_acts_says_when() -> None:
    assert by_without_at(layer_sources("services")) == []


def test_actor_without_time_is_found() -> None:
    assert by_without_at([Source("apps/x/services.py", "def send_it(*, by): ...\n")])
