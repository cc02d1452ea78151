"""Jobs, notices, repeated requests and imports: the row is the queue, Celery rings the bell."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.desk.rules import (
    JOB_TONES,
    MAX_ATTEMPTS,
    OUR_ADDRESS,
    ImportState,
    JobLink,
    JobState,
    NoticeKind,
    Queue,
    is_our_address,
)
from apps.units.models import Membership, UnitClosure

if TYPE_CHECKING:
    from apps.accounts.models import User


class JobQuerySet(models.QuerySet["Job"]):
    """Chains of conditions on jobs."""

    def visible_to(self, user: User, at: datetime) -> JobQuerySet:
        """Keep the user's own jobs that have not expired; nobody sees another's."""
        return self.filter(owner_id=user.pk).filter(Q(expires_at=None) | Q(expires_at__gt=at))

    def active(self) -> JobQuerySet:
        """Keep jobs that wait or run."""
        return self.filter(state__in=(JobState.QUEUED, JobState.RUNNING))


class Job(models.Model):
    """One piece of background work, written in the transaction that asks for it."""

    kind = models.CharField("loại", max_length=50)
    title = models.CharField("tên", max_length=250)
    owner = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name="người giao",
        help_text="Trống khi hệ thống giao theo lịch.",
    )
    unit = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="đơn vị",
    )
    state = models.CharField(
        "trạng thái", max_length=8, choices=JobState.choices, default=JobState.QUEUED
    )
    progress = models.PositiveSmallIntegerField("tiến độ (%)", default=0)
    step = models.CharField("bước", max_length=200, blank=True)
    task = models.CharField("hàm chạy", max_length=100)
    queue = models.CharField("hàng đợi", max_length=12, choices=Queue.choices)
    params = models.JSONField("tham số", default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField("số lần chạy", default=0)
    dedup_key = models.CharField(
        "khóa chống trùng", max_length=200, null=True, blank=True, unique=True
    )
    rings = models.PositiveSmallIntegerField("số lần gọi lại", default=0)
    ring_at = models.DateTimeField("gọi lại lúc")
    claimed_at = models.DateTimeField("nhận lúc", null=True, blank=True)
    heartbeat_at = models.DateTimeField("còn chạy lúc", null=True, blank=True)
    result = models.JSONField("kết quả", default=dict, blank=True)
    error = models.TextField("lỗi", blank=True)
    created_at = models.DateTimeField("giao lúc")
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)
    expires_at = models.DateTimeField("giữ đến", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "tác vụ"
        verbose_name_plural = "tác vụ"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(queue__in=Queue.values), name="job_queue_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_range"),
            models.CheckConstraint(
                condition=Q(attempts__lte=MAX_ATTEMPTS), name="job_attempts_max"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=(JobState.DONE, JobState.FAILED),
                    finished_at__isnull=False,
                    expires_at__isnull=False,
                )
                | Q(
                    state__in=(JobState.QUEUED, JobState.RUNNING),
                    finished_at=None,
                    expires_at=None,
                ),
                name="job_finished_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING)
                | Q(claimed_at__isnull=False, heartbeat_at__isnull=False),
                name="job_running_is_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.FAILED) | ~Q(error=""), name="job_failed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="job_of_owner"),
            models.Index(
                fields=["state", "ring_at"],
                condition=Q(state__in=(JobState.QUEUED, JobState.RUNNING)),
                name="job_open",
            ),
        ]

    def __str__(self) -> str:
        """Name the job with its state."""
        return f"#{self.pk} {self.title} ({self.get_state_display()})"

    @property
    def is_active(self) -> bool:
        """Say whether the job still waits or runs."""
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def tone(self) -> str:
        """Give the tone of the state's badge."""
        return JOB_TONES[JobState(self.state)]

    @property
    def links(self) -> list[JobLink]:
        """List what the job has made; only addresses of the portal itself are shown."""
        return [
            JobLink(str(link["label"]), str(link["url"]))
            for link in self.result.get("links", [])
            if is_our_address(str(link["url"]))
        ]


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Chains of conditions on notices."""

    def visible_to(self, user: User) -> NoticeQuerySet:
        """Keep the user's own messages."""
        return self.filter(user_id=user.pk)

    def unread(self) -> NoticeQuerySet:
        """Keep messages not read yet."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """A message to one user, with the page to go to."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="notices", verbose_name="người nhận"
    )
    text = models.CharField("nội dung", max_length=500)
    url = models.CharField("trang", max_length=300, blank=True)
    kind = models.CharField(
        "loại", max_length=10, choices=NoticeKind.choices, default=NoticeKind.INFO
    )
    created_at = models.DateTimeField("gửi lúc")
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__regex=OUR_ADDRESS), name="notice_url_is_ours"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        """Give the message with its number."""
        return f"#{self.pk} {self.text}"


