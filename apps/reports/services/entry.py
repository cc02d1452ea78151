"""Write figures in a report: one by one or as a block, nil declarations, carried stocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.dates import format_datetime
from apps.core.errors import DomainError
from apps.core.text import nfc
from apps.reports.models import Cell, CellChange, Event, Report, TemplateLine
from apps.reports.models.entry import CellSource, ReportState
from apps.reports.models.review import EventKind
from apps.reports.queries.registers import lines_say
from apps.reports.rules import CellFigure, Reading, override_refusal, says_register


class ReportClosed(DomainError):
    """The report was sent or accepted meanwhile; nothing can be written in it."""


class FormChanged(DomainError):
    """The line does not belong to the form that this report uses now."""


class CellConflict(DomainError):
    """Somebody else changed the cell meanwhile; carries what stands there now."""

    def __init__(self, current: Cell) -> None:
        """Keep the cell as it stands on the server."""
        super().__init__("Người khác vừa sửa ô này. Chọn giữ số của bạn hay số trên máy chủ.")
        self.current = current


class RegisterSays(DomainError):
    """The figure comes from a register; another one needs a reason."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure to be written: `base` is the lock version the person was looking at (0: none)."""

    line_id: int
    reading: Reading
    base: int
    note: str | None = None
    source: str = CellSource.TYPED


def lock_open_report(report_id: int, at: datetime) -> Report:
    """Return the report locked for writing; refuse when it is no longer open to its unit."""
    report = (
        Report.objects.select_for_update(of=("self",), no_key=True)
        .select_related("obligation__version", "obligation__period")
        .get(pk=report_id)
    )
    if not report.is_open:
        raise ReportClosed(
            f"Báo cáo đang ở trạng thái “{report.get_state_display()}” nên không sửa được nữa. "
            "Tải lại trang để xem bản hiện tại."
        )
    refuse_after_close(report, at)
    return report


def refuse_after_close(report: Report, at: datetime) -> None:
    """Refuse writing and sending once the period has been closed for good."""
    closed_at = report.obligation.hard_close_at
    if closed_at is not None and at >= closed_at:
        raise ReportClosed(
            f"Kỳ báo cáo này đã khóa lúc {format_datetime(closed_at)} nên không nhập, không nộp "
            "được nữa. Liên hệ đơn vị tiếp nhận."
        )


def begin(report: Report, by: User, at: datetime) -> None:
    """Move an empty report to being written; note the first save once."""
    fields = ["changed_at"]
    if report.state == ReportState.EMPTY:
        report.state = ReportState.DRAFT
        fields.append("state")
        Event.objects.create(report=report, kind=EventKind.FIRST_SAVED, at=at, by=by)
    report.changed_at = at
    report.save(update_fields=fields)


def lines_of(report: Report, line_ids: Iterable[int]) -> dict[int, TemplateLine]:
    """Return the lines by id; a line of another version of the form is refused."""
    wanted = set(line_ids)
    lines = (
        TemplateLine.objects.filter(version_id=report.obligation.version_id)
        .select_related("indicator")
        .in_bulk(wanted)
    )
    if wanted - lines.keys():
        raise FormChanged(
            f"Biểu mẫu đã chuyển sang phiên bản {report.obligation.version.number}. "
            "Tải lại trang; số đã nhập vẫn còn."
        )
    return lines


def write_cells(report: Report, entries: Sequence[Entry], by: User, at: datetime) -> BlockResult:
    """Write cells by compare-and-set and remember each change; the caller holds the report.

    Every writer locks the report first, so a cell that is not there now cannot appear meanwhile.
    """
    lines = lines_of(report, (entry.line_id for entry in entries))
    known = {
        cell.line_id: cell for cell in Cell.objects.filter(report=report, line__in=lines.values())
    }
    entries, refused = _meet_registers(report, lines, known, entries)
    fresh: list[Cell] = []
    touched: list[Cell] = []
    changes: list[CellChange] = []
    conflicts: dict[int, Cell] = {}
    for entry in entries:
        cell = known.get(entry.line_id)
        if cell is None:
            known[entry.line_id] = cell = _new_cell(report, entry, by, at)
            fresh.append(cell)
            changes.append(_change(report, cell, ("missing", None), by, at))
        elif _is_stale(cell, entry):
            conflicts[entry.line_id] = cell
        elif not (_says_same(cell, entry) and _notes_same(cell, entry)):
            touched.append(cell)
            changes.append(_overwrite(report, cell, entry, by, at))
    Cell.objects.bulk_create(fresh)
    Cell.objects.bulk_update(touched, OVERWRITTEN)
    CellChange.objects.bulk_create(change for change in changes if _is_change(change))
    saved = [known[entry.line_id] for entry in entries if entry.line_id not in conflicts]
    return BlockResult(saved, list(conflicts.values()), refused)


