"""Make accounts and contacts from a list that was checked, and the slips that go with them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.units.models import AccountImport
from apps.units.permissions import people_in_charge
from apps.units.services.account_plan import AccountPlan, plan_accounts
from apps.units.services.account_sheet import read_account_lines, stored_lines
from apps.units.services.people import UnitSlip, issue_password, write_line
from apps.units.services.refusals import UnitRefused

# Hashing a password takes a tenth of a second on purpose; so many fit into one request.
SLIPS_AT_ONCE = 50


class ImportAlreadyApplied(UnitRefused):
    """The list was written before."""


class ImportHasErrors(UnitRefused):
    """The list cannot be written while one of its lines is wrong."""


class NoSlipsLeft(UnitRefused):
    """Everybody on the list has signed in."""


@transaction.atomic
def read_account_list(*, file_name: str, content: bytes, by: User, at: datetime) -> AccountImport:
    """Keep the lines of an uploaded workbook for the preview; no account is touched."""
    lines = read_account_lines(content)
    batch = AccountImport.objects.create(
        owner=by,
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        rows={"lines": [line.stored() for line in lines], "created": []},
        created_at=at,
    )
    detail = {"lines": len(lines)}
    record_action(action="units.account_list_read", by=by, at=at, target=batch, detail=detail)
    return batch


def preview_import(batch: AccountImport, by: User, at: datetime) -> AccountPlan:
    """Say what a kept list would do as things stand now."""
    return plan_accounts(stored_lines(batch.rows["lines"]), by, timezone.localdate(at))


@transaction.atomic
def import_accounts(*, batch: AccountImport, by: User, at: datetime) -> AccountPlan:
    """Write the whole list or, when any line has become wrong, nothing."""
    locked = AccountImport.objects.select_for_update().get(pk=batch.pk)
    if locked.applied_at is not None:
        raise ImportAlreadyApplied("Danh sách này đã được ghi trước đó. Không ghi hai lần.")
    plan = preview_import(locked, by, at)
    if plan.errors:
        raise ImportHasErrors(f"Chưa ghi: danh sách còn {len(plan.errors)} lỗi.")
    users: dict[str, User] = {}
    created: list[int] = []
    for line in plan.lines:
        user = write_line(line=line, known=users.get(line.username), by=by, at=at)
        if user and line.user is None and line.username not in users:
            created.append(user.pk)
        if user:
            users[line.username] = user
    locked.rows = locked.rows | {"created": created}
    locked.applied_at = at
    locked.save(update_fields=["rows", "applied_at"])
    record_action(
        action="units.accounts_imported", by=by, at=at, target=locked, detail=plan.counts()
    )
    return plan


def slip_parts(batch: AccountImport, by: User, at: datetime) -> list[int]:
    """Count, for each print run of a list, the people who have not signed in yet."""
    created = batch.rows["created"]
    waiting = set(_waiting(created, by, at).values_list("pk", flat=True))
    runs = [
        created[start : start + SLIPS_AT_ONCE] for start in range(0, len(created), SLIPS_AT_ONCE)
    ]
    return [len(waiting.intersection(run)) for run in runs]


@transaction.atomic
def issue_slips(*, batch: AccountImport, part: int, by: User, at: datetime) -> list[UnitSlip]:
    """Give new one-time passwords to people of a list who never signed in, for printing at once.

    No password is kept, so a lost print is made good by printing again: the old slips end.
    """
    start = part * SLIPS_AT_ONCE
    run = batch.rows["created"][start : start + SLIPS_AT_ONCE]
    chosen = list(_waiting(run, by, at).order_by("pk"))
    if not chosen:
        raise NoSlipsLeft("Mọi người trong danh sách đều đã đăng nhập, không còn phiếu để in.")
    slips = [issue_password(user, by=by, at=at) for user in chosen]
    detail = {"slips": len(slips)}
    record_action(action="units.slips_issued", by=by, at=at, target=batch, detail=detail)
    return slips


def _waiting(user_ids: list[int], by: User, at: datetime) -> QuerySet[User]:
    """Return those of one's charge who could sign in but never did."""
    people = people_in_charge(by, timezone.localdate(at)).filter(pk__in=user_ids)
    return people.filter(last_login__isnull=True, is_active=True)
