"""The bell, the sweep, and the frame in which every job's work runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread
from typing import Any

from celery import current_app, shared_task
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from apps.core.errors import DomainError
from apps.desk.models import Job
from apps.desk.rules import BEAT_EVERY
from apps.desk.services import (
    beat_job,
    claim_job,
    clear_expired,
    fail_job,
    finish_job,
    sweep_jobs,
)

logger = logging.getLogger(__name__)

UNEXPECTED = (
    "Có lỗi ngoài dự kiến, chưa có gì bị thay đổi dở dang. Bấm “Thử lại”; nếu vẫn lỗi, "
    "báo bộ phận hỗ trợ kèm số tác vụ."
)
# A page waits this long for the broker and no longer; the sweep makes up for a lost bell.
PATIENCE_SECONDS = 1
BROKER_OPTIONS = {
    "socket_connect_timeout": PATIENCE_SECONDS,
    "socket_timeout": PATIENCE_SECONDS,
    "max_retries": 0,
}

Work = Callable[[Job], dict[str, Any]]


def ring(job: Job) -> None:
    """Tell a worker about a job once its row is committed; an absent broker is no error."""
    transaction.on_commit(partial(_send, job.pk, job.task, job.queue))


def run_job(job_id: int, work: Work) -> None:
    """Claim a job, do its work, and put down the result or the reason it failed.

    A claim that fails means that the bell rang twice. A refusal's own words go to the owner; any
    other error goes to the log. With the database gone nothing can be put down: the sweep finds
    the job by its missing heartbeat.
    """
    job = claim_job(job_id=job_id, at=timezone.now())
    if job is None:
        return
    try:
        with keep_alive(job.pk):
            result = work(job)
    except DomainError as refusal:
        fail_job(job_id=job.pk, error=refusal.message, at=timezone.now())
    except Exception:
        fail_job(job_id=job.pk, error=UNEXPECTED, at=timezone.now())
        raise
    else:
        finish_job(job_id=job.pk, result=result, at=timezone.now())


@contextmanager
def keep_alive(job_id: int) -> Iterator[None]:
    """Beat the job's heart from beside the work, which may be one long step without news."""
    over = Event()
    heart = Thread(target=_beat, args=(job_id, over), name=f"heart-of-job-{job_id}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()


@shared_task(name="desk.sweep")
def sweep() -> None:
    """Find lost jobs, ring for them again, and forget what is older than 7 days."""
    at = timezone.now()
    for job in sweep_jobs(at=at):
        ring(job)
    clear_expired(at=at)


def _send(job_id: int, task: str, queue: str) -> None:
    try:
        with current_app.connection_for_write(
            connect_timeout=PATIENCE_SECONDS, transport_options=_options()
        ) as broker:
            current_app.send_task(
                task, kwargs={"job_id": job_id}, queue=queue, connection=broker, retry=False
            )
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("no bell for job %s, the sweep will ring: %s", job_id, error)


def _options() -> dict[str, Any]:
    return {**current_app.conf.broker_transport_options, **BROKER_OPTIONS}


def _beat(job_id: int, over: Event) -> None:
    try:
        while not over.wait(BEAT_EVERY.total_seconds()):
            try:
                beat_job(job_id=job_id, at=timezone.now())
            except DatabaseError as error:
                logger.warning("no heartbeat for job %s: %s", job_id, error)
                connection.close()
    finally:
        connection.close()
