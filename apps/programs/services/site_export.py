"""The list of sites as an Excel file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from apps.accounts.models import User
from apps.desk.services.exports import Step, in_chunks
from apps.programs.documents.site_sheet import write_sites
from apps.programs.queries.site_columns import chosen_columns
from apps.programs.queries.site_list import SiteNarrowing, in_order, listed_sites, site_rows
from apps.programs.services.exports import ListExport, kept_unit, packed_facts

_UNITS = ("unit", "coordinator")


@dataclass(frozen=True, slots=True)
class SiteListing:
    """A list of sites as somebody wants it: what is in it, and which columns it has."""

    narrowing: SiteNarrowing
    columns: Sequence[str]


class SiteExport(ListExport[SiteListing]):
    """Sites, narrowed and ordered as on the screen, with the columns chosen there."""

    task = "programs.export_sites"

    def count(self, user: User, asked: SiteListing, on: date) -> int:
        """Return how many sites there are."""
        return listed_sites(user, on, asked.narrowing).count()

    def noun(self, asked: SiteListing) -> str:
        """Return what the rows are called."""
        return "điểm mô hình"

    def file_name(self, asked: SiteListing, on: date) -> str:
        """Return under which name the file is saved."""
        return f"diem-mo-hinh-{on:%Y-%m-%d}.xlsx"

    def write(self, file: BinaryIO, user: User, asked: SiteListing, on: date, step: Step) -> None:
        """Write the sites that a person sees on a day."""
        found = in_order(listed_sites(user, on, asked.narrowing), asked.narrowing, on)
        ids = list(found.values_list("pk", flat=True))
        rows = in_chunks(ids, lambda some: site_rows(some, on), step)
        write_sites(file, rows, chosen_columns(asked.columns))

    def packed(self, asked: SiteListing) -> dict[str, Any]:
        """Return what is asked for as it is kept in a job."""
        return {"narrowing": packed_facts(asked.narrowing), "columns": list(asked.columns)}

    def unpacked(self, facts: dict[str, Any]) -> SiteListing:
        """Return what was asked for."""
        said = facts["narrowing"]
        units = {name: kept_unit(said[name]) for name in _UNITS}
        return SiteListing(SiteNarrowing(**said | units), facts["columns"])


SITE_LIST = SiteExport()
