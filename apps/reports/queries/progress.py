"""Who has sent what: the map of units by periods, its rates, and who is still to be reminded."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.accounts.rules import Permission, Role
from apps.core.dates import format_datetime
from apps.core.text import search_key
from apps.indicators.models import Period
from apps.reports.models import Obligation
from apps.reports.models.entry import ReportState
from apps.reports.models.review import EventKind
from apps.reports.rules import due_text
from apps.units.models import Block, BlockMember, Contact, Unit, UnitClosure, UnitSpan
from apps.units.permissions import posts_of, scope_unit_ids
from apps.units.queries import names_of
from apps.units.rules import BlockRole, UnitKind


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports the map shows: always one audience, one kind of period, one year."""

    asked_of: str
    kind: str
    year: int
    block: int | None = None
    area: int | None = None
    unit_kind: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """How one cell of the map looks and what it says."""

    key: str
    sign: str
    label: str


ON_TIME = Mark("done", "✓", "Đúng hạn")
LATE = Mark("late", "!", "Nộp muộn")
MISSING = Mark("missing", "–", "Chưa nộp")
NOT_DUE = Mark("later", "○", "Chưa đến hạn")
RETURNED = Mark("returned", "↩", "Trả lại")
WAITING = Mark("waiting", "●", "Đã nộp, chờ tiếp nhận")
EXCUSED = Mark("excused", "×", "Không phải nộp")
LEGEND = (ON_TIME, LATE, WAITING, RETURNED, MISSING, NOT_DUE, EXCUSED)


def mark_of(obligation: Obligation, report_state: str, at: datetime) -> Mark:
    """Say where one report stands; the first submission alone decides punctuality."""
    if obligation.first_submitted_at is None:
        if obligation.state != "expected":
            return EXCUSED
        return MISSING if obligation.due_at <= at else NOT_DUE
    if report_state == ReportState.RETURNED:
        return RETURNED
    if report_state != ReportState.ACCEPTED:
        return WAITING
    return ON_TIME if obligation.was_on_time else LATE


def obligations_watched(user: User, on: date) -> QuerySet[Obligation]:
    """Return what a user may follow: units in scope, and members of blocks his unit heads."""
    in_scope = Q(unit__in=scope_unit_ids(user, on, Permission.PROGRESS_VIEW))
    heading = [unit_id for unit_id, roles in posts_of(user, on).items() if Role.BLOCK_HEAD in roles]
    if heading:
        blocks = BlockMember.objects.alive_on(on).filter(unit_id__in=heading, role=BlockRole.HEAD)
        members = BlockMember.objects.alive_on(on).filter(block_id__in=blocks.values("block_id"))
        in_scope |= Q(unit__in=members.values("unit_id"))
    return Obligation.objects.filter(in_scope)


def obligations_wanted(user: User, on: date, wanted: Wanted) -> QuerySet[Obligation]:
    """Return the followed obligations that the filters leave."""
    rows = obligations_watched(user, on).filter(
        template__asked_of=wanted.asked_of, period__kind=wanted.kind, period__year=wanted.year
    )
    if wanted.block:
        members = BlockMember.objects.alive_on(on).filter(block_id=wanted.block)
        rows = rows.filter(unit__in=members.values("unit_id"))
    if wanted.area:
        below = UnitClosure.objects.alive_on(on).filter(ancestor_id=wanted.area)
        rows = rows.filter(unit__in=below.values("descendant_id"))
    if wanted.unit_kind:
        kinds = UnitSpan.objects.filter(kind=wanted.unit_kind)
        rows = rows.filter(unit__in=kinds.values("unit_id"))
    if key := search_key(wanted.q):
        named = UnitSpan.objects.filter(search_key__contains=key).values("unit_id")
        rows = rows.filter(Q(unit__in=named) | Q(unit__code__istartswith=wanted.q.strip()))
    return rows


