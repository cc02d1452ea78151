"""Load many units at once, with one rebuild of the closure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.text import nfc
from apps.units.models import PoliceInCharge, Unit, UnitClosure, UnitParent, UnitSpan
from apps.units.services.refusals import UnitNotAlive, refusing_by_name
from apps.units.services.tree import NewUnit, lock_tree, span_texts

_BATCH = 2000


@transaction.atomic
def load_units(*, rows: Collection[NewUnit], by: User | None, at: datetime) -> dict[str, Unit]:
    """Create the units whose code is new, in any order of rows, and return all by code.

    Parents and police units are named by code, among the rows or already there. Units whose code
    exists are left as they are, so that loading twice changes nothing.
    """
    lock_tree()
    codes = {nfc(row.code) for row in rows}
    known = set(Unit.objects.filter(code__in=codes).values_list("code", flat=True))
    fresh = [row for row in rows if nfc(row.code) not in known]
    with refusing_by_name():
        Unit.objects.bulk_create(
            [Unit(code=nfc(row.code), created_at=at, is_demo=row.is_demo) for row in fresh],
            batch_size=_BATCH,
        )
        by_code = _named_units(rows)
        UnitSpan.objects.bulk_create(
            [
                UnitSpan(unit=by_code[nfc(row.code)], valid=_valid(row), **span_texts(row))
                for row in fresh
            ],
            batch_size=_BATCH,
        )
        UnitParent.objects.bulk_create(_parents(fresh, by_code), batch_size=_BATCH)
        PoliceInCharge.objects.bulk_create(_charges(fresh, by_code), batch_size=_BATCH)
        UnitClosure.objects.rebuild()
    detail = {"created": len(fresh), "kept": len(known)}
    record_action(action="units.units_loaded", by=by, at=at, detail=detail)
    return {code: by_code[code] for code in codes}


def _valid(row: NewUnit) -> DateRange:
    """Return the days on which a new unit and its first links hold."""
    first: date = row.valid_from
    return DateRange(first, row.valid_to)


def _named_units(rows: Collection[NewUnit]) -> dict[str, Unit]:
    """Return every unit the rows name by code; one that is not there is an error of the list."""
    codes = {
        nfc(code) for row in rows for code in (row.code, row.parent_code, row.police_code) if code
    }
    by_code = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    missing = sorted(codes - by_code.keys())
    if missing:
        raise UnitNotAlive(f"Danh sách nêu mã đơn vị không có: {', '.join(missing[:10])}.")
    return by_code


def _parents(rows: list[NewUnit], by_code: dict[str, Unit]) -> Iterator[UnitParent]:
    """Return the parent links of new units."""
    for row in rows:
        if row.parent_code:
            unit, parent = by_code[nfc(row.code)], by_code[nfc(row.parent_code)]
            yield UnitParent(unit=unit, parent=parent, valid=_valid(row))


def _charges(rows: list[NewUnit], by_code: dict[str, Unit]) -> Iterator[PoliceInCharge]:
    """Return the police units in charge of new units."""
    for row in rows:
        if row.police_code:
            unit, police = by_code[nfc(row.code)], by_code[nfc(row.police_code)]
            yield PoliceInCharge(unit=unit, police_unit=police, valid=_valid(row))
