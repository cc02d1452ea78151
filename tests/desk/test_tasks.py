"""The bell rings after the commit, never stops a page, and a job at work is held by the hand."""

import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from celery import current_app
from celery.app import app_or_default
from django.db import transaction
from django.utils import timezone
from redis import Redis

from apps.desk import tasks
from apps.desk.models import Job, Notice
from apps.desk.services import claim_job
from apps.desk.tasks import at_work, ring, sweep
from tests.factories.desk import JobFactory

pytestmark = pytest.mark.django_db

QUEUE = "documents"


@pytest.fixture
def broker(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """Give this process' own Redis database to Celery, empty."""
    redis = Redis.from_url(redis_url)
    redis.delete(QUEUE)
    use_broker(monkeypatch, celery_address(redis_url))
    yield redis
    redis.delete(QUEUE)
    redis.close()


def celery_address(url: str) -> str:
    if not url.startswith("unix://"):
        return url
    path, _, number = url.removeprefix("unix://").partition("?db=")
    return f"redis+socket://{path}?virtual_host={number or 0}"


def use_broker(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    app: Any = app_or_default()
    original = app.connection_for_write

    def connect(**options: Any) -> Any:
        return original(url=address, **options)

    monkeypatch.setattr(app, "connection_for_write", connect)


def ring_now(job: Job, capture: Callable[..., Any]) -> None:
    with capture(execute=True):
        ring(job)


def test_ring_sends_the_id_to_the_jobs_queue(
    broker: Redis, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    job = JobFactory(task="tests.nothing", queue=QUEUE)

    ring_now(job, django_capture_on_commit_callbacks)

    assert broker.llen(QUEUE) == 1
    message = broker.lindex(QUEUE, 0)
    assert isinstance(message, bytes)
    assert b"tests.nothing" in message


def test_ring_waits_for_the_commit(
    broker: Redis, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        ring(JobFactory(queue=QUEUE))

        assert broker.llen(QUEUE) == 0
    assert len(callbacks) == 1


@pytest.mark.django_db(transaction=True)
def test_ring_is_silent_after_a_rollback(broker: Redis) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        ring(JobFactory(queue=QUEUE))
        raise RuntimeError

    assert broker.llen(QUEUE) == 0


def test_sweep_rings_again_after_redis_was_emptied(
    broker: Redis, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    job = JobFactory(queue=QUEUE, ring_at=timezone.now() - timedelta(seconds=1))
    ring_now(job, django_capture_on_commit_callbacks)
    broker.flushdb()

    with django_capture_on_commit_callbacks(execute=True):
        sweep()

    assert broker.llen(QUEUE) == 1


def test_ring_without_a_broker_neither_raises_nor_hangs(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        use_broker(monkeypatch, f"redis://127.0.0.1:{closed.getsockname()[1]}/0")
    started = monotonic()

    ring_now(JobFactory(), django_capture_on_commit_callbacks)

    assert monotonic() - started < 2
    assert "the sweep will ring" in caplog.text


def test_ring_to_a_mute_broker_gives_up_in_two_seconds(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        use_broker(monkeypatch, f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        started = monotonic()

        ring_now(JobFactory(), django_capture_on_commit_callbacks)

    assert monotonic() - started < 2
    assert "the sweep will ring" in caplog.text


def test_at_work_lets_a_good_job_be(at: datetime) -> None:
    job = JobFactory(running=True)

    with at_work(job.pk):
        pass

    job.refresh_from_db()
    assert job.state == "running"


def test_at_work_fails_the_job_in_plain_words_and_raises(at: datetime) -> None:
    job = JobFactory(running=True)

    with pytest.raises(ZeroDivisionError), at_work(job.pk):
        raise ZeroDivisionError

    job.refresh_from_db()
    assert job.state == "failed"
    assert "ZeroDivision" not in job.error
    assert "Thử lại" in job.error
    assert Notice.objects.filter(user=job.owner).exists()


@pytest.mark.django_db(transaction=True)
def test_at_work_beats_the_heart_during_a_long_step(
    monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr(tasks, "BEAT_EVERY", timedelta(milliseconds=20))
    job = JobFactory()
    claim_job(job_id=job.pk, at=at)
    limit = monotonic() + 5

    with at_work(job.pk):
        while monotonic() < limit:
            job.refresh_from_db()
            if job.heartbeat_at and job.heartbeat_at > at:
                break

    assert job.heartbeat_at is not None
    assert job.heartbeat_at > at


def test_sweep_is_a_registered_task() -> None:
    assert current_app.tasks["desk.sweep"].name == "desk.sweep"
