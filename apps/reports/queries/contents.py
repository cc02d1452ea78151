"""The contents page of one report, its check before sending, its receipt: what each one says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from apps.reports.models import Event, Report, ReportScan, ReportText, Submission
from apps.reports.models.templates import NarrativePart
from apps.reports.queries.forms import Check, FormRow, check_report
from apps.reports.queries.grid import SECTION_LOOKS, SectionProgress, parts_of, texts_of
from apps.reports.rules import CellFigure, Finding, Look, cell_text, content_hash
from apps.units.models import Contact
from apps.units.queries import names_of


@dataclass(frozen=True, slots=True)
class PartProgress:
    """One part in words, and whether anything stands there."""

    part: NarrativePart
    look: Look


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a report says on top: whose it is, and who receives it."""

    unit_name: str
    filler: str
    receiver: str
    is_filled_by_other: bool


def frame_of(report: Report, on: date) -> Frame:
    """Return the names around a report: one query."""
    owed = report.obligation
    names = names_of({owed.unit_id, owed.filler_id, owed.consolidator_id}, on)
    return Frame(
        unit_name=names.get(owed.unit_id, ""),
        filler=names.get(owed.filler_id, ""),
        receiver=names.get(owed.consolidator_id, ""),
        is_filled_by_other=owed.filler_id != owed.unit_id,
    )


def parts_progress(report: Report) -> list[PartProgress]:
    """Return the parts in words with their state: two queries."""
    texts = texts_of(report)
    return [
        PartProgress(part, SECTION_LOOKS["done" if _is_written(texts, part) else "empty"])
        for part in parts_of(report)
    ]


def _is_written(texts: Mapping[str, ReportText], part: NarrativePart) -> bool:
    return part.code in texts and bool(texts[part.code].body)


def finished(sections: Sequence[SectionProgress]) -> tuple[int, int]:
    """Return how many sections of figures are done, of how many."""
    return sum(section.done == section.total for section in sections), len(sections)


def events_of(report: Report) -> list[Event]:
    """Return the history of a report, newest first, with people and versions."""
    events = Event.objects.filter(report=report).select_related("by", "submission")
    return list(events.order_by("-pk"))


def last_return(report: Report) -> Event | None:
    """Return who last returned or reopened it, and why."""
    events = Event.objects.filter(report=report, kind__in=["returned", "reopened"])
    return events.select_related("by", "submission").order_by("-pk").first()


def last_send_back(report: Report) -> Event | None:
    """Return the leader's word to the clerk, unless the report has been sent on since."""
    kinds = ["sent_back", "sent_to_leader", "submitted", "resubmitted"]
    event = Event.objects.filter(report=report, kind__in=kinds).select_related("by")
    latest = event.order_by("-pk").first()
    return latest if latest is not None and latest.kind == "sent_back" else None


def scans_of(report: Report) -> QuerySet[ReportScan]:
    """Return the scans of the signed paper, newest first."""
    scans = ReportScan.objects.filter(report=report).select_related("uploaded_by")
    return scans.order_by("-pk")


@dataclass(frozen=True, slots=True)
class Spot:
    """A finding with the cell to jump to."""

    finding: Finding
    section: str
    line_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that differs from the version sent last."""

    row: FormRow
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything the check page shows."""

    errors: list[Spot]
    missing: list[Spot]
    warnings: list[Spot]
    moved: list[Moved]
    rows: list[FormRow]
    content_hash: str
    texts: dict[int, str]
    n_lines: int
    n_said: int

    def changed_since(self, seen: Mapping[str, str]) -> list[Moved]:
        """Return lines that say something else than a person saw: {line id: text}."""
        return [
            Moved(row, seen[key], now)
            for row in self.rows
            if (key := str(row.line.line_id)) in seen
            and seen[key] != (now := self.texts[row.line.line_id])
        ]

    @property
    def from_registers(self) -> list[FormRow]:
        """Return the lines whose figure stands from a register."""
        return [row for row in self.rows if row.is_register]

    @property
    def overrides(self) -> list[FormRow]:
        """Return the lines where the unit wrote another figure than the register's."""
        return [row for row in self.rows if row.is_override]

    @property
    def n_blocking(self) -> int:
        """Return how many spots must be mended first."""
        return len(self.errors) + len(self.missing)

    @property
    def is_ready(self) -> bool:
        """Return whether nothing blocks the sending."""
        return not (self.errors or self.missing)


def check_page(report: Report, last: Submission | None) -> CheckPage:
    """Return the check of a report as spots to jump to, and what moved since it was last sent."""
    check = check_report(report)
    lines = {row.line.line_id: row.line for row in check.rows}

    def spots(kind: str) -> list[Spot]:
        return [
            Spot(found, line.section, line.line_id, f"{line.code} {line.name}")
            for found in check.findings
            if found.kind == kind and (line := lines[found.line_id])
        ]

    return CheckPage(
        errors=spots("error"),
        missing=spots("missing"),
        warnings=spots("warning"),
        moved=_moved(check, last),
        rows=check.rows,
        content_hash=content_hash(
            (row.hash_parts() for row in check.rows),
            {part: text.body for part, text in texts_of(report).items()},
        ),
        texts={row.line.line_id: cell_text(row.figure, row.line.decimals) for row in check.rows},
        n_lines=len(check.rows),
        n_said=sum(row.figure.state != "missing" for row in check.rows),
    )


def _moved(check: Check, last: Submission | None) -> list[Moved]:
    if last is None:
        return []
    sent = {
        line.line_id: CellFigure(line.state, line.value, line.qualifier)
        for line in last.lines.all()
    }
    found = []
    for row in check.rows:
        old = cell_text(sent.get(row.line.line_id, CellFigure()), row.line.decimals)
        new = cell_text(row.figure, row.line.decimals)
        if old != new:
            found.append(Moved(row, old, new))
    return found


def last_submission(report: Report) -> Submission | None:
    """Return the version sent last, with who sent it."""
    versions = Submission.objects.filter(report=report).select_related("submitted_by")
    return versions.order_by("-number").first()


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """What the receipt says beside the version itself."""

    submission: Submission
    is_on_time: bool
    counted_at: datetime
    contacts: list[Contact]


def receipt_page(report: Report, submission: Submission) -> ReceiptPage:
    """Return a receipt: the first submission decides punctuality; whom to call about it."""
    owed = report.obligation
    counted_at = owed.first_submitted_at or submission.submitted_at
    contacts = Contact.objects.filter(unit_id=owed.consolidator_id)
    return ReceiptPage(
        submission=submission,
        is_on_time=counted_at < owed.due_at,
        counted_at=counted_at,
        contacts=list(contacts.order_by("-is_main", "sort_key", "pk")[:3]),
    )
