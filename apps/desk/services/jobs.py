"""The life of a job: the row is the queue, a claim is one conditional update."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.passing import forget_passing
from apps.desk.models import IdempotencyKey, Job
from apps.desk.rules import (
    KEPT_FOR,
    LOST_AFTER,
    MAX_ATTEMPTS,
    RING_AFTER,
    JobState,
    NoticeKind,
    ring_pause,
)
from apps.desk.services.notices import notify
from apps.units.models import Unit

SWEEP_BATCH = 200
# A file is a little older than the job that names it; it must not go first.
FILE_GRACE = timedelta(hours=1)
STOPPED = (
    f"Tác vụ đã bị dừng giữa chừng {MAX_ATTEMPTS} lần. "
    "Bấm “Thử lại”; nếu vẫn lỗi, báo bộ phận hỗ trợ kèm số tác vụ."
)


class JobNotRetryable(DomainError):
    """Only a failed job may be tried again."""


@transaction.atomic
def queue_job(  # noqa: PLR0913 (a job is named by all of these)
    *,
    kind: str,
    title: str,
    task: str,
    queue: str,
    params: dict[str, Any],
    by: User | None,
    at: datetime,
    unit: Unit | None = None,
    dedup_key: str | None = None,
) -> Job:
    """Write a job into the queue; whoever calls rings the bell (tasks.ring).

    With a dedup key the same job is not made twice: the waiting, running or finished one is
    returned, and a failed one is put back into the queue. So the key must name all that makes
    a new run worth while, such as the version of the figures.
    """
    values = {
        "kind": kind,
        "title": title,
        "task": task,
        "queue": queue,
        "params": params,
        "owner": by,
        "unit": unit,
        "created_at": at,
        "ring_at": at + RING_AFTER,
    }
    if dedup_key is None:
        job, is_new = Job.objects.create(**values), True
    else:
        job, is_new = Job.objects.get_or_create(dedup_key=dedup_key, defaults=values)
    if is_new:
        detail = {"kind": kind, "title": title}
        record_action(action="desk.job_queued", by=by, at=at, target=job, detail=detail)
    elif job.state == JobState.FAILED:
        job = retry_job(job=job, by=by, at=at)
    return job


@transaction.atomic
def claim_job(*, job_id: int, at: datetime) -> Job | None:
    """Take a waiting job; None means that it is somebody else's, finished or gone."""
    claimed = Job.objects.filter(
        pk=job_id, state=JobState.QUEUED, attempts__lt=MAX_ATTEMPTS
    ).update(
        state=JobState.RUNNING,
        attempts=F("attempts") + 1,
        progress=0,
        step="",
        claimed_at=at,
        heartbeat_at=at,
    )
    return Job.objects.select_related("owner", "unit").get(pk=job_id) if claimed else None


@transaction.atomic
def report_progress(*, job_id: int, progress: int, step: str, at: datetime) -> bool:
    """Say how far a running job is, and that it lives; False when it no longer is ours to run.

    Not written to the audit: it says nothing about what anybody did.
    """
    return bool(
        Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(
            progress=max(0, min(progress, 100)), step=step[:200], heartbeat_at=at
        )
    )


@transaction.atomic
def beat_job(*, job_id: int, at: datetime) -> bool:
    """Say that a running job lives, in the middle of a long step."""
    alive = Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(heartbeat_at=at)
    return bool(alive)


@transaction.atomic
def finish_job(*, job_id: int, result: dict[str, Any], at: datetime) -> Job:
    """Put the result down; work that is done counts even if the job was given up meanwhile.

    `result["links"]`, a list of {"label", "url"}, is shown to the owner.
    """
    finished = (
        Job.objects.filter(pk=job_id)
        .exclude(state=JobState.DONE)
        .update(
            state=JobState.DONE,
            progress=100,
            step="",
            error="",
            result=result,
            finished_at=at,
            expires_at=at + KEPT_FOR,
        )
    )
    job = Job.objects.select_related("owner", "unit").get(pk=job_id)
    if finished:
        record_action(action="desk.job_finished", by=None, at=at, target=job)
    return job


@transaction.atomic
def fail_job(*, job_id: int, error: str, at: datetime) -> Job | None:
    """Give up a running job and say why in words its owner understands."""
    failed = Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(
        state=JobState.FAILED, error=error, finished_at=at, expires_at=at + KEPT_FOR
    )
    if not failed:
        return None
    return _mourn(job_id, at)


@transaction.atomic
def retry_job(*, job: Job, by: User | None, at: datetime) -> Job:
    """Put a failed job back into the queue with all its attempts."""
    requeued = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED,
        attempts=0,
        progress=0,
        step="",
        error="",
        finished_at=None,
        expires_at=None,
        rings=0,
        ring_at=at + RING_AFTER,
    )
    if not requeued:
        raise JobNotRetryable("Chỉ thử lại được tác vụ không thành công. Hãy tải lại trang.")
    job.refresh_from_db()
    record_action(action="desk.job_retried", by=by, at=at, target=job)
    return job


@transaction.atomic
def sweep_jobs(*, at: datetime) -> list[Job]:
    """Find lost jobs and return those whose bell must ring (again).

    Running without a sign of life for 60 s: queued again, or failed after the third attempt.
    Waiting past its time: its message was lost, or all workers are busy, so the pause doubles.
    """
    lost = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=at - LOST_AFTER)
    for job in _locked(lost):
        if job.attempts >= MAX_ATTEMPTS:
            fail_job(job_id=job.pk, error=STOPPED, at=at)
        else:
            Job.objects.filter(pk=job.pk).update(
                state=JobState.QUEUED, progress=0, step="", rings=0, ring_at=at
            )
    waiting = _locked(Job.objects.filter(state=JobState.QUEUED, ring_at__lte=at))
    for job in waiting:
        job.rings += 1
        job.ring_at = at + ring_pause(job.rings)
    Job.objects.bulk_update(waiting, ["rings", "ring_at"])
    return waiting


@transaction.atomic
def clear_expired(*, at: datetime) -> int:
    """Forget finished jobs, their files and answered requests after 7 days; papers stay."""
    jobs, _ = Job.objects.filter(expires_at__lte=at).delete()
    forget_passing(at - KEPT_FOR - FILE_GRACE)
    keys, _ = IdempotencyKey.objects.filter(created_at__lte=at - KEPT_FOR).delete()
    return jobs + keys


def _locked(rows: QuerySet[Job]) -> list[Job]:
    """Lock rows that no other sweep holds, the oldest first."""
    chosen = rows.select_for_update(skip_locked=True).order_by("created_at", "pk")
    return list(chosen[:SWEEP_BATCH])


def _mourn(job_id: int, at: datetime) -> Job:
    job = Job.objects.select_related("owner").get(pk=job_id)
    detail = {"attempts": job.attempts, "error": job.error}
    record_action(action="desk.job_failed", by=None, at=at, target=job, detail=detail)
    if job.owner is not None:
        text, url = f"Không thành công: {job.title}", reverse("desk:job", args=[job.pk])
        notify(users=[job.owner], text=text, url=url, kind=NoticeKind.WARNING, at=at)
    return job
