"""Forces that take part in keeping order at the base (lực lượng): stocks as of a day.

Numbers only, never a roster. Kinds are dated data: ban bảo vệ dân phố was abolished on
01/07/2024 (Luật Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở, số 30/2023/QH15).
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from apps.core.dates import format_date
from apps.units.models.tree import Unit


class ForceKindQuerySet(models.QuerySet["ForceKind"]):
    """Chains of conditions on kinds."""

    def in_use_on(self, on: date) -> ForceKindQuerySet:
        """Keep the kinds that the law knows on a day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on)
        )


class ForceKind(models.Model):
    """A kind of force; the codes say which indicators count its teams and its members."""

    code = models.SlugField("mã", max_length=30, unique=True)
    name = models.CharField("tên lực lượng", max_length=200)
    team_word = models.CharField("đơn vị đếm", max_length=20, default="tổ")
    has_teams = models.BooleanField("đếm số tổ, ban, đội", default=True)
    has_due = models.BooleanField("có số phải có", default=False)
    has_members = models.BooleanField("đếm số thành viên", default=True)
    is_rated = models.BooleanField("được xếp loại hằng năm", default=False)
    teams_code = models.CharField("chỉ tiêu số tổ", max_length=10, blank=True)
    due_code = models.CharField("chỉ tiêu số phải có", max_length=10, blank=True)
    members_code = models.CharField("chỉ tiêu số thành viên", max_length=10, blank=True)
    rating_code = models.CharField("chỉ tiêu xếp loại", max_length=10, blank=True)
    valid_from = models.DateField("có từ ngày", null=True, blank=True)
    valid_to = models.DateField(
        "bãi bỏ từ ngày", null=True, blank=True, help_text="Ngày đầu tiên không còn loại này."
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_verified = models.BooleanField("đã kiểm chứng", default=True)
    mark = models.CharField("điều chưa kiểm chứng", max_length=250, blank=True)
    source = models.CharField("căn cứ", max_length=250, blank=True)

    objects = ForceKindQuerySet.as_manager()

    class Meta:
        verbose_name = "loại lực lượng"
        verbose_name_plural = "loại lực lượng"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
                name="forcekind_valid_order",
                violation_error_message="Ngày bãi bỏ phải sau ngày có.",
            ),
            models.CheckConstraint(
                condition=Q(is_verified=True) | ~Q(mark=""), name="forcekind_unverified_says_why"
            ),
        ]

    def __str__(self) -> str:
        """Name the kind."""
        return self.name

    def obstacle_on(self, on: date) -> str:
        """Say why the law does not know the kind on a day; nothing where it does."""
        if self.valid_from and on < self.valid_from:
            return f"{self.name} có từ ngày {format_date(self.valid_from)}."
        if self.valid_to and on >= self.valid_to:
            return f"{self.name} đã bãi bỏ từ ngày {format_date(self.valid_to)}."
        return ""


class ForceStockQuerySet(models.QuerySet["ForceStock"]):
    """Chains of conditions on stocks."""

    def of_kinds_in_use(self, on: date) -> ForceStockQuerySet:
        """Keep the stocks of kinds that the law knows on a day."""
        return self.filter(kind__in=ForceKind.objects.in_use_on(on))

    def latest_each(self) -> ForceStockQuerySet:
        """Keep the last row of each unit and kind: it holds until another one is written."""
        rows = self.order_by("unit_id", "kind_id", "-as_of")
        return rows.distinct("unit_id", "kind_id")


class ForceStock(models.Model):
    """How many teams and members of a kind a unit has as of a day; it holds until the next row."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="forces", verbose_name="Đơn vị")
    kind = models.ForeignKey(
        ForceKind, models.PROTECT, related_name="stocks", verbose_name="Loại lực lượng"
    )
    as_of = models.DateField("Tính đến ngày")
    teams = models.PositiveIntegerField("Số tổ, ban, đội", null=True, blank=True)
    teams_due = models.PositiveIntegerField("Số phải có", null=True, blank=True)
    members = models.PositiveIntegerField("Số thành viên", null=True, blank=True)
    is_unchanged = models.BooleanField("Khai không thay đổi", default=False)
    note = models.CharField("Ghi chú", max_length=300, blank=True)
    is_demo = models.BooleanField("Dữ liệu minh họa", default=False)
    recorded_at = models.DateTimeField("Ghi lúc")
    recorded_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ForceStockQuerySet.as_manager()

    class Meta:
        verbose_name = "quân số lực lượng"
        verbose_name_plural = "quân số lực lượng"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "as_of"], name="forcestock_once_a_day"),
            models.CheckConstraint(
                condition=Q(teams__isnull=False) | Q(members__isnull=False),
                name="forcestock_says_something",
            ),
            models.CheckConstraint(
                condition=Q(teams=None) | Q(teams_due=None) | Q(teams__lte=F("teams_due")),
                name="forcestock_not_more_than_due",
                violation_error_message="Số đã có không thể nhiều hơn số phải có.",
            ),
        ]

    def __str__(self) -> str:
        """Give unit, kind and day."""
        return f"{self.unit_id}/{self.kind_id} {self.as_of}"


class ForceRating(models.Model):
    """How many teams of a kind reached which level in a year (A11); level codes are data."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="force_ratings", verbose_name="Đơn vị"
    )
    kind = models.ForeignKey(ForceKind, models.PROTECT, related_name="ratings")
    year = models.PositiveSmallIntegerField("Năm")
    level = models.SlugField("Mức xếp loại", max_length=30)
    teams = models.PositiveIntegerField("Số tổ")
    recorded_at = models.DateTimeField("Ghi lúc")
    recorded_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "xếp loại lực lượng"
        verbose_name_plural = "xếp loại lực lượng"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "year", "level"], name="forcerating_once"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1976, year__lte=2200), name="forcerating_year"
            ),
        ]

    def __str__(self) -> str:
        """Give unit, year and level."""
        return f"{self.unit_id} {self.year} {self.level}: {self.teams}"