class IdempotencyKey(models.Model):
    """The answer to a request that a browser may send twice."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="+", verbose_name="người gửi"
    )
    key = models.CharField("khóa", max_length=64)
    fingerprint = models.CharField("dấu vết nội dung", max_length=64)
    response = models.JSONField("câu trả lời", default=dict)
    created_at = models.DateTimeField("lúc", db_index=True)

    class Meta:
        verbose_name = "yêu cầu đã trả lời"
        verbose_name_plural = "yêu cầu đã trả lời"
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once"),
            models.CheckConstraint(condition=~Q(key=""), name="idempotency_key_given"),
        ]

    def __str__(self) -> str:
        """Give owner and key."""
        return f"{self.user_id}/{self.key}"


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    """Chains of conditions on imports."""

    def visible_to(self, user: User) -> ImportBatchQuerySet:
        """Keep the user's own imports."""
        return self.filter(owner_id=user.pk)


class ImportBatch(models.Model):
    """A file that was read, shown, perhaps applied and perhaps taken back.

    The summary holds what was read until it is applied; a preview that nobody applied expires.
    """

    kind = models.CharField("loại", max_length=50)
    owner = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="imports", verbose_name="người nhập"
    )
    file_name = models.CharField("tên tệp", max_length=250)
    sha256 = models.CharField("mã băm", max_length=64)
    state = models.CharField(
        "trạng thái", max_length=10, choices=ImportState.choices, default=ImportState.PREVIEWED
    )
    summary = models.JSONField("tóm tắt", default=dict, blank=True)
    created_at = models.DateTimeField("đọc lúc")
    applied_at = models.DateTimeField("ghi nhận lúc", null=True, blank=True)
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt nhập từ Excel"
        verbose_name_plural = "đợt nhập từ Excel"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ImportState.PREVIEWED, applied_at=None, undone_at=None)
                | Q(state=ImportState.EXPIRED, applied_at=None, undone_at=None, summary={})
                | Q(state=ImportState.APPLIED, applied_at__isnull=False, undone_at=None)
                | Q(state=ImportState.UNDONE, applied_at__isnull=False, undone_at__isnull=False),
                name="import_state_times",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="import_sha256_form"
            ),
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="import_of_owner")]

    def __str__(self) -> str:
        """Name the file with its state."""
        return f"#{self.pk} {self.file_name} ({self.get_state_display()})"


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Chains of conditions on saved filters."""

    def visible_to(self, user: User, on: date) -> SavedFilterQuerySet:
        """Keep the user's own filters, and those shared with a unit of his or one above it.

        Who has left the unit, or the portal, shares nothing there any more.
        """
        posts = Membership.objects.alive_on(on)
        mine = posts.filter(user_id=user.pk).values("unit_id")
        above = UnitClosure.objects.alive_on(on).filter(descendant__in=mine)
        stays = posts.filter(user_id=OuterRef("owner_id"), unit_id=OuterRef("shared_with_id"))
        shared = Q(Exists(stays), shared_with__in=above.values("ancestor"), owner__is_active=True)
        return self.filter(Q(owner_id=user.pk) | shared)


class SavedFilter(models.Model):
    """A list's filters under a name; it holds a query string, never what the query finds."""

    owner = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="+", verbose_name="người lưu"
    )
    page = models.CharField("trang", max_length=60)
    name = models.CharField("tên bộ lọc", max_length=80)
    query = models.CharField("điều kiện", max_length=1000, blank=True)
    shared_with = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="dùng chung với",
        help_text="Đơn vị này và các đơn vị trực thuộc cùng dùng; trống: chỉ người lưu.",
    )
    created_at = models.DateTimeField("lưu lúc")

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ lọc đã lưu"
        verbose_name_plural = "bộ lọc đã lưu"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                name="saved_filter_name_once",
                violation_error_message="Bạn đã có bộ lọc tên này.",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_filter_name_given"),
        ]

    def __str__(self) -> str:
        """Name the filter."""
        return self.name
