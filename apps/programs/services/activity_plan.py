"""Say what a list of activities would come to, with all its faults at once; nothing is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.text import search_key
from apps.programs.models import Activity, ModelSite
from apps.programs.rules import read_amount
from apps.programs.services.activity_checks import NewActivity, activity_faults
from apps.programs.services.activity_sheet import ACTIVITY_SHEET
from apps.programs.services.import_sheets import CellFault, SheetRow, fault_at, in_sheet_order
from apps.units.models import Unit, UnitSpan
from apps.units.permissions import scope_unit_ids

_CODE = re.compile(r"(?:mh-?)?0*([0-9]{1,9})", re.IGNORECASE)
Found = TypeVar("Found")
Mark = tuple[int, str, date, str]


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """One row of the list and the activity it comes to."""

    number: int
    new: NewActivity

    @property
    def mark(self) -> Mark:
        """Return what makes two activities the same: unit, kind, day, title."""
        new = self.new
        return new.unit.pk, new.kind, new.held_on, search_key(new.title)[:250]


@dataclass(slots=True)
class ActivityPlan:
    """What a list would do: new activities, rows that are in the register already, faults."""

    new: list[PlannedActivity] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)


class UnitWanted(DomainError):
    """A cell names a unit or site that there is not, or not here."""


def plan_activities(rows: Sequence[SheetRow], by: User, on: date) -> ActivityPlan:
    """Check every row against the rules and the register, in as many queries for one as for all."""
    named = _Named(rows, by, on)
    plan, planned = ActivityPlan(), []
    for row in rows:
        before = len(plan.faults)
        new = _new_activity(row, named, plan.faults)
        if new is not None and len(plan.faults) == before:
            planned.append(PlannedActivity(row.number, new))
    marks = _marks_in_register(planned)
    plan.known = [row.number for row in planned if row.mark in marks]
    plan.new = [row for row in planned if row.mark not in marks]
    checked = activity_faults([row.new for row in plan.new], on=on)
    for new_row, faults in zip(plan.new, checked, strict=True):
        plan.faults += [
            fault_at(ACTIVITY_SHEET, new_row.number, f.field, _lower_first(f.message))
            for f in faults
        ]
    plan.faults = in_sheet_order([*plan.faults, *_repeated(plan.new)])
    return plan


class _Named:
    """Hold what the database knows about the units and sites that a list names."""

    def __init__(self, rows: Sequence[SheetRow], by: User, on: date) -> None:
        typed = {part for row in rows for name in _UNITS for part in _parts(_text(row, name))}
        self.by_code = {unit.code: unit for unit in Unit.objects.filter(code__in=typed)}
        self.by_name: dict[str, list[Unit]] = {}
        keys = {search_key(text) for text in typed if text not in self.by_code}
        spans = UnitSpan.objects.alive_on(on).filter(search_key__in=keys)
        for span in spans.select_related("unit"):
            self.by_name.setdefault(span.search_key, []).append(span.unit)
        self.scope = set(scope_unit_ids(by, on, Permission.REGISTER_ENTER))
        codes = [_CODE.fullmatch(_text(row, "site")) for row in rows]
        self.sites = ModelSite.objects.visible_to(by, on).in_bulk(
            {int(code[1]) for code in codes if code}
        )

    def unit(self, typed: str, *, in_scope: bool) -> Unit:
        """Return the unit that is meant by a code or a whole name."""
        by_code = self.by_code.get(typed)
        found = [by_code] if by_code else self.by_name.get(search_key(typed), [])
        if in_scope:
            found = [unit for unit in found if unit.pk in self.scope]
        if len(found) > 1:
            codes = ", ".join(sorted(unit.code for unit in found)[:5])
            raise UnitWanted(f"có nhiều đơn vị tên “{typed[:60]}”. Hãy ghi mã, một trong: {codes}.")
        if not found:
            where = " trong phạm vi của bạn" if in_scope else ""
            raise UnitWanted(f"không có đơn vị “{typed[:60]}”{where}.")
        return found[0]

    def owner(self, typed: str) -> Unit:
        """Return the unit of the scope that is meant."""
        return self.unit(typed, in_scope=True)

    def helpers(self, typed: str) -> tuple[Unit, ...]:
        """Return the units that a cell lists."""
        return tuple(self.unit(part, in_scope=False) for part in _parts(typed))

    def site(self, typed: str) -> ModelSite | None:
        """Return the site of a code; an empty cell names none."""
        code = _CODE.fullmatch(typed)
        if typed and (code is None or int(code[1]) not in self.sites):
            raise UnitWanted(f"không có điểm mô hình “{typed[:60]}” trong phạm vi của bạn.")
        return self.sites[int(code[1])] if code else None


_UNITS = ("unit", "co_organisers")


def _new_activity(row: SheetRow, named: _Named, faults: list[CellFault]) -> NewActivity | None:
    """Return the activity of a row; what is wrong with its words is added to the faults."""

    def read(name: str, reader: Callable[[str], Found]) -> Found | None:
        try:
            return reader(_text(row, name))
        except DomainError as error:
            faults.append(fault_at(ACTIVITY_SHEET, row.number, name, _lower_first(error.message)))
            return None

    unit = read("unit", named.owner) if _text(row, "unit") else None
    helpers = read("co_organisers", named.helpers)
    site = read("site", named.site)
    people = read("attendances", read_amount)
    held_on = row.values.get("held_on")
    is_whole = len(row.values) == len(ACTIVITY_SHEET.columns)
    if unit is None or helpers is None or people is None or not is_whole:
        return None
    if not isinstance(held_on, date):
        return None
    until = row.values["until"]
    return NewActivity(
        kind=_text(row, "kind"),
        title=_text(row, "title"),
        unit=unit,
        held_on=held_on,
        until=until if isinstance(until, date) else None,
        place=_text(row, "place"),
        sessions=_number(row, "sessions", 1),
        points=_number(row, "points"),
        attendances=people.value,
        qualifier=people.qualifier,
        materials=_number(row, "materials"),
        news=_number(row, "news"),
        posts=_number(row, "posts"),
        cost=_number(row, "cost"),
        co_organisers=helpers,
        site=site,
        note=_text(row, "note"),
    )


def _marks_in_register(planned: Sequence[PlannedActivity]) -> set[Mark]:
    """Return which activities of these units and days stand in the register."""
    rows = Activity.objects.kept().filter(
        unit_id__in={row.new.unit.pk for row in planned},
        held_on__in={row.new.held_on for row in planned},
    )
    return set(rows.values_list("unit_id", "kind", "held_on", "title_key"))


def _repeated(planned: Sequence[PlannedActivity]) -> Iterator[CellFault]:
    """Yield rows that say the same as an earlier row of the list."""
    first: dict[Mark, int] = {}
    for row in planned:
        number = first.setdefault(row.mark, row.number)
        if number != row.number:
            reason = f"trùng dòng {number}. Gộp thành một dòng, ghi số buổi và lượt người cả hai."
            yield fault_at(ACTIVITY_SHEET, row.number, "title", reason)


def _lower_first(message: str) -> str:
    """Return a sentence as it goes on after the address of a cell."""
    return message[:1].lower() + message[1:]


def _parts(text: str) -> Iterator[str]:
    """Yield the units of a cell."""
    return (part.strip() for part in text.split(";") if part.strip())


def _text(row: SheetRow, name: str) -> str:
    value = row.values.get(name, "")
    return value if isinstance(value, str) else ""


def _number(row: SheetRow, name: str, otherwise: int = 0) -> int:
    value = row.values.get(name)
    return value if isinstance(value, int) else otherwise
