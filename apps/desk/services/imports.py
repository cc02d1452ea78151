"""Imports: a file is read and shown, then written, and can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.uploads import CleanUpload
from apps.desk.models import ImportBatch
from apps.desk.rules import PREVIEWS_KEPT_FOR, ImportState

EXPIRED = (
    f"Bản xem trước này quá {PREVIEWS_KEPT_FOR.days} ngày chưa ghi nên đã được xóa. "
    "Hãy làm lại từ đầu."
)


class ImportNotPossible(DomainError):
    """The import is not in the state that the step needs."""


@transaction.atomic
def open_import(
    *, kind: str, upload: CleanUpload, summary: dict[str, Any], by: User, at: datetime
) -> ImportBatch:
    """Keep what a file would change, to show it before anything is written."""
    batch = ImportBatch.objects.create(
        kind=kind,
        owner=by,
        file_name=upload.name[:250],
        sha256=upload.sha256,
        summary=summary,
        created_at=at,
    )
    detail = {"kind": kind, "file": batch.file_name, "sha256": batch.sha256}
    record_action(action="desk.import_opened", by=by, at=at, target=batch, detail=detail)
    return batch


def refuse_unless_previewed(batch: ImportBatch) -> None:
    """Refuse to write what was written before, or what is no longer kept."""
    if batch.state == ImportState.EXPIRED:
        raise ImportNotPossible(EXPIRED)
    if batch.state != ImportState.PREVIEWED:
        raise ImportNotPossible("Đã ghi nhận trước đó. Không ghi hai lần.")


@transaction.atomic
def apply_import(
    *, batch: ImportBatch, summary: dict[str, Any], by: User, at: datetime
) -> ImportBatch:
    """Note that a previewed file was written; a second click finds it done and is refused."""
    changed = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.PREVIEWED).update(
        state=ImportState.APPLIED, summary=summary, applied_at=at
    )
    batch.refresh_from_db()
    if not changed:
        refuse_unless_previewed(batch)
    record_action(action="desk.import_applied", by=by, at=at, target=batch)
    return batch


@transaction.atomic
def undo_import(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Note that what a file wrote was taken back."""
    changed = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.APPLIED).update(
        state=ImportState.UNDONE, undone_at=at
    )
    if not changed:
        raise ImportNotPossible("Chỉ hoàn tác được đợt nhập đã ghi nhận và chưa hoàn tác.")
    batch.refresh_from_db()
    record_action(action="desk.import_undone", by=by, at=at, target=batch)
    return batch


@transaction.atomic
def expire_imports(*, at: datetime) -> int:
    """Forget what was read for previews that nobody applied; who read which file stays known."""
    old = ImportBatch.objects.filter(
        state=ImportState.PREVIEWED, created_at__lte=at - PREVIEWS_KEPT_FOR
    )
    batches = list(old.select_for_update(skip_locked=True).order_by("pk").defer("summary"))
    for batch in batches:
        record_action(action="desk.import_expired", by=None, at=at, target=batch)
    ids = [batch.pk for batch in batches]
    return ImportBatch.objects.filter(pk__in=ids).update(state=ImportState.EXPIRED, summary={})
