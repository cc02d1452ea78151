"""Which tests must run in one process: pytest-xdist 3.8 does not see its own mark under pytest 9.2.

It writes the group into `item._nodeid`, which pytest no longer reads, and then spreads the tests
over all processes without a word. Here the group comes from the file a test stands in.
"""

from __future__ import annotations

from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

GROUPS = {
    "tests/browser/": "portal",
    "tests/worker/": "portal",
    "tests/frontdoor/test_services.py": "frontdoor",
}


class GroupedByFile(LoadGroupScheduling):
    """Gives tests of one group to one process."""

    def _split_scope(self, nodeid: str) -> str:
        for start, group in GROUPS.items():
            if nodeid.startswith(start):
                return group
        return str(super()._split_scope(nodeid))
