"""Say what a list of sites would come to, with all its faults at once; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.text import search_key
from apps.programs.models import ModelSite, ModelType
from apps.programs.queries.types import types_by_key
from apps.programs.rules import Amount, SiteState, place_key
from apps.programs.services.import_sheets import (
    CellFault,
    RowValue,
    SheetRow,
    fault_at,
    in_sheet_order,
)
from apps.programs.services.site_checks import NewSite, site_faults
from apps.programs.services.site_sheet import SITE_SHEET
from apps.units.models import Unit, UnitSpan
from apps.units.permissions import scope_unit_ids
from apps.units.queries import names_of

_OFFERED, _NAMES_EXPLAINED = 3, 100
_PARTIES = ("owners", "coordinators")
Found = TypeVar("Found")
Spot = tuple[int, int, str, date | None]


@dataclass(frozen=True, slots=True)
class PlannedSite:
    """One row of the list and the site it comes to."""

    number: int
    new: NewSite


@dataclass(slots=True)
class SitePlan:
    """What a list would do: new sites, rows that are in the register already, faults."""

    new: list[PlannedSite] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)


def plan_sites(rows: Sequence[SheetRow], by: User, on: date) -> SitePlan:
    """Check every row against the rules and the register, in as many queries for one as for all."""
    known = _Known(rows, by, on)
    plan = SitePlan()
    planned: list[PlannedSite] = []
    for row in rows:
        before = len(plan.faults)
        new = _new_site(row, known, plan.faults)
        if new is not None and len(plan.faults) == before:
            planned.append(PlannedSite(row.number, new))
    spots = _spots_in_register(planned)
    for site in planned:
        if _spot(site.new) in spots:
            plan.known.append(site.number)
        else:
            plan.new.append(site)
    for site, faults in zip(plan.new, site_faults([s.new for s in plan.new], on=on), strict=True):
        plan.faults += [fault_at(SITE_SHEET, site.number, f.field, f.message) for f in faults]
    plan.faults = in_sheet_order(plan.faults)
    return plan


def unit_names(rows: Sequence[SheetRow], on: date) -> list[str]:
    """Return the names of the units of some rows, whether a code or a name is typed."""
    typed = [_text(row, "unit") for row in rows]
    by_code = dict(Unit.objects.filter(code__in=typed).values_list("code", "pk"))
    names = names_of(list(by_code.values()), on)
    return [names.get(by_code.get(text, 0), text) for text in typed]


class _Known:
    """Hold what the database knows about the units and kinds that a list names."""

    def __init__(self, rows: Sequence[SheetRow], by: User, on: date) -> None:
        own = {_text(row, "unit") for row in rows} - {""}
        others = {part for row in rows for name in _PARTIES for part in _parts(_text(row, name))}
        self.by_code = {unit.code: unit for unit in Unit.objects.filter(code__in=own | others)}
        self.by_name: dict[str, list[Unit]] = {}
        unread = {search_key(text) for text in own | others if text not in self.by_code}
        spans = UnitSpan.objects.alive_on(on).filter(search_key__in=unread)
        for span in spans.select_related("unit"):
            self.by_name.setdefault(span.search_key, []).append(span.unit)
        self.scope = set(scope_unit_ids(by, on, Permission.REGISTER_ENTER))
        names = {_text(row, "model_type") for row in rows} - {""}
        self.types = types_by_key(names)
        self.near = _near_names([name for name in names if search_key(name) not in self.types])

    def unit(self, typed: str, *, in_scope: bool) -> Unit | str:
        """Return the unit that is meant by a code or a whole name, or why there is none."""
        by_code = self.by_code.get(typed)
        found = [by_code] if by_code else self.by_name.get(search_key(typed), [])
        if in_scope:
            found = [unit for unit in found if unit.pk in self.scope]
        if len(found) > 1:
            codes = ", ".join(sorted(unit.code for unit in found)[:5])
            return f"có nhiều đơn vị tên “{typed}”. Hãy ghi mã, một trong: {codes}."
        where = " trong phạm vi của bạn" if in_scope else ""
        return found[0] if found else f"không có đơn vị “{typed[:60]}”{where}."

    def kind(self, typed: str) -> ModelType | str:
        """Return the kind of this name, or say that there is none and which are like it."""
        found = self.types.get(search_key(typed))
        if found is not None:
            return found
        near = self.near.get(typed, [])
        advice = f"Gần giống: {'; '.join(near)}." if near else "Xem trang “Loại mô hình”."
        return f"không có loại mô hình “{typed[:60]}”. {advice}"


def _near_names(unknown: Iterable[str]) -> dict[str, list[str]]:
    """Return names like those that nobody knows; for the first hundred, a file may be all wrong."""
    asked = sorted(unknown)[:_NAMES_EXPLAINED]
    if not asked:
        return {}
    names = {search_key(t.name): t.name for t in ModelType.objects.in_use().only("name")}
    return {
        name: [names[key] for key in get_close_matches(search_key(name), names, _OFFERED)]
        for name in asked
    }


def _new_site(row: SheetRow, known: _Known, faults: list[CellFault]) -> NewSite | None:
    """Return the site of a row; what is wrong with its words is added to the faults."""

    def checked(name: str, answer: Found | str) -> Found | None:
        if isinstance(answer, str):
            faults.append(fault_at(SITE_SHEET, row.number, name, answer))
            return None
        return answer

    typed_unit, typed_kind = _text(row, "unit"), _text(row, "model_type")
    unit = checked("unit", known.unit(typed_unit, in_scope=True)) if typed_unit else None
    kind = checked("model_type", known.kind(typed_kind)) if typed_kind else None
    parties: dict[str, tuple[Unit, ...]] = {}
    for name in _PARTIES:
        found = [
            checked(name, known.unit(part, in_scope=False)) for part in _parts(_text(row, name))
        ]
        parties[name] = tuple(unit for unit in found if unit is not None)
    if _text(row, "state") and "launched_on" in row.values and not row.values["launched_on"]:
        reason = "chưa nhập ngày ra mắt; điểm chưa ra mắt thì để trống trạng thái."
        faults.append(fault_at(SITE_SHEET, row.number, "launched_on", reason))
    if unit is None or kind is None or len(row.values) < len(SITE_SHEET.columns):
        return None
    return _site_of(row, unit, kind, parties)


def _site_of(
    row: SheetRow, unit: Unit, kind: ModelType, parties: dict[str, tuple[Unit, ...]]
) -> NewSite:
    """Put a row that could be read whole together."""
    launched_on = row.values["launched_on"]
    return NewSite(
        model_type=kind,
        unit=unit,
        level=_text(row, "level"),
        host_kind=_text(row, "host_kind") or kind.host_kind,
        name=_text(row, "name"),
        place=_text(row, "place"),
        launched_on=launched_on if isinstance(launched_on, date) else None,
        is_pilot=_text(row, "state") == SiteState.PILOT,
        owners=parties["owners"],
        coordinators=parties["coordinators"],
        n_teams=_number(row, "n_teams") or 0,
        members=_number(row, "members"),
        qualifier=_text(row, "qualifier") or Amount.EXACT,
        note=_text(row, "note"),
    )


def _spots_in_register(planned: Sequence[PlannedSite]) -> set[Spot]:
    """Return which of the planned sites stand in the register: kind, unit, place and launch day."""
    here = Q(model_type_id__in={site.new.model_type.pk for site in planned})
    sites = ModelSite.objects.kept().filter(
        here, unit_id__in={site.new.unit.pk for site in planned}
    )
    return set(sites.values_list("model_type_id", "unit_id", "place_key", "launched_on"))


def _spot(new: NewSite) -> Spot:
    return new.model_type.pk, new.unit.pk, place_key(new.place)[:200], new.launched_on


def _parts(text: str) -> Iterator[str]:
    """Yield the units of a cell."""
    return (part.strip() for part in text.split(";") if part.strip())


def _text(row: SheetRow, name: str) -> str:
    value: RowValue = row.values.get(name, "")
    return value if isinstance(value, str) else ""


def _number(row: SheetRow, name: str) -> int | None:
    value = row.values.get(name)
    return value if isinstance(value, int) else None
