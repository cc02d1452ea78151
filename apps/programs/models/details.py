"""What a site consists of and what it brings: teams, things, money, aims, files, ratings.

Members are a number, never a roster (design.md section 1).
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from apps.programs.models.sites import ModelSite
from apps.programs.models.types import ModelType
from apps.programs.rules import Amount, EquipmentKind, FileKind, FundingSource, ReferralKind
from apps.units.models.dated import Dated, DatedQuerySet, proper_range


class SiteTeam(Dated):
    """One or several like teams (tổ) of a site with their members, between two dates."""

    site = models.ForeignKey(ModelSite, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField("tên tổ", max_length=150, blank=True)
    name_key = models.CharField(max_length=150, blank=True, default="", editable=False)
    n_teams = models.PositiveIntegerField("số tổ", default=1)
    members = models.PositiveIntegerField("số thành viên", null=True, blank=True)
    qualifier = models.CharField(
        "mức chính xác", max_length=6, choices=Amount.choices, default=Amount.EXACT
    )

    objects = DatedQuerySet["SiteTeam"].as_manager()

    class Meta:
        verbose_name = "tổ của mô hình"
        verbose_name_plural = "tổ của mô hình"
        constraints = [
            proper_range("site_team_valid_is_proper"),
            models.CheckConstraint(
                condition=Q(qualifier__in=Amount.values), name="site_team_amount_known"
            ),
            models.CheckConstraint(
                condition=Q(qualifier=Amount.EXACT) | Q(members__gt=0),
                name="site_team_amount_needs_members",
            ),
            ExclusionConstraint(
                name="site_team_one_at_a_time",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("name_key", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        """Give the numbers."""
        return f"{self.site_id}: {self.n_teams} tổ, {self.members} thành viên"


class SiteEquipment(Dated):
    """Things a site works with, between two dates."""

    site = models.ForeignKey(ModelSite, on_delete=models.CASCADE, related_name="equipment")
    kind = models.CharField("loại thiết bị", max_length=12, choices=EquipmentKind.choices)
    name = models.CharField("tên, ghi chú", max_length=150, blank=True)
    quantity = models.PositiveIntegerField("số lượng")

    objects = DatedQuerySet["SiteEquipment"].as_manager()

    class Meta:
        verbose_name = "thiết bị của mô hình"
        verbose_name_plural = "thiết bị của mô hình"
        constraints = [
            proper_range("site_equipment_valid_is_proper"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="site_equipment_some"),
            models.CheckConstraint(
                condition=Q(kind__in=EquipmentKind.values), name="site_equipment_kind_known"
            ),
        ]

    def __str__(self) -> str:
        """Say how many of what."""
        return f"{self.site_id}: {self.quantity} {self.get_kind_display()}"


class SiteFunding(models.Model):
    """Money for a site on a day, by source."""

    site = models.ForeignKey(ModelSite, on_delete=models.CASCADE, related_name="funding")
    source = models.CharField("nguồn", max_length=8, choices=FundingSource.choices)
    amount = models.DecimalField("số tiền (đồng)", max_digits=15, decimal_places=0)
    received_on = models.DateField("ngày")
    note = models.CharField("ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "kinh phí của mô hình"
        verbose_name_plural = "kinh phí của mô hình"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="site_funding_some"),
            models.CheckConstraint(
                condition=Q(source__in=FundingSource.values), name="site_funding_source_known"
            ),
        ]

    def __str__(self) -> str:
        """Give the amount."""
        return f"{self.site_id}: {self.amount} đồng ({self.get_source_display()})"


class SiteObjective(models.Model):
    """One aim of a site, in a sentence."""

    site = models.ForeignKey(ModelSite, on_delete=models.CASCADE, related_name="objectives")
    text = models.CharField("mục tiêu", max_length=300)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "mục tiêu của mô hình"
        verbose_name_plural = "mục tiêu của mô hình"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="site_objective_says_something"),
        ]

    def __str__(self) -> str:
        """Give site and aim."""
        return f"{self.site_id}: {self.text}"


class SiteResult(models.Model):
    """What became of an aim in a year."""

    objective = models.ForeignKey(SiteObjective, on_delete=models.CASCADE, related_name="results")
    year = models.PositiveSmallIntegerField("năm")
    text = models.CharField("kết quả", max_length=500)
    noted_on = models.DateField(
        "ghi ngày", help_text="Ghi sau khi năm đã hết thì là ngày cuối cùng của năm."
    )

    class Meta:
        verbose_name = "kết quả hằng năm"
        verbose_name_plural = "kết quả hằng năm"
        constraints = [
            models.UniqueConstraint(fields=["objective", "year"], name="site_result_once_a_year"),
            models.CheckConstraint(
                condition=Q(year__gte=1976, year__lte=2200), name="site_result_year"
            ),
        ]

    def __str__(self) -> str:
        """Give year and result."""
        return f"{self.objective_id} năm {self.year}: {self.text}"


class ProtectedObject(models.Model):
    """What a site guards, by type and number: "500 trạm BTS"."""

    site = models.ForeignKey(ModelSite, on_delete=models.CASCADE, related_name="protected")
    kind = models.CharField("đối tượng bảo vệ", max_length=150)
    quantity = models.PositiveIntegerField("số lượng")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "đối tượng bảo vệ"
        verbose_name_plural = "đối tượng bảo vệ"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="protected_object_some"),
        ]

    def __str__(self) -> str:
        """Say how many of what."""
        return f"{self.site_id}: {self.quantity} {self.kind}"


class SiteFile(models.Model):
    """A document or a photo of a place, kept by its hash; none of people who are helped.

    A path ends in the hash of what lies there; a photo has a small picture of itself beside it.
    """

    site = models.ForeignKey(ModelSite, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField("loại", max_length=8, choices=FileKind.choices)
    title = models.CharField("nội dung", max_length=200)
    name = models.CharField("tên tệp", max_length=120)
    mime = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    small_path = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Bản nhỏ của ảnh, để hiện trên trang.",
    )
    uploaded_at = models.DateTimeField("tải lên lúc")
    uploaded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "tệp của mô hình"
        verbose_name_plural = "tệp của mô hình"
        constraints = [
            models.UniqueConstraint(fields=["site", "sha256"], name="site_file_once"),
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="site_file_kind"),
        ]

    def __str__(self) -> str:
        """Give the title."""
        return f"{self.site_id}: {self.title}"


class RatingLevel(models.Model):
    """One level of the scale on which models are rated; its code is a part of indicator E9."""

    code = models.SlugField("mã", max_length=30, unique=True)
    name = models.CharField("tên mức", max_length=100)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True, db_default=True)
    is_verified = models.BooleanField("đã kiểm chứng", default=True)
    mark = models.CharField("điều chưa kiểm chứng", max_length=250, blank=True)
    source = models.CharField("nguồn", max_length=250, blank=True)

    class Meta:
        verbose_name = "mức xếp loại mô hình"
        verbose_name_plural = "mức xếp loại mô hình"

    def __str__(self) -> str:
        """Name the level."""
        return self.name


class RatingCriterion(models.Model):
    """One criterion of the yearly rating; criteria are data."""

    code = models.SlugField("mã", max_length=30, unique=True)
    name = models.CharField("tiêu chí", max_length=250)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)
    source = models.CharField("nguồn", max_length=250, blank=True)

    class Meta:
        verbose_name = "tiêu chí xếp loại mô hình"
        verbose_name_plural = "tiêu chí xếp loại mô hình"

    def __str__(self) -> str:
        """Name the criterion."""
        return self.name


class SiteRating(models.Model):
    """How well a site did in a year."""

    site = models.ForeignKey(ModelSite, on_delete=models.CASCADE, related_name="ratings")
    year = models.PositiveSmallIntegerField("năm")
    level = models.ForeignKey(RatingLevel, on_delete=models.PROTECT, verbose_name="mức xếp loại")
    note = models.CharField("nhận xét", max_length=500, blank=True)
    rated_at = models.DateTimeField("xếp loại lúc")
    rated_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "xếp loại hằng năm"
        verbose_name_plural = "xếp loại hằng năm"
        constraints = [
            models.UniqueConstraint(fields=["site", "year"], name="site_rated_once_a_year"),
            models.CheckConstraint(
                condition=Q(year__gte=1976, year__lte=2200), name="site_rating_year"
            ),
        ]

    def __str__(self) -> str:
        """Give year and site."""
        return f"{self.site_id} năm {self.year}"

    @property
    def stamp(self) -> str:
        """Tell what is rated now from what a page that was opened earlier shows."""
        return self.rated_at.isoformat()


class SiteRatingMark(models.Model):
    """Whether a rated site met one criterion."""

    rating = models.ForeignKey(SiteRating, on_delete=models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(RatingCriterion, on_delete=models.PROTECT)
    is_met = models.BooleanField("đạt")

    class Meta:
        verbose_name = "kết quả từng tiêu chí"
        verbose_name_plural = "kết quả từng tiêu chí"
        constraints = [
            models.UniqueConstraint(fields=["rating", "criterion"], name="rating_mark_once"),
        ]

    def __str__(self) -> str:
        """Give criterion and result."""
        return f"{self.rating_id}/{self.criterion_id}: {self.is_met}"


class MinistryReferral(models.Model):
    """A model put before the Ministry: proposed for the country (E12a) or introduced (E12b)."""

    kind = models.CharField("hình thức", max_length=12, choices=ReferralKind.choices)
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị đề nghị"
    )
    model_type = models.ForeignKey(
        ModelType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name="loại mô hình",
    )
    site = models.ForeignKey(
        ModelSite,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name="điểm mô hình",
    )
    sent_on = models.DateField("ngày gửi")
    document_number = models.CharField("số văn bản", max_length=60, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    is_demo = models.BooleanField("dữ liệu minh họa", default=False)
    created_at = models.DateTimeField("ghi lúc")
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "đề nghị, giới thiệu với Bộ"
        verbose_name_plural = "đề nghị, giới thiệu với Bộ"
        constraints = [
            models.CheckConstraint(
                condition=Q(model_type=None, site__isnull=False)
                | Q(model_type__isnull=False, site=None),
                name="referral_of_type_or_site",
                violation_error_message="Chọn một loại mô hình hoặc một điểm, không chọn cả hai.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReferralKind.values), name="referral_kind_known"
            ),
            models.UniqueConstraint(
                fields=["kind", "model_type", "site", "sent_on"],
                nulls_distinct=False,
                name="referral_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        """Say what was asked when."""
        return f"#{self.pk} {self.get_kind_display()} {self.sent_on}"
