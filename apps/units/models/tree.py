"""Hold units in time: their names, their parents, the dated closure and their lineage."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models, transaction
from django.db.models import CheckConstraint, F, OuterRef, Q, Subquery, UniqueConstraint

from apps.units.models.areas import Area
from apps.units.models.closure_sql import REBUILD_CLOSURE
from apps.units.models.dated import Dated, DatedQuerySet, proper_range
from apps.units.models.scope import inherited_sql, scope_sql
from apps.units.rules import END_OF_TIME, MAX_DEPTH, LineageKind, UnitKind

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.rules import Permission


class UnitQuerySet(models.QuerySet["Unit"]):
    """Narrow units by day, kind and right."""

    def alive_on(self, on: date) -> UnitQuerySet:
        """Keep the units that exist on a day, that is, have a name on it."""
        return self.filter(pk__in=UnitSpan.objects.alive_on(on).values("unit_id"))

    def of_kind(self, on: date, *kinds: UnitKind) -> UnitQuerySet:
        """Keep the units that are of one of the kinds on a day."""
        spans = UnitSpan.objects.alive_on(on).filter(kind__in=kinds)
        return self.filter(pk__in=spans.values("unit_id"))

    def with_names(self, on: date) -> models.QuerySet[Any]:
        """Add name, short_name, kind, search_key and sort_key of a day; last in a chain."""
        span = UnitSpan.objects.alive_on(on).filter(unit_id=OuterRef("pk"))
        return self.annotate(
            name=Subquery(span.values("name")[:1]),
            short_name=Subquery(span.values("short_name")[:1]),
            kind=Subquery(span.values("kind")[:1]),
            search_key=Subquery(span.values("search_key")[:1]),
            sort_key=Subquery(span.values("sort_key")[:1]),
        )

    def below(self, unit: Unit, on: date) -> UnitQuerySet:
        """Keep a unit and everything under it on a day."""
        rows = UnitClosure.objects.alive_on(on).filter(ancestor=unit)
        return self.filter(pk__in=rows.values("descendant_id"))

    def visible_to(
        self,
        user: AbstractBaseUser | AnonymousUser,
        on: date,
        permission: Permission | None = None,
    ) -> UnitQuerySet:
        """Keep the units in a user's scope on a day; with a permission, only where he holds it."""
        return self.filter(pk__in=scope_sql(user.pk, on, permission))

    def inherited_by(
        self, user: AbstractBaseUser | AnonymousUser, on: date, permission: Permission
    ) -> UnitQuerySet:
        """Keep ended units that passed wholly into one in a user's scope: he reads their papers.

        Records are handed over with the unit; nothing of it can be changed, as it is no more.
        """
        return self.filter(pk__in=inherited_sql(user.pk, on, permission))


