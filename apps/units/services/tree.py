"""Change units in time: create, name, move, close; a changed tree rebuilds the closure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.dates import format_date
from apps.core.text import nfc, search_key, sort_key
from apps.units.models import (
    Area,
    Block,
    BlockMember,
    Lineage,
    Membership,
    PoliceInCharge,
    Unit,
    UnitClosure,
    UnitParent,
    UnitSpan,
)
from apps.units.rules import POLICE_KINDS, UnitKind
from apps.units.services.dating import cut_from, end_all
from apps.units.services.refusals import (
    NotAPoliceUnit,
    UnitNotAlive,
    UnitStillNeeded,
    refusing_by_name,
)

_TREE_LOCK = 4_201_507


@dataclass(frozen=True, slots=True)
class NewUnit:
    """Describe a unit to create; parent and police unit are named by code."""

    code: str
    name: str
    kind: UnitKind
    valid_from: date
    short_name: str = ""
    area: Area | None = None
    parent_code: str = ""
    police_code: str = ""
    valid_to: date | None = None
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class NewLineage:
    """Describe how one unit passes into another."""

    from_unit: Unit
    to_unit: Unit
    kind: str
    effective_on: date
    share: Any = None
    decision_number: str = ""
    decision_on: date | None = None


def lock_tree() -> None:
    """Let one transaction at a time change the tree; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])


@transaction.atomic
def rebuild_closure(*, by: User | None, at: datetime) -> int:
    """Derive the closure anew after rows were loaded past the services; return rows written."""
    lock_tree()
    with refusing_by_name():
        written = UnitClosure.objects.rebuild()
    record_action(action="units.closure_rebuilt", by=by, at=at, detail={"rows": written})
    return written


@transaction.atomic
def create_unit(*, new: NewUnit, by: User | None, at: datetime) -> Unit:
    """Create a unit with its name, its parent and its police unit in charge, and place it."""
    lock_tree()
    with refusing_by_name():
        unit = Unit.objects.create(code=nfc(new.code), created_at=at, is_demo=new.is_demo)
        valid = DateRange(new.valid_from, new.valid_to)
        UnitSpan.objects.create(unit=unit, valid=valid, **span_texts(new))
    if new.parent_code:
        parent = _unit_of_code(new.parent_code, new.valid_from)
        UnitParent.objects.create(unit=unit, parent=parent, valid=valid)
    if new.police_code:
        police = _unit_of_code(new.police_code, new.valid_from)
        _check_police(police, new.valid_from)
        PoliceInCharge.objects.create(unit=unit, police_unit=police, valid=valid)
    UnitClosure.objects.rebuild()
    detail = {"code": unit.code, "name": new.name, "from": str(new.valid_from)}
    record_action(action="units.unit_created", by=by, at=at, target=unit, detail=detail)
    return unit


@transaction.atomic
def rename_unit(
    *, unit: Unit, name: str, short_name: str, on: date, by: User | None, at: datetime
) -> UnitSpan:
    """Give a unit another name from a day on; what was printed before keeps the old one."""
    span = _change_span(unit, on, {"name": nfc(name), "short_name": nfc(short_name)})
    detail = {"name": span.name, "on": str(on)}
    record_action(action="units.unit_renamed", by=by, at=at, target=unit, detail=detail)
    return span


@transaction.atomic
def change_unit_kind(
    *, unit: Unit, kind: UnitKind, on: date, by: User | None, at: datetime
) -> UnitSpan:
    """Make a unit another kind of organisation from a day on."""
    span = _change_span(unit, on, {"kind": kind})
    detail = {"kind": kind, "on": str(on)}
    record_action(action="units.unit_kind_changed", by=by, at=at, target=unit, detail=detail)
    return span


@transaction.atomic
def move_unit_to_area(
    *, unit: Unit, area: Area | None, on: date, by: User | None, at: datetime
) -> UnitSpan:
    """Put a unit into another area from a day on."""
    span = _change_span(unit, on, {"area": area})
    detail = {"area": area.code if area else "", "on": str(on)}
    record_action(action="units.unit_moved", by=by, at=at, target=unit, detail=detail)
    return span


@transaction.atomic
def set_parent(*, unit: Unit, parent: Unit | None, on: date, by: User | None, at: datetime) -> None:
    """Put a unit under another from a day on, or under none."""
    lock_tree()
    _check_alive(unit, on)
    until = cut_from(UnitParent.objects.filter(unit=unit), on)
    with refusing_by_name():
        if parent is not None:
            _check_alive(parent, on)
            UnitParent.objects.create(unit=unit, parent=parent, valid=DateRange(on, until))
        UnitClosure.objects.rebuild()
    detail = {"parent": parent.code if parent else "", "on": str(on)}
    record_action(action="units.parent_set", by=by, at=at, target=unit, detail=detail)


