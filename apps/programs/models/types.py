"""Kinds of models (loại mô hình): fields of work, names, other spellings, merged names."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from apps.programs.rules import HostKind


class ModelField(models.Model):
    """A field of work; in a sensitive one nothing may point at the people who are helped."""

    code = models.SlugField("mã", max_length=30, unique=True)
    name = models.CharField("tên lĩnh vực", max_length=150)
    is_sensitive = models.BooleanField(
        "lĩnh vực nhạy cảm",
        default=False,
        help_text="Tái hòa nhập, ma túy, người chưa thành niên, tôn giáo, dân tộc: chỉ ghi số "
        "lượng; không tên, không ảnh, không danh sách.",
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "lĩnh vực mô hình"
        verbose_name_plural = "lĩnh vực mô hình"

    def __str__(self) -> str:
        """Name the field."""
        return self.name


class ModelTypeQuerySet(models.QuerySet["ModelType"]):
    """Chains of conditions on kinds of models."""

    def in_use(self) -> ModelTypeQuerySet:
        """Keep the kinds that have not been merged into another."""
        return self.filter(merged_into=None)


class ModelType(models.Model):
    """A kind of model under one name, counted once however many sites follow it (HD 22)."""

    name = models.CharField("tên mô hình", max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=900, editable=False)
    field = models.ForeignKey(
        ModelField, on_delete=models.PROTECT, related_name="types", verbose_name="lĩnh vực"
    )
    host_kind = models.CharField("nơi áp dụng", max_length=20, choices=HostKind.choices)
    description = models.TextField("nội dung", blank=True)
    source = models.CharField("nguồn", max_length=250, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="đã gộp vào",
    )
    merged_at = models.DateTimeField("gộp lúc", null=True, blank=True)
    created_at = models.DateTimeField("tạo lúc")
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ModelTypeQuerySet.as_manager()

    class Meta:
        verbose_name = "loại mô hình"
        verbose_name_plural = "loại mô hình"
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                condition=Q(merged_into=None),
                name="model_type_name_once",
                violation_error_message="Đã có loại mô hình tên này (không kể dấu, chữ hoa).",
            ),
            models.CheckConstraint(condition=~Q(name_key=""), name="model_type_name_given"),
            models.CheckConstraint(
                condition=Q(host_kind__in=HostKind.values), name="model_type_host_known"
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="model_type_not_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None, merged_at=None)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
                name="model_type_merged_pair",
            ),
        ]
        indexes = [GinIndex(OpClass("name_key", name="gin_trgm_ops"), name="model_type_name_trgm")]

    def __str__(self) -> str:
        """Name the kind of model."""
        return self.name


class ModelTypeAlias(models.Model):
    """Another spelling of a kind's name, found by search and by imports."""

    model_type = models.ForeignKey(
        ModelType, on_delete=models.CASCADE, related_name="aliases", verbose_name="loại mô hình"
    )
    name = models.CharField("tên gọi khác", max_length=200)
    name_key = models.CharField(max_length=200, editable=False, unique=True)

    class Meta:
        verbose_name = "tên gọi khác"
        verbose_name_plural = "tên gọi khác"
        constraints = [
            models.CheckConstraint(condition=~Q(name_key=""), name="model_alias_name_given"),
        ]
        indexes = [GinIndex(OpClass("name_key", name="gin_trgm_ops"), name="model_alias_name_trgm")]

    def __str__(self) -> str:
        """Give the other name."""
        return self.name
