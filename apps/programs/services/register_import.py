"""Lists from Excel into any register: read and shown, written whole or not at all, taken back."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.audit.services import record_action
from apps.core.collector import collector_at_rest
from apps.core.errors import DomainError
from apps.core.sheet_writing import XLSX
from apps.core.sheets import Cell, SheetLayout
from apps.core.uploads import CleanUpload, clean_name
from apps.desk.models import ImportBatch
from apps.desk.rules import ImportState
from apps.desk.services import (
    ImportNotPossible,
    apply_import,
    open_import,
    refuse_unless_previewed,
    undo_import,
)
from apps.programs.services.import_plan import ImportPlan, New, RowPlanner, plan_rows
from apps.programs.services.import_reading import (
    read_rows,
    read_sheet,
    restored_rows,
    stored_rows,
)
from apps.programs.services.import_sheets import (
    CellFault,
    Column,
    ImportSheet,
    in_sheet_order,
    list_sheet,
    marked_workbook,
    template,
)
from apps.programs.services.import_units import unit_names
from apps.units.permissions import scope_unit_ids
from apps.units.queries import described

SHOWN_ROWS = 100
MOST_FAULTS = 2000  # kept to be shown; the rest are counted


class ImportHasFaults(DomainError):
    """A list cannot be written while one of its cells is wrong."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back came to: how many are gone, which stayed."""

    removed: int
    kept: list[int]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of a list as the preview shows it."""

    number: int
    title: str
    unit: str
    cells: list[tuple[Column, str]]
    is_known: bool


class ImportedRegister(ABC, Generic[New]):
    """What one register adds to the steps of this module: its planner, its writer, its marks."""

    kind: str  # of its imports, also the first words of their entries in the log
    planner: type[RowPlanner[New]]
    model: type[models.Model]  # its rows know their unit, their import and why they are gone
    named_by: tuple[str, ...]  # the columns a row is known by: the first that is filled
    shown: tuple[str, ...]  # the columns that the preview shows beside it

    @property
    def sheet(self) -> ImportSheet:
        """Return the table that people fill in."""
        return self.planner.sheet

    def lists(self) -> list[SheetLayout]:
        """Return what may be copied into the table, beside the units."""
        return []

    @abstractmethod
    def write(self, news: Sequence[New], batch: ImportBatch, by: User, at: datetime) -> None:
        """Write new records that have no faults, in a constant number of queries."""

    def last_written(self, batch: ImportBatch) -> dict[str, int]:
        """Return how far the import itself wrote, for `touched` to tell what came later."""
        return {}

    @abstractmethod
    def touched(self, last: dict[str, int]) -> Q:
        """Match the rows that somebody worked on after the import."""

    def taken_back(self, batch: ImportBatch) -> None:
        """Bring up to date what is derived from the rows of an import; most have nothing such."""
        return

    def rows_of(self, batch: ImportBatch) -> QuerySet[Any]:
        """Return what an import wrote and nobody took back."""
        return self.model._default_manager.filter(import_batch=batch, removed_at=None)


def import_template(register: ImportedRegister[Any], by: User, on: date) -> bytes:
    """Return the workbook to fill in, with the units the person writes for."""
    return template(register.sheet, _lists(register, by, on))


@transaction.atomic
@collector_at_rest()
def read_list(
    *, register: ImportedRegister[Any], file_name: str, content: bytes, by: User, at: datetime
) -> ImportBatch:
    """Read an uploaded list and keep what it would come to; nothing is written."""
    filled = read_sheet(register.sheet, content)
    plan, faults = _planned(register, filled.rows, by, timezone.localdate(at))
    summary = {
        "rows": stored_rows(filled.rows),
        "n_rows": len(filled.rows),
        "n_hidden": filled.n_hidden,
        **_outcome(plan, faults),
    }
    digest = hashlib.sha256(content).hexdigest()
    upload = CleanUpload(clean_name(file_name)[0], content, XLSX, digest)
    return open_import(kind=register.kind, upload=upload, summary=summary, by=by, at=at)


@transaction.atomic
@collector_at_rest()
def apply_list(
    *, register: ImportedRegister[Any], batch: ImportBatch, by: User, at: datetime
) -> ImportBatch:
    """Write every new row of a list or, when any row has become wrong, nothing.

    What became wrong since the preview is kept with the import, which then still waits.
    """
    locked = _locked(batch)
    refuse_unless_previewed(locked)
    if locked.summary["n_faults"]:
        raise ImportHasFaults("Tệp còn lỗi nên chưa ghi. Hãy sửa các ô đã nêu rồi tải lên lại.")
    _one_at_a_time(register)
    rows = restored_rows(locked.summary["rows"])
    plan, faults = _planned(register, rows, by, timezone.localdate(at))
    locked.summary |= _outcome(plan, faults)
    if faults:
        locked.save(update_fields=["summary"])
        return locked
    register.write([row.new for row in plan.new], locked, by, at)
    shown = locked.summary["rows"][:SHOWN_ROWS]
    summary = locked.summary | {"rows": shown, "last": register.last_written(locked)}
    applied = apply_import(batch=locked, summary=summary, by=by, at=at)
    detail = {"new": len(plan.new), "known": len(plan.known)}
    record_action(action=f"{register.kind}_imported", by=by, at=at, target=applied, detail=detail)
    return applied


@transaction.atomic
def undo_list(
    *, register: ImportedRegister[Any], batch: ImportBatch, by: User, at: datetime
) -> Undone:
    """Take back what an import wrote; what somebody worked on since, or is not theirs, stays."""
    locked = _locked(batch)
    if locked.state != ImportState.APPLIED:
        raise ImportNotPossible("Chỉ hoàn tác được đợt nhập đã ghi nhận và chưa hoàn tác.")
    rows = register.rows_of(locked)
    list(rows.select_for_update().values_list("pk", flat=True))
    scope = scope_unit_ids(by, timezone.localdate(at), Permission.REGISTER_ENTER)
    stays = register.touched(locked.summary["last"]) | ~Q(unit_id__in=scope)
    kept = list(rows.filter(stays).order_by("pk").values_list("pk", flat=True))
    why = f"Hoàn tác đợt nhập từ tệp “{locked.file_name}”"[:300]
    removed = rows.exclude(pk__in=kept).update(removed_at=at, removed_reason=why)
    if kept and not removed:
        raise ImportNotPossible(
            "Không hoàn tác được: mọi dòng của đợt nhập đều đã có người sửa hoặc không còn thuộc "
            "phạm vi của bạn."
        )
    register.taken_back(locked)
    outcome = {"removed": removed, "kept": kept}
    ImportBatch.objects.filter(pk=locked.pk).update(summary=locked.summary | outcome)
    undone = undo_import(batch=locked, by=by, at=at)
    action = f"{register.kind}_import_undone"
    record_action(action=action, by=by, at=at, target=undone, detail=outcome)
    return Undone(removed, kept)


def marked_list(register: ImportedRegister[Any], batch: ImportBatch, by: User, on: date) -> bytes:
    """Return a list as it was uploaded with each cell that is wrong now in colour, and why."""
    rows = restored_rows(batch.summary["rows"])
    faults = _planned(register, rows, by, on)[1]
    return marked_workbook(register.sheet, rows, faults, _lists(register, by, on))


def preview_rows(register: ImportedRegister[Any], batch: ImportBatch, on: date) -> list[PreviewRow]:
    """Return the first rows of a list in words, units by their names."""
    kept = restored_rows(batch.summary["rows"][:SHOWN_ROWS])
    rows = read_rows(register.sheet, kept).rows
    units = unit_names([str(row.values.get("unit", "")) for row in rows], on)
    columns = [register.sheet.column(name) for name in register.shown]
    known = set(batch.summary["known"])
    return [
        PreviewRow(
            row.number,
            next((str(row.values[name]) for name in register.named_by if row.values[name]), ""),
            unit,
            [(column, column.in_words(row.values.get(column.name))) for column in columns],
            row.number in known,
        )
        for row, unit in zip(rows, units, strict=True)
    ]


def _planned(
    register: ImportedRegister[Any], rows: dict[int, tuple[Cell, ...]], by: User, on: date
) -> tuple[ImportPlan[Any], list[CellFault]]:
    """Return what rows would come to, and all that is wrong with them."""
    content = read_rows(register.sheet, rows)
    plan = plan_rows(register.planner(content.rows, by, on))
    return plan, in_sheet_order([*content.faults, *plan.faults])


def _outcome(plan: ImportPlan[Any], faults: Sequence[CellFault]) -> dict[str, object]:
    """Return what the preview says of a plan."""
    return {
        "new": len(plan.new),
        "known": plan.known,
        "n_faults": len(faults),
        "faults": [str(fault) for fault in faults[:MOST_FAULTS]],
    }


def _lists(register: ImportedRegister[Any], by: User, on: date) -> list[SheetLayout]:
    """Return the lists that go with a table."""
    units = described(scope_unit_ids(by, on, Permission.REGISTER_ENTER), on)
    rows = ([unit.code, unit.name] for unit in units)
    return [list_sheet("Đơn vị", ["Mã", "Tên"], rows), *register.lists()]


def _locked(batch: ImportBatch) -> ImportBatch:
    """Fetch an import for the one transaction that may change it."""
    return ImportBatch.objects.select_for_update().get(pk=batch.pk)


def _one_at_a_time(register: ImportedRegister[Any]) -> None:
    """Let one list at a time into a register: the same rows of two people are written once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [register.kind])
