"""A little register for tests: what it says is counted from its rows, as a real one does."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from apps.indicators import figures
from apps.indicators.figures import Joint, Key, Record, RegisterFigure, register_source
from apps.indicators.models import Indicator
from apps.units.models import Unit

REGISTER = "so.thu"
Window = tuple[date, date]


@dataclass
class Row:
    """One record, with the units that own it."""

    record_id: int
    code: str
    owners: tuple[int, ...]
    value: Decimal
    breakdown: str = ""
    on: date | None = None
    qualifier: str = "exact"

    def is_in(self, window: Window) -> bool:
        return self.on is None or window[0] <= self.on < window[1]


@dataclass
class Ledger:
    """The rows, and the units of which the register knows something: theirs can be 0."""

    rows: list[Row] = field(default_factory=list)
    known: set[tuple[str, int, str]] = field(default_factory=set)
    n_asked: int = 0

    def write(
        self,
        code: str,
        *owners: Unit,
        value: int | str = 1,
        breakdown: str = "",
        on: date | None = None,
        qualifier: str = "exact",
    ) -> Row:
        """Add a record; its indicator is fed from this register from now on."""
        Indicator.objects.filter(code=code).update(source_register=REGISTER)
        ids = tuple(unit.pk for unit in owners)
        number = max((row.record_id for row in self.rows), default=0) + 1
        row = Row(number, code, ids, Decimal(value), breakdown, on, qualifier)
        self.rows.append(row)
        self.known |= {(code, unit, breakdown) for unit in ids}
        return row

    def know(self, code: str, unit: Unit, breakdown: str = "") -> None:
        """Let the register know a unit of which it has no record in any window."""
        Indicator.objects.filter(code=code).update(source_register=REGISTER)
        self.known.add((code, unit.pk, breakdown))

    def answer(
        self, codes: Collection[str], unit_ids: Collection[int], window: Window
    ) -> dict[Key, RegisterFigure]:
        self.n_asked += 1
        return {
            key: self._figure(key, window)
            for key in self.known
            if key[0] in codes and key[1] in unit_ids
        }

    def _figure(self, key: Key, window: Window) -> RegisterFigure:
        code, unit, breakdown = key
        rows = self._rows(code, breakdown, {unit}, window)
        words = {row.qualifier for row in rows} - {"exact"}
        return RegisterFigure(
            sum((row.value for row in rows), Decimal(0)),
            words.pop() if words else "exact",
            tuple(Joint(row.record_id, row.value) for row in rows if len(row.owners) > 1),
        )

    def _rows(
        self, code: str, breakdown: str, unit_ids: Collection[int], window: Window
    ) -> list[Row]:
        return [
            row
            for row in self.rows
            if (row.code, row.breakdown) == (code, breakdown)
            and set(row.owners) & set(unit_ids)
            and row.is_in(window)
        ]

    def records(
        self, code: str, breakdown: str, unit_ids: Collection[int], window: Window
    ) -> list[Record]:
        return [
            Record(
                row.record_id,
                f"Bản ghi {row.record_id}",
                row.owners,
                row.on,
                row.value,
                f"/so/{row.record_id}/",
            )
            for row in reversed(self._rows(code, breakdown, unit_ids, window))
        ]


@contextmanager
def open_ledger() -> Iterator[Ledger]:
    """Put an empty register into the registry, and take it out again."""
    made = Ledger()
    register_source(REGISTER, made.answer, records=made.records)
    try:
        yield made
    finally:
        del figures._sources[REGISTER]
