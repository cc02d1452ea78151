"""Hold the second grouping beside the tree and the police unit in charge."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from apps.units.models.dated import Dated, DatedQuerySet, proper_range
from apps.units.models.tree import Unit
from apps.units.rules import BlockKind, BlockRole


class Block(models.Model):
    """Describe a block (khối, cụm thi đua) of units that emulate each other."""

    code = models.TextField("Mã khối")
    name = models.TextField("Tên")
    kind = models.TextField("Loại", choices=BlockKind.choices)
    search_key = models.TextField(editable=False)
    sort_key = models.TextField(editable=False)
    is_demo = models.BooleanField("Dữ liệu minh họa", default=False)

    class Meta:
        verbose_name = "khối, cụm thi đua"
        verbose_name_plural = "khối, cụm thi đua"
        default_permissions = ("add", "change", "view")
        constraints = [
            UniqueConstraint(fields=["code"], name="block_code_unique"),
            CheckConstraint(condition=Q(kind__in=BlockKind.values), name="block_kind_is_known"),
            CheckConstraint(condition=~Q(name=""), name="block_name_given"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class BlockMember(Dated):
    """Put a unit into a block between two dates with the part it plays there."""

    block = models.ForeignKey(
        Block, models.PROTECT, related_name="members", verbose_name="Khối", db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="blocks", verbose_name="Đơn vị")
    role = models.TextField("Vai trò", choices=BlockRole.choices, default=BlockRole.MEMBER)

    objects = DatedQuerySet["BlockMember"].as_manager()

    class Meta:
        verbose_name = "thành viên khối"
        verbose_name_plural = "thành viên khối"
        constraints = [
            proper_range("blockmember_valid_is_proper"),
            CheckConstraint(
                condition=Q(role__in=BlockRole.values), name="blockmember_role_is_known"
            ),
            ExclusionConstraint(
                name="blockmember_one_at_a_time",
                expressions=[
                    ("block", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="blockmember_one_head_at_a_time",
                expressions=[("block", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(role=BlockRole.HEAD),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} ∈ {self.block_id} {self.valid}"


class PoliceInCharge(Dated):
    """Name the police unit (đơn vị Công an phụ trách) that receives a unit's or block's reports."""

    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="police_in_charge",
        verbose_name="Đơn vị",
    )
    block = models.ForeignKey(
        Block,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="police_in_charge",
        verbose_name="Khối",
    )
    police_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="in_charge_of", verbose_name="Đơn vị Công an phụ trách"
    )

    objects = DatedQuerySet["PoliceInCharge"].as_manager()

    class Meta:
        verbose_name = "đơn vị Công an phụ trách"
        verbose_name_plural = "đơn vị Công an phụ trách"
        constraints = [
            proper_range("policeincharge_valid_is_proper"),
            CheckConstraint(
                condition=Q(unit__isnull=True, block__isnull=False)
                | Q(unit__isnull=False, block__isnull=True),
                name="policeincharge_of_unit_or_block",
                violation_error_message="Chọn một đơn vị hoặc một khối, không chọn cả hai.",
            ),
            CheckConstraint(
                condition=Q(unit__isnull=True) | ~Q(unit=F("police_unit")),
                name="policeincharge_not_itself",
                violation_error_message="Đơn vị không thể tự phụ trách chính mình.",
            ),
            ExclusionConstraint(
                name="policeincharge_one_per_unit",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="policeincharge_one_per_block",
                expressions=[("block", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.police_unit_id} → {self.unit_id or self.block_id} {self.valid}"