# These fill many cells at once: a figure that a register keeps is none of theirs.
FILLS = (CellSource.DECLARED, CellSource.CARRIED)


def _meet_registers(
    report: Report,
    lines: Mapping[int, TemplateLine],
    known: Mapping[int, Cell],
    entries: Sequence[Entry],
) -> tuple[list[Entry], dict[int, str]]:
    """Return what may be written beside registers' figures, and the refusals by line.

    The register's own figure is not kept as a cell: the line follows its register again. Another
    figure needs a reason, typed with it; a pasted block or one click for many has none.
    """
    registers = lines_say(report, lines.values())
    taken: list[Entry] = []
    refused: dict[int, str] = {}
    for entry in entries:
        register = registers.get(entry.line_id)
        if register is None:
            taken.append(entry)
        elif entry.source in FILLS:
            continue
        elif entry.reading.state == "missing" or says_register(entry.reading, register):
            taken.append(_back_to_register(entry, known.get(entry.line_id)))
        elif _is_explained(entry, known.get(entry.line_id)):
            taken.append(entry)
        else:
            decimals = lines[entry.line_id].indicator.decimals
            refused[entry.line_id] = override_refusal(register, decimals)
    return taken, refused


def _is_explained(entry: Entry, cell: Cell | None) -> bool:
    """Return whether a reason came with another figure, or the figure stands with one already."""
    if entry.note is None:
        return cell is not None and bool(cell.note) and _says_same(cell, entry)
    return entry.source != CellSource.PASTED and bool(nfc(entry.note).strip())


def _back_to_register(entry: Entry, cell: Cell | None) -> Entry:
    """Return the entry that lets the register's figure stand; the old reason goes with it."""
    was_override = cell is not None and cell.state != "missing"
    note = "" if entry.note is None and was_override else entry.note
    return replace(entry, reading=Reading("missing"), note=note)


OVERWRITTEN = (
    "state",
    "value",
    "qualifier",
    "note",
    "source",
    "lock_version",
    "updated_at",
    "updated_by",
)


def _says_same(cell: Cell, entry: Entry) -> bool:
    reading = entry.reading
    return (cell.state, cell.value, cell.qualifier) == (
        reading.state,
        reading.value,
        reading.qualifier,
    )


def _notes_same(cell: Cell, entry: Entry) -> bool:
    return entry.note is None or cell.note == nfc(entry.note)[:500]


def _is_stale(cell: Cell, entry: Entry) -> bool:
    """Return whether somebody changed the cell after this person looked, to something else."""
    if cell.lock_version == entry.base:
        return False
    return not (_says_same(cell, entry) and _notes_same(cell, entry))


def _new_cell(report: Report, entry: Entry, by: User, at: datetime) -> Cell:
    reading = entry.reading
    return Cell(
        report=report,
        line_id=entry.line_id,
        state=reading.state,
        value=reading.value,
        qualifier=reading.qualifier,
        note=nfc(entry.note or "")[:500],
        source=entry.source,
        updated_at=at,
        updated_by=by,
    )


def _overwrite(report: Report, cell: Cell, entry: Entry, by: User, at: datetime) -> CellChange:
    """Put an entry into an existing cell, unsaved; return what to remember of it."""
    old, same, reading = (cell.state, cell.value), _says_same(cell, entry), entry.reading
    cell.state, cell.value, cell.qualifier = reading.state, reading.value, reading.qualifier
    if entry.note is not None:
        cell.note = nfc(entry.note)[:500]
    cell.updated_at, cell.updated_by = at, by
    cell.source = cell.source if same else entry.source
    cell.lock_version += 1
    return _change(report, cell, old, by, at)


