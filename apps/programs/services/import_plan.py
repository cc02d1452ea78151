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
    noted: set[str] = field(default_factory=set)

    @property
    def wrong(self) -> set[str]:
        """Return the columns whose cells are named already, because of how they are written too."""
        if len(self.row.values) == len(self.sheet.columns):
            return self.noted
        return self.noted | {c.name for c in self.sheet.columns if c.name not in self.row.values}

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
        self.noted.add(name)
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
        """Return the record of a row; what is wrong with its words is noted.

        A cell that is wrong counts as empty, so that the others are checked too; without those
        that everything hangs on there is no record.
        """

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
    wrong: set[str]


@dataclass(slots=True)
class ImportPlan(Generic[New]):
    """What a list would do: new records, rows that are in the register already, faults."""

    new: list[PlannedRow[New]] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)


def plan_rows(planner: RowPlanner[New]) -> ImportPlan[New]:
    """Check every row against the rules and the register, rows with wrong cells too."""
    plan: ImportPlan[New] = ImportPlan()
    right: list[PlannedRow[New]] = []
    spoiled: list[PlannedRow[New]] = []
    for row in planner.rows:
        read = ReadRow(planner.sheet, row, plan.faults)
        new = planner.record(read)
        if new is not None:
            wrong = read.wrong
            (spoiled if wrong else right).append(PlannedRow(row.number, new, wrong))
    there = planner.marks_there([row.new for row in right])
    for planned in right:
        if planner.mark(planned.new) in there:
            plan.known.append(planned.number)
        else:
            plan.new.append(planned)
    again = set(_repeated(planner, plan.new, plan.faults))
    checked = [row for row in [*plan.new, *spoiled] if row.number not in again]
    plan.faults = in_sheet_order([*plan.faults, *_record_faults(planner, checked)])
    return plan


def _repeated(
    planner: RowPlanner[New], rows: Sequence[PlannedRow[New]], faults: list[CellFault]
) -> Iterator[int]:
    """Yield the rows that say the same as an earlier one; each is a fault."""
    first: dict[Hashable, int] = {}
    for row in rows:
        number = first.setdefault(planner.mark(row.new), row.number)
        if number != row.number:
            reason = f"trùng dòng {number}. {planner.repeated}"
            faults.append(fault_at(planner.sheet, row.number, planner.repeated_at, reason))
            yield row.number


def _record_faults(
    planner: RowPlanner[New], rows: Sequence[PlannedRow[New]]
) -> Iterator[CellFault]:
    """Yield what is wrong with records, but for cells that are named already."""
    checked = planner.check([row.new for row in rows])
    for row, faults in zip(rows, checked, strict=True):
        for fault in faults:
            if fault.field not in row.wrong:
                yield fault_at(planner.sheet, row.number, fault.field, fault.message)
