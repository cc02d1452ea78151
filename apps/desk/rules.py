"""States of jobs and imports, and the limits of patience."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from django.db.models import TextChoices


class JobState(TextChoices):
    """Where a job is."""

    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Xong"
    FAILED = "failed", "Không thành công"


class Queue(TextChoices):
    """The queues that workers listen to; a short PDF never waits behind a bulk run."""

    INTERACTIVE = "interactive", "Tương tác"
    DOCUMENTS = "documents", "Văn bản"
    BULK = "bulk", "Hàng loạt"
    MAIL = "mail", "Thư"


class ImportState(TextChoices):
    """Where an import is: shown to its owner, written or forgotten, taken back."""

    PREVIEWED = "previewed", "Đã xem trước"
    APPLIED = "applied", "Đã ghi nhận"
    UNDONE = "undone", "Đã hoàn tác"
    EXPIRED = "expired", "Đã hết hạn"


class NoticeKind(TextChoices):
    """What a message is about; it decides icon and word on screen."""

    INFO = "info", "Thông tin"
    TASK = "task", "Việc cần làm"
    DOCUMENT = "document", "Văn bản"
    WARNING = "warning", "Lưu ý"
    DONE = "done", "Đã xong"


@dataclass(frozen=True, slots=True)
class JobLink:
    """What a finished job offers: a word and a page or file of the portal."""

    label: str
    url: str


JOB_TONES = {
    JobState.QUEUED: "wait",
    JobState.RUNNING: "info",
    JobState.DONE: "done",
    JobState.FAILED: "bad",
}
# A path on this site: neither "//other.site" nor "/\\other.site", which browsers read alike.
OUR_ADDRESS = r"^/([^/\\]|$)"
MAX_ATTEMPTS = 3
LOST_AFTER = timedelta(seconds=60)
RING_AFTER = timedelta(seconds=15)
MAX_RING_PAUSE = timedelta(minutes=2)
KEPT_FOR = timedelta(days=7)
PREVIEWS_KEPT_FOR = timedelta(days=30)
BEAT_EVERY = timedelta(seconds=15)
# The lists whose filters may be kept, by the names of their addresses.
FILTER_PAGES = ("programs:sites", "programs:activities")
MAX_FILTERS = 50  # of one person for one list
MAX_SHARED = 30  # in one unit for one list
PAGE_NUMBER = "trang"


def is_our_address(url: str) -> bool:
    """Say whether an address stays on this site."""
    return bool(re.match(OUR_ADDRESS, url))


def ring_pause(rings: int) -> timedelta:
    """Say how long to wait for a worker before ringing again: 15 s, doubling up to 2 minutes."""
    return min(RING_AFTER * (1 << min(rings, 8)), MAX_RING_PAUSE)


def kept_query(query: str) -> str:
    """Return what of a list's query string is worth keeping: all but empty parts and the page."""
    parts = parse_qsl(query.lstrip("?"))
    return urlencode([(name, value) for name, value in parts if name != PAGE_NUMBER])
