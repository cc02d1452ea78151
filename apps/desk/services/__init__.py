"""What changes jobs, messages, answered requests and imports."""

from __future__ import annotations

from apps.desk.services.filters import (
    FilterRefused,
    change_filter,
    delete_filter,
    save_filter,
)
from apps.desk.services.imports import (
    ImportNotPossible,
    apply_import,
    expire_imports,
    open_import,
    refuse_unless_previewed,
    undo_import,
)
from apps.desk.services.jobs import (
    JobNotRetryable,
    beat_job,
    claim_job,
    clear_expired,
    fail_job,
    finish_job,
    queue_job,
    report_progress,
    retry_job,
    sweep_jobs,
)
from apps.desk.services.notices import notify, read_notices
from apps.desk.services.requests import (
    RequestChanged,
    RequestRepeated,
    find_response,
    remember_response,
)

__all__ = [
    "FilterRefused",
    "ImportNotPossible",
    "JobNotRetryable",
    "RequestChanged",
    "RequestRepeated",
    "apply_import",
    "beat_job",
    "change_filter",
    "claim_job",
    "clear_expired",
    "delete_filter",
    "expire_imports",
    "fail_job",
    "find_response",
    "finish_job",
    "notify",
    "open_import",
    "queue_job",
    "read_notices",
    "refuse_unless_previewed",
    "remember_response",
    "report_progress",
    "retry_job",
    "save_filter",
    "sweep_jobs",
    "undo_import",
]
