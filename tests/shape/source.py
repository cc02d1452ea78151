"""Reads our own source for the shape tests: files, functions, layers."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("apps", "antq_portal", "frontdoor")


@dataclass(frozen=True)
class Source:
    """One Python file: where it lies and what it says."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def app(self) -> str:
        """Return the app's name, or an empty string outside apps."""
        parts = Path(self.path).parts
        return parts[1] if parts[0] == "apps" and len(parts) > 2 else ""

    @property
    def layer(self) -> str:
        """Return services for apps/x/services.py and for apps/x/services/y.py."""
        return Path(self.path).parts[2].removesuffix(".py") if self.app else ""

    @property
    def is_migration(self) -> bool:
        return "migrations" in Path(self.path).parts

    def functions(self) -> Iterator[ast.FunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                yield node

    def public_functions(self) -> Iterator[ast.FunctionDef]:
        """Yield the functions at the top of the file that others may call."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node

    def imports(self) -> Iterator[str]:
        """Yield each imported module, and each imported name as module.name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def sources(*packages: str) -> list[Source]:
    """Return every Python file of the packages, or of all of ours."""
    found = []
    for package in packages or PACKAGES:
        for path in sorted((BASE_DIR / package).rglob("*.py")):
            name = path.relative_to(BASE_DIR).as_posix()
            found.append(Source(name, path.read_text(encoding="utf-8")))
    return found


def layer_sources(*layers: str) -> list[Source]:
    """Return the files of some layers of all apps."""
    return [source for source in sources("apps") if source.layer in layers]


def length(node: ast.FunctionDef) -> int:
    """Return how many lines a function takes, from def to its last line."""
    return (node.end_lineno or node.lineno) - node.lineno + 1
