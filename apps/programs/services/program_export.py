"""The units of a programme, what they did and how they stand to the targets, as an Excel file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from apps.accounts.models import User
from apps.core.long_sheets import write_long_sheet
from apps.desk.services.exports import ExportRefused, Step
from apps.programs.models import Program
from apps.programs.queries.program_sheet import program_sheet_rows, sheet_widths
from apps.programs.queries.programs import recipient_rows, recipients_seen
from apps.programs.queries.targets import Units, shown_figures
from apps.programs.services.exports import ListExport, packed_facts


@dataclass(frozen=True, slots=True)
class ProgramListing:
    """A programme, and the period whose figures are wanted (its id; empty: the latest)."""

    program_id: int
    period: str


class ProgramExport(ListExport[ProgramListing]):
    """Units in the order of the page of their programme."""

    task = "programs.export_program"
    at_once = 500  # figures are looked up for each of them

    def count(self, user: User, asked: ProgramListing, on: date) -> int:
        """Return how many units a person sees in the programme."""
        return recipients_seen(user, on).filter(program_id=asked.program_id).count()

    def noun(self, asked: ProgramListing) -> str:
        """Return what the rows are called."""
        return f"đơn vị thực hiện “{Program.objects.get(pk=asked.program_id)}”"

    def file_name(self, asked: ProgramListing, on: date) -> str:
        """Return under which name the file is saved."""
        return f"trien-khai-{asked.program_id}-{on:%Y-%m-%d}.xlsx"

    def write(
        self, file: BinaryIO, user: User, asked: ProgramListing, on: date, step: Step
    ) -> None:
        """Write the units that a person sees on a day; refuse a programme no longer seen."""
        program = Program.objects.visible_to(user, on).filter(pk=asked.program_id).first()
        if program is None:
            raise ExportRefused("Chương trình này không còn trong phạm vi của bạn.")
        rows = recipient_rows(user, program, on)
        step(0, len(rows))
        units = Units({row.recipient.unit_id: row.name for row in rows})
        progress = shown_figures(program, units, on, asked.period).progress
        headings, *sheet = program_sheet_rows(rows, progress)
        named = [str(heading) for heading in headings]
        widths = sheet_widths(len(named))
        write_long_sheet(file, named, sheet, title="Tiến độ triển khai", widths=widths)

    def packed(self, asked: ProgramListing) -> dict[str, Any]:
        """Return what is asked for as it is kept in a job."""
        return packed_facts(asked)

    def unpacked(self, facts: dict[str, Any]) -> ProgramListing:
        """Return what was asked for."""
        return ProgramListing(facts["program_id"], facts["period"])


PROGRAM_UNITS = ProgramExport()
