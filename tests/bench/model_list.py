"""The list of sites with filters and search, at 500 and at 50,000 sites of the same province."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median
from time import perf_counter

from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from tests.bench.database import DATABASE_NAME, bench_database, drop, make_anew
from tests.bench.lines import Line
from tests.bench.register import build_units, fill_sites
from tests.bench.server import gunicorn, signed_in_cookie

NAME = "model_list"
FEW, MANY = 500, 50_000
MOST_TIMES_FEW, MOST_TIMES_EMPTY = 3.0, 12.0
ROUNDS = 5
TRIES = 5
# The portal's frame (menu, unit, bells) around nothing, and an answer of two letters.
EMPTY = {"empty": "/bench/empty/", "bare": "/bench/bare/"}
PAGES = {
    "all": "/mo-hinh/",
    "filters": "/mo-hinh/?trang_thai=operating&cap=commune&xep=-ra_mat",
    "search": "/mo-hinh/?tim=camera+an+ninh&trang_thai=operating",
    "slip": "/mo-hinh/?tim=camra+an+nin",
    # Five sites at 500: with a search as well the short list would be empty, and cost less.
    "unit": "/mo-hinh/?don_vi=X5&im_lang=1",
}


@dataclass
class Measured:
    """Milliseconds of each page in each round, and its queries, in one database."""

    times: dict[str, list[float]] = field(default_factory=dict)
    queries: dict[str, int] = field(default_factory=dict)

    def middle(self, page: str) -> float:
        """Return the median of the rounds."""
        return median(self.times[page])


def run() -> list[Line]:
    """Build two databases that differ in sites only, put a server on each, and ask both in turn."""
    call_command("collectstatic", interactive=False, verbosity=0)
    small = f"{DATABASE_NAME}_small"
    with bench_database():
        user = build_units().reviewer
        connection.close()
        make_anew(small, template=DATABASE_NAME)
        try:
            return _lines(*_asked_in_turn({small: FEW, DATABASE_NAME: MANY}, user))
        finally:
            connection.close()
            drop(small)


def _asked_in_turn(sizes: dict[str, int], user: User) -> list[Measured]:
    """Fill each database, then measure both servers round by round."""
    found: dict[str, Measured] = {name: Measured() for name in sizes}
    with ExitStack() as servers:
        browsers: dict[str, tuple[int, str]] = {}
        for name, size in sizes.items():
            with _database(name):
                fill_sites(size)
                _count_queries(found[name], user)
                port = servers.enter_context(gunicorn())
                browsers[name] = port, signed_in_cookie(user, port)
        for _ in range(ROUNDS):
            for name, (port, cookie) in browsers.items():
                _measure(found[name], port, cookie)
    return list(found.values())


@contextmanager
def _database(name: str) -> Iterator[None]:
    """Point Django at one of the two databases."""
    database = connections["default"].settings_dict
    connection.close()
    before, database["NAME"] = database["NAME"], name
    try:
        yield
    finally:
        connection.close()
        database["NAME"] = before


def _count_queries(into: Measured, user: User) -> None:
    """Count the queries of each page."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    for page, address in PAGES.items():
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        into.queries[page] = len(caught)


def _measure(into: Measured, port: int, cookie: str) -> None:
    """Ask for every page and for empty ones: twice to warm up both workers, then the best of 5."""
    link = HTTPConnection("127.0.0.1", port, timeout=60)
    for page, address in {**EMPTY, **PAGES}.items():
        times = [_time(link, address, cookie) for _ in range(2 + TRIES)]
        into.times.setdefault(page, []).append(min(times[2:]))
    link.close()


def _time(link: HTTPConnection, address: str, cookie: str) -> float:
    begun = perf_counter()
    link.request("GET", address, headers={"Cookie": cookie})
    answer = link.getresponse()
    body = answer.read()
    took = (perf_counter() - begun) * 1000
    if answer.status != 200:
        raise AssertionError(f"{address}: {answer.status} {body.decode()[:2000]}")
    return took


def _lines(few: Measured, many: Measured) -> list[Line]:
    """Report the page that grows most, the one that takes longest, and queries that differ."""
    times = {page: many.middle(page) / few.middle(page) for page in PAGES}
    empty, bare = many.middle("empty"), many.middle("bare")
    worst = max(times, key=lambda page: times[page])
    slowest = max(PAGES, key=many.middle)
    differing = [page for page in PAGES if few.queries[page] != many.queries[page]]
    growth = "; ".join(
        f"{page}: {few.middle(page):.0f} → {many.middle(page):.0f} ms" for page in PAGES
    )
    counts = ", ".join(f"{page} {few.queries[page]} → {many.queries[page]}" for page in PAGES)
    note = (
        f"slowest: {slowest} {many.middle(slowest):.0f} ms; empty page {empty:.1f} ms; "
        f"an answer without a page {bare:.1f} ms"
    )
    return [
        Line("model_list", times[worst], MOST_TIMES_FEW, True, "× at 500", f"{worst}; {growth}"),
        Line(
            "model_list_empty",
            many.middle(slowest) / empty,
            MOST_TIMES_EMPTY,
            True,
            "× empty",
            note,
        ),
        Line("model_list_queries", len(differing), 0, True, "pages differ", counts),
    ]
