"""Activities (hoạt động): what was held, when, by whom, for how many."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from apps.accounts.rules import Permission
from apps.programs.models.programs import Program
from apps.programs.models.sites import ModelSite
from apps.programs.rules import ActivityKind, Amount, OrganiserRole
from apps.units.permissions import scope_unit_ids

if TYPE_CHECKING:
    from apps.accounts.models import User


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Chains of conditions on activities."""

    def kept(self) -> ActivityQuerySet:
        """Keep what was not taken back as a mistake."""
        return self.filter(removed_at=None)

    def visible_to(
        self, user: User, on: date, permission: Permission = Permission.REGISTER_VIEW
    ) -> ActivityQuerySet:
        """Keep activities of which the user's scope holds an organiser."""
        scope = scope_unit_ids(user, on, permission)
        theirs = ActivityParty.objects.filter(unit_id__in=scope).values("activity_id")
        return self.kept().filter(Q(unit_id__in=scope) | Q(pk__in=theirs))

    def in_window(self, start: date, end: date) -> ActivityQuerySet:
        """Keep what was held from a day up to, but not on, another."""
        return self.filter(held_on__gte=start, held_on__lt=end)


class Activity(models.Model):
    """One activity of the movement; it falls in the period of the day it began."""

    kind = models.CharField("loại hoạt động", max_length=12, choices=ActivityKind.choices)
    title = models.CharField("nội dung", max_length=250)
    title_key = models.CharField(max_length=250, editable=False)
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị chủ trì"
    )
    held_on = models.DateField("ngày tổ chức")
    until = models.DateField("đến ngày", null=True, blank=True)
    place = models.CharField("nơi tổ chức", max_length=200, blank=True)
    sessions = models.PositiveIntegerField("số buổi, cuộc", default=1)
    points = models.PositiveIntegerField("số điểm", default=0)
    attendances = models.PositiveIntegerField("lượt người dự", null=True, blank=True)
    qualifier = models.CharField(
        "mức chính xác", max_length=6, choices=Amount.choices, default=Amount.EXACT
    )
    materials = models.PositiveIntegerField("tài liệu, tờ rơi", default=0)
    news = models.PositiveIntegerField("tin, bài đăng phát", default=0)
    posts = models.PositiveIntegerField("bài trên mạng xã hội", default=0)
    cost = models.DecimalField("kinh phí (đồng)", max_digits=15, decimal_places=0, default=0)
    site = models.ForeignKey(
        ModelSite,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name="của điểm mô hình",
    )
    program = models.ForeignKey(
        Program,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name="theo chương trình",
    )
    note = models.TextField("ghi chú", blank=True)
    client_token = models.CharField(max_length=64, blank=True)
    import_batch = models.ForeignKey(
        "desk.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lock_version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField("dữ liệu minh họa", default=False)
    created_at = models.DateTimeField("ghi lúc")
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField("sửa lúc")
    updated_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField("bỏ lúc", null=True, blank=True)
    removed_reason = models.CharField("lý do bỏ", max_length=300, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "hoạt động"
        verbose_name_plural = "hoạt động"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ActivityKind.values), name="activity_kind_known"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="activity_title_given"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("held_on")),
                name="activity_ends_after_start",
                violation_error_message="Ngày kết thúc không thể trước ngày tổ chức.",
            ),
            models.CheckConstraint(
                condition=Q(qualifier__in=Amount.values), name="activity_amount_known"
            ),
            models.CheckConstraint(
                condition=Q(qualifier=Amount.EXACT) | Q(attendances__gt=0),
                name="activity_amount_needs_people",
            ),
            models.CheckConstraint(condition=Q(cost__gte=0), name="activity_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(removed_at=None) | ~Q(removed_reason=""),
                name="activity_removed_says_why",
            ),
            models.UniqueConstraint(
                fields=["created_by", "client_token"],
                condition=~Q(client_token=""),
                name="activity_sent_once",
            ),
        ]
        indexes = [
            models.Index(fields=["-held_on", "-id"], name="activity_by_day"),
            models.Index(fields=["unit", "held_on"], name="activity_of_unit"),
            GinIndex(OpClass("title_key", name="gin_trgm_ops"), name="activity_title_trgm"),
        ]

    def __str__(self) -> str:
        """Name the activity with its day."""
        return f"{self.title} ({self.held_on:%d/%m/%Y})"


class ActivityParty(models.Model):
    """A unit that held an activity; the main organiser has a row too."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="parties")
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị"
    )
    role = models.CharField("vai trò", max_length=6, choices=OrganiserRole.choices)

    class Meta:
        verbose_name = "đơn vị tổ chức"
        verbose_name_plural = "đơn vị tổ chức"
        constraints = [
            models.UniqueConstraint(fields=["activity", "unit"], name="activity_party_once"),
            models.UniqueConstraint(
                fields=["activity"], condition=Q(role="main"), name="activity_one_main_organiser"
            ),
            models.CheckConstraint(
                condition=Q(role__in=OrganiserRole.values), name="activity_party_role_known"
            ),
        ]
        indexes = [models.Index(fields=["unit", "activity"], name="activity_party_of_unit")]

    def __str__(self) -> str:
        """Say who held it as what."""
        return f"{self.unit_id} {self.role} @ {self.activity_id}"
