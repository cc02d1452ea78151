"""Hold the administrative areas with their official codes."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import CheckConstraint, Q

from apps.units.models.dated import Dated, DatedQuerySet, proper_range
from apps.units.rules import AreaKind


class AreaQuerySet(DatedQuerySet["Area"]):
    """Narrow areas."""

    def provinces(self) -> AreaQuerySet:
        """Keep the provinces and centrally run cities."""
        return self.filter(kind=AreaKind.PROVINCE)

    def communes_of(self, province_code: str) -> AreaQuerySet:
        """Keep the communes, wards and special zones of one province."""
        return self.filter(province_code=province_code).exclude(kind=AreaKind.PROVINCE)


class Area(Dated):
    """Describe an administrative area (địa bàn) as it is between two dates.

    A code may return for another area after a reorganisation (00004 was Phường Trúc Bạch and is
    Phường Ba Đình since 2025-07-01), so it is unique on any one day, not for ever.
    """

    code = models.TextField("Mã")
    name = models.TextField("Tên")
    kind = models.TextField("Loại", choices=AreaKind.choices)
    province_code = models.TextField("Mã tỉnh")
    lat = models.FloatField("Vĩ độ", null=True, blank=True)
    lon = models.FloatField("Kinh độ", null=True, blank=True)
    area_km2 = models.DecimalField(
        "Diện tích (km²)", max_digits=10, decimal_places=4, null=True, blank=True
    )
    resolution = models.TextField("Nghị quyết", blank=True, default="")
    resolution_on = models.DateField("Ngày nghị quyết", null=True, blank=True)
    search_key = models.TextField(editable=False)
    sort_key = models.TextField(editable=False)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = "địa bàn"
        verbose_name_plural = "địa bàn"
        constraints = [
            proper_range("area_valid_is_proper"),
            CheckConstraint(condition=Q(kind__in=AreaKind.values), name="area_kind_is_known"),
            CheckConstraint(
                condition=Q(code__regex=r"^\d{2}$", kind=AreaKind.PROVINCE)
                | Q(code__regex=r"^\d{5}$") & ~Q(kind=AreaKind.PROVINCE),
                name="area_code_fits_kind",
            ),
            ExclusionConstraint(
                name="area_code_once_a_day",
                expressions=[("code", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [
            models.Index(fields=["province_code", "sort_key"], name="area_by_province"),
            GinIndex(OpClass("search_key", name="gin_trgm_ops"), name="area_search_trgm"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
