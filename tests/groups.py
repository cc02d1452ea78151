"""Which tests must run in one process: pytest-xdist 3.8 does not see its own mark under pytest 9.2.

It writes the group into `item._nodeid`, which pytest no longer reads, and then spreads the tests
over all processes without a word. Here the group comes from the file a test stands in.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

BASE_DIR = Path(__file__).resolve().parent.parent
GROUPS = {
    "tests/browser/": "portal",
    "tests/worker/": "portal",
    "tests/frontdoor/test_services.py": "frontdoor",
}


class GroupedByFile(LoadGroupScheduling):
    """Gives tests of one group to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid) or str(super()._split_scope(nodeid))


def group_of(nodeid: str) -> str:
    """Return the group of a test, or nothing for a test that runs anywhere."""
    for start, group in GROUPS.items():
        if nodeid.startswith(start):
            return group
    path = nodeid.partition("::")[0]
    return path if _builds_once(path) else ""


@cache
def _builds_once(path: str) -> bool:
    """Say whether a file makes something for all its tests: each process would make it again."""
    return 'scope="module"' in (BASE_DIR / path).read_text(encoding="utf-8")
