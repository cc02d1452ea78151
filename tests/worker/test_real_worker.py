"""A real worker renders a real paper; killed midway or with Redis emptied, nothing is lost."""

from __future__ import annotations

import hashlib
from contextlib import closing

import pytest

from frontdoor import processes
from tests.portal import Portal, broker, last_lines, owner_connection, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.slow, pytest.mark.xdist_group("portal")]

ORDER = """
from django.utils import timezone
from apps.accounts.models import User
from apps.reports.models import Obligation
from apps.reports.services.documents import order_document
from apps.reports.tasks import ring_document
from apps.units.models import Unit
accepted = Obligation.objects.filter(report__state="accepted", period__kind="month")
job = order_document(
    root=Unit.objects.get(code="TINH-82"),
    period=accepted.order_by("-period__end").first().period,
    incomplete_reason={reason!r},
    by=User.objects.get(username="tinh.tonghop"),
    at=timezone.now(),
)
ring_document(job)
answer = job.pk
"""
SWEEP_LATER = """
from datetime import timedelta
from django.utils import timezone
from apps.desk.services import sweep_jobs
from apps.desk.tasks import ring
found = sweep_jobs(at=timezone.now() + timedelta(minutes=5))
for job in found:
    ring(job)
answer = [job.pk for job in found]
"""
FILES = """
SELECT file.path, file.sha256, file.size FROM papers_paperfile file
JOIN reports_document document ON document.paper_id = file.paper_id
WHERE document.job_id = %s AND file.format = 'pdf'
"""


def order(portal: Portal, reason: str) -> int:
    """Order a paper as the page does; another reason makes it another paper."""
    return int(portal.ask(ORDER.format(reason=reason)))


def job_of(portal: Portal, job: int) -> tuple[str, int, int]:
    """Return a job's state, progress and attempts."""
    return portal.rows("SELECT state, progress, attempts FROM desk_job WHERE id = %s", job)[0]


def wait_for(portal: Portal, job: int, state: str) -> None:
    """Wait until a job is in a state."""
    wait_until(
        lambda: job_of(portal, job)[0] == state,
        30,
        lambda: f"{job_of(portal, job)}\n{last_lines(portal)}",
    )


def assert_kept(portal: Portal, job: int) -> None:
    """Compare the PDF on the disk with what the database says of it."""
    [(path, sha256, size)] = portal.rows(FILES, job)
    content = (portal.files / path).read_bytes()
    assert content.startswith(b"%PDF-")
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size)


def assert_no_half_files(portal: Portal) -> None:
    """Every file is whole: its name is the digest of what is in it."""
    for path in portal.files.rglob("*"):
        if path.is_file():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name.split(".")[0]


def test_a_worker_renders_an_ordered_paper(portal: Portal) -> None:
    job = order(portal, "Thử một: lập khi chưa đủ.")

    wait_for(portal, job, "done")

    assert job_of(portal, job) == ("done", 100, 1)
    assert_kept(portal, job)


def test_a_worker_killed_in_mid_render_loses_nothing(portal: Portal) -> None:
    with closing(owner_connection(portal.database)) as connection, connection.cursor() as cursor:
        # The worker renders, then stands before this lock: the middle of its job, made long.
        cursor.execute("LOCK TABLE papers_paperfile IN ACCESS EXCLUSIVE MODE")
        job = order(portal, "Thử hai: lập khi chưa đủ.")
        wait_for(portal, job, "running")
        processes.kill_session(portal.running["worker"].process.pid)
        portal.running.pop("worker").process.wait()
        connection.rollback()
    assert job_of(portal, job)[0] == "running"
    assert_no_half_files(portal)

    portal.start_worker()
    assert job in portal.ask(SWEEP_LATER)
    wait_for(portal, job, "done")

    assert job_of(portal, job)[2] == 2
    assert_kept(portal, job)
    assert_no_half_files(portal)


def test_an_emptied_redis_loses_no_job(portal: Portal) -> None:
    worker = portal.running.pop("worker")
    worker.ask_to_end()
    assert worker.wait_or_kill(lambda: False)
    job = order(portal, "Thử ba: lập khi chưa đủ.")
    assert broker(portal).dbsize() > 0
    broker(portal).flushdb()
    portal.start_worker()
    assert job_of(portal, job)[0] == "queued"

    assert job in portal.ask(SWEEP_LATER)

    wait_for(portal, job, "done")
    assert_kept(portal, job)
