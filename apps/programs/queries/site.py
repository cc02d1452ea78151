"""Answer the page of one site: whose it is, what it consists of, what it brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.numbers import parse_number
from apps.indicators.rules import say, weakest
from apps.programs.models import (
    Activity,
    ModelSite,
    ProtectedObject,
    SiteEquipment,
    SiteFile,
    SiteFunding,
    SiteObjective,
    SiteParty,
    SiteResult,
    SiteTeam,
)
from apps.programs.models.sites import SiteQuerySet
from apps.programs.queries.site_history import HistoryLine, site_history
from apps.programs.rules import (
    IN_OPERATION,
    SENSITIVE_MIME,
    STATE_TONES,
    FileKind,
    FundingSource,
    PartyRole,
    SiteState,
    silent_quarters,
)
from apps.units.permissions import scope_unit_ids
from apps.units.queries import names_of

MAX_ACTIVITIES = 8
MAX_FUNDING = 60
REMOVED_DAYS, MAX_REMOVED = 30, 20


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One count of teams with its days; the words carry how exact it is."""

    team: SiteTeam
    members: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """One aim with its yearly results; a line of figures only where all results are figures."""

    objective: SiteObjective
    results: list[SiteResult]
    figures: list[Decimal]
    years: list[str]


@dataclass(frozen=True, slots=True)
class SitePage:
    """All that the page of a site shows."""

    site: ModelSite
    unit_name: str
    owners: list[str]
    coordinators: list[str]
    state: tuple[str, str, str]
    silent: int
    teams: list[TeamLine]
    n_teams: int
    members: str
    equipment: list[SiteEquipment]
    old_equipment: list[SiteEquipment]
    funding: list[SiteFunding]
    sums: list[tuple[str, Decimal]]
    objectives: list[ObjectiveLine]
    photos: list[SiteFile]
    papers: list[SiteFile]
    protected: list[ProtectedObject]
    activities: list[Activity]
    n_activities: int
    history: list[HistoryLine]

    @property
    def past_teams(self) -> list[TeamLine]:
        """Return the counts that hold no longer."""
        return [line for line in self.teams if not line.is_running]

    @property
    def running_teams(self) -> list[TeamLine]:
        """Return the counts that hold today."""
        return [line for line in self.teams if line.is_running]

    @property
    def silent_text(self) -> str:
        """Return for how long nothing was heard, in words."""
        return f"{self.silent} quý"

    @property
    def is_sensitive(self) -> bool:
        """Return whether the field of the site admits no names, photos or lists."""
        return self.site.model_type.field.is_sensitive


def sites_to_write(
    user: User, on: date, permission: Permission = Permission.REGISTER_ENTER
) -> SiteQuerySet:
    """Return the sites, removed ones too, whose place or owner lies where a person may do this.

    A coordinator sees a site and leaves it as it is.
    """
    scope = scope_unit_ids(user, on, permission)
    owned = SiteParty.objects.filter(unit_id__in=scope, role=PartyRole.OWNER).values("site_id")
    return ModelSite.objects.filter(Q(unit_id__in=scope) | Q(pk__in=owned))


def own_drafts(user: User, on: date) -> SiteQuerySet:
    """Return the drafts that a person wrote and may still write in, the newest first."""
    drafts = sites_to_write(user, on).kept().filter(created_by=user, state=SiteState.DRAFT)
    return drafts.select_related("model_type").order_by("-updated_at", "-pk")


def recently_removed(user: User, at: datetime) -> list[ModelSite]:
    """Return what was taken back lately where a person may write, to bring it back."""
    since = at - timedelta(days=REMOVED_DAYS)
    sites = sites_to_write(user, timezone.localdate(at)).filter(removed_at__gte=since)
    return list(sites.select_related("model_type").order_by("-removed_at", "-pk")[:MAX_REMOVED])


