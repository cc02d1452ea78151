"""Write accounts: create, passwords, profile, and the bookkeeping of signing in."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from apps.accounts.models import SignInCounter, SignInDelay, User
from apps.accounts.rules import (
    ADDRESS_LIMIT,
    ADDRESS_WINDOW,
    FAILURES_FORGOTTEN_AFTER,
    FONT_SIZES,
    USERNAME_FORM,
    NewAccount,
    normal_username,
    password_faults,
    wait_text,
)
from apps.audit.services import record_action
from apps.core.codes import new_password
from apps.core.errors import DomainError
from apps.core.text import nfc

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
PROFILE_FIELDS = frozenset({"full_name", "title", "phone", "email"})


class UsernameMalformed(DomainError):
    """A user name holds what cannot be typed everywhere."""


class UsernameTaken(DomainError):
    """Somebody else has this user name."""


class PasswordTooWeak(DomainError):
    """A new password breaks the rules; the message says which."""


class FontSizeUnknown(DomainError):
    """A font size that the portal does not offer."""


class OwnAccountRefused(DomainError):
    """An administrator would lock himself out."""


@dataclass(frozen=True, slots=True)
class IssuedPassword:
    """A password to hand over once, on paper or by voice; nothing keeps it."""

    user: User
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignInOutcome:
    """Who may come in, or why not and how many seconds to wait."""

    user: User | None = None
    message: str = ""
    wait: int = 0


@transaction.atomic
def create_user(
    *, new: NewAccount, by: User | None, at: datetime, password: str | None = None
) -> IssuedPassword:
    """Open an account with a one-time password, or with the password given."""
    username = normal_username(new.username)
    if not USERNAME_FORM.match(username):
        raise UsernameMalformed(
            f"Tên đăng nhập “{nfc(new.username)}” không dùng được: chỉ gồm chữ thường không dấu, "
            "chữ số, dấu chấm, gạch dưới, gạch ngang; bắt đầu bằng chữ hoặc số; 2 đến 64 ký tự."
        )
    user = User(
        username=username,
        full_name=nfc(new.full_name),
        title=nfc(new.title),
        phone=nfc(new.phone),
        email=new.email.strip(),
        is_staff=new.is_admin,
        is_superuser=new.is_admin,
        is_demo=new.is_demo,
        must_change_password=password is None,
        created_at=at,
    )
    issued = new_password() if password is None else _checked_password(user, password)
    user.set_password(issued)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        if not User.objects.filter(username=username).exists():
            raise
        raise UsernameTaken(f"Tên đăng nhập “{username}” đã có người dùng.") from error
    record_action(
        action="accounts.user_created",
        by=by,
        at=at,
        target=user,
        detail={"username": username, "is_admin": new.is_admin, "is_demo": new.is_demo},
    )
    return IssuedPassword(user=user, password=issued)


@transaction.atomic
def change_password(*, user: User, new: str, by: User, at: datetime) -> User:
    """Set the password somebody chose; the session hash ends the user's other sessions."""
    chosen = _checked_password(user, new)
    if user.check_password(chosen):
        raise PasswordTooWeak("Mật khẩu mới phải khác mật khẩu đang dùng.")
    user.set_password(chosen)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record_action(action="accounts.password_changed", by=by, at=at, target=user)
    return user


@transaction.atomic
def finish_first_sign_in(
    *, user: User, password: str, font_size: int, by: User, at: datetime
) -> User:
    """Take the first own password and the font size in one step."""
    change_password(user=user, new=password, by=by, at=at)
    return set_font_size(user=user, font_size=font_size, by=by, at=at)


@transaction.atomic
def reset_password(*, user: User, by: User | None, at: datetime) -> IssuedPassword:
    """Issue a one-time password; it must be changed at sign-in and ends every session."""
    issued = new_password()
    user.set_password(issued)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    SignInDelay.objects.filter(account_key=account_key(user.username)).delete()
    record_action(action="accounts.password_reset", by=by, at=at, target=user)
    return IssuedPassword(user=user, password=issued)


@transaction.atomic
def deactivate_user(*, user: User, by: User | None, at: datetime) -> User:
    """Close an account; open sessions end with their next request."""
    if by is not None and by.pk == user.pk:
        raise OwnAccountRefused("Không tự khóa tài khoản của chính mình.")
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        record_action(action="accounts.user_deactivated", by=by, at=at, target=user)
    return user


@transaction.atomic
def activate_user(*, user: User, by: User | None, at: datetime) -> User:
    """Open a closed account again."""
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record_action(action="accounts.user_activated", by=by, at=at, target=user)
    return user


@transaction.atomic
def set_admin(*, user: User, is_admin: bool, by: User | None, at: datetime) -> User:
    """Give or take the right to the admin site."""
    if by is not None and by.pk == user.pk and not is_admin:
        raise OwnAccountRefused("Không tự bỏ quyền quản trị của chính mình.")
    if (user.is_staff, user.is_superuser) != (is_admin, is_admin):
        user.is_staff = user.is_superuser = is_admin
        user.save(update_fields=["is_staff", "is_superuser"])
        action = "accounts.admin_granted" if is_admin else "accounts.admin_withdrawn"
        record_action(action=action, by=by, at=at, target=user)
    return user


@transaction.atomic
def change_profile(*, user: User, fields: Sequence[str], by: User | None, at: datetime) -> User:
    """Keep the changed name, title, phone or address of a user; the audit names the fields."""
    changed = sorted(PROFILE_FIELDS & set(fields))
    if changed:
        for name in changed:
            setattr(user, name, nfc(getattr(user, name)))
        user.save(update_fields=changed)
        record_action(
            action="accounts.profile_changed",
            by=by,
            at=at,
            target=user,
            detail={"fields": changed},
        )
    return user


