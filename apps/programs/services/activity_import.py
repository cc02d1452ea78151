"""Import activities from Excel: read and shown, written in one transaction, taken back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.uploads import CleanUpload, clean_name
from apps.desk.models import ImportBatch
from apps.desk.rules import ImportState
from apps.desk.services import ImportNotPossible, apply_import, open_import, undo_import
from apps.programs.models import Activity, ActivityParty, ModelSite
from apps.programs.services.activities import activity_row, organiser_rows
from apps.programs.services.activity_checks import ActivityRefused
from apps.programs.services.activity_plan import PlannedActivity, plan_activities
from apps.programs.services.activity_sheet import ACTIVITY_SHEET
from apps.programs.services.import_sheets import (
    import_summary,
    in_sheet_order,
    read_sheet,
    restored_rows,
)
from apps.programs.services.sites import note_news

IMPORT_KIND = "programs.activities"
_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ActivitiesUndone:
    """What taking an import back came to."""

    removed: int
    kept: int


@transaction.atomic
def read_activity_list(*, file_name: str, content: bytes, by: User, at: datetime) -> ImportBatch:
    """Read an uploaded list and keep what it would come to; no activity is written."""
    read = read_sheet(ACTIVITY_SHEET, content)
    plan = plan_activities(read.rows, by, timezone.localdate(at))
    faults = in_sheet_order([*read.faults, *plan.faults])
    digest = hashlib.sha256(content).hexdigest()
    upload = CleanUpload(clean_name(file_name)[0], content, _MIME, digest)
    summary = import_summary(read.rows, len(plan.new), plan.known, faults)
    return open_import(kind=IMPORT_KIND, upload=upload, summary=summary, by=by, at=at)


@transaction.atomic
def import_activities(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Write every new activity of a list or, when any row has become wrong, nothing."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != ImportState.PREVIEWED:
        raise ImportNotPossible("Tệp này đã được ghi nhận trước đó. Không ghi hai lần.")
    if locked.summary["n_faults"]:
        raise ActivityRefused("Tệp còn lỗi nên chưa ghi. Hãy sửa các ô đã nêu rồi tải lên lại.")
    rows = restored_rows(ACTIVITY_SHEET, locked.summary["rows"])
    plan = plan_activities(rows, by, timezone.localdate(at))
    if plan.faults:
        raise ActivityRefused(
            f"Chưa ghi: sổ đã thay đổi sau khi xem trước, nay có {len(plan.faults)} lỗi. "
            f"{plan.faults[0]} Hãy tải tệp lên lại để xem đủ."
        )
    _write(plan.new, locked, by, at)
    summary = locked.summary | {"new": len(plan.new), "known": plan.known}
    applied = apply_import(batch=locked, summary=summary, by=by, at=at)
    detail = {"new": len(plan.new), "known": len(plan.known)}
    record_action(
        action="programs.activities_imported", by=by, at=at, target=applied, detail=detail
    )
    return applied


@transaction.atomic
def undo_activity_import(*, batch: ImportBatch, by: User, at: datetime) -> ActivitiesUndone:
    """Take back what an import wrote; an activity that somebody corrected since stays."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    undone = undo_import(batch=locked, by=by, at=at)
    rows = Activity.objects.kept().filter(import_batch=locked)
    why = f"Hoàn tác đợt nhập từ tệp “{locked.file_name}”"[:300]
    removed = rows.filter(lock_version=1).update(removed_at=at, removed_reason=why)
    outcome = ActivitiesUndone(removed, rows.count())
    ImportBatch.objects.filter(pk=locked.pk).update(
        summary=locked.summary | {"removed": outcome.removed, "kept": outcome.kept}
    )
    detail = {"removed": outcome.removed, "kept": outcome.kept}
    record_action(
        action="programs.activity_import_undone", by=by, at=at, target=undone, detail=detail
    )
    return outcome


def _write(planned: list[PlannedActivity], batch: ImportBatch, by: User, at: datetime) -> None:
    """Write activities and organisers, each table at once, and tell their sites."""
    activities = [activity_row(row.new, by, at) for row in planned]
    for activity in activities:
        activity.import_batch = batch
    Activity.objects.bulk_create(activities)
    pairs = zip(activities, planned, strict=True)
    ActivityParty.objects.bulk_create(
        [party for activity, row in pairs for party in organiser_rows(activity, row.new)]
    )
    latest: dict[ModelSite, date] = {}
    for row in planned:
        if row.new.site is not None:
            latest[row.new.site] = max(latest.get(row.new.site, date.min), row.new.held_on)
    for site, on in latest.items():
        note_news(site=site, on=on)