@dataclass(frozen=True, slots=True)
class Column:
    """One period of the map with its rates; both sides come from the same obligations."""

    period: Period
    n_expected: int
    n_sent: int
    n_on_time: int
    n_accepted: int
    n_missing: int

    @property
    def n_unsent(self) -> int:
        """Return how many expected reports were never sent."""
        return self.n_expected - self.n_sent

    @property
    def sent_percent(self) -> float | None:
        """Return how many of a hundred expected reports were sent."""
        return 100 * self.n_sent / self.n_expected if self.n_expected else None

    @property
    def on_time_percent(self) -> float | None:
        """Return how many of a hundred expected reports were sent in time."""
        return 100 * self.n_on_time / self.n_expected if self.n_expected else None


def columns_of(rows: QuerySet[Obligation], wanted: Wanted, at: datetime) -> list[Column]:
    """Return the periods of the year from the first that was owed, with rates; two queries."""
    expected = Q(state="expected")
    counts: dict[int, Any] = {
        row["period_id"]: row
        for row in rows.order_by()
        .values("period_id", "period__calendar_id")
        .annotate(
            n_expected=Count("pk", filter=expected),
            n_sent=Count("pk", filter=expected & Q(first_submitted_at__isnull=False)),
            n_on_time=Count("pk", filter=expected & Q(first_submitted_at__lt=F("due_at"))),
            n_accepted=Count("pk", filter=expected & Q(report__state=ReportState.ACCEPTED)),
            n_missing=Count(
                "pk", filter=expected & Q(first_submitted_at__isnull=True, due_at__lte=at)
            ),
        )
    }
    calendars = {row["period__calendar_id"] for row in counts.values()}
    periods = Period.objects.filter(
        calendar_id__in=calendars, kind=wanted.kind, year=wanted.year
    ).order_by("start", "pk")
    owed = [number for number, period in enumerate(periods) if period.pk in counts]
    none = {"n_expected": 0, "n_sent": 0, "n_on_time": 0, "n_accepted": 0, "n_missing": 0}
    return [
        Column(period=period, **{name: counts.get(period.pk, none)[name] for name in none})
        for period in list(periods)[min(owed, default=0) :]
    ]


def units_wanted(rows: QuerySet[Obligation], on: date) -> QuerySet[Unit]:
    """Return the units of the map in Vietnamese order, each under its latest name."""
    span = UnitSpan.objects.filter(unit_id=OuterRef("pk"), valid__startswith__lte=on).order_by(
        "-valid"
    )
    return (
        Unit.objects.filter(pk__in=rows.order_by().values("unit_id"))
        .annotate(
            name=Coalesce(Subquery(span.values("name")[:1]), F("code")),
            sort_key=Subquery(span.values("sort_key")[:1]),
        )
        .order_by("sort_key", "pk")
    )


