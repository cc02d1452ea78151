"""Say what a list would come to, with all its faults at once; nothing is written here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.programs.services.import_reading import SheetRow
from apps.programs.services.import_sheets import CellFault, ImportSheet, fault_at, in_sheet_order
from apps.programs.services.refusals import Fault

New = TypeVar("New")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row on its way to a record: its values, and where to note what is wrong with them."""

    sheet: ImportSheet
    row: SheetRow
    faults: list[CellFault]

    @property
    def is_whole(self) -> bool:
        """Tell whether every cell could be read."""
        return len(self.row.values) == len(self.sheet.columns)

    def text(self, name: str) -> str:
        """Return a text, empty when there is none."""
        value = self.row.values.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """Return a number."""
        value = self.row.values.get(name)
        return value if isinstance(value, int) else None

    def day(self, name: str) -> date | None:
        """Return a day."""
        value = self.row.values.get(name)
        return value if isinstance(value, date) else None

    def note(self, name: str, message: str) -> None:
        """Note what is wrong with a cell."""
        self.faults.append(fault_at(self.sheet, self.row.number, name, message))

    def found(self, name: str, find: Callable[[str], Found]) -> Found | None:
        """Return what the text of a cell stands for; None, and a note, when there is no such."""
        try:
            return find(self.text(name))
        except DomainError as error:
            self.note(name, error.message)
            return None


class RowPlanner(ABC, Generic[New]):
    """What a register knows of its rows; made once for a list, it asks the database then."""

    sheet: ImportSheet
    repeated_at: str  # the column at which a row that says the same as another is named
    repeated: str  # what to do about it

    def __init__(self, rows: Sequence[SheetRow], by: User, on: date) -> None:
        self.rows, self.by, self.on = rows, by, on

    @abstractmethod
    def record(self, read: ReadRow) -> New | None:
        """Return the record of a row; what is wrong with its words is noted."""

    @abstractmethod
    def mark(self, new: New) -> Hashable:
        """Return what two rows that mean the same have in common."""

    @abstractmethod
    def marks_there(self, news: Sequence[New]) -> set[Hashable]:
        """Return the marks of those that stand in the register, in one query."""

    @abstractmethod
    def check(self, news: Sequence[New]) -> list[list[Fault]]:
        """Return the faults of each record, in as many queries for one as for all."""


@dataclass(frozen=True, slots=True)
class PlannedRow(Generic[New]):
    """One row of the list and the record it comes to."""

    number: int
    new: New


@dataclass(slots=True)
class ImportPlan(Generic[New]):
    """What a list would do: new records, rows that are in the register already, faults."""

    new: list[PlannedRow[New]] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)


def plan_rows(planner: RowPlanner[New]) -> ImportPlan[New]:
    """Check every row against the rules and the register."""
    plan: ImportPlan[New] = ImportPlan()
    planned: list[PlannedRow[New]] = []
    for row in planner.rows:
        read = ReadRow(planner.sheet, row, plan.faults)
        before = len(plan.faults)
        new = planner.record(read)
        if new is not None and len(plan.faults) == before:
            planned.append(PlannedRow(row.number, new))
    there = planner.marks_there([row.new for row in planned])
    for planned_row in planned:
        if planner.mark(planned_row.new) in there:
            plan.known.append(planned_row.number)
        else:
            plan.new.append(planned_row)
    plan.faults = in_sheet_order([*plan.faults, *_record_faults(planner, plan.new)])
    return plan


def _record_faults(
    planner: RowPlanner[New], planned: Sequence[PlannedRow[New]]
) -> Iterator[CellFault]:
    """Yield what is wrong with records, also that two rows of the list mean the same."""
    first: dict[Hashable, int] = {}
    checked = planner.check([row.new for row in planned])
    for row, faults in zip(planned, checked, strict=True):
        number = first.setdefault(planner.mark(row.new), row.number)
        if number != row.number:
            reason = f"trùng dòng {number}. {planner.repeated}"
            yield fault_at(planner.sheet, row.number, planner.repeated_at, reason)
            continue
        for fault in faults:
            yield fault_at(planner.sheet, row.number, fault.field, fault.message)
