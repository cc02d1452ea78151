"""Long lists as Excel files: ordered by a click, written in the background, kept for their owner.

An app that has such a list orders it with ``order_export`` and lets its task call ``make_export``
with what writes the sheet. Whatever happens to the worker, the job names one whole file or none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO, TypeVar

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.numbers import format_number
from apps.core.passing import PassingFile, drop_passing, keep_for_a_while, open_passing
from apps.desk.models import Job
from apps.desk.permissions import holds_posts, posts_with
from apps.desk.rules import NoticeKind, Queue
from apps.desk.services.jobs import (
    claim_job,
    fail_job,
    finish_job,
    queue_job,
    report_progress,
)
from apps.desk.services.notices import notify

EXPORT_KIND = "export"
MOST_WAITING = 3
CHUNK = 1_000
NO_RIGHT = "Bạn không còn quyền xem danh sách này nên tệp không được lập."

T = TypeVar("T")
Clock = Callable[[], datetime]
# Takes (how many rows are written, of how many); raises JobTaken when the job is no longer ours.
Step = Callable[[int, int], None]
Writer = Callable[[Job, User, BinaryIO, Step], None]


class ExportRefused(DomainError):
    """A file cannot be ordered or handed out."""


class JobTaken(Exception):
    """Another worker has taken the job over."""


@dataclass(frozen=True, slots=True)
class NewExport:
    """What is to be exported: words for the owner, the task that makes it, what that reads."""

    title: str
    file_name: str
    task: str
    params: dict[str, Any]


@transaction.atomic
def order_export(*, new: NewExport, by: User, at: datetime) -> Job:
    """Queue a list as an Excel file; the same list ordered again meanwhile is the same job."""
    params = new.params | {"file_name": new.file_name}
    own = Job.objects.filter(owner=by, kind=EXPORT_KIND).active()
    same = own.filter(task=new.task, params=params).first()
    if same is not None:
        return same
    if own.count() >= MOST_WAITING:
        raise ExportRefused(
            f"Bạn đang có {MOST_WAITING} tệp chờ lập. Đợi lập xong ở mục Tác vụ rồi xuất tiếp."
        )
    told = hashlib.sha256(json.dumps([new.task, params], sort_keys=True).encode()).hexdigest()
    return queue_job(
        kind=EXPORT_KIND,
        title=new.title,
        task=new.task,
        queue=Queue.BULK,
        params=params,
        dedup_key=f"export:{by.pk}:{told[:40]}:{at:%Y%m%d%H%M}",  # two clicks at one moment
        by=by,
        at=at,
    )


def make_export(*, job_id: int, permission: Permission, write: Writer, clock: Clock) -> Job | None:
    """Write an ordered list; nothing happens when another worker has it or it is done."""
    job = claim_job(job_id=job_id, at=clock())
    if job is None:
        return None
    owner, on = job.owner, timezone.localdate(clock())
    posts = posts_with(owner, on, permission) if owner else []
    if owner is None or not holds_posts(owner, on, permission, posts):
        return fail_job(job_id=job.pk, error=NO_RIGHT, at=clock())

    def step(done: int, total: int) -> None:
        words = f"Đã ghi {format_number(done)} / {format_number(total)} dòng"
        percent = 5 + 90 * done // max(total, 1)
        if not report_progress(job_id=job.pk, progress=percent, step=words, at=clock()):
            raise JobTaken

    try:
        kept = keep_for_a_while(lambda file: write(job, owner, file, step), "xlsx")
    except JobTaken:
        return None
    except DomainError as error:
        return fail_job(job_id=job.pk, error=error.message, at=clock())
    return _finish(job, kept, {"permission": permission.value, "posts": posts}, clock())


@transaction.atomic
def hand_out_export(*, job: Job, by: User, at: datetime) -> BinaryIO:
    """Open the file of a job for its owner, who must still see all that he saw then."""
    result = job.result
    on = timezone.localdate(at)
    if not holds_posts(by, on, Permission(result["permission"]), result["posts"]):
        raise ExportRefused(
            "Quyền hoặc đơn vị của bạn đã thay đổi từ khi lập tệp nên tệp cũ không tải được nữa. "
            "Hãy xuất lại danh sách."
        )
    file = open_passing(PassingFile(**result["file"]))
    record_action(action="desk.export_handed_out", by=by, at=at, target=job)
    return file


def no_step(_done: int, _total: int) -> None:
    """Tell nobody how far it is: the reader waits for the file itself."""


def in_chunks(
    ids: Sequence[int], rows_of: Callable[[Sequence[int]], Iterable[T]], step: Step
) -> Iterator[T]:
    """Yield the rows of many ids, a thousand at a time, saying how far it is."""
    for start in range(0, len(ids), CHUNK):
        step(start, len(ids))
        yield from rows_of(ids[start : start + CHUNK])


@transaction.atomic
def _finish(job: Job, kept: PassingFile, seen: dict[str, Any], at: datetime) -> Job:
    """Name the file in the job and tell its owner; a file that came second is dropped."""
    url = reverse("desk:export", args=[job.pk])
    links = [{"label": "Tải tệp Excel", "url": url}]
    done = finish_job(job_id=job.pk, result=seen | {"file": asdict(kept), "links": links}, at=at)
    if done.result["file"]["name"] != kept.name:
        drop_passing(kept)
    elif job.owner is not None:
        page = reverse("desk:job", args=[job.pk])
        text = f"Đã lập xong: {job.title}"
        notify(users=[job.owner], text=text, url=page, kind=NoticeKind.DONE, at=at)
    return done
