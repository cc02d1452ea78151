"""Say what an account list would do, with all its errors at once; nothing is written here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from apps.accounts.models import User
from apps.accounts.rules import (
    ROLE_WORDS,
    USERNAME_FORM,
    Permission,
    Role,
    normal_username,
)
from apps.core.text import search_key
from apps.units.models import Contact, Membership, Unit, UnitSpan
from apps.units.permissions import (
    UNIT_ROLES,
    grantable_roles,
    people_in_charge,
    scope_unit_ids,
)
from apps.units.services.account_sheet import SheetLine, role_words

_PHONE = re.compile(r"\+?[0-9][0-9 .()-]{6,18}[0-9]")
_LENGTHS = {"full_name": 150, "title": 200, "phone": 30, "email": 254}
Outcome = Literal["new", "changed", "same"]


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """Say what one line of the list comes to."""

    line: SheetLine
    unit: Unit
    unit_name: str
    role: Role | None
    outcome: Outcome
    username: str = ""
    user: User | None = None
    contact: Contact | None = None
    changes: tuple[str, ...] = ()

    @property
    def role_name(self) -> str:
        """Return the role as people call it."""
        return ROLE_WORDS[self.role].name if self.role else "Chỉ liên hệ"


@dataclass(slots=True)
class AccountPlan:
    """Hold what a list would do and everything that is wrong with it."""

    lines: list[PlannedLine] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """Count the lines of one outcome."""
        return sum(line.outcome == outcome for line in self.lines)

    def counts(self) -> dict[str, int]:
        """Count the lines of every outcome."""
        outcomes: tuple[Outcome, ...] = ("new", "changed", "same")
        return {outcome: self.count(outcome) for outcome in outcomes}


class _Known:
    """Hold what the database knows about the units and people a list names."""

    def __init__(self, lines: Sequence[SheetLine], by: User, on: date) -> None:
        codes = {line.unit_code for line in lines}
        scope = scope_unit_ids(by, on, Permission.PEOPLE_MANAGE)
        self.units = {u.code: u for u in Unit.objects.filter(code__in=codes, pk__in=scope)}
        unit_ids = [unit.pk for unit in self.units.values()]
        spans = UnitSpan.objects.alive_on(on).filter(unit_id__in=unit_ids)
        self.names = dict(spans.values_list("unit_id", "name"))
        self.roles = grantable_roles(by, on)
        self.role_words = {search_key(k): v for k, v in role_words(self.roles).items()}
        live = Membership.objects.alive_on(on)
        self.own_units = set(live.filter(user=by).values_list("unit_id", flat=True))
        self.taken = set(User.objects.values_list("username", flat=True))
        self.people = {user.username: user for user in people_in_charge(by, on)}
        mine = {user.pk: user for user in self.people.values()}
        self.held: set[tuple[int, int, str]] = set()
        self.by_unit: dict[tuple[int, str], User] = {}
        rows = live.filter(user_id__in=mine).order_by("pk")
        for user_id, unit_id, role in rows.values_list("user_id", "unit_id", "role"):
            self.held.add((user_id, unit_id, role))
            self.by_unit[unit_id, search_key(mine[user_id].full_name)] = mine[user_id]
        contacts = Contact.objects.filter(unit_id__in=unit_ids)
        self.contacts = {(c.unit_id, search_key(c.full_name)): c for c in contacts}


def plan_accounts(lines: Sequence[SheetLine], by: User, on: date) -> AccountPlan:
    """Check every line against the rules and the database and say what it comes to."""
    known = _Known(lines, by, on)
    plan = AccountPlan()
    for line in lines:
        found = [f"Ô {line.address(name)}: {reason}" for name, reason in _errors(line, known)]
        errors = [*line.unreadable, *found]
        plan.errors += errors
        if not errors:
            plan.lines.append(_planned(line, known))
    plan.errors += _repeated(lines)
    plan.lines = _named_lines(plan.lines, known.taken)
    return plan


def person_errors(line: SheetLine, by: User, on: date) -> list[tuple[str, str]]:
    """Return what is wrong with one person typed into a form, as pairs of field and reason."""
    return _errors(line, _Known([line], by, on))


def _errors(line: SheetLine, known: _Known) -> list[tuple[str, str]]:
    """Return what is wrong with one line by itself and against the database."""
    checks = (
        ("unit_code", _unit_error(line, known)),
        ("full_name", "" if line.full_name else "chưa nhập họ và tên."),
        ("phone", _phone_error(line, known)),
        ("email", _email_error(line)),
        ("role", _role_error(line, known)),
        ("username", _username_error(line, known)),
        *_length_errors(line),
    )
    return [(name, reason) for name, reason in checks if reason]


def _unit_error(line: SheetLine, known: _Known) -> str:
    """Say alike of a unit that is not there and of one that is not his."""
    if not line.unit_code:
        return "chưa nhập mã đơn vị."
    unit = known.units.get(line.unit_code)
    if unit is None or unit.pk not in known.names:
        return f"không có đơn vị mã “{line.unit_code}” trong phạm vi của bạn."
    return ""


def _phone_error(line: SheetLine, known: _Known) -> str:
    """Ask for a number where somebody is to be called, and for digits in any case."""
    contact_only = known.role_words.get(search_key(line.role), Role.CLERK) is None
    if not line.phone:
        return "chưa nhập số điện thoại của người liên hệ." if contact_only else ""
    if not _PHONE.fullmatch(line.phone):
        return f"“{line.phone}” không phải là số điện thoại, ví dụ 0912 345 678."
    return ""


def _email_error(line: SheetLine) -> str:
    """Refuse what is not an address."""
    if not line.email:
        return ""
    try:
        validate_email(line.email)
    except ValidationError:
        return f"“{line.email}” không phải là địa chỉ thư điện tử."
    return ""


def _role_error(line: SheetLine, known: _Known) -> str:
    """Refuse a role that is unknown or that he may not hand out there."""
    choices = "; ".join(role_words(known.roles))
    if not line.role:
        return f"chưa nhập vai trò. Chọn một trong: {choices}."
    if search_key(line.role) not in known.role_words:
        return f"không có vai trò “{line.role}”. Chọn một trong: {choices}."
    role = known.role_words[search_key(line.role)]
    unit = known.units.get(line.unit_code)
    if role and role not in UNIT_ROLES and unit and unit.pk in known.own_units:
        return f"vai trò “{ROLE_WORDS[role].name}” tại đơn vị của chính bạn do quản trị cấp."
    return ""


def _username_error(line: SheetLine, known: _Known) -> str:
    """Refuse a user name of the wrong form or of somebody else."""
    if not line.username:
        return ""
    name = normal_username(line.username)
    if known.role_words.get(search_key(line.role), Role.CLERK) is None:
        return "người chỉ liên hệ không có tài khoản, hãy để trống."
    if not USERNAME_FORM.fullmatch(name):
        return f"“{line.username}”: chỉ dùng chữ thường không dấu, số, dấu chấm, gạch (2–64 ký tự)."
    if name in known.taken and name not in known.people:
        return f"tên “{name}” đã có người khác dùng. Hãy chọn tên khác."
    return ""


def _length_errors(line: SheetLine) -> list[tuple[str, str]]:
    """Refuse texts that are longer than their columns."""
    return [
        (name, f"dài quá {limit} ký tự.")
        for name, limit in _LENGTHS.items()
        if len(getattr(line, name)) > limit
    ]


def _repeated(lines: Sequence[SheetLine]) -> list[str]:
    """Name what stands twice in the list itself."""
    errors = []
    names: dict[str, SheetLine] = {}
    people: dict[tuple[str, ...], SheetLine] = {}
    for line in lines:
        username = normal_username(line.username)
        first = names.setdefault(username, line) if username else line
        if first is not line and first.full_name != line.full_name:
            where = first.address("username")
            errors.append(f"Ô {line.address('username')}: trùng với ô {where} của người khác.")
        key = (line.unit_code, search_key(line.full_name), search_key(line.role), username)
        twin = people.setdefault(key, line) if line.full_name else line
        if twin is not line:
            where = f"{line.address('full_name')}: người này đã có ở dòng {twin.number}"
            errors.append(f"Ô {where} với cùng đơn vị và vai trò.")
    return errors


def _planned(line: SheetLine, known: _Known) -> PlannedLine:
    """Find whom a faultless line means and what it changes."""
    unit = known.units[line.unit_code]
    role = known.role_words[search_key(line.role)]
    planned = PlannedLine(line, unit, known.names[unit.pk], role, "new")
    person = (unit.pk, search_key(line.full_name))
    if role is None:
        contact = known.contacts.get(person)
        return _compared(replace(planned, contact=contact), contact, is_held=True)
    username = normal_username(line.username)
    user = known.people.get(username) if username else known.by_unit.get(person)
    is_held = user is not None and (user.pk, unit.pk, role.value) in known.held
    planned = replace(planned, user=user, username=user.username if user else username)
    return _compared(planned, user, is_held=is_held)


def _compared(planned: PlannedLine, known: User | Contact | None, *, is_held: bool) -> PlannedLine:
    """Say whether a known person changes, and in what; an empty cell changes nothing."""
    if known is None:
        return planned
    labels = {
        "full_name": "họ và tên",
        "title": "chức vụ",
        "phone": "điện thoại",
        "email": "thư điện tử",
    }
    changes = [
        f"{label}: {getattr(known, name) or 'trống'} → {getattr(planned.line, name)}"
        for name, label in labels.items()
        if getattr(planned.line, name) and getattr(planned.line, name) != getattr(known, name)
    ]
    if not is_held:
        changes.append(f"thêm vai trò {planned.role_name} tại {planned.unit_name}")
    return replace(planned, outcome="changed" if changes else "same", changes=tuple(changes))


def _named_lines(lines: list[PlannedLine], taken: set[str]) -> list[PlannedLine]:
    """Give a free user name to each new person without one; one person in two lines has one."""
    used = taken | {line.username for line in lines if line.username}
    given: dict[tuple[str, str], str] = {}
    counts: Counter[str] = Counter()
    named = []
    for line in lines:
        if line.role is None or line.username:
            named.append(line)
            continue
        person = (line.line.unit_code, search_key(line.line.full_name))
        if person not in given:
            given[person] = _free_username(line.line.full_name, used, counts)
            used.add(given[person])
        named.append(replace(line, username=given[person]))
    return named


def _free_username(full_name: str, used: set[str], counts: Counter[str]) -> str:
    """Make "an.nv" of "Nguyễn Văn An", with a number when it is taken."""
    words = [re.sub(r"[^a-z0-9]", "", word) for word in search_key(full_name).split()]
    *others, given = [word for word in words if word] or ["canbo"]
    base = f"{given[:40]}.{''.join(word[0] for word in others)}".rstrip(".")
    base = base if USERNAME_FORM.fullmatch(base) else f"cb.{base}"
    name = base
    while name in used:
        counts[base] += 1
        name = f"{base}{counts[base] + 1}"
    return name
