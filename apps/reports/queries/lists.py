"""The list of reports: own ones and those of units in charge of, narrowed and searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.accounts.rules import Permission, permissions_of
from apps.reports.models import Obligation, Report
from apps.reports.rules import STATE_LOOKS, Look, due_text, timing_of
from apps.units.models import Unit
from apps.units.permissions import posts_of
from apps.units.queries import names_of, search_units

EXCUSED = Look("Không phải nộp", "neutral", "dash-circle")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a person asked the list for; an empty value narrows nothing."""

    is_own: bool = True
    year: int | None = None
    kind: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One report in the list, in words."""

    report: Report
    unit_name: str
    receiver: str
    look: Look
    timing: Look
    due: str

    @property
    def obligation(self) -> Obligation:
        """Return what the report answers."""
        return self.report.obligation


def own_unit_ids(user: User, on: date) -> list[int]:
    """Return the units whose reports the user sees as his own: where he holds a post."""
    posts = posts_of(user, on).items()
    return [unit for unit, roles in posts if Permission.REPORT_VIEW in permissions_of(roles)]


def reports_in_scope(user: User, on: date) -> QuerySet[Report]:
    """Return the reports a user may see, each with what its pages say on top."""
    return Report.objects.visible_to(user, on).select_related(
        "obligation__period__calendar", "obligation__version", "obligation__template"
    )


def own_reports(user: User, on: date) -> QuerySet[Report]:
    """Return the reports of a user's own units: a part of his scope that needs no tree to find."""
    own = own_unit_ids(user, on)
    return Report.objects.filter(
        Q(obligation__unit__in=own) | Q(obligation__filler__in=own)
    ).select_related("obligation__period__calendar", "obligation__version", "obligation__template")


def listed_reports(user: User, on: date, narrowing: Narrowing) -> QuerySet[Report]:
    """Return the reports of one tab, narrowed, the latest deadline first."""
    own = own_unit_ids(user, on)
    is_own = Q(obligation__unit__in=own) | Q(obligation__filler__in=own)
    reports = reports_in_scope(user, on).filter(is_own if narrowing.is_own else ~is_own)
    if narrowing.year:
        reports = reports.filter(obligation__period__year=narrowing.year)
    if narrowing.kind:
        reports = reports.filter(obligation__period__kind=narrowing.kind)
    if narrowing.state:
        reports = reports.filter(state=narrowing.state)
    if narrowing.text:
        found = search_units(Unit.objects.all(), narrowing.text, on)
        reports = reports.filter(obligation__unit__in=found.values("pk"))
    return reports.order_by("-obligation__due_at", "obligation__unit__code", "pk")


def years_listed(user: User, on: date) -> list[int]:
    """Return the years that have a report in the user's scope, newest first."""
    years = Obligation.objects.visible_to(user, on).order_by("-period__year")
    return list(years.values_list("period__year", flat=True).distinct())


def list_rows(reports: Sequence[Report], at: datetime, on: date) -> list[ListRow]:
    """Return reports with the names of their units: one query."""
    owed = [report.obligation for report in reports]
    names = names_of({o.unit_id for o in owed} | {o.consolidator_id for o in owed}, on)
    return [
        ListRow(
            report=report,
            unit_name=names.get(report.obligation.unit_id, ""),
            receiver=names.get(report.obligation.consolidator_id, ""),
            look=STATE_LOOKS[report.state],
            timing=timing_in_words(report.obligation, at),
            due=due_text(report.obligation.due_at),
        )
        for report in reports
    ]


def timing_in_words(obligation: Obligation, at: datetime) -> Look:
    """Say how an obligation stands to its deadline, or that nothing is due."""
    if obligation.state != "expected" and obligation.first_submitted_at is None:
        return EXCUSED
    return timing_of(obligation.due_at, obligation.first_submitted_at, at)
