"""The list of activities: narrowed, searched without accents, summed up; and one activity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.text import search_key
from apps.indicators.models import Period
from apps.indicators.rules import PeriodKind, Qualifier, say
from apps.programs.models import Activity, ActivityParty, ModelSite, Program
from apps.programs.models.activities import ActivityQuerySet
from apps.programs.models.programs import ProgramQuerySet
from apps.programs.queries.activity_feeds import CALENDAR
from apps.programs.rules import Amount, OrganiserRole, ProgramState, SiteState
from apps.units.models import Unit, UnitSpan
from apps.units.permissions import scope_unit_ids
from apps.units.queries import names_of, subtree_ids

_PERIODS_BACK = {PeriodKind.MONTH: 13, PeriodKind.QUARTER: 5, PeriodKind.YEAR: 3}


@dataclass(frozen=True, slots=True)
class ActivityWish:
    """What a person asked the list for; an empty value narrows nothing."""

    text: str = ""
    kind: str = ""
    start: date | None = None
    end: date | None = None
    unit: Unit | None = None
    site_id: int | None = None
    program_id: int | None = None
    is_mine: bool = False
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One activity in the list with the names of who held it."""

    activity: Activity
    unit_name: str
    helpers: list[str]


@dataclass(frozen=True, slots=True)
class ActivitySums:
    """What the filtered activities come to; people are as exact as the weakest count."""

    activities: int
    sessions: int
    points: int
    attendances: int
    qualifier: str
    materials: int
    news: int
    posts: int
    cost: Decimal

    @property
    def people(self) -> str:
        """Return the attendances as papers say them: "hơn 1.250"."""
        return say(self.attendances, self.qualifier)


@dataclass(frozen=True, slots=True)
class PeriodOption:
    """A reporting period to choose, with its days."""

    key: str
    label: str
    start: date
    end: date


def period_options(on: date) -> list[PeriodOption]:
    """Return the periods of the reporting calendar that have begun, latest first."""
    rows = Period.objects.filter(calendar__code=CALENDAR, start__lte=on, kind__in=_PERIODS_BACK)
    found: dict[str, list[PeriodOption]] = {kind: [] for kind in _PERIODS_BACK}
    for row in rows.order_by("-start"):
        if len(found[row.kind]) < _PERIODS_BACK[PeriodKind(row.kind)]:
            key = f"{row.kind}-{row.year}-{row.number}"
            label = row.label[:1].upper() + row.label[1:]
            found[row.kind].append(PeriodOption(key, label, row.start, row.end))
    return [option for options in found.values() for option in options]


def listed_activities(user: User, on: date, wish: ActivityWish) -> ActivityQuerySet:
    """Return the activities in a user's scope that the filters leave, latest first."""
    rows = (
        removed_activities(user, on) if wish.is_removed else Activity.objects.visible_to(user, on)
    )
    rows = _narrowed(rows, on, wish)
    if wish.is_mine:
        rows = rows.filter(created_by=user)
    for word in search_key(wish.text).split():
        spans = UnitSpan.objects.alive_on(on).filter(search_key__contains=word)
        parties = ActivityParty.objects.filter(unit_id__in=spans.values("unit_id"))
        rows = rows.filter(Q(title_key__contains=word) | Q(pk__in=parties.values("activity_id")))
    latest = ("-removed_at",) if wish.is_removed else ()
    return rows.order_by(*latest, "-held_on", "-pk")


def removed_activities(
    user: User, on: date, permission: Permission = Permission.REGISTER_ENTER
) -> ActivityQuerySet:
    """Return what was taken back in the units a person writes for, to bring it back."""
    scope = scope_unit_ids(user, on, permission)
    return Activity.objects.filter(removed_at__isnull=False, unit_id__in=scope)


def activity_rows(activities: Iterable[Activity], on: date) -> list[ActivityRow]:
    """Return activities with the names of their organisers: two queries for any number."""
    found = list(activities)
    parties: dict[int, list[int]] = {}
    helpers = ActivityParty.objects.filter(activity__in=found, role=OrganiserRole.CO)
    for activity_id, unit_id in helpers.order_by("pk").values_list("activity_id", "unit_id"):
        parties.setdefault(activity_id, []).append(unit_id)
    ids = {row.unit_id for row in found}.union(*parties.values())
    names = names_of(ids, on)
    return [
        ActivityRow(
            row,
            names.get(row.unit_id, ""),
            [names.get(unit_id, "") for unit_id in parties.get(row.pk, [])],
        )
        for row in found
    ]


def activity_sums(activities: ActivityQuerySet) -> ActivitySums:
    """Sum up activities in one query; each counts once, however many held it."""
    sums = activities.order_by().aggregate(
        n=Count("pk"),
        sessions=Sum("sessions", default=0),
        points=Sum("points", default=0),
        attendances=Sum("attendances", default=0),
        over=Count("pk", filter=Q(qualifier=Amount.OVER)),
        nearly=Count("pk", filter=Q(qualifier=Amount.NEARLY)),
        materials=Sum("materials", default=0),
        news=Sum("news", default=0),
        posts=Sum("posts", default=0),
        cost=Sum("cost", default=Decimal(0)),
    )
    over, nearly = sums.pop("over"), sums.pop("nearly")
    if over and nearly:
        qualifier = Qualifier.ABOUT
    else:
        qualifier = Qualifier.OVER if over else Qualifier.NEARLY if nearly else Qualifier.EXACT
    return ActivitySums(activities=sums.pop("n"), qualifier=qualifier, **sums)


def organisers_of(activity: Activity) -> dict[str, list[str]]:
    """Return the names of main and other organisers as they were on the day."""
    pairs = list(activity.parties.order_by("pk").values_list("role", "unit_id"))
    names = names_of([unit_id for _role, unit_id in pairs], activity.held_on)
    found: dict[str, list[str]] = {role: [] for role in OrganiserRole.values}
    for role, unit_id in pairs:
        found[role].append(names.get(unit_id, ""))
    return found


def programs_to_follow(user: User, on: date) -> ProgramQuerySet:
    """Return the programmes in scope that an activity may follow, latest first."""
    rows = Program.objects.visible_to(user, on).exclude(state=ProgramState.DRAFT)
    return rows.order_by("-issued_on", "-pk")


def sites_to_serve(user: User, on: date, limit: int) -> list[ModelSite]:
    """Return at most `limit` sites in scope that an activity may belong to, by name."""
    rows = ModelSite.objects.visible_to(user, on).exclude(state=SiteState.ENDED)
    return list(rows.order_by("sort_key", "pk")[:limit])


def _narrowed(rows: ActivityQuerySet, on: date, wish: ActivityWish) -> ActivityQuerySet:
    """Keep what the filters leave, but for the words of the search."""
    if wish.kind:
        rows = rows.filter(kind=wish.kind)
    if wish.start:
        rows = rows.filter(held_on__gte=wish.start)
    if wish.end:
        rows = rows.filter(held_on__lt=wish.end)
    if wish.unit:
        below = ActivityParty.objects.filter(unit_id__in=subtree_ids(wish.unit, on))
        rows = rows.filter(pk__in=below.values("activity_id"))
    if wish.site_id:
        rows = rows.filter(site_id=wish.site_id)
    if wish.program_id:
        rows = rows.filter(program_id=wish.program_id)
    return rows