@transaction.atomic
def set_police_in_charge(
    *, of: Unit | Block, police_unit: Unit, on: date, by: User | None, at: datetime
) -> PoliceInCharge:
    """Name the police unit that receives the reports of a unit or block from a day on."""
    _check_police(police_unit, on)
    owner: dict[str, Any] = {"unit" if isinstance(of, Unit) else "block": of}
    until = cut_from(PoliceInCharge.objects.filter(**owner), on)
    with refusing_by_name():
        row = PoliceInCharge.objects.create(
            **owner, police_unit=police_unit, valid=DateRange(on, until)
        )
    detail = {"police": police_unit.code, "on": str(on)}
    record_action(action="units.police_in_charge_set", by=by, at=at, target=of, detail=detail)
    return row


@transaction.atomic
def close_unit(*, unit: Unit, on: date, by: User | None, at: datetime) -> None:
    """End a unit on a day (it no longer exists on it); its past stays."""
    lock_tree()
    _check_alive(unit, on)
    _check_not_needed(unit, on)
    for rows in (
        UnitSpan.objects.filter(unit=unit),
        UnitParent.objects.filter(unit=unit),
        PoliceInCharge.objects.filter(unit=unit),
        BlockMember.objects.filter(unit=unit),
        Membership.objects.filter(unit=unit),
    ):
        end_all(rows, on)
    UnitClosure.objects.rebuild()
    detail = {"on": str(on)}
    record_action(action="units.unit_closed", by=by, at=at, target=unit, detail=detail)


@transaction.atomic
def record_lineage(*, new: NewLineage, by: User | None, at: datetime) -> Lineage:
    """Write down that one unit passed into another by a decision."""
    with refusing_by_name():
        lineage = Lineage.objects.create(
            from_unit=new.from_unit,
            to_unit=new.to_unit,
            kind=new.kind,
            effective_on=new.effective_on,
            share=new.share,
            decision_number=nfc(new.decision_number),
            decision_on=new.decision_on,
        )
    detail = {"from": new.from_unit.code, "to": new.to_unit.code, "on": str(new.effective_on)}
    record_action(action="units.lineage_recorded", by=by, at=at, target=lineage, detail=detail)
    return lineage


def span_texts(new: NewUnit) -> dict[str, Any]:
    """Return the columns of the span that a new unit starts with."""
    name = nfc(new.name)
    return {
        "name": name,
        "short_name": nfc(new.short_name),
        "kind": new.kind,
        "area": new.area,
        "search_key": span_search_key(name, nfc(new.short_name)),
        "sort_key": sort_key(name),
    }


def span_search_key(name: str, short_name: str) -> str:
    """Return what a span is found by: its name, and its short name where that says more."""
    return search_key(name if short_name in name else f"{name} {short_name}")


def _change_span(unit: Unit, on: date, changes: dict[str, Any]) -> UnitSpan:
    """Cut the name that holds on a day and go on with a changed copy of it."""
    current = UnitSpan.objects.alive_on(on).filter(unit=unit).first()
    if current is None:
        raise _not_alive(unit, on)
    texts = {
        "name": current.name,
        "short_name": current.short_name,
        "kind": current.kind,
        "area": current.area,
    } | changes
    texts["search_key"] = span_search_key(texts["name"], texts["short_name"])
    texts["sort_key"] = sort_key(texts["name"])
    until = cut_from(UnitSpan.objects.filter(unit=unit), on)
    with refusing_by_name():
        return UnitSpan.objects.create(unit=unit, valid=DateRange(on, until), **texts)


def _unit_of_code(code: str, on: date) -> Unit:
    """Find a unit by its code among those that exist on a day."""
    unit = Unit.objects.filter(code=code).alive_on(on).first()
    if unit is None:
        raise UnitNotAlive(f"Không có đơn vị mã “{code}” vào ngày {format_date(on)}.")
    return unit


def _check_alive(unit: Unit, on: date) -> None:
    """Refuse a unit that does not exist on a day."""
    if not UnitSpan.objects.alive_on(on).filter(unit=unit).exists():
        raise _not_alive(unit, on)


def _not_alive(unit: Unit, on: date) -> UnitNotAlive:
    """Say that a unit does not exist on a day."""
    return UnitNotAlive(f"Đơn vị mã “{unit.code}” không hoạt động vào ngày {format_date(on)}.")


def _check_police(unit: Unit, on: date) -> None:
    """Refuse a unit in charge that is not of the police on a day."""
    span = UnitSpan.objects.alive_on(on).filter(unit=unit).first()
    if span is None:
        raise _not_alive(unit, on)
    if span.kind not in POLICE_KINDS:
        raise NotAPoliceUnit(f"“{span.name}” không phải là đơn vị Công an nên không thể phụ trách.")


def _check_not_needed(unit: Unit, on: date) -> None:
    """Refuse to end a unit that others stand under or that is in charge of others."""
    children = UnitParent.objects.filter(parent=unit).reaching(on).count()
    if children:
        raise UnitStillNeeded(
            f"Còn {children} đơn vị trực thuộc. Hãy chuyển các đơn vị đó sang cấp trên khác trước."
        )
    charged = PoliceInCharge.objects.filter(police_unit=unit).reaching(on).count()
    if charged:
        raise UnitStillNeeded(
            f"Đơn vị còn phụ trách {charged} đơn vị hoặc khối. Hãy giao cho Công an khác trước."
        )
