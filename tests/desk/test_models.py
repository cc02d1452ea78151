"""The database refuses jobs and imports that contradict themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from apps.desk.models import ImportBatch, Job, Notice
from tests.factories.accounts import UserFactory
from tests.factories.desk import (
    IdempotencyKeyFactory,
    ImportBatchFactory,
    JobFactory,
    NoticeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "make"),
    [
        ("job_(state_known|finished_pair)", lambda: JobFactory(state="lost")),
        ("job_queue_known", lambda: JobFactory(queue="celery")),
        ("job_progress_range", lambda: JobFactory(progress=101)),
        ("job_attempts_max", lambda: JobFactory(attempts=4)),
        ("job_finished_pair", lambda: JobFactory(done=True, finished_at=None)),
        ("job_finished_pair", lambda: JobFactory(expires_at="2026-11-18T02:00Z")),
        ("job_running_is_claimed", lambda: JobFactory(running=True, heartbeat_at=None)),
        ("job_failed_says_why", lambda: JobFactory(failed=True, error="")),
        ("notice_kind_known", lambda: NoticeFactory(kind="shout")),
        ("notice_url_is_ours", lambda: NoticeFactory(url="//evil.example/")),
        ("notice_url_is_ours", lambda: NoticeFactory(url="https://evil.example/")),
        ("idempotency_key_given", lambda: IdempotencyKeyFactory(key="")),
        ("import_state_times", lambda: ImportBatchFactory(state="applied")),
        ("import_sha256_form", lambda: ImportBatchFactory(sha256="x")),
    ],
)
def test_constraint_refuses(constraint: str, make: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        make()


def test_dedup_key_is_unique_and_may_be_absent() -> None:
    JobFactory()
    JobFactory()
    JobFactory(dedup_key="bao-cao:1")

    with pytest.raises(IntegrityError):
        JobFactory(dedup_key="bao-cao:1")


def test_visible_to_shows_own_jobs_until_they_expire(at: datetime) -> None:
    lan = UserFactory()
    waiting, done = JobFactory(owner=lan), JobFactory(owner=lan, done=True)
    JobFactory()
    JobFactory(owner=None)

    assert set(Job.objects.visible_to(lan, at)) == {waiting, done}
    assert set(Job.objects.visible_to(lan, at + timedelta(days=8))) == {waiting}


def test_active_are_waiting_and_running() -> None:
    waiting, running = JobFactory(), JobFactory(running=True)
    JobFactory(done=True)
    JobFactory(failed=True)

    assert set(Job.objects.active()) == {waiting, running}
    assert waiting.is_active
    assert not JobFactory(done=True).is_active


def test_links_show_only_our_own_addresses() -> None:
    job = JobFactory.build(
        result={
            "links": [
                {"label": "Tải PDF", "url": "/van-ban/tep/3/"},
                {"label": "Lừa", "url": "//evil.example/"},
            ]
        }
    )

    assert [(link.label, link.url) for link in job.links] == [("Tải PDF", "/van-ban/tep/3/")]


def test_notices_and_imports_are_visible_to_their_owner() -> None:
    notice, batch = NoticeFactory(), ImportBatchFactory()

    assert list(Notice.objects.visible_to(notice.user)) == [notice]
    assert not Notice.objects.visible_to(batch.owner).exists()
    assert list(ImportBatch.objects.visible_to(batch.owner)) == [batch]
    assert not ImportBatch.objects.visible_to(notice.user).exists()
