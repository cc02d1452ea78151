"""What is known of the forces of one unit, and of all units of a scope, on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from apps.core.numbers import format_number
from apps.core.text import search_key
from apps.units.models import ForceKind, ForceRating, ForceStock, Unit
from apps.units.queries.units import UnitName, described
from apps.units.rules import UnitKind

NUMBERS = ("teams", "teams_due", "members")
Told = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class ForceLine:
    """A kind of force with its numbers on a day and those before the last change."""

    kind: ForceKind
    stock: ForceStock | None
    before: ForceStock | None

    @property
    def changes(self) -> list[str]:
        """Return what changed since the numbers before: "+2 tổ", "−5 người"."""
        if self.stock is None or self.before is None:
            return []
        words = {
            "teams": self.kind.team_word,
            "teams_due": f"{self.kind.team_word} phải có",
            "members": "người",
        }
        pairs = [(getattr(self.stock, n), getattr(self.before, n), words[n]) for n in NUMBERS]
        return [
            f"{'+' if now > then else '−'}{format_number(abs(now - then))} {word}"
            for now, then, word in pairs
            if now is not None and then is not None and now != then
        ]


@dataclass(frozen=True, slots=True)
class UnitForces:
    """All that is known of the forces of a unit on a day: those in use, and those of the past."""

    lines: list[ForceLine]
    abolished: list[ForceLine]
    history: list[ForceStock]

    @property
    def has_numbers(self) -> bool:
        """Tell whether there is anything to confirm."""
        return any(line.stock for line in self.lines)

    @property
    def rated(self) -> list[ForceKind]:
        """Return the kinds with numbers whose teams are rated by the year."""
        return [line.kind for line in self.lines if line.stock and line.kind.is_rated]

    def confirmed_on(self, day: date) -> bool:
        """Tell whether numbers were said to be unchanged on a day, so that it can be undone."""
        return any(line.stock and line.stock.is_unchanged and line.stock.as_of == day
                   for line in self.lines)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ForceColumn:
    """One number of one kind, as a column of the table of all units."""

    kind: ForceKind
    number: str
    label: str

    @property
    def title(self) -> str:
        """Return the words of the column where its kind does not stand above it."""
        return f"{self.kind.name}: {self.label}"


@dataclass(frozen=True, slots=True)
class ForceRow:
    """One unit in the table of all units: its numbers in the order of the columns."""

    unit: UnitName
    numbers: list[int | None]
    oldest: date | None

    @property
    def is_missing(self) -> bool:
        """Tell whether nothing at all is known of the unit."""
        return self.oldest is None


@dataclass(frozen=True, slots=True)
class ForceCell:
    """One number of the table under the words that name it on a phone."""

    label: str
    value: int | None
    known: int = 0


@dataclass(frozen=True, slots=True)
class ForceTable:
    """The forces of all units in scope with totals and the units of which nothing is known."""

    columns: list[ForceColumn]
    rows: list[ForceRow]
    totals: list[int | None]
    known: list[int]

    @property
    def total_cells(self) -> list[ForceCell]:
        """Return the totals, each with how many units told it."""
        zipped = zip(self.columns, self.totals, self.known, strict=True)
        return [ForceCell(column.title, total, known) for column, total, known in zipped]

    def cells(self, row: ForceRow) -> list[ForceCell]:
        """Return the numbers of a row with their words."""
        zipped = zip(self.columns, row.numbers, strict=True)
        return [ForceCell(column.title, number) for column, number in zipped]

    @property
    def missing(self) -> list[ForceRow]:
        """Return the communes that have not told anything."""
        return [row for row in self.rows if row.is_missing]


def forces_of(unit: Unit, on: date) -> UnitForces:
    """Return the forces of a unit on a day, in two queries."""
    rows = ForceStock.objects.filter(unit=unit, as_of__lte=on).select_related("kind", "recorded_by")
    history = list(rows.order_by("-as_of", "kind__order", "pk"))
    by_kind: dict[int, list[ForceStock]] = {}
    for row in history:
        by_kind.setdefault(row.kind_id, []).append(row)
    kinds = ForceKind.objects.order_by("order", "pk")
    lines = [_line(kind, by_kind.get(kind.pk, [])) for kind in kinds]
    return UnitForces(
        [line for line in lines if not line.kind.obstacle_on(on)],
        [line for line in lines if line.stock and line.kind.obstacle_on(on)],
        history,
    )


def force_table(
    units: QuerySet[Unit, int], on: date, text: str = "", kind: ForceKind | None = None
) -> ForceTable:
    """Return the forces of units on a day, all or one: every commune, and who else told numbers."""
    kinds = ForceKind.objects.in_use_on(on).order_by("order", "pk")
    told = ForceStock.objects.filter(unit_id__in=units, as_of__lte=on).of_kinds_in_use(on)
    if kind is not None:
        kinds, told = kinds.filter(pk=kind.pk), told.filter(kind=kind)
    columns = [column for each in kinds for column in _columns(each)]
    stocks: dict[int, dict[int, ForceStock]] = {}
    for stock in told.latest_each():
        stocks.setdefault(stock.unit_id, {})[stock.kind_id] = stock
    key = search_key(text)
    rows = [
        _row(unit, stocks.get(unit.unit_id, {}), columns)
        for unit in described(units, on)
        if (unit.unit_id in stocks or unit.kind == UnitKind.COMMUNE)
        and key in search_key(f"{unit.name} {unit.code}")
    ]
    by_column = list(zip(*(row.numbers for row in rows), strict=True)) or [()] * len(columns)
    return ForceTable(
        columns,
        rows,
        [_sum(numbers) for numbers in by_column],
        [sum(number is not None for number in numbers) for numbers in by_column],
    )


def next_told_on(unit: Unit, kinds: Iterable[ForceKind], on: date) -> date | None:
    """Return the first day after a day for which numbers of some of the kinds were told."""
    rows = ForceStock.objects.filter(unit=unit, kind__in=list(kinds), as_of__gt=on)
    return rows.order_by("as_of").values_list("as_of", flat=True).first()


def ratings_of(unit: Unit, year: int) -> dict[tuple[int, str], int]:
    """Return how many teams reached a level in a year, by kind and level."""
    rows = ForceRating.objects.filter(unit=unit, year=year)
    return {(kind, level): n for kind, level, n in rows.values_list("kind_id", "level", "teams")}


def _line(kind: ForceKind, rows: Sequence[ForceStock]) -> ForceLine:
    """Return the latest numbers of a kind and the last ones that differ from them."""
    if not rows:
        return ForceLine(kind, None, None)
    now = _told(rows[0])
    return ForceLine(kind, rows[0], next((row for row in rows[1:] if _told(row) != now), None))


def _told(row: ForceStock) -> Told:
    return row.teams, row.teams_due, row.members


def _columns(kind: ForceKind) -> list[ForceColumn]:
    """Return the numbers that a kind counts."""
    word = kind.team_word
    named = (
        (kind.has_teams, "teams", f"Số {word}"),
        (kind.has_due, "teams_due", f"Số {word} phải có"),
        (kind.has_members, "members", "Thành viên"),
    )
    return [ForceColumn(kind, number, label) for has, number, label in named if has]


def _row(unit: UnitName, stocks: dict[int, ForceStock], columns: Sequence[ForceColumn]) -> ForceRow:
    numbers = [getattr(stocks.get(column.kind.pk), column.number, None) for column in columns]
    oldest = min((stock.as_of for stock in stocks.values()), default=None)
    return ForceRow(unit, numbers, oldest)


def _sum(numbers: Iterable[int | None]) -> int | None:
    """Return the sum of what is known; nothing known is no sum."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
