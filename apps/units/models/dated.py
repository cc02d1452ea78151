"""Give every dated row of this app the same range, the same filter and the same check."""

from __future__ import annotations

from datetime import date
from typing import TypeVar, cast

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import CheckConstraint, Q

DatedT = TypeVar("DatedT", bound=models.Model)


class DatedQuerySet(models.QuerySet[DatedT]):
    """Narrow rows by the day on which they hold."""

    def alive_on(self, on: date) -> DatedQuerySet[DatedT]:
        """Keep the rows that hold on a day; a range includes its start and excludes its end."""
        return self.filter(valid__contains=on)

    def reaching(self, on: date) -> DatedQuerySet[DatedT]:
        """Keep the rows that hold on a day or later."""
        return self.filter(Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=on))

    def open_ended(self) -> DatedQuerySet[DatedT]:
        """Keep the rows that have no end yet."""
        return self.filter(valid__endswith__isnull=True)


class Dated(models.Model):
    """Carry the range of days on which a row holds."""

    valid = DateRangeField("Hiệu lực", help_text="Từ ngày (kể cả) đến ngày (không kể).")

    class Meta:
        abstract = True

    @property
    def valid_from(self) -> date:
        """Return the first day on which the row holds."""
        return cast("date", self.valid.lower)

    @property
    def valid_to(self) -> date | None:
        """Return the first day on which the row no longer holds, None while it is open."""
        after: date | None = self.valid.upper
        return after


def proper_range(name: str) -> CheckConstraint:
    """Refuse an empty range and one without a start."""
    return CheckConstraint(
        condition=Q(valid__isempty=False) & Q(valid__startswith__isnull=False), name=name
    )
