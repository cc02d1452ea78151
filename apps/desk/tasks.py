"""The bell, the sweep, and the hand that a job at work is held by."""

from __future__ import annotations

import logging
from collections.abc import Iterator
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

from apps.desk.models import Job
from apps.desk.rules import BEAT_EVERY
from apps.desk.services import (
    beat_job,
    clear_expired,
    expire_imports,
    fail_job,
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


def ring(job: Job) -> None:
    """Tell a worker about a job once its row is committed; an absent broker is no error."""
    transaction.on_commit(partial(_send, job.pk, job.task, job.queue))


@contextmanager
def at_work(job_id: int) -> Iterator[None]:
    """Hold a job's hand while a service does its work, which may be one long step without news.

    The job's heart beats from beside the work. An error that no service expected goes to the log,
    and to the owner in plain words. With the database gone nothing can be put down: then the
    missing heartbeat lets the sweep find the job.
    """
    over = Event()
    heart = Thread(target=_beat, args=(job_id, over), name=f"heart-of-job-{job_id}", daemon=True)
    heart.start()
    try:
        yield
    except Exception:
        fail_job(job_id=job_id, error=UNEXPECTED, at=timezone.now())
        raise
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


@shared_task(name="desk.expire_imports")
def expire_previews() -> None:
    """Forget what was read for previews that nobody applied."""
    expire_imports(at=timezone.now())


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
