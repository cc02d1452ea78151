"""Record sites of models, correct them, take back a mistake, keep their teams in time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.text import nfc, nfc_lines, search_key, sort_key
from apps.programs.models import (
    ModelSite,
    ModelType,
    SiteEquipment,
    SiteMove,
    SiteParty,
    SiteTeam,
)
from apps.programs.rules import SENSITIVE_MIME, Amount, PartyRole, SiteState, place_key
from apps.programs.services.moves import NewMove, move_site
from apps.programs.services.news import refresh_news
from apps.programs.services.refusals import Fault, RegisterRefused
from apps.programs.services.site_checks import (
    NewSite,
    SiteChangedMeanwhile,
    SiteRefused,
    SiteRemovedMeanwhile,
    amount_faults,
    refusing_sites,
    site_faults,
)
from apps.programs.services.types import create_type
from apps.units.services.dating import cut_from

__all__ = [
    "NewSite",
    "TeamCount",
    "create_site",
    "day_faults",
    "edit_site",
    "launch_rows",
    "party_rows",
    "remove_site",
    "restore_site",
    "set_teams",
    "site_row",
    "team_rows",
]


@dataclass(frozen=True, slots=True)
class TeamCount:
    """How many teams of one name there are, with how many members together."""

    name: str = ""
    n_teams: int = 0
    members: int | None = None
    qualifier: str = Amount.EXACT


@transaction.atomic
def create_site(*, new: NewSite, by: User | None, at: datetime) -> ModelSite:
    """Record a site with its owners, its first teams and its launch."""
    new = _with_kind(new, by, at)
    _refuse_faults(site_faults([new], on=timezone.localdate(at))[0])
    site = site_row(new, by, at)
    with refusing_sites():
        site.save(force_insert=True)
        SiteParty.objects.bulk_create(party_rows(site, new))
        SiteTeam.objects.bulk_create(team_rows(site, new, at))
        SiteMove.objects.bulk_create(launch_rows(site, by, at))
    detail = {"type": new.model_type.pk, "unit": new.unit.pk, "state": str(site.state)}
    record_action(action="programs.site_created", by=by, at=at, target=site, detail=detail)
    return site


@transaction.atomic
def edit_site(
    *,
    site: ModelSite,
    new: NewSite,
    lock_version: int,
    restores: bool = False,
    by: User | None,
    at: datetime,
) -> ModelSite:
    """Correct what a site is; a launch date on a draft launches it. Teams have their own way.

    One that was taken back meanwhile is brought back only by who says so (`restores`).
    """
    now = _still_there(site, lock_version, restores)
    new = _with_kind(new, by, at)
    _refuse_faults(
        [
            *site_faults([new], on=timezone.localdate(at), known=now)[0],
            *_launch_faults(now, new),
            *_file_faults(now, new),
        ]
    )
    before = _facts(now)
    _take_facts(now, new, by, at)
    with refusing_sites():
        _correct_launch(now, new.launched_on)
        now.save()
        SiteParty.objects.filter(site=now).delete()
        SiteParty.objects.bulk_create(party_rows(now, new))
    if now.removed_at is not None:
        restore_site(site=now, by=by, at=at)
    _launch(now, new.launched_on, new.is_pilot, by, at)
    refresh_news(site_ids=[now.pk])
    changed = sorted(name for name, value in _facts(now).items() if before[name] != value)
    record_action(
        action="programs.site_edited", by=by, at=at, target=now, detail={"changed": changed}
    )
    return now


@transaction.atomic
def set_teams(
    *, site: ModelSite, team: TeamCount, on: date, by: User | None, at: datetime
) -> SiteTeam | None:
    """Say how many teams and members there are from a day on; none at all ends the teams."""
    faults = [
        *amount_faults(team.n_teams, team.members, team.qualifier),
        *day_faults(site, on, timezone.localdate(at)),
    ]
    _refuse_faults(faults)
    name = nfc(team.name)
    rows = SiteTeam.objects.filter(site=site, name_key=search_key(name)[:150])
    row = None
    with refusing_sites():
        until = cut_from(rows, on)
        if team.n_teams or team.members:
            row = SiteTeam.objects.create(
                site=site,
                name=name,
                name_key=search_key(name)[:150],
                n_teams=team.n_teams,
                members=team.members,
                qualifier=team.qualifier,
                valid=DateRange(on, until),
            )
    refresh_news(site_ids=[site.pk])
    detail = {"team": name, "n_teams": team.n_teams, "members": team.members, "on": f"{on}"}
    record_action(action="programs.teams_set", by=by, at=at, target=site, detail=detail)
    return row


@transaction.atomic
def remove_site(*, site: ModelSite, reason: str, by: User | None, at: datetime) -> None:
    """Take back a site that was recorded by mistake; it counts nowhere any more."""
    why = nfc(reason)
    if not why:
        raise SiteRefused("Chưa ghi lý do.", [Fault("reason", "Chưa ghi lý do.")])
    site.removed_at, site.removed_reason = at, why[:300]
    site.save(update_fields=["removed_at", "removed_reason"])
    refresh_news(site_ids=[site.replicated_from_id])
    record_action(
        action="programs.site_removed", by=by, at=at, target=site, detail={"reason": why[:300]}
    )


@transaction.atomic
def restore_site(*, site: ModelSite, by: User | None, at: datetime) -> None:
    """Bring back a site that had been taken back, unless another stands in its place now."""
    site.removed_at, site.removed_reason = None, ""
    with refusing_sites():
        site.save(update_fields=["removed_at", "removed_reason"])
    refresh_news(site_ids=[site.replicated_from_id])
    record_action(action="programs.site_restored", by=by, at=at, target=site)


def day_faults(site: ModelSite, on: date, today: date, field: str = "on") -> list[Fault]:
    """Return what is wrong with a day on which something became true of a site."""
    if on > today:
        return [Fault(field, "Ngày này còn ở tương lai.")]
    if site.launched_on is not None and on < site.launched_on:
        return [Fault(field, f"Ngày này trước ngày ra mắt ({site.launched_on:%d/%m/%Y}).")]
    if site.ended_on is not None and on >= site.ended_on:
        return [Fault(field, f"Điểm đã dừng từ ngày {site.ended_on:%d/%m/%Y}.")]
    return []


def site_row(new: NewSite, by: User | None, at: datetime) -> ModelSite:
    """Return the unsaved row of a site; an import saves many of them at once."""
    name = nfc(new.name) or new.model_type.name
    launched = new.launched_on is not None
    state = SiteState.PILOT if new.is_pilot else SiteState.ACTIVE
    return ModelSite(
        model_type=new.model_type,
        unit=new.unit,
        name=name,
        name_key=search_key(name)[:250],
        sort_key=sort_key(name)[:1100],
        place=nfc(new.place),
        place_key=place_key(new.place)[:200],
        level=new.level,
        host_kind=new.host_kind,
        state=state if launched else SiteState.DRAFT,
        launched_on=new.launched_on,
        taken_over_from=nfc(new.taken_over_from),
        last_news_on=new.launched_on,
        replicated_from=new.replicated_from,
        note=nfc_lines(new.note),
        is_demo=new.is_demo,
        import_batch=new.import_batch,
        created_at=at,
        created_by=by,
        updated_at=at,
        updated_by=by,
    )


def party_rows(site: ModelSite, new: NewSite) -> list[SiteParty]:
    """Return the unsaved rows of owners and coordinators; the unit itself owns by default."""
    owners = new.owners or (new.unit,)
    return [
        *(SiteParty(site=site, unit=unit, role=PartyRole.OWNER) for unit in owners),
        *(SiteParty(site=site, unit=unit, role=PartyRole.COORDINATOR) for unit in new.coordinators),
    ]


def team_rows(site: ModelSite, new: NewSite, at: datetime) -> list[SiteTeam]:
    """Return the unsaved first count of teams and members, from the launch on."""
    if not new.n_teams and not new.members:
        return []
    return [
        SiteTeam(
            site=site,
            n_teams=new.n_teams,
            members=new.members,
            qualifier=new.qualifier,
            valid=DateRange(new.launched_on or timezone.localdate(at), None),
        )
    ]


def launch_rows(site: ModelSite, by: User | None, at: datetime) -> list[SiteMove]:
    """Return the unsaved launch of a site that is no draft."""
    if site.launched_on is None:
        return []
    return [
        SiteMove(
            site=site,
            from_state=SiteState.DRAFT,
            to_state=site.state,
            on=site.launched_on,
            at=at,
            by=by,
        )
    ]


def _with_kind(new: NewSite, by: User | None, at: datetime) -> NewSite:
    """Return the site with its kind, held so that it is not merged away meanwhile, or opened."""
    if new.new_type is None:
        kinds = ModelType.objects.select_related("field")
        held = kinds.select_for_update(of=("self",), no_key=True).get(pk=new.model_type.pk)
        return replace(new, model_type=held)
    try:
        return replace(new, model_type=create_type(new=new.new_type, by=by, at=at))
    except RegisterRefused as error:
        raise SiteRefused(error.message, [Fault("model_type", error.message)]) from error


def _refuse_faults(faults: list[Fault]) -> None:
    if faults:
        raise SiteRefused(" ".join(fault.message for fault in faults), faults)


def _file_faults(site: ModelSite, new: NewSite) -> list[Fault]:
    """Return that files stand in the way of a field in which such may not be kept."""
    if new.model_type.field.is_sensitive and site.files.exclude(mime=SENSITIVE_MIME).exists():
        message = (
            "Loại này thuộc lĩnh vực nhạy cảm, không giữ ảnh, danh sách, bảng tính. Hãy bỏ ảnh và "
            "các tệp không phải PDF của điểm trước."
        )
        return [Fault("model_type", message)]
    return []


def _launch_faults(site: ModelSite, new: NewSite) -> list[Fault]:
    """Return why a launch cannot be moved to where the row puts it."""
    if site.state == SiteState.DRAFT:
        return []
    if new.launched_on is None:
        return [Fault("launched_on", "Điểm đã ra mắt nên phải có ngày ra mắt.")]
    later = SiteMove.objects.filter(site=site).exclude(from_state=SiteState.DRAFT)
    first = later.order_by("on").values_list("on", flat=True).first()
    if first is not None and new.launched_on > first:
        return [Fault("launched_on", f"Điểm đã đổi trạng thái từ ngày {first:%d/%m/%Y}.")]
    return []


def _still_there(site: ModelSite, lock_version: int, restores: bool) -> ModelSite:
    """Lock a site that is as somebody saw it, or refuse: others were faster."""
    now = ModelSite.objects.select_for_update().get(pk=site.pk)
    if now.removed_at is not None and not restores:
        raise SiteRemovedMeanwhile
    if now.lock_version != lock_version:
        raise SiteChangedMeanwhile
    return now


def _take_facts(site: ModelSite, new: NewSite, by: User | None, at: datetime) -> None:
    """Give a site what is typed, as another version of it."""
    fresh = site_row(new, by, at)
    for name in ("model_type", "unit", "name", "name_key", "sort_key", "place", "place_key"):
        setattr(site, name, getattr(fresh, name))
    site.level, site.host_kind, site.note = fresh.level, fresh.host_kind, fresh.note
    site.taken_over_from = fresh.taken_over_from
    site.updated_at, site.updated_by, site.lock_version = at, by, site.lock_version + 1


def _correct_launch(site: ModelSite, on: date | None) -> None:
    """Move the day of a launch, with the teams and things that began on it."""
    before = site.launched_on
    if on is None or before is None or before == on:
        return
    site.launched_on = on
    site.moves.filter(from_state=SiteState.DRAFT).update(on=on)
    for rows in (SiteTeam.objects.filter(site=site), SiteEquipment.objects.filter(site=site)):
        for row in rows.filter(valid__startswith=before):
            if row.valid_to is None or row.valid_to > on:
                row.valid = DateRange(on, row.valid_to)
                row.save(update_fields=["valid"])


def _launch(
    site: ModelSite, on: date | None, is_pilot: bool, by: User | None, at: datetime
) -> None:
    """Launch a draft that has got its day."""
    if site.state != SiteState.DRAFT or on is None:
        return
    state = SiteState.PILOT if is_pilot else SiteState.ACTIVE
    try:
        move_site(site=site, move=NewMove(state, on), by=by, at=at)
    except RegisterRefused as error:
        raise SiteRefused(error.message, [Fault("launched_on", error.message)]) from error


def _facts(site: ModelSite) -> dict[str, object]:
    """Return what an edit may change, to name what it did change."""
    parties = SiteParty.objects.filter(site=site).order_by("unit_id").values_list("unit_id", "role")
    return {
        "model_type": site.model_type_id,
        "unit": site.unit_id,
        "name": site.name,
        "place": site.place,
        "level": site.level,
        "host_kind": site.host_kind,
        "launched_on": site.launched_on,
        "taken_over_from": site.taken_over_from,
        "note": site.note,
        "parties": list(parties),
    }