class Unit(models.Model):
    """Stand for an organisation for ever; what changes in time hangs below it."""

    code = models.TextField("Mã đơn vị")
    created_at = models.DateTimeField("Tạo lúc")
    is_demo = models.BooleanField("Dữ liệu minh họa", default=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        default_permissions = ("add", "change", "view")
        constraints = [
            UniqueConstraint(fields=["code"], name="unit_code_unique"),
            CheckConstraint(condition=~Q(code=""), name="unit_code_given"),
        ]

    def __str__(self) -> str:
        """Show the code, after the name where `with_names` brought it."""
        name = self.__dict__.get("name")
        return f"{name} ({self.code})" if name else self.code


class UnitSpan(Dated):
    """Say what a unit is called, what it is and where it lies between two dates."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="spans", verbose_name="Đơn vị", db_index=False
    )
    name = models.TextField("Tên")
    short_name = models.TextField("Tên ngắn", blank=True, default="")
    kind = models.TextField("Loại", choices=UnitKind.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Địa bàn"
    )
    search_key = models.TextField(editable=False)
    sort_key = models.TextField(editable=False)

    objects = DatedQuerySet["UnitSpan"].as_manager()

    class Meta:
        verbose_name = "tên gọi theo thời gian"
        verbose_name_plural = "tên gọi theo thời gian"
        constraints = [
            proper_range("unitspan_valid_is_proper"),
            CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unitspan_kind_is_known"),
            CheckConstraint(condition=~Q(name=""), name="unitspan_name_given"),
            ExclusionConstraint(
                name="unitspan_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "kind"], name="unitspan_by_unit"),
            models.Index(fields=["kind", "sort_key"], name="unitspan_by_kind"),
            GinIndex(OpClass("search_key", name="gin_trgm_ops"), name="unitspan_search_trgm"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit_id}, {self.valid})"


class UnitParent(Dated):
    """Put a unit under another between two dates."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="parents", verbose_name="Đơn vị", db_index=False
    )
    parent = models.ForeignKey(
        Unit, models.PROTECT, related_name="child_links", verbose_name="Đơn vị cấp trên"
    )

    objects = DatedQuerySet["UnitParent"].as_manager()

    class Meta:
        verbose_name = "đơn vị cấp trên"
        verbose_name_plural = "đơn vị cấp trên"
        constraints = [
            proper_range("unitparent_valid_is_proper"),
            CheckConstraint(condition=~Q(unit=F("parent")), name="unitparent_not_itself"),
            ExclusionConstraint(
                name="unitparent_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} < {self.parent_id} {self.valid}"


class UnitClosureQuerySet(models.QuerySet["UnitClosure"]):
    """Narrow the closure by day and write it anew."""

    def alive_on(self, on: date) -> UnitClosureQuerySet:
        """Keep the pairs that hold on a day."""
        return self.filter(valid_from__lte=on, valid_to__gt=on)

    def rebuild(self) -> int:
        """Derive the whole closure from spans and parents in one statement; return rows written.

        For the rest of the transaction compiling (JIT) is off, which alone took 3 of 4 seconds at
        15,600 units, and sorts get 32 MB, which halves the rest (0.4 s).
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('jit', 'off', true), set_config('work_mem', '32MB', true)"
            )
            cursor.execute(REBUILD_CLOSURE, {"end": END_OF_TIME, "max_depth": MAX_DEPTH})
            return int(cursor.rowcount)


class UnitClosure(models.Model):
    """List every ancestor of every unit with the days on which it is one; derived, never typed.

    Plain dates with B-trees: measured faster here than a range under GiST.
    """

    ancestor = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    descendant = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(default=END_OF_TIME)

    objects = UnitClosureQuerySet.as_manager()

    class Meta:
        verbose_name = "quan hệ trên dưới"
        verbose_name_plural = "quan hệ trên dưới"
        default_permissions = ("view",)
        constraints = [
            UniqueConstraint(
                fields=["ancestor", "descendant", "valid_from"], name="unitclosure_unique"
            ),
            CheckConstraint(
                condition=Q(depth=0, ancestor=F("descendant"))
                | Q(depth__gt=0) & ~Q(ancestor=F("descendant")),
                name="unitclosure_no_cycle",
            ),
            CheckConstraint(condition=Q(depth__lte=MAX_DEPTH), name="unitclosure_depth_is_bounded"),
            CheckConstraint(
                condition=Q(valid_from__lt=F("valid_to")), name="unitclosure_valid_is_proper"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ancestor", "valid_from", "valid_to"],
                include=["descendant", "depth"],
                name="unitclosure_down",
            ),
            models.Index(
                fields=["descendant", "valid_from", "valid_to"],
                include=["ancestor", "depth"],
                name="unitclosure_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} > {self.descendant_id} ({self.valid_from} – {self.valid_to})"


class Lineage(models.Model):
    """Record that one unit passed into another, wholly or in part, by a decision."""

    from_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="successors", verbose_name="Từ đơn vị"
    )
    to_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="predecessors", verbose_name="Sang đơn vị"
    )
    kind = models.TextField("Hình thức", choices=LineageKind.choices)
    effective_on = models.DateField("Ngày hiệu lực")
    share = models.DecimalField(
        "Phần chuyển sang",
        max_digits=7,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="Từ 0 đến 1; để trống nếu văn bản không nêu: số liệu khi đó ghi “chưa tách”.",
    )
    decision_number = models.TextField("Số văn bản", blank=True, default="")
    decision_on = models.DateField("Ngày văn bản", null=True, blank=True)

    class Meta:
        verbose_name = "nguồn gốc đơn vị"
        verbose_name_plural = "nguồn gốc đơn vị"
        constraints = [
            UniqueConstraint(
                fields=["from_unit", "to_unit", "effective_on"], name="lineage_unique"
            ),
            CheckConstraint(condition=Q(kind__in=LineageKind.values), name="lineage_kind_is_known"),
            CheckConstraint(
                condition=Q(kind=LineageKind.RENAME) | ~Q(from_unit=F("to_unit")),
                name="lineage_between_two_units",
                violation_error_message="Hai đơn vị của nguồn gốc phải khác nhau.",
            ),
            CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1),
                name="lineage_share_is_a_part",
                violation_error_message="Phần chuyển sang phải lớn hơn 0 và không quá 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_unit_id} → {self.to_unit_id} ({self.effective_on})"
