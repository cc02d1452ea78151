"""Files and functions stay small, have honest names, and inner layers know no HTTP and no clock."""

import ast
from pathlib import Path

from tests.shape.source import Source, layer_sources, length, sources

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
LONGEST_VIEW = 25
FORBIDDEN_NAMES = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "data", "info"}
    | {"shared", "tools", "stuff", "lib"}
)
INNER = ("services", "documents", "figures", "queries", "models", "rules")
CLOCKS = frozenset({"now", "today", "utcnow", "localdate", "localtime"})
WEB_MODULES = ("django.http", "django.shortcuts", "django.views", "django.contrib.messages")
DATABASE_MODULES = ("django.db", "psycopg2")
# Choices are words with labels; they stand beside the rules that use them.
CHOICES = frozenset({"django.db.models.TextChoices", "django.db.models.IntegerChoices"})


def too_long_files(found: list[Source]) -> list[str]:
    return [s.path for s in found if s.text.count("\n") > LONGEST_FILE and not s.is_migration]


def too_long_functions(found: list[Source], longest: int) -> list[str]:
    return [
        f"{s.path}:{node.lineno} {node.name} has {length(node)} lines"
        for s in found
        for node in s.functions()
        if length(node) > longest and not s.is_migration
    ]


def too_long_views(found: list[Source]) -> list[str]:
    """Find views, the functions that take a request, that do more than their four beats."""
    return [
        f"{s.path}:{node.lineno} {node.name} has {length(node)} lines"
        for s in found
        for node in s.public_functions()
        if node.args.args and node.args.args[0].arg == "request" and length(node) > LONGEST_VIEW
    ]


def misnamed_modules(found: list[Source]) -> list[str]:
    return [s.path for s in found if FORBIDDEN_NAMES & set(Path(s.path).with_suffix("").parts)]


def importers_of(found: list[Source], modules: tuple[str, ...]) -> list[str]:
    return [
        f"{s.path} imports {name}"
        for s in found
        for name in s.imports()
        if any(name == module or name.startswith(f"{module}.") for module in modules)
    ]


def database_users(found: list[Source]) -> list[str]:
    """Find rules that know the database; `from django.db.models import TextChoices` is fine."""
    return [
        f"{s.path} imports {name}"
        for s in found
        for name in s.imports()
        if name.startswith(DATABASE_MODULES)
        and name not in CHOICES | {"django.db", "django.db.models"}
    ]


def clock_readers(found: list[Source]) -> list[str]:
    """Find calls of now() and today(); a service takes `at` from the edge."""
    return [
        f"{s.path}:{node.lineno}"
        for s in found
        for node in ast.walk(s.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"timezone", "datetime", "date"}
        and not (node.func.attr in {"localtime", "localdate"} and node.args)
    ]


def missing_module_docstrings(found: list[Source]) -> list[str]:
    return [
        s.path
        for s in found
        if s.text.strip() and not ast.get_docstring(s.tree) and not s.is_migration
    ]


def test_files_are_short() -> None:
    assert too_long_files(sources()) == []


def test_long_file_is_found() -> None:
    assert too_long_files([Source("apps/x/views.py", "x = 1\n" * (LONGEST_FILE + 1))])


def test_functions_are_short() -> None:
    assert too_long_functions(sources(), LONGEST_FUNCTION) == []


def test_views_are_shorter() -> None:
    assert too_long_views(layer_sources("views")) == []


def test_long_view_is_found() -> None:
    body = "    x = 1\n" * LONGEST_VIEW
    assert too_long_views([Source("apps/x/views.py", f"def f(request):\n{body}")])


def test_long_function_is_found() -> None:
    body = "    x = 1\n" * LONGEST_FUNCTION
    assert too_long_functions([Source("apps/x/views.py", f"def f():\n{body}")], LONGEST_FUNCTION)


def test_modules_have_honest_names() -> None:
    assert misnamed_modules(sources()) == []


def test_dishonest_name_is_found() -> None:
    assert misnamed_modules([Source("apps/x/helpers.py", "")])


def test_inner_layers_know_no_web() -> None:
    assert importers_of(layer_sources(*INNER), WEB_MODULES) == []


def test_web_import_is_found() -> None:
    bad = Source("apps/x/services.py", "from django.http import HttpRequest\n")
    assert importers_of([bad], WEB_MODULES)


def test_rules_know_no_database() -> None:
    assert database_users(layer_sources("rules")) == []


def test_rule_with_database_is_found() -> None:
    bad = "from django.db import connection\nfrom django.db.models import TextChoices\n"
    assert len(database_users([Source("apps/x/rules.py", bad)])) == 1


def test_inner_layers_read_no_clock() -> None:
    assert clock_readers(layer_sources(*INNER)) == []


def test_clock_reader_is_found() -> None:
    bad = "from django.utils import timezone\n\n\ndef f():\n    return timezone.now()\n"
    assert clock_readers([Source("apps/x/services.py", bad)])


def test_modules_say_what_they_are_for() -> None:
    found = [s for s in sources() if Path(s.path).name != "__init__.py"]
    assert missing_module_docstrings(found) == []


def test_silent_module_is_found() -> None:
    assert missing_module_docstrings([Source("apps/x/rules.py", "LIMIT = 3\n")])
