"""Papers of a programme and plans of its units: kept, taken back with a reason, never lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.files import StoredFile
from apps.core.text import nfc
from apps.core.uploads import CleanUpload
from apps.programs.models import Program, ProgramFile, ProgramRecipient, RecipientFile
from apps.programs.rules import ProgramState
from apps.programs.services.program_checks import ProgramRefused, refusing_programs

PLAN_TITLE = "Kế hoạch của đơn vị"


@transaction.atomic
def attach_program_file(
    *,
    program: Program,
    title: str,
    upload: CleanUpload,
    stored: StoredFile,
    by: User | None,
    at: datetime,
) -> ProgramFile:
    """Keep a paper beside a programme; the same bytes once, withdrawn ones come back."""
    shown = (nfc(title) or upload.name)[:200]
    facts = _facts(shown, upload, stored, by, at)
    with refusing_programs():
        file = program.files.filter(sha256=stored.sha256, withdrawn_at__isnull=False).first()
        if file is None:
            file = ProgramFile.objects.create(program=program, **facts)
        else:
            _bring_back(file, facts)
    record_action(
        action="programs.program_file_added",
        by=by,
        at=at,
        target=program,
        detail={"title": file.title} | file_detail(upload),
    )
    return file


def keep_plan_paper(
    *,
    recipient: ProgramRecipient,
    upload: CleanUpload,
    stored: StoredFile,
    by: User,
    at: datetime,
) -> None:
    """Keep a unit's own plan; part of what writes the plan."""
    facts = _facts(PLAN_TITLE, upload, stored, by, at)
    file = recipient.files.filter(sha256=stored.sha256, withdrawn_at__isnull=False).first()
    if file is None:
        RecipientFile.objects.create(recipient=recipient, **facts)
    else:
        _bring_back(file, facts)


def file_detail(upload: CleanUpload) -> dict[str, str]:
    """Return what the audit says of a kept file; of a photo made smaller also what came in."""
    detail = {"name": upload.name, "sha256": upload.sha256}
    return detail | {"came_as": upload.came_as} if upload.came_as else detail


def _facts(
    title: str, upload: CleanUpload, stored: StoredFile, by: User | None, at: datetime
) -> dict[str, Any]:
    return {
        "title": title,
        "name": upload.name,
        "mime": upload.mime,
        "sha256": stored.sha256,
        "size": stored.size,
        "path": stored.path,
        "uploaded_at": at,
        "uploaded_by": by,
    }


def _bring_back(file: ProgramFile | RecipientFile, facts: dict[str, Any]) -> None:
    nobody = {"withdrawn_at": None, "withdrawn_by": None, "withdrawn_reason": ""}
    for name, value in (facts | nobody).items():
        setattr(file, name, value)
    file.save()


@transaction.atomic
def remove_program_file(*, file: ProgramFile, reason: str, by: User, at: datetime) -> None:
    """Take a paper off a draft; off a sent programme only with a reason, and it stays on record."""
    program = Program.objects.select_for_update().get(pk=file.program_id)
    detail = {"name": file.name, "title": file.title, "sha256": file.sha256}
    if program.state == ProgramState.DRAFT:
        file.delete()
    else:
        detail["reason"] = _withdraw(file, reason, by, at)
    record_action(
        action="programs.program_file_removed", by=by, at=at, target=program, detail=detail
    )


@transaction.atomic
def remove_plan_file(*, file: RecipientFile, reason: str, by: User, at: datetime) -> None:
    """Take back a plan that a unit uploaded by mistake; it stays on record with the reason."""
    why = _withdraw(file, reason, by, at)
    record_action(
        action="programs.plan_file_removed",
        by=by,
        at=at,
        target=file.recipient,
        detail={"name": file.name, "sha256": file.sha256, "reason": why},
    )


def _withdraw(file: ProgramFile | RecipientFile, reason: str, by: User, at: datetime) -> str:
    why = nfc(reason)[:300]
    if not why:
        raise ProgramRefused.at_field("Ghi lý do rút tệp.", "reason")
    rows = type(file).objects.filter(pk=file.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=at, withdrawn_by=by, withdrawn_reason=why):
        raise ProgramRefused("Tệp này đã được rút trước đó.")
    return why