def site_page(site: ModelSite, on: date) -> SitePage:
    """Return everything the page of a site shows, in a fixed number of queries."""
    parties = list(SiteParty.objects.filter(site=site).order_by("pk"))
    names = names_of([site.unit_id, *(party.unit_id for party in parties)], on)
    lines = [
        TeamLine(team, _members(team), _holds(team.valid_from, team.valid_to, on))
        for team in site.teams.order_by("name_key", "-valid")
    ]
    running = [line.team for line in lines if line.is_running]
    things = list(site.equipment.order_by("kind", "-valid", "pk"))
    funding = list(site.funding.order_by("-received_on", "-pk"))
    files = list(site_files(site).order_by("-uploaded_at", "-pk"))
    activities = Activity.objects.kept().filter(site=site)
    return SitePage(
        site=site,
        unit_name=names.get(site.unit_id, ""),
        owners=_named(parties, PartyRole.OWNER, names),
        coordinators=_named(parties, PartyRole.COORDINATOR, names),
        state=_state(site),
        silent=silent_quarters(site.last_news_on, on) if site.state in IN_OPERATION else 0,
        teams=lines,
        n_teams=sum(team.n_teams for team in running),
        members=_all_members(running),
        equipment=[thing for thing in things if _holds(thing.valid_from, thing.valid_to, on)],
        old_equipment=[
            thing for thing in things if not _holds(thing.valid_from, thing.valid_to, on)
        ],
        funding=funding[:MAX_FUNDING],
        sums=_sums(funding),
        objectives=[_objective(row) for row in _objectives(site)],
        photos=[file for file in files if file.kind == FileKind.PHOTO],
        papers=[file for file in files if file.kind == FileKind.DOCUMENT],
        protected=list(site.protected.order_by("order", "pk")),
        activities=list(activities.order_by("-held_on", "-pk")[:MAX_ACTIVITIES]),
        n_activities=activities.count(),
        history=site_history(site),
    )


def site_files(site: ModelSite) -> QuerySet[SiteFile]:
    """Return the files that may be shown: in a sensitive field only PDF, wherever they came from.

    A kind of model may be moved to a sensitive field, or merged into one, after the upload.
    """
    if site.model_type.field.is_sensitive:
        return SiteFile.objects.filter(site=site, mime=SENSITIVE_MIME)
    return SiteFile.objects.filter(site=site)


def _state(site: ModelSite) -> tuple[str, str, str]:
    state = SiteState(site.state)
    return (str(state.label), *STATE_TONES[state])


def _named(parties: Sequence[SiteParty], role: str, names: dict[int, str]) -> list[str]:
    return [names.get(party.unit_id, "") for party in parties if party.role == role]


def _holds(since: date, until: date | None, on: date) -> bool:
    return since <= on and (until is None or on < until)


def _members(team: SiteTeam) -> str:
    return "" if team.members is None else say(team.members, team.qualifier)


def _all_members(running: Sequence[SiteTeam]) -> str:
    """Return how many members there are today; a sum is as weak as its weakest part."""
    known = [team for team in running if team.members is not None]
    if not known:
        return ""
    return say(sum(team.members or 0 for team in known), weakest(t.qualifier for t in known))


def _sums(funding: Sequence[SiteFunding]) -> list[tuple[str, Decimal]]:
    """Return the money by source, in the order of the sources."""
    sums: dict[str, Decimal] = {}
    for row in funding:
        sums[row.source] = sums.get(row.source, Decimal()) + row.amount
    return [(str(source.label), sums[source]) for source in FundingSource if source in sums]


def _objectives(site: ModelSite) -> list[SiteObjective]:
    return list(site.objectives.prefetch_related("results").order_by("order", "pk"))


def _objective(objective: SiteObjective) -> ObjectiveLine:
    results = sorted(objective.results.all(), key=lambda row: row.year)
    figures = [_figure(row.text) for row in results]
    known = [figure for figure in figures if figure is not None]
    drawn = known if len(known) == len(figures) > 1 else []
    return ObjectiveLine(objective, results[::-1], drawn, [f"năm {row.year}" for row in results])


def _figure(text: str) -> Decimal | None:
    """Return the figure that a result is, None for words."""
    try:
        return parse_number(text, 2)
    except DomainError:
        return None
