"""What the consolidation pages show: whose sums, of which periods, and what stands behind them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.accounts.rules import Permission, permissions_of
from apps.indicators.models import Indicator, Period
from apps.indicators.rules import weakest
from apps.reports.models import Document, Obligation, RollupNode, Submission
from apps.reports.models.entry import ReportState
from apps.reports.queries.obligations import tree_day
from apps.reports.queries.sums import Node, Total, read_node
from apps.reports.rules import STATE_LOOKS
from apps.units.models import PoliceInCharge, Unit, UnitClosure, UnitSpan
from apps.units.permissions import posts_of
from apps.units.queries import names_of
from apps.units.rules import UnitKind

PROVINCIAL = {UnitKind.PROVINCE, UnitKind.POLICE_PROVINCE, UnitKind.POLICE_DEPARTMENT}


def root_of(user: User, on: date) -> Unit | None:
    """Return the topmost unit whose sums are in a user's charge.

    Staff of the provincial police and leaders of the province see the province, a commune's police
    see their commune, anybody else the unit of his own post.
    """
    held = [
        unit_id
        for unit_id, roles in posts_of(user, on).items()
        if Permission.CONSOLIDATE_VIEW in permissions_of(roles)
    ]
    spans = dict(
        UnitSpan.objects.alive_on(on).filter(unit_id__in=held).values_list("unit_id", "kind")
    )
    tops = [unit for unit, kind in spans.items() if kind in PROVINCIAL]
    stations = [unit for unit, kind in spans.items() if kind == UnitKind.POLICE_COMMUNE]
    if tops:
        return _province_above(tops, on)
    return _commune_of(stations, on) or Unit.objects.filter(pk__in=spans).order_by("pk").first()


def _province_above(unit_ids: Collection[int], on: date) -> Unit | None:
    highest = (
        UnitClosure.objects.alive_on(on).filter(descendant_id__in=unit_ids).order_by("-depth", "pk")
    )
    return Unit.objects.filter(pk__in=highest.values("ancestor_id")[:1]).first()


def _commune_of(station_ids: Collection[int], on: date) -> Unit | None:
    charges = PoliceInCharge.objects.alive_on(on).filter(police_unit_id__in=station_ids)
    communes = UnitSpan.objects.alive_on(on).filter(kind=UnitKind.COMMUNE)
    return (
        Unit.objects.filter(
            pk__in=charges.filter(unit_id__in=communes.values("unit_id")).values("unit_id")
        )
        .order_by("pk")
        .first()
    )


def roots_of(user: User, on: date) -> list[Unit]:
    """Return the user's root and the units that passed into it: their old periods stay theirs."""
    root = root_of(user, on)
    if root is None:
        return []
    former = Unit.objects.filter(successors__to_unit=root).exclude(pk=root.pk).distinct()
    return [root, *former.order_by("pk")]


def owed_within(root: Unit) -> QuerySet[Obligation]:
    """Return what units in a root's subtree owe, each in the tree of its own period."""
    below = UnitClosure.objects.filter(
        ancestor=root,
        descendant_id=OuterRef("unit_id"),
        valid_from__lte=OuterRef("tree_on"),
        valid_to__gt=OuterRef("covered_from"),
    )
    return Obligation.objects.filter(Q(root=root) | Exists(below))


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One period in the list, with how far it has come."""

    root: Unit
    root_name: str
    period_id: int
    label: str
    n_accepted: int
    n_expected: int
    is_stale: bool
    n_documents: int

    @property
    def is_complete(self) -> bool:
        """Return whether every expected report has been accepted."""
        return self.n_expected > 0 and self.n_accepted == self.n_expected


def period_rows(roots: Sequence[Unit], on: date, year: int | None = None) -> list[PeriodRow]:
    """Return the periods of the roots, newest first; two queries a root and two for all."""
    names = names_of([root.pk for root in roots], on)
    stale = set(
        RollupNode.objects.filter(is_dirty=True).values_list("period_id", flat=True).distinct()
    )
    found = []
    for root in roots:
        documents = dict(
            Document.objects.filter(root=root)
            .values_list("period_id")
            .annotate(n=Count("pk"))
            .order_by()
        )
        found += [
            PeriodRow(
                root=root,
                root_name=names.get(root.pk, root.code),
                period_id=row["period_id"],
                label=row["period__label"],
                n_accepted=row["m"],
                n_expected=row["n"],
                is_stale=row["period_id"] in stale,
                n_documents=documents.get(row["period_id"], 0),
            )
            for row in _counted(root, year)
        ]
    return found


def _counted(root: Unit, year: int | None) -> QuerySet[Obligation, Any]:
    """Return the periods of a root with how many reports are expected and accepted."""
    rows = owed_within(root).filter(state="expected")
    if year:
        rows = rows.filter(period__year=year)
    return (
        rows.values("period_id", "period__label", "period__end")
        .annotate(n=Count("pk"), m=Count("pk", filter=Q(report__state=ReportState.ACCEPTED)))
        .order_by("-period__end", "period__kind", "period_id")
    )


def years_of(roots: Sequence[Unit]) -> list[int]:
    """Return the years that have a period, newest first."""
    return sorted(
        {
            year
            for root in roots
            for year in owed_within(root)
            .order_by()
            .values_list("period__year", flat=True)
            .distinct()
        },
        reverse=True,
    )


@dataclass(frozen=True, slots=True)
class MissingUnit:
    """A unit whose report has not been accepted."""

    unit_id: int
    name: str
    report_id: int
    state: str
    template: str

    @property
    def state_word(self) -> str:
        """Return the state of the report as people say it."""
        return STATE_LOOKS[self.state].label


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many reports stand behind the sums, and whose are missing."""

    n_accepted: int
    n_expected: int
    missing: list[MissingUnit]


