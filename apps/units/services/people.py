"""Look after the accounts of the units in one's charge."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import (
    activate_user,
    change_profile,
    deactivate_user,
    reset_password,
)
from apps.audit.services import record_action
from apps.core.text import nfc
from apps.units.models import Membership
from apps.units.permissions import people_in_charge
from apps.units.queries import places_of
from apps.units.services.account_plan import PlannedLine, plan_accounts
from apps.units.services.account_sheet import SheetLine
from apps.units.services.contacts import ContactFacts, add_contact, change_contact
from apps.units.services.memberships import grant_membership
from apps.units.services.refusals import UnitRefused


class NotInCharge(UnitRefused):
    """The account is looked after by somebody else."""


@dataclass(frozen=True, slots=True)
class UnitSlip:
    """Hold a one-time password on its way to paper; it is stored nowhere."""

    user: User
    password: str = field(repr=False)
    unit_name: str = ""
    role_name: str = ""


@transaction.atomic
def reset_unit_password(*, user: User, by: User, at: datetime) -> UnitSlip:
    """Give somebody in one's charge a one-time password, since e-mail is not read."""
    _check_charge(user, by, at)
    return issue_password(user, by=by, at=at)


def issue_password(user: User, *, by: User, at: datetime) -> UnitSlip:
    """Draw the one-time password and say where its holder works."""
    issued = reset_password(user=user, by=by, at=at)
    places = places_of([user.pk], timezone.localdate(at)).get(user.pk, [])
    unit_name, role_name = (places[0].unit_name, places[0].role_name) if places else ("", "")
    return UnitSlip(user, issued.password, unit_name, role_name)


@transaction.atomic
def add_person(*, line: SheetLine, by: User, at: datetime) -> UnitSlip | None:
    """Give one person an account or a further role; a new account comes with its password."""
    plan = plan_accounts([line], by, timezone.localdate(at))
    if plan.errors:
        raise UnitRefused(" ".join(plan.errors))
    planned = plan.lines[0]
    user = write_line(line=planned, known=None, by=by, at=at)
    return issue_password(user, by=by, at=at) if user and planned.user is None else None


@transaction.atomic
def lock_person(*, user: User, by: User, at: datetime) -> None:
    """Keep somebody in one's charge from signing in."""
    _check_charge(user, by, at)
    deactivate_user(user=user, by=by, at=at)


@transaction.atomic
def unlock_person(*, user: User, by: User, at: datetime) -> None:
    """Let somebody in one's charge sign in again."""
    _check_charge(user, by, at)
    activate_user(user=user, by=by, at=at)


@transaction.atomic
def write_line(*, line: PlannedLine, known: User | None, by: User, at: datetime) -> User | None:
    """Write one checked line: a contact, or an account with a role; return the account."""
    if line.role is None:
        _write_contact(line, by, at)
        return None
    user = line.user or known
    if user is None:
        user = _open_account(line, by, at)
    elif line.outcome == "changed":
        _correct_user(user, line, by, at)
    on = timezone.localdate(at)
    held = Membership.objects.alive_on(on).filter(user=user, unit=line.unit, role=line.role)
    if not held.exists():
        grant_membership(user=user, unit=line.unit, role=line.role, on=on, by=by, at=at)
    return user


def _open_account(line: PlannedLine, by: User, at: datetime) -> User:
    """Open an account that nobody can use before a slip with a password is printed for it."""
    typed = line.line
    user = User(
        username=line.username,
        full_name=nfc(typed.full_name),
        title=typed.title,
        phone=typed.phone,
        email=typed.email,
        is_demo=line.unit.is_demo,
        must_change_password=True,
        created_at=at,
    )
    user.set_unusable_password()
    user.save(force_insert=True)
    detail = {"username": user.username}
    record_action(action="units.account_opened", by=by, at=at, target=user, detail=detail)
    return user


def _correct_user(user: User, line: PlannedLine, by: User, at: datetime) -> None:
    """Take over what the list says of a known person; an empty cell changes nothing."""
    changed = []
    for name in ("full_name", "title", "phone", "email"):
        said = getattr(line.line, name)
        if said and said != getattr(user, name):
            setattr(user, name, said)
            changed.append(name)
    change_profile(user=user, fields=changed, by=by, at=at)


def _write_contact(line: PlannedLine, by: User, at: datetime) -> None:
    """Add or correct somebody to call."""
    typed = line.line
    if line.contact is None:
        facts = ContactFacts(typed.full_name, typed.phone, typed.title, typed.email)
        add_contact(unit=line.unit, facts=facts, by=by, at=at)
    elif line.outcome == "changed":
        old = line.contact
        facts = ContactFacts(
            typed.full_name, typed.phone, typed.title or old.title, typed.email or old.email
        )
        change_contact(contact=old, facts=facts, by=by, at=at)


def _check_charge(user: User, by: User, at: datetime) -> None:
    """Refuse an account that somebody else looks after."""
    if not people_in_charge(by, timezone.localdate(at)).filter(pk=user.pk).exists():
        raise NotInCharge("Tài khoản này do đơn vị khác hoặc quản trị phụ trách.")
