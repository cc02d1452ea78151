"""Queries of a provincial officer's first page, at 100 and at 10,000 units."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.rules import Role
from tests.bench.database import bench_database
from tests.bench.lines import Line
from tests.bench.province import build, officer

NAME = "worklist"
SIZES = (100, 10_000)
GOAL = 12


def run() -> list[Line]:
    """Build a province of each size and count the queries of its officer's first page."""
    counts = [_count(size) for size in SIZES]
    note = "; ".join(f"{size} units: {n}" for size, n in zip(SIZES, counts, strict=True))
    return [
        Line("worklist_queries", max(counts), GOAL, True, "", note),
        Line("worklist_growth", counts[-1] - counts[0], 0, True, "", note),
    ]


def _count(n_units: int) -> int:
    with bench_database():
        province = build(n_units, 4, 10)
        client = Client(SERVER_NAME="localhost")
        client.force_login(officer("tonghop", province.police, Role.REVIEWER))
        client.get("/")
        with CaptureQueriesContext(connection) as caught:
            answer = client.get("/")
        if answer.status_code != 200:
            raise AssertionError(answer.content.decode()[:2000])
        return len(caught)