def completeness_of(root: Unit, period: Period, on: date) -> Completeness:
    """Return who is in the sums and who is not yet; two queries."""
    rows = list(
        owed_within(root)
        .filter(period=period, state="expected")
        .order_by("pk")
        .values_list("unit_id", "report__pk", "report__state", "template__name")
    )
    waiting = [row for row in rows if row[2] != ReportState.ACCEPTED]
    names = names_of([row[0] for row in waiting], on)
    missing = [
        MissingUnit(unit, names.get(unit, str(unit)), report, state, template)
        for unit, report, state, template in waiting
    ]
    return Completeness(
        n_accepted=len(rows) - len(waiting),
        n_expected=len(rows),
        missing=sorted(missing, key=lambda unit: (unit.name, unit.report_id)),
    )


def is_stale(root: Unit, period: Period) -> bool:
    """Return whether some sum below a root waits to be computed again."""
    below = UnitClosure.objects.filter(ancestor=root).values("descendant_id")
    return RollupNode.objects.filter(period=period, is_dirty=True, unit_id__in=below).exists()


@dataclass(frozen=True, slots=True)
class Cumulative:
    """A flow from the start of the year, with how many periods had a figure."""

    value: Decimal
    qualifier: str
    n_periods: int
    n_asked: int


def year_so_far(root: Unit, period: Period) -> dict[tuple[str, str], Cumulative]:
    """Return the sums of flows over the periods of the year up to this one, root as it was."""
    periods = periods_so_far(period)
    flows = set(Indicator.objects.filter(kind="flow").values_list("code", flat=True))
    found: dict[tuple[str, str], list[Total]] = {}
    alive = [past for past in periods if _is_alive(root, past)]
    for past in alive:
        node = Node(root.pk, past.pk, past.start, tree_day(root.pk, past))
        for key, total in read_node(node).items():
            if key[0] in flows and total.value is not None:
                found.setdefault(key, []).append(total)
    return {
        key: Cumulative(
            value=sum((total.value for total in totals if total.value is not None), Decimal(0)),
            qualifier=weakest(total.qualifier for total in totals),
            n_periods=len(totals),
            n_asked=len(periods),
        )
        for key, totals in found.items()
    }


def periods_so_far(period: Period) -> list[Period]:
    """Return the periods of the same kind and year up to this one."""
    return list(
        Period.objects.filter(
            calendar_id=period.calendar_id,
            kind=period.kind,
            year=period.year,
            number__lte=period.number,
        ).order_by("number")
    )


def _is_alive(root: Unit, period: Period) -> bool:
    return root.spans.filter(valid__overlap=(period.start, period.end)).exists()


@dataclass(frozen=True, slots=True)
class Narrative:
    """What one unit wrote in words."""

    unit_name: str
    body: str


def narratives_of(root: Unit, period: Period, on: date) -> dict[str, list[Narrative]]:
    """Return the words of accepted reports below a root, part by part, with who wrote them."""
    owed = owed_within(root).filter(period=period)
    rows = list(
        Submission.objects.filter(report__obligation__in=owed, state="accepted")
        .exclude(texts={})
        .order_by("unit__code", "pk")
        .values_list("unit_id", "texts")
    )
    names = names_of([unit for unit, _texts in rows], on)
    found: dict[str, list[Narrative]] = {}
    for unit, texts in rows:
        for part, body in texts.items():
            if str(body).strip():
                found.setdefault(part, []).append(Narrative(names.get(unit, str(unit)), body))
    return found


def documents_of(root: Unit, period: Period) -> list[Document]:
    """Return the papers made for a period, newest first, with their files."""
    return list(
        Document.objects.filter(root=root, period=period)
        .select_related("paper", "job", "created_by")
        .prefetch_related("paper__files")
        .order_by("-number")
    )
