"""Stored sums against a live GROUP BY: 10,000 units × 24 months × 60 indicators."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from statistics import median
from time import perf_counter

from django.db import connection
from django.utils import timezone

from apps.indicators.models import Calendar, DeadlineCascade, Indicator, Period
from apps.reports.models import Template, TemplateLine, TemplateVersion
from apps.reports.queries.sums import Node, store_node
from apps.reports.queries.sums_over_periods import grid_over_periods
from apps.units.models import UnitClosure
from apps.units.rules import UnitKind
from apps.units.services.loading import load_units
from apps.units.services.tree import NewUnit
from tests.bench.database import bench_database
from tests.bench.lines import Line

NAME = "rollup"
COMMUNES, MEMBERS, MONTHS, INDICATORS, ASKED = 100, 99, 24, 60, 12
RUNS = 5
GOAL_RATIO, GOAL_MS = 0.05, 40.0

LIVE = """
SELECT c.ancestor_id, l.indicator_id, l.breakdown,
       sum(CASE WHEN l.state IN ('value', 'zero') THEN l.value
                WHEN l.state = 'nothing' THEN 0 END)
  FROM reports_submission s
  JOIN reports_submissionline l ON l.submission_id = s.id
  JOIN units_unitclosure c ON c.descendant_id = s.unit_id AND c.ancestor_id = ANY(%(communes)s)
   AND c.valid_from <= %(on)s AND c.valid_to > %(on)s
 WHERE s.state = 'accepted' AND s.period_id = ANY(%(periods)s)
   AND l.indicator_id = ANY(%(indicators)s)
 GROUP BY c.ancestor_id, l.indicator_id, l.breakdown
"""


def run() -> list[Line]:
    """Seed by COPY, then ask both ways in turn; the answers must agree to the last digit."""
    with bench_database():
        world = _seed()
        stored_times, live_times = [], []
        stored: list[tuple[int, int, str, Decimal | None]] = []
        live: list[tuple[int, int, str, Decimal | None]] = []
        for _ in range(RUNS):
            started = perf_counter()
            stored = grid_over_periods(world.communes, world.asked, world.indicators)
            stored_times.append(perf_counter() - started)
            started = perf_counter()
            live = _live(world)
            live_times.append(perf_counter() - started)
        if sorted(stored) != sorted(live):
            raise AssertionError("stored sums and the live GROUP BY differ")
    fast, slow = median(stored_times), median(live_times)
    note = f"{len(stored)} rows; stored {fast * 1000:.1f} ms, live {slow * 1000:.0f} ms"
    return [
        Line("rollup_ratio", fast / slow, GOAL_RATIO, True, "", note),
        Line("rollup_ms", fast * 1000, GOAL_MS, True, "ms", note),
    ]


class _World:
    """Ids of what was seeded."""

    def __init__(
        self, communes: list[int], units: list[int], periods: list[Period], indicators: list[int]
    ) -> None:
        self.communes, self.units = communes, units
        self.periods, self.indicators = periods, indicators
        self.asked = [period.pk for period in periods[-ASKED:]]


def _live(world: _World) -> list[tuple[int, int, str, Decimal | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            LIVE,
            {
                "communes": world.communes,
                "periods": world.asked,
                "indicators": world.indicators,
                "on": world.periods[-1].start,
            },
        )
        return list(cursor.fetchall())


def _seed() -> _World:
    at = timezone.now()
    since = date(2024, 1, 1)
    rows = [NewUnit("R", "Tỉnh", UnitKind.PROVINCE, since)]
    for c in range(COMMUNES):
        rows.append(NewUnit(f"X{c}", f"Xã {c}", UnitKind.COMMUNE, since, parent_code="R"))
        rows += [
            NewUnit(f"X{c}-{m}", f"Đơn vị {c}-{m}", UnitKind.AGENCY, since, parent_code=f"X{c}")
            for m in range(MEMBERS)
        ]
    units = load_units(rows=rows, by=None, at=at)
    communes = [units[f"X{c}"].pk for c in range(COMMUNES)]
    others = [unit.pk for code, unit in units.items() if code != "R"]
    calendar = Calendar.objects.get(code="nd09")
    periods = list(
        Period.objects.filter(calendar=calendar, kind="month", year__in=[2025, 2026]).order_by(
            "start"
        )[:MONTHS]
    )
    indicators = list(Indicator.objects.exclude(kind="ratio").order_by("pk")[:INDICATORS])
    Indicator.objects.filter(pk__in=[i.pk for i in indicators]).update(kind="flow")
    version = _version(calendar, indicators)
    _copy_facts(others, periods, version, units["R"].pk)
    world = _World(communes, others, periods, [i.pk for i in indicators])
    _store(world)
    return world


def _version(calendar: Calendar, indicators: list[Indicator]) -> TemplateVersion:
    template = Template.objects.create(
        code="bench", name="Bench", asked_of="commune", period_kind="month", calendar=calendar
    )
    version = TemplateVersion.objects.create(
        template=template,
        number=1,
        effective_on=date(2024, 1, 1),
        cascade=DeadlineCascade.objects.order_by("pk")[0],
    )
    TemplateLine.objects.bulk_create(
        TemplateLine(version=version, indicator=indicator, order=order)
        for order, indicator in enumerate(indicators, start=1)
    )
    return version


class _Stream(io.TextIOBase):
    """A file that COPY reads, made from a generator, so that nothing is held in memory."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._rest = lines, ""

    def read(self, size: int | None = -1) -> str:
        wanted = size if size and size > 0 else 1 << 16
        parts, length = [self._rest], len(self._rest)
        while length < wanted and (line := next(self._lines, None)) is not None:
            parts.append(line)
            length += len(line)
        text = "".join(parts)
        self._rest = text[wanted:]
        return text[:wanted]


