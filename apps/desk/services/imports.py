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
from apps.desk.rules import ImportState


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


@transaction.atomic
def apply_import(
    *, batch: ImportBatch, summary: dict[str, Any], by: User, at: datetime
) -> ImportBatch:
    """Note that a previewed file was written; a second click finds it done and is refused."""
    changed = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.PREVIEWED).update(
        state=ImportState.APPLIED, summary=summary, applied_at=at
    )
    if not changed:
        raise ImportNotPossible("Tệp này đã được ghi nhận trước đó.")
    batch.refresh_from_db()
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
