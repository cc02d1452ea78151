"""Record activities, correct them, take back a mistake and bring it back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.text import nfc, nfc_lines, search_key
from apps.programs.models import Activity, ActivityParty
from apps.programs.rules import OrganiserRole
from apps.programs.services.activity_checks import (
    ActivityChangedMeanwhile,
    ActivityRefused,
    ActivityRemovedMeanwhile,
    ActivitySentBefore,
    NewActivity,
    activity_faults,
    refuse_faults,
    refusing_activities,
)
from apps.programs.services.news import refresh_news
from apps.programs.services.refusals import Fault

__all__ = [
    "ActivityChangedMeanwhile",
    "ActivityRefused",
    "ActivitySentBefore",
    "NewActivity",
    "activity_row",
    "create_activity",
    "edit_activity",
    "organiser_rows",
    "remove_activity",
    "restore_activity",
]

FACTS = (
    "kind", "title", "title_key", "unit_id", "held_on", "until", "place", "sessions", "points",
    "attendances", "qualifier", "materials", "news", "posts", "cost", "site_id", "program_id",
    "note",
)  # fmt: skip


@transaction.atomic
def create_activity(*, new: NewActivity, by: User | None, at: datetime) -> Activity:
    """Record an activity with its organisers; the same form sent again finds the first one."""
    sent = _sent_before(new, by)
    if sent is not None:
        return sent
    refuse_faults(activity_faults([new], on=timezone.localdate(at))[0])
    activity = activity_row(new, by, at)
    try:
        with transaction.atomic():
            activity.save(force_insert=True)
    except IntegrityError:
        # A second tap came while the first one was being written.
        sent = _sent_before(new, by)
        if sent is None:
            raise
        return sent
    with refusing_activities():
        ActivityParty.objects.bulk_create(organiser_rows(activity, new))
    refresh_news(site_ids=[activity.site_id])
    detail = {"kind": str(new.kind), "unit": new.unit.pk, "held_on": f"{new.held_on}"}
    record_action(action="programs.activity_created", by=by, at=at, target=activity, detail=detail)
    return activity


@transaction.atomic
def edit_activity(
    *,
    activity: Activity,
    new: NewActivity,
    lock_version: int,
    restores: bool = False,
    by: User | None,
    at: datetime,
) -> Activity:
    """Correct an activity, unless somebody else saved it meanwhile.

    One that was taken back meanwhile is brought back only by who says so (`restores`).
    """
    now = Activity.objects.select_for_update().get(pk=activity.pk)
    if now.removed_at is not None and not restores:
        raise ActivityRemovedMeanwhile
    if now.lock_version != lock_version:
        raise ActivityChangedMeanwhile
    refuse_faults(activity_faults([new], on=timezone.localdate(at))[0])
    if now.removed_at is not None:
        restore_activity(activity=now, by=by, at=at)
    fresh = activity_row(new, by, at)
    sites = {now.site_id, fresh.site_id}
    changed = [name for name in FACTS if getattr(now, name) != getattr(fresh, name)]
    for name in FACTS:
        setattr(now, name, getattr(fresh, name))
    now.updated_at, now.updated_by, now.lock_version = at, by, now.lock_version + 1
    before = set(now.parties.values_list("unit_id", "role"))
    rows = organiser_rows(now, new)
    with refusing_activities():
        now.save()
        if before != {(row.unit_id, row.role) for row in rows}:
            changed.append("organisers")
            now.parties.all().delete()
            ActivityParty.objects.bulk_create(rows)
    refresh_news(site_ids=sites)
    detail = {"changed": sorted(changed)}
    record_action(action="programs.activity_edited", by=by, at=at, target=now, detail=detail)
    return now


@transaction.atomic
def remove_activity(*, activity: Activity, reason: str, by: User | None, at: datetime) -> None:
    """Take back an activity that was recorded by mistake; it counts nowhere any more."""
    why = nfc(reason)
    if not why:
        raise ActivityRefused("Chưa ghi lý do.", [Fault("reason", "Chưa ghi lý do.")])
    activity.removed_at, activity.removed_reason = at, why[:300]
    activity.save(update_fields=["removed_at", "removed_reason"])
    refresh_news(site_ids=[activity.site_id])
    detail = {"reason": why[:300]}
    record_action(action="programs.activity_removed", by=by, at=at, target=activity, detail=detail)


@transaction.atomic
def restore_activity(*, activity: Activity, by: User | None, at: datetime) -> None:
    """Bring back an activity that had been taken back."""
    activity.removed_at, activity.removed_reason = None, ""
    activity.save(update_fields=["removed_at", "removed_reason"])
    refresh_news(site_ids=[activity.site_id])
    record_action(action="programs.activity_restored", by=by, at=at, target=activity)


def activity_row(new: NewActivity, by: User | None, at: datetime) -> Activity:
    """Return the unsaved row of an activity; an import saves many of them at once."""
    title = nfc(new.title)
    return Activity(
        kind=new.kind,
        title=title,
        title_key=search_key(title)[:250],
        unit=new.unit,
        held_on=new.held_on,
        until=new.until,
        place=nfc(new.place),
        sessions=new.sessions,
        points=new.points,
        attendances=new.attendances,
        qualifier=new.qualifier,
        materials=new.materials,
        news=new.news,
        posts=new.posts,
        cost=new.cost,
        site=new.site,
        program=new.program,
        note=nfc_lines(new.note),
        client_token=new.client_token[:64],
        is_demo=new.is_demo,
        import_batch=new.import_batch,
        created_at=at,
        created_by=by,
        updated_at=at,
        updated_by=by,
    )


def organiser_rows(activity: Activity, new: NewActivity) -> list[ActivityParty]:
    """Return the unsaved rows of who held it: the main organiser and the others."""
    return [
        ActivityParty(activity=activity, unit=new.unit, role=OrganiserRole.MAIN),
        *(
            ActivityParty(activity=activity, unit=unit, role=OrganiserRole.CO)
            for unit in new.co_organisers
        ),
    ]


def _sent_before(new: NewActivity, by: User | None) -> Activity | None:
    """Return what the same form wrote before; refuse a form that now says something else."""
    if by is None or not new.client_token:
        return None
    known = Activity.objects.filter(created_by=by, client_token=new.client_token[:64]).first()
    if known is None:
        return None
    if known.removed_at is None and (known.lock_version > 1 or _says_the_same(known, new)):
        return known
    raise ActivitySentBefore(
        f"Biểu này đã ghi hoạt động “{known.title}”. Nếu đây là hoạt động khác, bấm Ghi lần nữa."
    )


def _says_the_same(known: Activity, new: NewActivity) -> bool:
    """Tell whether what is sent is what was written."""
    fresh = activity_row(new, None, known.created_at)
    organisers = set(known.parties.values_list("unit_id", flat=True))
    return organisers == {new.unit.pk, *(unit.pk for unit in new.co_organisers)} and all(
        getattr(known, name) == getattr(fresh, name) for name in FACTS
    )