def missing_in(rows: QuerySet[Obligation], period_id: int) -> QuerySet[Obligation]:
    """Narrow to reports of a period that were expected and never sent."""
    return rows.filter(period_id=period_id, state="expected", first_submitted_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of the map."""

    report_id: int
    mark: Mark
    label: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit of the map with its cells and its own rate."""

    unit_id: int
    name: str
    spots: list[Spot | None]
    n_due: int
    n_sent: int
    n_on_time: int

    @property
    def percent(self) -> float | None:
        """Return how many of a hundred reports that were due, or sent early, came in time."""
        return 100 * self.n_on_time / self.n_due if self.n_due else None


def heat_rows(
    rows: QuerySet[Obligation], units: Iterable[Unit], periods: Iterable[Period], at: datetime
) -> list[HeatRow]:
    """Return the rows of a page of units: one query for all their cells."""
    shown, columns = list(units), list(periods)
    found: dict[int, dict[int, Obligation]] = {}
    cells = (
        rows.filter(unit__in=[unit.pk for unit in shown]).select_related("report").order_by("pk")
    )
    for obligation in cells:
        found.setdefault(obligation.unit_id, {})[obligation.period_id] = obligation
    return [_heat_row(unit, found.get(unit.pk, {}), columns, at) for unit in shown]


def _heat_row(
    unit: Unit, owed: dict[int, Obligation], periods: list[Period], at: datetime
) -> HeatRow:
    name: str = unit.name  # type: ignore[attr-defined]  # annotated by units_wanted
    spots = [
        _spot(name, period, owed[period.pk], at) if period.pk in owed else None
        for period in periods
    ]
    counted = [row for row in owed.values() if row.state == "expected"]
    due = [row for row in counted if row.due_at <= at or row.first_submitted_at]
    return HeatRow(
        unit_id=unit.pk,
        name=name,
        spots=spots,
        n_due=len(due),
        n_sent=sum(row.first_submitted_at is not None for row in due),
        n_on_time=sum(bool(row.was_on_time) for row in due),
    )


def _spot(name: str, period: Period, obligation: Obligation, at: datetime) -> Spot:
    mark = mark_of(obligation, obligation.report.state, at)
    said = [mark.label]
    if obligation.first_submitted_at is not None:
        said.append(f"nộp lần đầu {format_datetime(obligation.first_submitted_at)}")
        if mark in {WAITING, RETURNED} and not obligation.was_on_time:
            said.append("muộn")
    if obligation.state == "expected":
        said.append(f"hạn nộp {due_text(obligation.due_at)}")
    elif obligation.reason:
        said.append(obligation.reason)
    return Spot(obligation.report.pk, mark, f"{name}, {period.label}: {', '.join(said)}")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer this user."""

    years: list[int]
    pairs: list[tuple[str, str]]
    blocks: list[tuple[int, str]]
    areas: list[tuple[int, str]]


def choices_for(user: User, on: date) -> Choices:
    """Return years, audiences with kinds, blocks and communes among what the user follows."""
    watched = obligations_watched(user, on).order_by()
    combos = watched.values_list("period__year", "template__asked_of", "period__kind").distinct()
    known = sorted(combos)
    members = BlockMember.objects.alive_on(on).filter(unit__in=watched.values("unit_id"))
    blocks = Block.objects.filter(pk__in=members.values("block_id")).order_by("sort_key", "pk")
    communes = UnitSpan.objects.alive_on(on).filter(
        kind=UnitKind.COMMUNE, unit__in=scope_unit_ids(user, on, Permission.PROGRESS_VIEW)
    )
    return Choices(
        years=sorted({year for year, _asked, _kind in known}, reverse=True),
        pairs=sorted({(asked, kind) for _year, asked, kind in known}),
        blocks=list(blocks.values_list("pk", "name")),
        areas=list(communes.order_by("sort_key", "pk").values_list("unit_id", "name")),
    )


@dataclass(frozen=True, slots=True)
class Debt:
    """One report that was not sent, and whom to turn to."""

    obligation: Obligation
    unit_name: str
    people: list[User]
    contact: Contact | None
    reminded_at: datetime | None


def debts_of(rows: QuerySet[Obligation], people: dict[int, list[User]], on: date) -> list[Debt]:
    """Return unsent reports with names and contacts; the number of queries does not grow."""
    owed = list(
        rows.select_related("period", "template", "report")
        .annotate(
            reminded_at=Max("report__events__at", filter=Q(report__events__kind=EventKind.REMINDED))
        )
        .order_by("pk")
    )
    units = {row.unit_id for row in owed}
    names = names_of(units | {row.filler_id for row in owed}, on)
    contacts: dict[int, Contact] = {}
    for contact in Contact.objects.filter(unit_id__in=units).order_by("-pk"):
        contacts[contact.unit_id] = contact
    return sorted(
        (
            Debt(
                obligation=row,
                unit_name=names.get(row.unit_id, str(row.unit_id)),
                people=_both(people, row),
                contact=contacts.get(row.unit_id),
                reminded_at=row.reminded_at,
            )
            for row in owed
        ),
        key=lambda debt: (debt.unit_name, debt.obligation.pk),
    )


def _both(people: dict[int, list[User]], row: Obligation) -> list[User]:
    """Return the people of the unit and of the police that fills it in, each once."""
    found = {
        user.pk: user for unit in (row.unit_id, row.filler_id) for user in people.get(unit, [])
    }
    return list(found.values())


def fillers_of(rows: Collection[Obligation]) -> set[int]:
    """Return every unit whose people are asked for these reports."""
    return {unit for row in rows for unit in (row.unit_id, row.filler_id)}
