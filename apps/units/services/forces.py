"""Write how many teams and members of each force a unit has, as of a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.dates import format_date
from apps.core.numbers import format_number
from apps.core.text import nfc
from apps.units.models import ForceKind, ForceStock, Unit, UnitSpan
from apps.units.services.refusals import UnitRefused

MAX_COUNT = 10_000_000
NUMBERS = {"teams": "has_teams", "teams_due": "has_due", "members": "has_members"}
WORDS = {"teams": "Số đã có", "teams_due": "Số phải có", "members": "Số thành viên"}


@dataclass(frozen=True, slots=True)
class NewStock:
    """The numbers of a force as of a day; what a kind does not count stays empty."""

    as_of: date
    teams: int | None = None
    teams_due: int | None = None
    members: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StockFault:
    """One thing that is wrong: at a number of a kind, or at the day."""

    field: str
    message: str
    kind_id: int | None = None


class StockRefused(UnitRefused):
    """Numbers of forces cannot be written so; it may name the fields."""

    def __init__(self, message: str, faults: Sequence[StockFault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


@transaction.atomic
def record_stock(
    *, unit: Unit, kind: ForceKind, stock: NewStock, by: User | None, at: datetime
) -> ForceStock:
    """Write the numbers of one force as of a day; the same day again corrects them."""
    on = timezone.localdate(at)
    _refuse([*_day_faults(unit, stock.as_of, on), *_stock_faults(kind, stock)])
    return _write(unit, kind, stock, by, at)


@transaction.atomic
def record_stocks(
    *, unit: Unit, stocks: Mapping[ForceKind, NewStock], by: User | None, at: datetime
) -> int:
    """Write the numbers of several forces, all or none; return how many."""
    on = timezone.localdate(at)
    days = {stock.as_of for stock in stocks.values()}
    faults = [fault for day in days for fault in _day_faults(unit, day, on)]
    faults += [fault for kind, stock in stocks.items() for fault in _stock_faults(kind, stock)]
    _refuse(faults)
    for kind, stock in stocks.items():
        _write(unit, kind, stock, by, at)
    return len(stocks)


@transaction.atomic
def confirm_unchanged(*, unit: Unit, on: date, by: User | None, at: datetime) -> int:
    """Say that nothing changed up to a day: every force in use is carried on; return how many."""
    _refuse(_day_faults(unit, on, timezone.localdate(at)))
    told = ForceStock.objects.filter(unit=unit, as_of__lte=on)
    latest = told.of_kinds_in_use(on).latest_each()
    carried = [
        ForceStock(
            unit=unit,
            kind_id=row.kind_id,
            as_of=on,
            teams=row.teams,
            teams_due=row.teams_due,
            members=row.members,
            is_unchanged=True,
            note=row.note,
            is_demo=row.is_demo,
            recorded_at=at,
            recorded_by=by,
        )
        for row in latest
        if row.as_of < on
    ]
    # Somebody else may confirm at the same moment: whoever comes second changes nothing.
    ForceStock.objects.bulk_create(carried, ignore_conflicts=True)
    if carried:
        detail = {"on": f"{on}", "kinds": [row.kind_id for row in carried]}
        record_action(action="units.forces_confirmed", by=by, at=at, target=unit, detail=detail)
    return len(carried)


@transaction.atomic
def undo_confirmation(*, unit: Unit, on: date, by: User | None, at: datetime) -> int:
    """Take back what was said to be unchanged on a day; return for how many forces."""
    rows = ForceStock.objects.filter(unit=unit, as_of=on, is_unchanged=True)
    kinds = list(rows.order_by("kind_id").values_list("kind_id", flat=True))
    rows.delete()
    if kinds:
        detail = {"on": f"{on}", "kinds": kinds}
        record_action(action="units.forces_reopened", by=by, at=at, target=unit, detail=detail)
    return len(kinds)


@transaction.atomic
def remove_stock(*, stock: ForceStock, by: User | None, at: datetime) -> None:
    """Take back numbers that were written for a wrong day or kind; the row before holds again."""
    detail = {"kind": stock.kind_id, "as_of": f"{stock.as_of}"} | _numbers(stock)
    record_action(
        action="units.force_stock_removed", by=by, at=at, target=stock.unit, detail=detail
    )
    stock.delete()


def _write(
    unit: Unit, kind: ForceKind, stock: NewStock, by: User | None, at: datetime
) -> ForceStock:
    """Write a checked row and say in the audit what it replaces."""
    before = ForceStock.objects.filter(unit=unit, kind=kind, as_of=stock.as_of).first()
    row, _created = ForceStock.objects.update_or_create(
        unit=unit,
        kind=kind,
        as_of=stock.as_of,
        defaults={
            "teams": stock.teams,
            "teams_due": stock.teams_due,
            "members": stock.members,
            "note": nfc(stock.note)[:300],
            "is_unchanged": False,
            "is_demo": unit.is_demo,
            "recorded_at": at,
            "recorded_by": by,
        },
    )
    detail = {"kind": kind.pk, "as_of": f"{stock.as_of}"} | _numbers(row)
    if before is not None:
        detail["before"] = _numbers(before)
    record_action(action="units.force_stock_recorded", by=by, at=at, target=unit, detail=detail)
    return row


def _numbers(row: ForceStock) -> dict[str, object]:
    return {name: getattr(row, name) for name in NUMBERS}


def _refuse(faults: Sequence[StockFault]) -> None:
    if faults:
        raise StockRefused(" ".join(fault.message for fault in faults), faults)


def _day_faults(unit: Unit, day: date, on: date) -> list[StockFault]:
    """Return what is wrong with the day as of which numbers are told."""
    if day > on:
        return [StockFault("as_of", "Ngày này còn ở tương lai.")]
    if not UnitSpan.objects.alive_on(day).filter(unit=unit).exists():
        return [StockFault("as_of", f"Đơn vị không tồn tại vào ngày {format_date(day)}.")]
    return []


def _stock_faults(kind: ForceKind, stock: NewStock) -> Iterator[StockFault]:
    """Yield what is wrong with the numbers of one force."""
    if obstacle := kind.obstacle_on(stock.as_of):
        yield StockFault("as_of", obstacle, kind.pk)
    for name in NUMBERS:
        yield from _number_faults(kind, name, getattr(stock, name))
    if stock.teams is None and stock.members is None:
        name = "teams" if kind.has_teams else "members"
        yield StockFault(name, "Chưa nhập số nào của lực lượng này.", kind.pk)
    due = stock.teams_due
    if stock.teams is not None and due is not None and stock.teams > due:
        yield StockFault("teams", "Số đã có không thể nhiều hơn số phải có.", kind.pk)


def _number_faults(kind: ForceKind, name: str, value: int | None) -> Iterator[StockFault]:
    """Yield what is wrong with one number."""
    if value is None:
        return
    if not getattr(kind, NUMBERS[name]):
        yield StockFault(name, f"{kind.name} không đếm số này.", kind.pk)
    elif value < 0:
        yield StockFault(name, f"{WORDS[name]} không thể âm.", kind.pk)
    elif value > MAX_COUNT:
        limit = format_number(MAX_COUNT)
        yield StockFault(name, f"{WORDS[name]} lớn hơn mức cho phép ({limit}).", kind.pk)
