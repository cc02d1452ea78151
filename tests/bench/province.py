"""A province for benchmarks: inner units with communes below, their police, one monthly form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import NewAccount, Role
from apps.accounts.services import create_user
from apps.indicators.models import Calendar, DeadlineCascade, Indicator, Period
from apps.reports.models import Assignment
from apps.reports.services.obligations import open_period_reports
from apps.reports.services.templates import (
    TemplateDraft,
    assign_template,
    create_template,
    publish_version,
)
from apps.units.models import Unit
from apps.units.rules import UnitKind
from apps.units.services.loading import load_units
from apps.units.services.memberships import grant_membership
from apps.units.services.tree import NewUnit

SINCE = date(2025, 1, 1)
PER_INNER = 100


@dataclass(frozen=True, slots=True)
class BenchProvince:
    """What was built."""

    root: Unit
    police: Unit
    period: Period
    stations: list[Unit]


def build(n_communes: int, n_stations: int, n_lines: int) -> BenchProvince:
    """Build communes below inner units, each in charge of one of a few police stations."""
    at = timezone.now()
    rows = [
        NewUnit("R", "Tỉnh", UnitKind.PROVINCE, SINCE, police_code="P"),
        NewUnit("P", "Công an tỉnh", UnitKind.POLICE_PROVINCE, SINCE, parent_code="R"),
    ]
    rows += [
        NewUnit(f"S{n}", f"Công an {n}", UnitKind.POLICE_COMMUNE, SINCE, parent_code="P")
        for n in range(n_stations)
    ]
    for number in range(n_communes):
        inner = number // PER_INNER
        if number % PER_INNER == 0:
            rows.append(
                NewUnit(
                    f"I{inner}",
                    f"Vùng {inner}",
                    UnitKind.AGENCY,
                    SINCE,
                    parent_code="R",
                    police_code="P",
                )
            )
        rows.append(
            NewUnit(
                f"X{number}",
                f"Xã {number}",
                UnitKind.COMMUNE,
                SINCE,
                parent_code=f"I{inner}",
                police_code=f"S{number % n_stations}",
            )
        )
    units = load_units(rows=rows, by=None, at=at)
    period = _open(units["R"], n_lines, at)
    return BenchProvince(
        units["R"], units["P"], period, [units[f"S{n}"] for n in range(n_stations)]
    )


def _open(root: Unit, n_lines: int, at: datetime) -> Period:
    calendar = Calendar.objects.get(code="nd09")
    indicators = list(Indicator.objects.exclude(kind="ratio").order_by("pk")[:n_lines])
    Indicator.objects.filter(pk__in=[i.pk for i in indicators]).update(kind="flow")
    draft = TemplateDraft(
        "bench",
        "Bench",
        "commune",
        "month",
        calendar,
        DeadlineCascade.objects.order_by("pk")[0],
        SINCE,
    )
    version = create_template(draft=draft, lines=[(i, "") for i in indicators], by=None, at=at)
    publish_version(version=version, by=None, at=at)
    days = DateRange(SINCE, None)
    assign_template(
        assignment=Assignment(
            template=version.template, within=root, unit_kind=UnitKind.COMMUNE, valid=days
        ),
        by=None,
        at=at,
    )
    period = Period.objects.of_kind(calendar, "month").filter(end__lte=at.date()).latest("end")
    open_period_reports(period=period, by=None, at=at)
    return period


def officer(username: str, unit: Unit, role: Role) -> User:
    """Create a person with one post."""
    at = timezone.now()
    new = NewAccount(username=username, full_name=username)
    user: User = create_user(new=new, by=None, at=at, password="mat-khau-do-toc-do").user
    grant_membership(user=user, unit=unit, role=role, on=SINCE, by=None, at=at)
    return user


def fill_reports(by: User) -> None:
    """Fill every report of the province as a draft, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_cell (report_id, line_id, state, value, qualifier, note, source,"
            " lock_version, updated_at, updated_by_id)"
            " SELECT r.id, l.id, 'value', 1 + (r.id * 7 + l.id) %% 500, 'exact', '', 'typed', 1,"
            " now(), %s FROM reports_report r JOIN reports_obligation o ON o.id = r.obligation_id"
            " JOIN reports_templateline l ON l.version_id = o.version_id",
            [by.pk],
        )
        cursor.execute("UPDATE reports_report SET state = 'draft'")
        cursor.execute("DELETE FROM indicators_subsetrule")
        cursor.execute("ANALYZE")
