"""Sites of models (điểm mô hình): where, whose, since when, in which state."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q

from apps.accounts.rules import Permission
from apps.programs.models.types import ModelType
from apps.programs.rules import LAWFUL_MOVES, HostKind, Level, PartyRole, SiteState
from apps.units.permissions import scope_unit_ids

if TYPE_CHECKING:
    from apps.accounts.models import User


class SiteQuerySet(models.QuerySet["ModelSite"]):
    """Chains of conditions on sites."""

    def kept(self) -> SiteQuerySet:
        """Keep what was not taken back as a mistake."""
        return self.filter(removed_at=None)

    def visible_to(
        self, user: User, on: date, permission: Permission = Permission.REGISTER_VIEW
    ) -> SiteQuerySet:
        """Keep sites of which the user's scope holds the place, an owner or a coordinator."""
        scope = scope_unit_ids(user, on, permission)
        joint = SiteParty.objects.filter(unit_id__in=scope).values("site_id")
        return self.kept().filter(Q(unit_id__in=scope) | Q(pk__in=joint))

    def operating_on(self, on: date) -> SiteQuerySet:
        """Keep sites that work on a day: launched, and not ended yet."""
        return self.kept().filter(Q(ended_on=None) | Q(ended_on__gt=on), launched_on__lte=on)


class ModelSite(models.Model):
    """One place that applies a model (điểm mô hình); a draft has no launch date yet."""

    model_type = models.ForeignKey(
        ModelType, on_delete=models.PROTECT, related_name="sites", verbose_name="loại mô hình"
    )
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị, địa bàn"
    )
    name = models.CharField("tên điểm", max_length=250)
    name_key = models.CharField(max_length=250, editable=False)
    sort_key = models.CharField(max_length=1100, editable=False)
    place = models.CharField(
        "nơi cụ thể", max_length=200, blank=True, help_text="Ấp, khóm, chi hội, cổng trường…"
    )
    place_key = models.CharField(max_length=200, blank=True, default="", editable=False)
    level = models.CharField("cấp quản lý", max_length=10, choices=Level.choices)
    host_kind = models.CharField("nơi áp dụng", max_length=20, choices=HostKind.choices)
    state = models.CharField(
        "trạng thái", max_length=14, choices=SiteState.choices, default=SiteState.DRAFT
    )
    launched_on = models.DateField("ngày ra mắt", null=True, blank=True)
    ended_on = models.DateField("ngày dừng", null=True, blank=True)
    taken_over_from = models.CharField(
        "tiếp nhận từ",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Đơn vị cũ đã lập điểm này, nếu điểm có trước đơn vị đang giữ.",
    )
    replicated_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replicas",
        verbose_name="nhân rộng từ",
    )
    note = models.TextField("ghi chú", blank=True)
    last_news_on = models.DateField("tin mới nhất", null=True, blank=True)
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

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = "điểm mô hình"
        verbose_name_plural = "điểm mô hình"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state=SiteState.DRAFT, launched_on=None)
                | (~Q(state=SiteState.DRAFT) & Q(launched_on__isnull=False)),
                name="site_launched_unless_draft",
            ),
            models.CheckConstraint(
                condition=Q(state=SiteState.ENDED, ended_on__isnull=False)
                | (~Q(state=SiteState.ENDED) & Q(ended_on=None)),
                name="site_ended_with_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gt=F("launched_on")),
                name="site_ends_after_launch",
                violation_error_message="Ngày dừng phải sau ngày ra mắt.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SiteState.values), name="site_state_known"
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="site_level_known"),
            models.CheckConstraint(
                condition=Q(host_kind__in=HostKind.values), name="site_host_known"
            ),
            models.CheckConstraint(
                condition=~Q(replicated_from=F("id")), name="site_not_its_own_replica"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | ~Q(removed_reason=""), name="site_removed_says_why"
            ),
            ExclusionConstraint(
                name="site_one_of_a_type_at_a_place",
                expressions=[
                    ("model_type", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("place_key", RangeOperators.EQUAL),
                    (
                        Func(
                            "launched_on",
                            "ended_on",
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(launched_on__isnull=False, removed_at=None),
                violation_error_message="Đơn vị này đã có một điểm cùng loại đang hoạt động. Nếu "
                "là chỗ khác, ghi rõ nơi cụ thể (ấp, khóm, chi hội…).",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="site_of_unit"),
            models.Index(fields=["sort_key", "id"], name="site_by_name"),
            models.Index(fields=["launched_on"], name="site_by_launch"),
            models.Index(F("launched_on").desc(nulls_last=True), name="site_by_late_launch"),
            models.Index(
                fields=["unit", "state"],
                include=[
                    "id",
                    "level",
                    "host_kind",
                    "model_type",
                    "launched_on",
                    "last_news_on",
                ],
                condition=Q(removed_at=None),
                name="site_counted",
            ),
            GinIndex(OpClass("name_key", name="gin_trgm_ops"), name="site_name_trgm"),
        ]

    def __str__(self) -> str:
        """Name the site with its code."""
        return f"{self.name} ({self.code})"

    @property
    def code(self) -> str:
        """Return the number under which people speak of the site."""
        return f"MH-{self.pk:05d}" if self.pk else "MH-mới"


class SiteParty(models.Model):
    """A unit that owns a site, or helps with it; each owner counts it once."""

    site = models.ForeignKey(ModelSite, on_delete=models.CASCADE, related_name="parties")
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị"
    )
    role = models.CharField("vai trò", max_length=12, choices=PartyRole.choices)

    class Meta:
        verbose_name = "đơn vị cùng tham gia"
        verbose_name_plural = "đơn vị cùng tham gia"
        constraints = [
            models.UniqueConstraint(fields=["site", "unit"], name="site_party_once"),
            models.CheckConstraint(
                condition=Q(role__in=PartyRole.values), name="site_party_role_known"
            ),
        ]
        indexes = [models.Index(fields=["unit", "role", "site"], name="site_party_of_unit")]

    def __str__(self) -> str:
        """Say who takes part as what."""
        return f"{self.unit_id} {self.role} @ {self.site_id}"


class SiteMove(models.Model):
    """One step in the life of a site, with day, reason and document; in lawful order only."""

    site = models.ForeignKey(ModelSite, on_delete=models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=14, choices=SiteState.choices)
    to_state = models.CharField("trạng thái mới", max_length=14, choices=SiteState.choices)
    on = models.DateField("từ ngày")
    reason = models.CharField("lý do", max_length=500, blank=True)
    document_number = models.CharField("số văn bản", max_length=60, blank=True)
    document_on = models.DateField("ngày văn bản", null=True, blank=True)
    at = models.DateTimeField("ghi lúc")
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "lần đổi trạng thái"
        verbose_name_plural = "lần đổi trạng thái"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(
                        Q(from_state=before, to_state__in=after)
                        for before, after in LAWFUL_MOVES.items()
                        if after
                    ),
                    _connector=Q.OR,
                ),
                name="site_move_lawful",
            ),
            models.CheckConstraint(
                condition=Q(from_state=SiteState.DRAFT) | ~Q(reason=""), name="site_move_says_why"
            ),
        ]
        indexes = [models.Index(fields=["site", "on"], name="site_move_of_site")]

    def __str__(self) -> str:
        """Say what became of what, when."""
        return f"{self.site_id}: {self.from_state} → {self.to_state} {self.on}"
