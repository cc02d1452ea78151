"""Hold who works for which unit, whom to call there, and account lists that were imported."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import CheckConstraint, Q

from apps.accounts.rules import Role
from apps.units.models.dated import Dated, DatedQuerySet, proper_range
from apps.units.models.tree import Unit


class Unaccented(models.Func):
    """Fold a Vietnamese text in SQL as `search_key` does, for columns that store no key."""

    output_field = models.TextField()
    template = (
        "lower(translate(regexp_replace(normalize(%(expressions)s, NFD), "
        "'[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd'))"
    )


ROLE_VALUES = [role.value for role in Role]


class Membership(Dated):
    """Give a user a role in a unit between two dates."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="memberships",
        verbose_name="Người dùng",
        db_index=False,
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="memberships", verbose_name="Đơn vị"
    )
    role = models.TextField("Vai trò")

    objects = DatedQuerySet["Membership"].as_manager()

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        constraints = [
            proper_range("membership_valid_is_proper"),
            CheckConstraint(condition=Q(role__in=ROLE_VALUES), name="membership_role_is_known"),
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["user", "role"], name="membership_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.unit_id} {self.valid}"


class Contact(models.Model):
    """Say whom to call in a unit; a contact need not have an account."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="contacts", verbose_name="Đơn vị")
    full_name = models.TextField("Họ và tên")
    title = models.TextField("Chức vụ", blank=True, default="")
    phone = models.TextField("Điện thoại")
    email = models.EmailField("Thư điện tử", blank=True, default="")
    is_main = models.BooleanField("Đầu mối chính", default=False)
    sort_key = models.TextField(editable=False)

    class Meta:
        verbose_name = "đầu mối liên hệ"
        verbose_name_plural = "đầu mối liên hệ"
        constraints = [
            CheckConstraint(condition=~Q(full_name=""), name="contact_name_given"),
            CheckConstraint(condition=~Q(phone=""), name="contact_phone_given"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(is_main=True), name="contact_one_main_per_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.phone} ({self.pk})"


class AccountImport(models.Model):
    """Keep a list of accounts that was read from a workbook, before and after it is applied.

    Passwords never come near it: they exist on the printed slips alone.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="Người nhập"
    )
    file_name = models.TextField("Tên tệp")
    sha256 = models.TextField("Mã băm tệp")
    rows = models.JSONField("Các dòng")
    created_at = models.DateTimeField("Đọc lúc")
    applied_at = models.DateTimeField("Ghi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lần nhập tài khoản"
        verbose_name_plural = "các lần nhập tài khoản"
        default_permissions = ("view",)
        constraints = [
            CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="accountimport_sha256_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.pk})"
