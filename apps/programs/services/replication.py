"""Replicate a site to other units ("nhân rộng tới…"): linked drafts that these units launch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.audit.services import record_action
from apps.desk.rules import NoticeKind
from apps.desk.services.notices import notify
from apps.programs.models import ModelSite, SiteParty
from apps.programs.rules import Level, SiteState
from apps.programs.services.news import refresh_news
from apps.programs.services.refusals import RegisterRefused
from apps.programs.services.sites import NewSite, party_rows, site_row
from apps.units.models import Membership, Unit
from apps.units.queries import names_of, police_in_charge_of

MOST_UNITS = 200


@dataclass(frozen=True, slots=True)
class Spread:
    """What would become of one chosen unit: a new draft, or why not."""

    unit: Unit
    name: str
    obstacle: str = ""
    site: ModelSite | None = None


def plan_spread(site: ModelSite, units: Sequence[Unit], on: date) -> list[Spread]:
    """Say for each unit whether it gets a draft; three queries, however many units."""
    ids = [unit.pk for unit in units]
    names = names_of(ids, on)
    alive = set(Unit.objects.alive_on(on).filter(pk__in=ids).values_list("pk", flat=True))
    theirs = ModelSite.objects.kept().filter(model_type_id=site.model_type_id, unit_id__in=ids)
    there = {row.unit_id: row for row in theirs.exclude(state=SiteState.ENDED).order_by("-pk")}
    plan = []
    for unit in units:
        known = there.get(unit.pk)
        obstacle = ""
        if unit.pk not in alive:
            obstacle = "Đơn vị không còn hoạt động"
        elif known is not None:
            obstacle = "Đã có bản nháp" if known.state == SiteState.DRAFT else "Đã có điểm"
        plan.append(Spread(unit, names.get(unit.pk, unit.code), obstacle, known))
    return plan


@transaction.atomic
def replicate_site(
    *, site: ModelSite, units: Sequence[Unit], by: User | None, at: datetime
) -> list[ModelSite]:
    """Open a draft linked to the site at each unit that has none yet, and tell its people."""
    on = timezone.localdate(at)
    # Two people who replicate the same site at once must not open two drafts at one unit.
    ModelSite.objects.select_for_update().get(pk=site.pk)
    if site.launched_on is None:
        raise RegisterRefused("Bản nháp chưa ra mắt nên chưa nhân rộng được.")
    if len(units) > MOST_UNITS:
        raise RegisterRefused(f"Mỗi lần nhân rộng tới nhiều nhất {MOST_UNITS} đơn vị.", "units")
    free = [row.unit for row in plan_spread(site, units, on) if not row.obstacle]
    if not free:
        raise RegisterRefused("Không đơn vị nào trong số đã chọn cần thêm điểm này.", "units")
    wanted = [_draft_of(site, unit) for unit in free]
    drafts = ModelSite.objects.bulk_create(site_row(new, by, at) for new in wanted)
    SiteParty.objects.bulk_create(
        row for draft, new in zip(drafts, wanted, strict=True) for row in party_rows(draft, new)
    )
    refresh_news(site_ids=[site.pk])
    _tell(site, drafts, on, at)
    detail = {"units": [unit.pk for unit in free]}
    record_action(action="programs.site_replicated", by=by, at=at, target=site, detail=detail)
    return drafts


def _draft_of(site: ModelSite, unit: Unit) -> NewSite:
    """Return what the unit gets: the same kind under its name, nothing of the other's numbers.

    Districts are no more, so what one of them managed is replicated at the commune's level.
    """
    return NewSite(
        model_type=site.model_type,
        unit=unit,
        level=Level.COMMUNE if site.level == Level.DISTRICT else site.level,
        host_kind=site.host_kind,
        replicated_from=site,
        is_demo=unit.is_demo,
    )


def _tell(site: ModelSite, drafts: Sequence[ModelSite], on: date, at: datetime) -> None:
    """Tell the clerks and leaders of each unit, or of the police in charge of it."""
    ids = [draft.unit_id for draft in drafts]
    police = police_in_charge_of(ids, on)
    posts = (
        Membership.objects.alive_on(on)
        .filter(Q(unit_id__in=ids) | Q(unit_id__in=police.values()))
        .filter(role__in=[Role.CLERK, Role.LEADER], user__is_active=True)
        .select_related("user")
    )
    people: dict[int, list[User]] = {}
    for post in posts:
        people.setdefault(post.unit_id, []).append(post.user)
    names = names_of(ids, on)
    for draft in drafts:
        own = people.get(draft.unit_id) or people.get(police.get(draft.unit_id, 0), [])
        text = (
            f"Nhân rộng mô hình “{site.name}” tới {names[draft.unit_id]}: có bản nháp chờ ra mắt."
        )
        notify(
            users=own,
            text=text,
            url=reverse("programs:site", args=[draft.pk]),
            kind=NoticeKind.TASK,
            at=at,
        )