def _is_change(change: CellChange) -> bool:
    """Return whether the figure itself moved; a note alone is not remembered as a change."""
    return (change.old_state, change.old_value) != (change.new_state, change.new_value)


def _change(
    report: Report, cell: Cell, old: tuple[str, Decimal | None], by: User, at: datetime
) -> CellChange:
    return CellChange(
        report=report,
        line_id=cell.line_id,
        old_state=old[0],
        old_value=old[1],
        new_state=cell.state,
        new_value=cell.value,
        changed_at=at,
        changed_by=by,
    )


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What became of several cells: saved; changed by somebody else; kept by a register."""

    saved: list[Cell]
    conflicts: list[Cell]
    refused: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def save_cell(*, report: Report, entry: Entry, by: User, at: datetime) -> Cell:
    """Save one figure; raise CellConflict with the other one's value instead of losing either."""
    locked = lock_open_report(report.pk, at)
    result = write_cells(locked, [entry], by, at)
    if result.refused:
        raise RegisterSays(result.refused[entry.line_id])
    if result.conflicts:
        raise CellConflict(result.conflicts[0])
    begin(locked, by, at)
    record_action(
        action="reports.cell_saved", by=by, at=at, target=locked, detail={"line": entry.line_id}
    )
    return result.saved[0]


@transaction.atomic
def save_block(*, report: Report, entries: Sequence[Entry], by: User, at: datetime) -> BlockResult:
    """Save a pasted block; a cell that somebody changed meanwhile is reported, not overwritten."""
    locked = lock_open_report(report.pk, at)
    result = write_cells(locked, entries, by, at)
    begin(locked, by, at)
    record_action(
        action="reports.block_saved",
        by=by,
        at=at,
        target=locked,
        detail={
            "saved": len(result.saved),
            "conflicts": len(result.conflicts),
            "refused": len(result.refused),
        },
    )
    return result


@transaction.atomic
def declare_nothing(
    *, report: Report, line_ids: Iterable[int], by: User, at: datetime
) -> list[Cell]:
    """Say "không phát sinh" for the flows of a section that hold nothing yet."""
    locked = lock_open_report(report.pk, at)
    written = _fill_missing(
        locked, {line_id: Reading("nothing") for line_id in line_ids}, CellSource.DECLARED, by, at
    )
    begin(locked, by, at)
    if written:
        Event.objects.create(report=locked, kind=EventKind.NIL_DECLARED, at=at, by=by)
    record_action(
        action="reports.nil_declared", by=by, at=at, target=locked, detail={"cells": len(written)}
    )
    return written


@transaction.atomic
def carry_stocks(
    *, report: Report, before: Mapping[int, CellFigure], by: User, at: datetime
) -> list[Cell]:
    """Say "không thay đổi": fill stocks that hold nothing yet with last period's figures."""
    locked = lock_open_report(report.pk, at)
    readings = {
        line_id: Reading(figure.state, figure.value, figure.qualifier)
        for line_id, figure in before.items()
        if figure.state in {"value", "zero"}
    }
    written = _fill_missing(locked, readings, CellSource.CARRIED, by, at)
    begin(locked, by, at)
    record_action(
        action="reports.stocks_carried",
        by=by,
        at=at,
        target=locked,
        detail={"cells": len(written)},
    )
    return written


def _fill_missing(
    report: Report, readings: Mapping[int, Reading], source: str, by: User, at: datetime
) -> list[Cell]:
    cells = {cell.line_id: cell for cell in Cell.objects.filter(report=report)}
    entries = [
        Entry(
            line_id, reading, cells[line_id].lock_version if line_id in cells else 0, source=source
        )
        for line_id, reading in readings.items()
        if line_id not in cells or cells[line_id].state == "missing"
    ]
    return write_cells(report, entries, by, at).saved
