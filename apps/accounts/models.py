"""The user, and the two counters that slow down guessing."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import connection, models
from django.db.models.functions import Lower

from apps.accounts.rules import (
    ADDRESS_WINDOW,
    FAILURES_FORGOTTEN_AFTER,
    FONT_SIZES,
    delay_after,
    normal_username,
)

ADD_FAILURE = """
INSERT INTO accounts_signindelay AS old (account_key, failures, last_failed_at, blocked_until)
VALUES (%s, 1, %s, %s)
ON CONFLICT (account_key) DO UPDATE SET
    failures = CASE WHEN old.last_failed_at <= %s THEN 1 ELSE old.failures + 1 END,
    last_failed_at = excluded.last_failed_at
RETURNING failures
"""
ADD_TRY = """
INSERT INTO accounts_signincounter AS old (address, window_started_at, tries) VALUES (%s, %s, 1)
ON CONFLICT (address) DO UPDATE SET
    tries = CASE WHEN old.window_started_at <= %s THEN 1 ELSE old.tries + 1 END,
    window_started_at = CASE
        WHEN old.window_started_at <= %s THEN excluded.window_started_at
        ELSE old.window_started_at
    END
RETURNING tries
"""


class UserQuerySet(models.QuerySet["User"]):
    """Chainable answers about users."""

    def active(self) -> "UserQuerySet":
        """Keep those who may sign in."""
        return self.filter(is_active=True)

    def by_name(self) -> "UserQuerySet":
        """Order by user name."""
        return self.order_by("username", "pk")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]
    """Find users by the name they type, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the user of a typed name."""
        user: User = self.get(username=normal_username(username or ""))
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who works with the portal; never deleted, only deactivated."""

    username = models.CharField("tên đăng nhập", max_length=64, unique=True)
    full_name = models.CharField("họ và tên", max_length=150)
    title = models.CharField("chức vụ", max_length=200, blank=True)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)
    is_active = models.BooleanField("đang dùng", default=True)
    is_staff = models.BooleanField("vào trang quản trị", default=False)
    font_size = models.PositiveSmallIntegerField(
        "cỡ chữ", choices=[(size, f"{size} px") for size in FONT_SIZES], default=FONT_SIZES[0]
    )
    is_demo = models.BooleanField("dữ liệu minh họa", default=False)
    created_at = models.DateTimeField("tạo lúc")

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        """Names and the truths of every user."""

        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="accounts_user_name_lower"
            ),
            models.CheckConstraint(
                condition=models.Q(username__regex=r"^[a-z0-9][a-z0-9._-]+$"),
                name="accounts_user_name_form",
            ),
            models.CheckConstraint(
                condition=models.Q(font_size__in=FONT_SIZES), name="accounts_user_font_size"
            ),
        )

    def __str__(self) -> str:
        """Show the name with the unique user name."""
        return f"{self.full_name} ({self.username})"

    def get_full_name(self) -> str:
        """Give the name shown on screen and in the log."""
        return self.full_name or self.username

    def get_short_name(self) -> str:
        """Give the last word of the name, as Vietnamese people are called."""
        return self.get_full_name().split()[-1]


class SignInDelayQuerySet(models.QuerySet["SignInDelay"]):
    """Atomic bookkeeping of failures."""

    def add_failure(self, account_key: str, at: datetime) -> "SignInDelay":
        """Count one more failure, from one again after a day without, and set the wait."""
        with connection.cursor() as cursor:
            cursor.execute(ADD_FAILURE, [account_key, at, at, at - FAILURES_FORGOTTEN_AFTER])
            (failures,) = cursor.fetchone()
        self.filter(account_key=account_key).update(blocked_until=at + delay_after(failures))
        return self.get(account_key=account_key)


class SignInDelay(models.Model):
    """How long a typed account must wait after failures; the key is a keyed hash of the name.

    The typed text itself is not kept: people type passwords into the wrong box.
    """

    account_key = models.CharField("khóa tài khoản", max_length=64, unique=True)
    failures = models.PositiveIntegerField("số lần sai")
    last_failed_at = models.DateTimeField("sai lần cuối lúc")
    blocked_until = models.DateTimeField("chờ đến")

    objects = SignInDelayQuerySet.as_manager()

    class Meta:
        """Names and the way old rows are found."""

        verbose_name = "trì hoãn đăng nhập"
        verbose_name_plural = "trì hoãn đăng nhập"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(failures__gte=1), name="accounts_delay_has_failure"
            ),
        )
        indexes = (models.Index(fields=["last_failed_at"], name="accounts_delay_last_failed"),)

    def __str__(self) -> str:
        """Name the row by its key."""
        return self.account_key

    def seconds_left(self, at: datetime) -> int:
        """Count the seconds that must still pass before the next try, rounded up."""
        left = (self.blocked_until - at).total_seconds()
        return max(0, -int(-left // 1))


class SignInCounterQuerySet(models.QuerySet["SignInCounter"]):
    """Atomic bookkeeping of tries."""

    def tries_of(self, address: str, at: datetime) -> int:
        """Count the tries of an address in its current minute."""
        current = self.filter(address=address, window_started_at__gt=at - ADDRESS_WINDOW).first()
        return current.tries if current else 0

    def add_try(self, address: str, at: datetime) -> int:
        """Count one more try; a new minute begins with the first try after the old one."""
        with connection.cursor() as cursor:
            over = at - ADDRESS_WINDOW
            cursor.execute(ADD_TRY, [address, at, over, over])
            return int(cursor.fetchone()[0])


class SignInCounter(models.Model):
    """How many tries one address made in its current minute; success does not reset it."""

    address = models.CharField("địa chỉ", max_length=64, unique=True)
    window_started_at = models.DateTimeField("phút bắt đầu lúc")
    tries = models.PositiveIntegerField("số lần thử")

    objects = SignInCounterQuerySet.as_manager()

    class Meta:
        """Names and the way old rows are found."""

        verbose_name = "bộ đếm đăng nhập"
        verbose_name_plural = "bộ đếm đăng nhập"
        indexes = (models.Index(fields=["window_started_at"], name="accounts_counter_window"),)

    def __str__(self) -> str:
        """Name the row by its address."""
        return self.address
