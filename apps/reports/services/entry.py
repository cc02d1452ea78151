"""Write in a report: cells one by one or as a block, texts, nil declarations, carried stocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.text import nfc
from apps.reports.models import (
    Cell,
    CellChange,
    Event,
    Report,
    ReportText,
    TemplateLine,
)
from apps.reports.models.entry import CellSource, ReportState
from apps.reports.models.review import EventKind
from apps.reports.rules import CellFigure, Reading


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure to be written: `base` is the lock version the person was looking at (0: none)."""

    line_id: int
    reading: Reading
    base: int
    note: str | None = None
    source: str = CellSource.TYPED


def lock_open_report(report_id: int) -> Report:
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
    return report


def begin(report: Report, by: User, at: datetime) -> None:
    """Move an empty report to being written; note the first save once."""
    fields = ["changed_at"]
    if report.state == ReportState.EMPTY:
        report.state = ReportState.DRAFT
        fields.append("state")
        Event.objects.create(report=report, kind=EventKind.FIRST_SAVED, at=at, by=by)
    report.changed_at = at
    report.save(update_fields=fields)


def line_of(report: Report, line_id: int) -> TemplateLine:
    """Return the line of the report's own form; a line of another version is refused."""
    line = TemplateLine.objects.filter(pk=line_id, version_id=report.obligation.version_id).first()
    if line is None:
        raise FormChanged(
            f"Biểu mẫu đã chuyển sang phiên bản {report.obligation.version.number}. "
            "Tải lại trang; số đã nhập vẫn còn."
        )
    return line


def write_cell(report: Report, entry: Entry, by: User, at: datetime) -> Cell:
    """Write one cell by compare-and-set and remember the change; the caller holds the report."""
    line = line_of(report, entry.line_id)
    cell = Cell.objects.filter(report=report, line=line).first()
    if cell is None:
        return _insert_cell(report, line, entry, by, at)
    same = (cell.state, cell.value, cell.qualifier) == _triple(entry.reading)
    if same and entry.note in {None, cell.note}:
        return cell
    if cell.lock_version != entry.base and not same:
        raise CellConflict(cell)
    old = (cell.state, cell.value)
    cell.state, cell.value, cell.qualifier = _triple(entry.reading)
    cell.note = cell.note if entry.note is None else nfc(entry.note)[:500]
    cell.source, cell.updated_at, cell.updated_by = entry.source, at, by
    cell.lock_version += 1
    cell.save()
    if not same:
        _remember(report, line, old, cell, by, at)
    return cell


def _triple(reading: Reading) -> tuple[str, object, str]:
    return (reading.state, reading.value, reading.qualifier)


def _insert_cell(report: Report, line: TemplateLine, entry: Entry, by: User, at: datetime) -> Cell:
    cell = Cell(
        report=report,
        line=line,
        state=entry.reading.state,
        value=entry.reading.value,
        qualifier=entry.reading.qualifier,
        note=nfc(entry.note or "")[:500],
        source=entry.source,
        updated_at=at,
        updated_by=by,
    )
    try:
        with transaction.atomic():
            cell.save(force_insert=True)
    except IntegrityError as error:
        raise CellConflict(Cell.objects.get(report=report, line=line)) from error
    _remember(report, line, ("missing", None), cell, by, at)
    return cell


def _remember(
    report: Report, line: TemplateLine, old: tuple[str, object], cell: Cell, by: User, at: datetime
) -> None:
    CellChange.objects.create(
        report=report,
        line=line,
        old_state=old[0],
        old_value=old[1],
        new_state=cell.state,
        new_value=cell.value,
        changed_at=at,
        changed_by=by,
    )


@transaction.atomic
def save_cell(*, report: Report, entry: Entry, by: User, at: datetime) -> Cell:
    """Save one figure; raise CellConflict with the other one's value instead of losing either."""
    locked = lock_open_report(report.pk)
    cell = write_cell(locked, entry, by, at)
    begin(locked, by, at)
    record_action(
        action="reports.cell_saved", by=by, at=at, target=locked, detail={"line": entry.line_id}
    )
    return cell


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What became of a pasted block: saved cells and, apart, the cells that conflict."""

    saved: list[Cell]
    conflicts: list[Cell]


@transaction.atomic
def save_block(*, report: Report, entries: Sequence[Entry], by: User, at: datetime) -> BlockResult:
    """Save a pasted block; a cell that somebody changed meanwhile is reported, not overwritten."""
    locked = lock_open_report(report.pk)
    saved, conflicts = [], []
    for entry in entries:
        try:
            saved.append(write_cell(locked, entry, by, at))
        except CellConflict as conflict:
            conflicts.append(conflict.current)
    begin(locked, by, at)
    record_action(
        action="reports.block_saved",
        by=by,
        at=at,
        target=locked,
        detail={"saved": len(saved), "conflicts": len(conflicts)},
    )
    return BlockResult(saved, conflicts)


@transaction.atomic
def declare_nothing(
    *, report: Report, line_ids: Iterable[int], by: User, at: datetime
) -> list[Cell]:
    """Say "không phát sinh" for the flows of a section that hold nothing yet."""
    locked = lock_open_report(report.pk)
    written = _fill_missing(
        locked, {line_id: Reading("nothing") for line_id in line_ids}, CellSource.DECLARED, by, at
    )
    begin(locked, by, at)
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
    locked = lock_open_report(report.pk)
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
    written = []
    for line_id, reading in readings.items():
        cell = cells.get(line_id)
        if cell is None or cell.state == "missing":
            base = cell.lock_version if cell else 0
            entry = Entry(line_id, reading, base, source=source)
            written.append(write_cell(report, entry, by, at))
    return written


class TextConflict(DomainError):
    """Somebody else changed the text meanwhile; carries what stands there now."""

    def __init__(self, current: ReportText) -> None:
        """Keep the text as it stands on the server."""
        super().__init__("Người khác vừa sửa phần lời văn này. Xem bản của họ rồi lưu lại.")
        self.current = current


@transaction.atomic
def save_text(
    *, report: Report, part: str, body: str, base: int, by: User, at: datetime
) -> ReportText:
    """Save a part written in words; the same rule against lost work as for cells."""
    locked = lock_open_report(report.pk)
    body = nfc(body).strip()
    text = ReportText.objects.filter(report=locked, part=part).first()
    if text is None:
        text = ReportText.objects.create(
            report=locked, part=part, body=body, updated_at=at, updated_by=by
        )
    elif text.body != body:
        if text.lock_version != base:
            raise TextConflict(text)
        text.body, text.updated_at, text.updated_by = body, at, by
        text.lock_version += 1
        text.save()
    begin(locked, by, at)
    record_action(action="reports.text_saved", by=by, at=at, target=locked, detail={"part": part})
    return text