Key = tuple[int, int, int]  # number of the submission, unit, period

COLUMNS = {
    "reports_obligation": (
        "id,version_id,template_id,unit_id,period_id,root_id,filler_id,consolidator_id,tree_on,"
        "covered_from,covered_to,opens_at,due_at,state,reason,decision_ref"
    ),
    "reports_report": "id,obligation_id,state,is_on_behalf,lock_version",
    "reports_submission": (
        "id,report_id,unit_id,period_id,number,state,content_hash,client_token,receipt_code,texts,"
        "submitted_at,decided_at"
    ),
    "reports_submissionline": (
        "submission_id,line_id,indicator_id,breakdown,state,value,qualifier,note,source"
    ),
}


def _obligations(keys: list[Key], version: TemplateVersion, root: int) -> Iterator[str]:
    for n, unit, period in keys:
        yield (
            f"{n}\t{version.pk}\t{version.template_id}\t{unit}\t{period}\t{root}\t{unit}\t{root}\t"
            "2026-01-01\t2026-01-01\t2026-02-01\t2026-01-01\t2026-02-01\texpected\t\t\n"
        )


def _submissions(keys: list[Key]) -> Iterator[str]:
    for n, unit, period in keys:
        yield (
            f"{n}\t{n}\t{unit}\t{period}\t1\taccepted\th\tt\tB{n}\t{{}}\t2026-01-01\t2026-01-02\n"
        )


def _facts(keys: list[Key], lines: list[TemplateLine]) -> Iterator[str]:
    heads = [(f"{line.pk}\t{line.indicator_id}\t\tvalue\t", line.indicator_id) for line in lines]
    for n, unit, period in keys:
        base = unit * 31 + period * 17
        yield "".join(
            f"{n}\t{head}{1 + (base + indicator * 7) % 997}\texact\t\ttyped\n"
            for head, indicator in heads
        )


def _copy_facts(
    units: list[int], periods: list[Period], version: TemplateVersion, root: int
) -> None:
    """Write one accepted submission a unit and month, with its lines, past the constraints."""
    pairs = [(unit, period.pk) for period in periods for unit in units]
    keys = [(n, unit, period) for n, (unit, period) in enumerate(pairs, start=1)]
    lines = list(TemplateLine.objects.filter(version=version).order_by("order"))
    sources = (
        _obligations(keys, version, root),
        (f"{n}\t{n}\taccepted\tf\t0\n" for n, _unit, _period in keys),
        _submissions(keys),
        _facts(keys, lines),
    )
    with connection.cursor() as cursor:
        _drop_keys(cursor, list(COLUMNS))
        for (table, columns), source in zip(COLUMNS.items(), sources, strict=True):
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", _Stream(source))
        cursor.execute("CREATE INDEX ON reports_submissionline (submission_id)")
        cursor.execute("CREATE INDEX ON reports_submission (period_id, unit_id)")
        cursor.execute("CREATE INDEX ON reports_obligation (period_id, unit_id)")
        cursor.execute("ANALYZE")


def _drop_keys(cursor: object, tables: list[str]) -> None:
    """Take keys and indexes off the big tables; the bench database is thrown away afterwards."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE (conrelid = ANY(%s::regclass[]) OR confrelid = ANY(%s::regclass[]))"
        "   AND contype = 'f'",
        [tables, tables],
    )
    for table, name in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('u', 'p')",
        [tables],
    )
    for table, name in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
    cursor.execute(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = ANY(%s::regclass[])",
        [tables],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")


def _store(world: _World) -> None:
    """Recompute every node with the statement that the portal uses."""
    for period in world.periods:
        for commune in world.communes:
            store_node(Node(commune, period.pk, period.start, period.start))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE reports_rollup")
    assert UnitClosure.objects.count() > COMMUNES * MEMBERS
