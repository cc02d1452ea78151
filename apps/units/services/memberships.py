"""Give people roles in units and take them back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.audit.services import record_action
from apps.core.dates import format_date
from apps.units.models import Membership, Unit
from apps.units.services.dating import cut_from
from apps.units.services.refusals import UnitNotAlive, UnitRefused, refusing_by_name


@transaction.atomic
def grant_membership(
    *, user: User, unit: Unit, role: Role, on: date, by: User | None, at: datetime
) -> Membership:
    """Give a user a role in a unit from a day on."""
    if not Unit.objects.filter(pk=unit.pk).alive_on(on).exists():
        raise UnitNotAlive(f"Đơn vị mã “{unit.code}” không hoạt động vào ngày {format_date(on)}.")
    with refusing_by_name():
        membership = Membership.objects.create(
            user=user, unit=unit, role=role, valid=DateRange(on, None)
        )
    detail = {"unit": unit.code, "role": role, "on": str(on)}
    record_action(action="units.membership_granted", by=by, at=at, target=user, detail=detail)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, on: date, by: User | None, at: datetime) -> None:
    """Take a role back from a day on."""
    rows = Membership.objects.filter(pk=membership.pk)
    if not rows.alive_on(on).exists():
        raise UnitRefused(f"Vai trò này không còn hiệu lực vào ngày {format_date(on)}.")
    cut_from(rows, on)
    detail = {"unit": membership.unit.code, "role": membership.role, "on": str(on)}
    record_action(
        action="units.membership_ended", by=by, at=at, target=membership.user, detail=detail
    )