@transaction.atomic
def set_font_size(*, user: User, font_size: int, by: User, at: datetime) -> User:
    """Keep how large somebody wants to read."""
    if font_size not in FONT_SIZES:
        raise FontSizeUnknown("Cỡ chữ chỉ có 16, 18 hoặc 20.")
    if user.font_size != font_size:
        user.font_size = font_size
        user.save(update_fields=["font_size"])
        record_action(
            action="accounts.font_size_set",
            by=by,
            at=at,
            target=user,
            detail={"font_size": font_size},
        )
    return user


@transaction.atomic
def sign_in(*, username: str, password: str, address: str, at: datetime) -> SignInOutcome:
    """Check a name and a password within the limits; refusals are answers, so counting stays.

    Nothing is locked while the password is hashed, and an unknown name costs the same hash, says
    the same and waits the same as a known one. Success forgives the account, never the address.
    """
    if SignInCounter.objects.tries_of(address, at) >= ADDRESS_LIMIT:
        return SignInOutcome(message=_busy_text(), wait=int(ADDRESS_WINDOW.total_seconds()))
    user = User.objects.filter(username=normal_username(username)).first()
    delay = SignInDelay.objects.filter(account_key=account_key(username)).first()
    if delay and (left := delay.seconds_left(at)):
        _count_try(address, at)
        detail = {"address": address, "failures": delay.failures}
        record_action(action="accounts.sign_in_delayed", by=None, at=at, target=user, detail=detail)
        return SignInOutcome(message=_delay_text(delay.failures, left), wait=left)
    is_right = _is_right(user, password)
    _count_try(address, at)
    if user is None or not is_right:
        return record_sign_in_failure(username=username, user=user, address=address, at=at)
    SignInDelay.objects.filter(account_key=account_key(username)).delete()
    record_action(
        action="accounts.signed_in", by=user, at=at, target=user, detail={"address": address}
    )
    return SignInOutcome(user=user)


@transaction.atomic
def record_sign_in_failure(
    *, username: str, user: User | None, address: str, at: datetime
) -> SignInOutcome:
    """Count a wrong password against the account that was typed, known or not."""
    delay = SignInDelay.objects.add_failure(account_key(username), at)
    record_action(
        action="accounts.sign_in_failed",
        by=None,
        at=at,
        target=user,
        detail={"address": address, "failures": delay.failures},
    )
    left = delay.seconds_left(at)
    message = f"{WRONG} {_delay_text(delay.failures, left)}" if left else WRONG
    return SignInOutcome(message=message, wait=left)


@transaction.atomic
def confirm_password(*, user: User, password: str, address: str, at: datetime) -> SignInOutcome:
    """Ask a signed-in user for the password again, under the same growing delay."""
    delay = SignInDelay.objects.filter(account_key=account_key(user.username)).first()
    if delay and (left := delay.seconds_left(at)):
        return SignInOutcome(message=_delay_text(delay.failures, left), wait=left)
    if _is_right(user, password):
        return SignInOutcome(user=user)
    outcome = record_sign_in_failure(username=user.username, user=user, address=address, at=at)
    return SignInOutcome(
        message=outcome.message.replace(WRONG, "Mật khẩu hiện tại không đúng."), wait=outcome.wait
    )


@transaction.atomic
def record_sign_out(*, user: User, at: datetime, is_switch: bool = False) -> None:
    """Note that somebody left, or made room for a colleague on a shared computer."""
    action = "accounts.user_switched" if is_switch else "accounts.signed_out"
    record_action(action=action, by=user, at=at, target=user)


@transaction.atomic
def sweep_sign_in_counters(*, at: datetime) -> int:
    """Forget counters that no longer slow anybody down; count the rows."""
    long_ago = at - FAILURES_FORGOTTEN_AFTER
    delays, _ = SignInDelay.objects.filter(last_failed_at__lt=long_ago).delete()
    counters, _ = SignInCounter.objects.filter(window_started_at__lt=long_ago).delete()
    return delays + counters


def account_key(username: str) -> str:
    """Hash a typed name with the secret key, so that the counters keep no names."""
    name = normal_username(username)
    return salted_hmac("accounts.sign_in_delay", name, algorithm="sha256").hexdigest()


def _checked_password(user: User, password: str) -> str:
    chosen = unicodedata.normalize("NFC", password)
    words = [user.username, *user.username.split("."), user.full_name, user.title, user.phone]
    if faults := password_faults(chosen, words=words):
        raise PasswordTooWeak(" ".join(faults))
    return chosen


def _is_right(user: User | None, password: str) -> bool:
    """Hash once whoever is asked for: an unknown or closed account takes as long."""
    typed = unicodedata.normalize("NFC", password)
    if user is None:
        make_password(typed)
        return False
    return user.check_password(typed) and user.is_active


def _count_try(address: str, at: datetime) -> None:
    if SignInCounter.objects.add_try(address, at) == ADDRESS_LIMIT:
        record_action(
            action="accounts.address_limited", by=None, at=at, detail={"address": address}
        )


def _delay_text(failures: int, left: int) -> str:
    return (
        f"Sai {failures} lần. Thử lại sau {wait_text(left)}, "
        "hoặc hỏi cán bộ Công an phụ trách đơn vị."
    )


def _busy_text() -> str:
    return "Nơi này vừa thử đăng nhập quá nhiều lần. Thử lại sau 1 phút."
