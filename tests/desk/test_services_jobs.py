"""A job is claimed once, found when lost, given up in the end, and forgotten in a week."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.desk.models import IdempotencyKey, Job, Notice
from apps.desk.rules import MAX_ATTEMPTS
from apps.desk.services import (
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
from tests.factories.accounts import UserFactory
from tests.factories.desk import IdempotencyKeyFactory, JobFactory

pytestmark = pytest.mark.django_db

T = TypeVar("T")


def order(by: User | None, at: datetime, dedup_key: str | None = None) -> Job:
    return queue_job(
        kind="document",
        title="Báo cáo tháng 11/2026",
        task="reports.render_document",
        queue="documents",
        params={"document": 7},
        by=by,
        at=at,
        dedup_key=dedup_key,
    )


def both_at_once(act: Callable[[], T]) -> list[T]:
    """Run an act in two threads, each with its own connection, at the same moment."""
    together = Barrier(2, timeout=10)

    def run(_: int) -> T:
        try:
            together.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def test_queue_job_writes_a_waiting_row(at: datetime) -> None:
    lan = UserFactory()

    job = order(lan, at)

    job.refresh_from_db()
    assert (job.state, job.owner, job.attempts, job.params) == ("queued", lan, 0, {"document": 7})
    assert AuditEntry.objects.get().action == "desk.job_queued"


def test_queue_job_goes_with_the_business_transaction(at: datetime) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        order(UserFactory(), at)
        raise RuntimeError

    assert not Job.objects.exists()


def test_queue_job_by_the_calendar_has_no_owner(at: datetime) -> None:
    assert order(None, at).owner is None


def test_queue_job_with_the_same_key_is_one_job(at: datetime) -> None:
    first = order(UserFactory(), at, "document:7")

    assert order(UserFactory(), at, "document:7") == first
    claim_job(job_id=first.pk, at=at)
    finish_job(job_id=first.pk, result={}, at=at)
    assert order(UserFactory(), at, "document:7").state == "done"
    assert Job.objects.count() == 1


def test_queue_job_with_the_key_of_a_failed_one_tries_again(at: datetime) -> None:
    lan = UserFactory()
    first = order(lan, at, "document:7")
    claim_job(job_id=first.pk, at=at)
    fail_job(job_id=first.pk, error="Đĩa đầy.", at=at)

    again = order(lan, at, "document:7")

    assert (again.pk, again.state, again.attempts, again.error) == (first.pk, "queued", 0, "")


@pytest.mark.django_db(transaction=True)
def test_queue_job_twice_at_once_is_one_job(at: datetime) -> None:
    lan = UserFactory()

    one, other = both_at_once(lambda: order(lan, at, "document:7"))

    assert one == other
    assert Job.objects.count() == 1


def test_claim_job_takes_it_once(at: datetime) -> None:
    job = JobFactory()

    claimed = claim_job(job_id=job.pk, at=at)

    assert claimed is not None
    assert (claimed.state, claimed.attempts, claimed.heartbeat_at) == ("running", 1, at)
    assert claim_job(job_id=job.pk, at=at) is None
    assert claim_job(job_id=0, at=at) is None


@pytest.mark.django_db(transaction=True)
def test_claim_job_twice_at_once_gives_it_to_one(at: datetime) -> None:
    job = JobFactory()

    claims = both_at_once(lambda: claim_job(job_id=job.pk, at=at))

    assert sorted(claim is None for claim in claims) == [False, True]
    job.refresh_from_db()
    assert job.attempts == 1


def test_claim_job_is_one_update(at: datetime, django_assert_num_queries: Any) -> None:
    done = JobFactory(done=True)

    with django_assert_num_queries(1 + 2):  # and the savepoint around it
        assert claim_job(job_id=done.pk, at=at) is None


def test_report_progress_beats_the_heart(at: datetime) -> None:
    job, later = JobFactory(running=True), at + timedelta(seconds=30)

    assert report_progress(job_id=job.pk, progress=140, step="Đang vẽ trang 3", at=later)

    job.refresh_from_db()
    assert (job.progress, job.step, job.heartbeat_at) == (100, "Đang vẽ trang 3", later)


def test_report_progress_and_beat_of_a_job_that_is_not_running(at: datetime) -> None:
    job = JobFactory(failed=True)

    assert not report_progress(job_id=job.pk, progress=50, step="", at=at)
    assert not beat_job(job_id=job.pk, at=at)


def test_finish_job_keeps_result_for_seven_days(at: datetime) -> None:
    job = JobFactory(running=True)

    finished = finish_job(job_id=job.pk, result={"links": []}, at=at)

    assert (finished.state, finished.progress) == ("done", 100)
    assert finished.expires_at == at + timedelta(days=7)
    assert AuditEntry.objects.get().action == "desk.job_finished"


def test_finish_job_twice_keeps_the_first_result(at: datetime) -> None:
    job = JobFactory(running=True)
    finish_job(job_id=job.pk, result={"file": 1}, at=at)

    again = finish_job(job_id=job.pk, result={"file": 2}, at=at)

    assert again.result == {"file": 1}
    assert AuditEntry.objects.count() == 1


def test_finish_job_counts_even_if_it_was_given_up(at: datetime) -> None:
    job = JobFactory(failed=True)

    assert finish_job(job_id=job.pk, result={}, at=at).error == ""


def test_fail_job_tells_the_owner_in_plain_words(at: datetime) -> None:
    job = JobFactory(running=True)

    failed = fail_job(job_id=job.pk, error="Máy chủ đã hết chỗ.", at=at)

    assert failed is not None
    assert (failed.state, failed.error) == ("failed", "Máy chủ đã hết chỗ.")
    notice = Notice.objects.get(user=job.owner)
    assert notice.url == f"/tac-vu/{job.pk}/"
    assert job.title in notice.text


def test_fail_job_leaves_a_finished_one_alone(at: datetime) -> None:
    job = JobFactory(done=True)

    assert fail_job(job_id=job.pk, error="muộn", at=at) is None


def test_fail_job_without_owner_tells_nobody(at: datetime) -> None:
    fail_job(job_id=JobFactory(running=True, owner=None).pk, error="lỗi", at=at)

    assert not Notice.objects.exists()


def test_retry_job_starts_anew(at: datetime) -> None:
    job = JobFactory(failed=True, attempts=3)

    retry_job(job=job, by=job.owner, at=at)

    assert (job.state, job.attempts, job.error, job.expires_at) == ("queued", 0, "", None)
    assert claim_job(job_id=job.pk, at=at) is not None


def test_retry_job_refuses_what_has_not_failed(at: datetime) -> None:
    job = JobFactory(done=True)

    with pytest.raises(JobNotRetryable, match="không thành công"):
        retry_job(job=job, by=job.owner, at=at)


def test_sweep_jobs_leaves_the_living_alone(at: datetime) -> None:
    JobFactory(ring_at=at + timedelta(seconds=15), created_at=at)
    JobFactory(running=True, heartbeat_at=at - timedelta(seconds=59))
    JobFactory(done=True)

    assert sweep_jobs(at=at) == []


def test_sweep_jobs_rings_again_for_what_waits_too_long(at: datetime) -> None:
    """Redis was emptied: the message is gone, the row is not."""
    job = JobFactory(ring_at=at)

    assert sweep_jobs(at=at) == [job]
    assert sweep_jobs(at=at + timedelta(seconds=29)) == []
    assert sweep_jobs(at=at + timedelta(seconds=30)) == [job]
    job.refresh_from_db()
    assert job.rings == 2


def test_sweep_jobs_queues_a_lost_job_again_and_rings(at: datetime) -> None:
    job = JobFactory(running=True, heartbeat_at=at - timedelta(seconds=61))

    assert sweep_jobs(at=at) == [job]

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 1)


def test_sweep_jobs_gives_up_after_the_third_attempt(at: datetime) -> None:
    job = JobFactory()
    for attempt in range(MAX_ATTEMPTS):
        moment = at + timedelta(minutes=5 * attempt)
        assert claim_job(job_id=job.pk, at=moment) is not None
        sweep_jobs(at=moment + timedelta(seconds=61))

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 3)
    assert "3 lần" in job.error
    assert Notice.objects.filter(user=job.owner).count() == 1


@pytest.mark.django_db(transaction=True)
def test_sweep_jobs_twice_at_once_rings_each_job_once(at: datetime) -> None:
    jobs = {JobFactory(ring_at=at).pk for _ in range(5)}

    swept = both_at_once(lambda: [job.pk for job in sweep_jobs(at=at)])

    assert sorted(swept[0] + swept[1]) == sorted(jobs)


def test_clear_expired_forgets_after_seven_days(at: datetime) -> None:
    job, waiting = JobFactory(done=True, expires_at=at), JobFactory()
    IdempotencyKeyFactory(created_at=at - timedelta(days=7))
    kept = IdempotencyKeyFactory(created_at=at - timedelta(days=6))

    assert clear_expired(at=at) == 2

    assert not Job.objects.filter(pk=job.pk).exists()
    assert list(Job.objects.all()) == [waiting]
    assert list(IdempotencyKey.objects.all()) == [kept]
