"""Everything that the printed report of a unit says, gathered once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from apps.papers.models import IssuingBody
from apps.reports.models import Report
from apps.reports.queries.forms import FormRow, form_rows
from apps.reports.queries.grid import parts_of, section_names, texts_of
from apps.units.models import Unit
from apps.units.queries import names_of, parents_of


@dataclass(frozen=True, slots=True)
class PrintedReport:
    """A report as paper needs it: names, rows, words."""

    unit: str
    filler: str
    superior: str
    receiver: str
    place: str
    subject: str
    period_label: str
    preparer: str
    is_demo: bool
    rows: tuple[FormRow, ...]
    section_names: Mapping[str, str]
    part_titles: tuple[tuple[str, str], ...]
    texts: Mapping[str, str]


def printed_report(report: Report, on: date) -> PrintedReport:
    """Return a report as it stands now, for its paper."""
    owed = report.obligation
    parent = parents_of([owed.filler_id], on).get(owed.filler_id, 0)
    names = names_of({owed.unit_id, owed.filler_id, owed.consolidator_id, parent}, on)
    body = IssuingBody.objects.filter(unit_id=owed.root_id, valid__contains=on).first()
    rows = form_rows(report)
    return PrintedReport(
        unit=names.get(owed.unit_id, ""),
        filler=names.get(owed.filler_id, ""),
        superior=names.get(parent, ""),
        receiver=names.get(owed.consolidator_id, ""),
        place=body.place if body else "",
        subject=_subject(owed.template.name, names.get(owed.unit_id, ""), owed),
        period_label=owed.period.label,
        preparer=_preparer(rows),
        is_demo=Unit.objects.filter(pk=owed.unit_id, is_demo=True).exists(),
        rows=tuple(rows),
        section_names=section_names(),
        part_titles=tuple((part.code, part.title) for part in parts_of(report)),
        texts={part: text.body for part, text in texts_of(report).items()},
    )


def _subject(template: str, unit: str, owed: object) -> str:
    """Name the unit too where its police fills the report in for it."""
    is_other = getattr(owed, "filler_id", 0) != getattr(owed, "unit_id", 0)
    return f"{template} – {unit}" if is_other else template


def _preparer(rows: list[FormRow]) -> str:
    """Return who wrote last."""
    written = [row for row in rows if row.updated_at is not None]
    return max(written, key=lambda row: str(row.updated_at)).updated_by if written else ""
