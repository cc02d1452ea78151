"""The list of sites as an Excel file: a short one at once, a long one as a job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, BinaryIO

from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.dates import format_date
from apps.core.numbers import format_number
from apps.desk.models import Job
from apps.desk.services.exports import (
    NewExport,
    Step,
    in_chunks,
    make_export,
    no_step,
    order_export,
)
from apps.programs.documents.site_sheet import write_sites
from apps.programs.queries.site_columns import chosen_columns
from apps.programs.queries.site_list import SiteNarrowing, in_order, listed_sites, site_rows
from apps.units.models import Unit

SITES_TASK = "programs.export_sites"
# So many sites are written while their reader waits, in about a second; more become a job.
AT_ONCE = 2_000
_UNITS = ("unit", "coordinator")


@dataclass(frozen=True, slots=True)
class SiteListing:
    """A list of sites as somebody wants it: what is in it, and which columns it has."""

    narrowing: SiteNarrowing
    columns: Sequence[str]


def write_site_list(
    *, user: User, asked: SiteListing, file: BinaryIO, on: date, step: Step = no_step
) -> None:
    """Write the sites that a person sees on a day, narrowed and ordered as on the screen."""
    found = in_order(listed_sites(user, on, asked.narrowing), asked.narrowing, on)
    ids = list(found.values_list("pk", flat=True))
    rows = in_chunks(ids, lambda some: site_rows(some, on), step)
    write_sites(file, rows, chosen_columns(asked.columns))


def order_site_list(*, asked: SiteListing, by: User, at: datetime) -> Job:
    """Queue the list as a file; whoever calls rings."""
    on = timezone.localdate(at)
    count = listed_sites(by, on, asked.narrowing).count()
    title = f"Danh sách {format_number(count)} điểm mô hình, ngày {format_date(on)}"
    params = {"narrowing": _packed(asked.narrowing), "columns": list(asked.columns)}
    new = NewExport(title, site_list_name(on), SITES_TASK, params)
    return order_export(new=new, by=by, at=at)


def make_site_list(*, job_id: int, clock: Callable[[], datetime]) -> Job | None:
    """Write a queued list, as its owner may see it when it is written."""

    def write(job: Job, owner: User, file: BinaryIO, step: Step) -> None:
        asked = SiteListing(_unpacked(job.params["narrowing"]), job.params["columns"])
        on = timezone.localdate(clock())
        write_site_list(user=owner, asked=asked, file=file, on=on, step=step)

    return make_export(job_id=job_id, permission=Permission.REGISTER_VIEW, write=write, clock=clock)


def site_list_name(on: date) -> str:
    """Return under which name the file is saved."""
    return f"diem-mo-hinh-{on:%Y-%m-%d}.xlsx"


def _packed(narrowing: SiteNarrowing) -> dict[str, Any]:
    """Return what is asked for as it is kept in a job: units by their ids."""
    facts = {field.name: getattr(narrowing, field.name) for field in fields(narrowing)}
    return facts | {name: facts[name] and facts[name].pk for name in _UNITS}


def _unpacked(facts: dict[str, Any]) -> SiteNarrowing:
    """Return what was asked for."""
    units = Unit.objects.in_bulk([facts[name] for name in _UNITS if facts[name]])
    return SiteNarrowing(**facts | {name: units.get(facts[name]) for name in _UNITS})
