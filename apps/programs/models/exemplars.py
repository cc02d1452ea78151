"""Exemplars (điển hình tiên tiến): chosen, built up, recognised or dropped; never a person."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from apps.accounts.rules import Permission
from apps.programs.models.sites import ModelSite
from apps.programs.rules import ExemplarState
from apps.units.permissions import scope_unit_ids

if TYPE_CHECKING:
    from apps.accounts.models import User


class ExemplarQuerySet(models.QuerySet["Exemplar"]):
    """Chains of conditions on exemplars."""

    def visible_to(
        self, user: User, on: date, permission: Permission = Permission.REGISTER_VIEW
    ) -> ExemplarQuerySet:
        """Keep exemplars that units in scope chose or are."""
        scope = scope_unit_ids(user, on, permission)
        return self.filter(
            Q(chooser_id__in=scope) | Q(unit_id__in=scope) | Q(site__unit_id__in=scope)
        )


class Exemplar(models.Model):
    """A unit or a model site chosen to be an example for others."""

    unit = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="đơn vị",
    )
    site = models.ForeignKey(
        ModelSite,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exemplars",
        verbose_name="điểm mô hình",
    )
    chooser = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị chọn"
    )
    field = models.CharField("lĩnh vực", max_length=200)
    state = models.CharField(
        "trạng thái", max_length=10, choices=ExemplarState.choices, default=ExemplarState.CHOSEN
    )
    chosen_on = models.DateField("ngày chọn")
    building_on = models.DateField("bắt đầu xây dựng", null=True, blank=True)
    closed_on = models.DateField("ngày công nhận hoặc dừng", null=True, blank=True)
    recogniser = models.CharField("cơ quan công nhận", max_length=200, blank=True)
    document_number = models.CharField("số văn bản", max_length=60, blank=True)
    reason = models.CharField("lý do không tiếp tục", max_length=500, blank=True)
    is_demo = models.BooleanField("dữ liệu minh họa", default=False)
    created_at = models.DateTimeField("ghi lúc")
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ExemplarQuerySet.as_manager()

    class Meta:
        verbose_name = "điển hình tiên tiến"
        verbose_name_plural = "điển hình tiên tiến"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(unit=None, site__isnull=False) | Q(unit__isnull=False, site=None),
                name="exemplar_unit_or_site",
                violation_error_message="Chọn một đơn vị hoặc một điểm mô hình.",
            ),
            models.CheckConstraint(
                condition=Q(state=ExemplarState.CHOSEN, building_on=None, closed_on=None)
                | Q(state=ExemplarState.BUILDING, building_on__isnull=False, closed_on=None)
                | Q(
                    state=ExemplarState.RECOGNISED,
                    building_on__isnull=False,
                    closed_on__isnull=False,
                )
                | (Q(state=ExemplarState.DROPPED, closed_on__isnull=False) & ~Q(reason="")),
                name="exemplar_days_fit_state",
            ),
            models.CheckConstraint(
                condition=(Q(building_on=None) | Q(building_on__gte=F("chosen_on")))
                & (Q(closed_on=None) | Q(closed_on__gte=F("chosen_on"))),
                name="exemplar_days_in_order",
                violation_error_message="Các ngày phải theo thứ tự chọn, xây dựng, công nhận.",
            ),
        ]
        indexes = [models.Index(fields=["chooser", "state"], name="exemplar_of_chooser")]

    def __str__(self) -> str:
        """Give subject and field."""
        return f"{self.unit_id or self.site_id}: {self.field}"
