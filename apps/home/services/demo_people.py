"""The people of the province to try: one account for each role, and the cast behind the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import User
from apps.accounts.rules import ROLE_WORDS, NewAccount, Role
from apps.accounts.services import create_user
from apps.home.services.demo_reports import Cast
from apps.home.services.demo_units import BLOCKS, POLICE, ROOT, SINCE, Province
from apps.units.models import Membership
from apps.units.services.memberships import grant_membership

OFFICER = "tinh.tonghop"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account to try: its name, who it is, where it works."""

    username: str
    full_name: str
    role: Role
    unit_code: str

    @property
    def words(self) -> str:
        """Return the role in Vietnamese."""
        return ROLE_WORDS[self.role].name


def demo_accounts(commune_code: str, school_code: str) -> tuple[DemoAccount, ...]:
    """Return the accounts to try; commune and school are the first ones of the province."""
    station = commune_code.replace("XA-", "CA-")
    return (
        DemoAccount("xa.nhap", "Cán bộ xã (minh họa)", Role.CLERK, station),
        DemoAccount("xa.lanhdao", "Lãnh đạo Công an xã (minh họa)", Role.LEADER, station),
        DemoAccount("xa.tiepnhan", "Cán bộ tiếp nhận ở xã (minh họa)", Role.REVIEWER, station),
        DemoAccount("truong.nhap", "Cán bộ trường học (minh họa)", Role.CLERK, school_code),
        DemoAccount("truong.lanhdao", "Lãnh đạo trường học (minh họa)", Role.LEADER, school_code),
        DemoAccount("khoi.truong", "Khối trưởng (minh họa)", Role.BLOCK_HEAD, BLOCKS[0][3][0]),
        DemoAccount(OFFICER, "Cán bộ tổng hợp tỉnh (minh họa)", Role.REVIEWER, POLICE),
        DemoAccount("tinh.nhap", "Cán bộ nhập số liệu tỉnh (minh họa)", Role.CLERK, POLICE),
        DemoAccount("tinh.ky", "Chỉ huy phòng, Công an tỉnh (minh họa)", Role.LEADER, POLICE),
        DemoAccount("tinh.lanhdao", "Lãnh đạo tỉnh (minh họa)", Role.PROVINCE_LEADER, ROOT),
        DemoAccount("thanh.tra", "Thanh tra (minh họa)", Role.AUDITOR, ROOT),
        DemoAccount("quan.tri", "Quản trị (minh họa)", Role.ADMIN, ROOT),
    )


def build_people(
    *, accounts: tuple[DemoAccount, ...], province: Province, password: str, at: datetime
) -> None:
    """Create the accounts with one password to try, printed at every start."""
    for account in accounts:
        user = _person(account, password, at)
        unit = province.units[account.unit_code]
        if not Membership.objects.filter(user=user, unit=unit, role=account.role).exists():
            grant_membership(user=user, unit=unit, role=account.role, on=SINCE, by=None, at=at)


def build_cast(*, at: datetime) -> Cast:
    """Return the three inactive people who stand behind made-up and source figures."""
    return Cast(
        _backstage("minhhoa.nhap", "Người nhập (minh họa)", at),
        _backstage("minhhoa.nop", "Người nộp (minh họa)", at),
        _backstage("minhhoa.nhan", "Người tiếp nhận (minh họa)", at),
    )


def case_cast(*, at: datetime) -> Cast:
    """Return who stands behind a real case; the officer to try accepts and orders the paper."""
    cast = build_cast(at=at)
    officer: User | None = User.objects.filter(username=OFFICER, is_active=True).first()
    return Cast(cast.clerk, cast.leader, officer or cast.reviewer)


def _backstage(username: str, full_name: str, at: datetime) -> User:
    user: User | None = User.objects.filter(username=username).first()
    if user is None:
        new = NewAccount(username=username, full_name=full_name, is_demo=True)
        user = create_user(new=new, by=None, at=at).user
        User.objects.filter(pk=user.pk).update(is_active=False)
    return user


def _person(account: DemoAccount, password: str, at: datetime) -> User:
    user: User | None = User.objects.filter(username=account.username).first()
    if user is None:
        new = NewAccount(
            username=account.username,
            full_name=account.full_name,
            is_admin=account.role == Role.ADMIN,
            is_demo=True,
        )
        user = create_user(new=new, by=None, at=at, password=password).user
    return user
