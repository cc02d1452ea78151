"""One write, one service: a unique name, keyword-only, atomic, with `by` and `at`.

A service is what others call: views, tasks, commands and other apps. What only the service modules
of one app share among themselves (a lock, a piece of a sentence) is a part of them.
"""

import ast
from collections import Counter

from tests.shape.source import Source, layer_sources, sources

# A service with an actor that is not one transaction says why.
NOT_ATOMIC: dict[str, str] = {
    "open_due_reports": "one transaction a period, so that a fault in one does not undo the others",
    "order_document": "recomputes stale totals first, each in a transaction of its own",
    "submit_report": "its transaction is closed inside: the receipt is shown after the commit only",
}


def called_from_outside(found: list[Source]) -> frozenset[str]:
    """Return the names that are imported from a service module by any other layer."""
    return frozenset(
        name.rpartition(".")[2]
        for source in found
        for name in source.imports()
        if ".services" in name and not is_own_service(source, name)
    )


def is_own_service(source: Source, name: str) -> bool:
    return source.layer == "services" and name.startswith(f"apps.{source.app}.")


def services(found: list[Source]) -> list[tuple[Source, ast.FunctionDef]]:
    called = called_from_outside(found)
    return [
        (source, node)
        for source in found
        if source.layer == "services"
        for node in source.public_functions()
        if node.name in called
    ]


def repeated_names(found: list[Source]) -> list[str]:
    names = Counter(node.name for _, node in services(found))
    return [name for name, times in names.items() if times > 1]


def positional_services(found: list[Source]) -> list[str]:
    """Find writers that take positions; what only reads a sheet or a form may take one."""
    return [
        place(source, node)
        for source, node in services(found)
        if (node.args.args or node.args.posonlyargs or node.args.vararg)
        and ({"by", "at"} & keywords(node) or node.decorator_list)
    ]


def not_atomic(found: list[Source]) -> list[str]:
    return [
        place(source, node)
        for source, node in services(found)
        if "by" in keywords(node)
        and not any("atomic" in ast.unparse(line) for line in node.decorator_list)
        and node.name not in NOT_ATOMIC
    ]


def by_without_at(found: list[Source]) -> list[str]:
    return [
        place(source, node)
        for source, node in services(found)
        if "by" in keywords(node) and "at" not in keywords(node)
    ]


def keywords(node: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in node.args.kwonlyargs}


def place(source: Source, node: ast.FunctionDef) -> str:
    return f"{source.path}:{node.lineno} {node.name}"


def sample(text: str, app: str = "x") -> list[Source]:
    """Return a service module and a view that calls send_it."""
    return [
        Source(f"apps/{app}/services.py", text),
        Source(f"apps/{app}/views.py", f"from apps.{app}.services import send_it\n"),
    ]


def test_there_are_services() -> None:
    assert services(sources("apps"))


def test_names_are_unique_in_the_project() -> None:
    assert repeated_names(sources("apps")) == []


def test_repeated_name_is_found() -> None:
    text = "def send_it(*, at): ...\n"
    assert repeated_names([*sample(text), *sample(text, app="y")]) == ["send_it"]


def test_services_are_keyword_only() -> None:
    assert positional_services(sources("apps")) == []


def test_positional_service_is_found() -> None:
    assert positional_services(sample("def send_it(unit, *, at): ...\n"))


def test_services_with_an_actor_are_atomic() -> None:
    assert not_atomic(sources("apps")) == []


def test_service_without_transaction_is_found() -> None:
    assert not_atomic(sample("def send_it(*, by, at): ...\n"))


def test_exceptions_from_atomic_still_exist() -> None:
    assert set(NOT_ATOMIC) <= {node.name for _, node in services(sources("apps"))}


def test_who_acts_says_when() -> None:
    assert by_without_at(sources("apps")) == []


def test_actor_without_time_is_found() -> None:
    assert by_without_at(sample("def send_it(*, by): ...\n"))


def test_parts_of_services_stay_inside() -> None:
    """A function that a service module shares with its neighbours is no entrance."""
    text = "def piece(row): ...\n"
    inner = Source("apps/x/services/one.py", text)
    neighbour = Source("apps/x/services/two.py", "from apps.x.services.one import piece\n")

    assert services([inner, neighbour]) == []
    assert layer_sources("services")
