"""All figures of the registers for 10,000 units and a year, against the same counts by hand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from time import perf_counter

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.indicators.figures import answer_all
from apps.indicators.models import Indicator, Period
from apps.units.models import Block, BlockMember, ForceKind, PoliceInCharge
from apps.units.rules import UnitKind
from apps.units.services.loading import load_units
from apps.units.services.tree import NewUnit
from tests.bench.database import bench_database
from tests.bench.figures_by_hand import PREFIX, STATEMENTS
from tests.bench.figures_rows import ROWS
from tests.bench.lines import Line

NAME = "figures_province"
COMMUNES, MEMBERS, AREAS = 100, 98, 5
SINCE = date(2024, 1, 1)
RUNS = 5
GOAL = 2.0

Figures = dict[tuple[str, int, str], int]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: codes by register, units, window."""

    codes: dict[str, list[str]]
    unit_ids: list[int]
    window: tuple[date, date]


def run() -> list[Line]:
    """Ask both ways in turn; they must agree to the last unit."""
    with bench_database():
        question = _seed()
        asked_times, hand_times = [], []
        for _ in range(RUNS):
            asked, seconds = _ask(question)
            asked_times.append(seconds)
            by_hand, seconds = _count_by_hand(question)
            hand_times.append(seconds)
            _compare(asked, by_hand)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            _ask(question)
    fast, hand = median(asked_times), median(hand_times)
    note = (
        f"{len(question.unit_ids)} units, {sum(map(len, question.codes.values()))} indicators,"
        f" {len(asked)} figures; {fast:.2f} s against {hand:.2f} s in {len(STATEMENTS)} statements"
    )
    return [
        Line("figures_province", fast / hand, GOAL, True, "", note),
        Line("figures_queries", len(captured), len(question.codes), True, "", "one a register"),
    ]


def _ask(question: Question) -> tuple[Figures, float]:
    started = perf_counter()
    found = answer_all(question.codes, question.unit_ids, question.window)
    seconds = perf_counter() - started
    return {key: int(figure.value) for key, figure in found.items()}, seconds


def _count_by_hand(question: Question) -> tuple[Figures, float]:
    start, end = question.window
    values = {
        "units": question.unit_ids,
        "start": start,
        "end": end,
        "day": end - timedelta(days=1),
        "year": (end - timedelta(days=1)).year,
    }
    found: Figures = {}
    seconds = 0.0
    with connection.cursor() as cursor:
        for (code, breakdown), statement in STATEMENTS.items():
            started = perf_counter()
            cursor.execute(PREFIX + statement, values)
            rows = cursor.fetchall()
            seconds += perf_counter() - started
            for unit_id, value, *part in rows:
                found[code, unit_id, part[0] if part else breakdown] = int(value)
    return found, seconds


def _compare(asked: Figures, by_hand: Figures) -> None:
    if asked != by_hand:
        differing = sorted(set(asked.items()) ^ set(by_hand.items()))
        raise AssertionError(f"{len(differing)} figures differ: {differing[:6]}")


def _seed() -> Question:
    unit_ids = _units()
    with connection.cursor() as cursor:
        for statement in ROWS:
            cursor.execute(statement, {"units": unit_ids})
        cursor.execute("VACUUM ANALYZE")
    codes: dict[str, list[str]] = defaultdict(list)
    for register, code in Indicator.objects.filter(
        source_register__regex="^(units|programs)"
    ).values_list("source_register", "code"):
        codes[register].append(code)
    year = Period.objects.get(calendar__code="nd09", kind="year", year=2026)
    return Question(dict(codes), unit_ids, (year.start, year.end))


def _units() -> list[int]:
    """Make a province: its police, communes with theirs, members, and residential areas."""
    rows = [
        NewUnit("R", "Tỉnh", UnitKind.PROVINCE, SINCE),
        NewUnit("P", "Công an tỉnh", UnitKind.POLICE_PROVINCE, SINCE, parent_code="R"),
    ]
    for c in range(COMMUNES):
        rows.append(NewUnit(f"X{c}", f"Xã {c}", UnitKind.COMMUNE, SINCE, parent_code="R"))
        rows.append(
            NewUnit(f"C{c}", f"Công an xã {c}", UnitKind.POLICE_COMMUNE, SINCE, parent_code="P")
        )
        for m in range(MEMBERS):
            kind = UnitKind.RESIDENTIAL_AREA if m < AREAS else UnitKind.AGENCY
            rows.append(NewUnit(f"X{c}-{m}", f"Đơn vị {c}-{m}", kind, SINCE, parent_code=f"X{c}"))
    units = load_units(rows=rows, by=None, at=timezone.now())
    always = DateRange(SINCE, None)
    PoliceInCharge.objects.bulk_create(
        PoliceInCharge(unit=units[f"X{c}"], police_unit=units[f"C{c}"], valid=always)
        for c in range(COMMUNES)
    )
    _blocks([units[f"X{c}-{m}"].pk for c in range(COMMUNES) for m in range(AREAS, MEMBERS)])
    _force_kinds()
    return sorted(unit.pk for unit in units.values())


def _blocks(unit_ids: list[int], size: int = 20) -> None:
    always = DateRange(SINCE, None)
    for number, first in enumerate(range(0, len(unit_ids), size)):
        block = Block.objects.create(
            code=f"K{number}",
            name=f"Khối {number}",
            kind="emulation_block",
            search_key=f"khoi {number}",
            sort_key=f"khoi {number}",
        )
        BlockMember.objects.bulk_create(
            BlockMember(block=block, unit_id=pk, role="member" if place else "head", valid=always)
            for place, pk in enumerate(unit_ids[first : first + size])
        )


def _force_kinds() -> None:
    """Name a kind for every code of forces."""
    ForceKind.objects.all().delete()
    ForceKind.objects.bulk_create(
        [
            ForceKind(
                code="bcd", name="Ban Chỉ đạo", teams_code="A2", due_code="A2d", members_code="A3"
            ),
            ForceKind(
                code="bvantt",
                name="Tổ bảo vệ",
                teams_code="A4",
                members_code="A5",
                rating_code="A11",
            ),
            ForceKind(code="tu-quan", name="Tổ tự quản", teams_code="A6", members_code="A7"),
            ForceKind(code="bao-ve", name="Bảo vệ", members_code="A8"),
            ForceKind(code="hoa-giai", name="Tổ hòa giải", teams_code="A9"),
            ForceKind(code="dan-phong", name="Đội dân phòng", teams_code="A10"),
        ]
    )
