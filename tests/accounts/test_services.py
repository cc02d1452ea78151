"""Accounts are written, refused by name, audited; signing in stays within its limits."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import SignInCounter, SignInDelay, User
from apps.accounts.rules import ADDRESS_LIMIT, NewAccount
from apps.accounts.services import (
    FontSizeUnknown,
    OwnAccountRefused,
    PasswordTooWeak,
    SignInOutcome,
    UsernameMalformed,
    UsernameTaken,
    account_key,
    activate_user,
    change_password,
    change_profile,
    confirm_password,
    create_user,
    deactivate_user,
    finish_first_sign_in,
    record_sign_out,
    reset_password,
    set_admin,
    set_font_size,
    sign_in,
    sweep_sign_in_counters,
)
from apps.audit.models import AuditEntry
from tests.factories.accounts import (
    PASSWORD,
    SignInCounterFactory,
    SignInDelayFactory,
    UserFactory,
)

OTHER = "chiếc xe đạp màu xanh"
OFFICE = "203.0.113.9"


@pytest.fixture
def lan(db: None) -> User:
    """A clerk."""
    return UserFactory.create(username="lan", full_name="Trần Thị Lan")


@pytest.fixture
def minh(db: None) -> User:
    """An administrator."""
    return UserFactory.create(username="minh", is_staff=True, is_superuser=True)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def try_sign_in(at: Any, username: str = "lan", password: str = PASSWORD) -> SignInOutcome:
    return sign_in(username=username, password=password, address=OFFICE, at=at)


def test_create_user_issues_a_one_time_password(minh: User, at: datetime) -> None:
    new = NewAccount(username=" CA.XaMyTho ", full_name="Le\u0302  Hoa", title="Công an xã")

    issued = create_user(new=new, by=minh, at=at)

    user = User.objects.get(username="ca.xamytho")
    assert user == issued.user
    assert (user.full_name, user.title, user.created_at) == ("Lê Hoa", "Công an xã", at)
    assert user.must_change_password
    assert user.check_password(issued.password)
    assert issued.password not in repr(issued)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.target_id) == (
        "accounts.user_created",
        minh.pk,
        str(user.pk),
    )
    assert issued.password not in str(entry.detail)


def test_create_user_with_a_given_password_asks_for_no_change(db: None, at: datetime) -> None:
    new = NewAccount(username="demo.clerk", full_name="Lan", is_admin=True, is_demo=True)

    user = create_user(new=new, by=None, at=at, password=PASSWORD).user

    assert user.check_password(PASSWORD)
    assert (user.must_change_password, user.is_demo) == (False, True)
    assert user.is_staff
    assert user.is_superuser


@pytest.mark.parametrize("username", ["", "a", "Trần Lan", "lan@xa", ".lan", "x" * 65])
def test_create_user_refuses_a_name_that_cannot_be_typed_everywhere(
    db: None, at: datetime, username: str
) -> None:
    with pytest.raises(UsernameMalformed):
        create_user(new=NewAccount(username=username, full_name="Lan"), by=None, at=at)


def test_create_user_refuses_a_name_that_is_taken_and_leaves_the_transaction_usable(
    lan: User, at: datetime
) -> None:
    with pytest.raises(UsernameTaken, match="lan"):
        create_user(new=NewAccount(username="LAN", full_name="Lan"), by=None, at=at)

    assert User.objects.count() == 1
    assert actions() == []


def test_create_user_hides_no_other_fault_behind_a_taken_name(
    db: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError("something else")

    monkeypatch.setattr(User, "save", fail)
    with pytest.raises(IntegrityError, match="something else"):
        create_user(new=NewAccount(username="hoa", full_name="Hoa"), by=None, at=at)


def test_create_user_refuses_a_weak_given_password(db: None, at: datetime) -> None:
    with pytest.raises(PasswordTooWeak, match="ít nhất 12"):
        create_user(new=NewAccount(username="hoa", full_name="Hoa"), by=None, at=at, password="x")


def test_change_password_ends_the_need_to_change(lan: User, at: datetime) -> None:
    lan.must_change_password = True
    lan.save()
    before = lan.get_session_auth_hash()

    change_password(user=lan, new=OTHER, by=lan, at=at)

    lan.refresh_from_db()
    assert lan.check_password(OTHER)
    assert not lan.must_change_password
    assert lan.get_session_auth_hash() != before
    assert actions() == ["accounts.password_changed"]


def test_change_password_accepts_either_form_of_vietnamese_letters(lan: User, at: datetime) -> None:
    change_password(user=lan, new="con me\u0300o ngu\u0309 tre\u0302n bờ rào", by=lan, at=at)

    assert try_sign_in(at, password="con mèo ngủ trên bờ rào").user == lan


@pytest.mark.parametrize("weak", ["ngan", "tranthilan99", "matkhau123456", PASSWORD])
def test_change_password_refuses_weak_or_unchanged(lan: User, at: datetime, weak: str) -> None:
    with pytest.raises(PasswordTooWeak):
        change_password(user=lan, new=weak, by=lan, at=at)

    lan.refresh_from_db()
    assert lan.check_password(PASSWORD)
    assert actions() == []


def test_finish_first_sign_in_is_all_or_nothing(lan: User, at: datetime) -> None:
    with pytest.raises(FontSizeUnknown):
        finish_first_sign_in(user=lan, password=OTHER, font_size=99, by=lan, at=at)
    assert User.objects.get().check_password(PASSWORD)

    finish_first_sign_in(user=lan, password="trời mưa bong bóng", font_size=20, by=lan, at=at)

    user = User.objects.get()
    assert user.check_password("trời mưa bong bóng")
    assert user.font_size == 20
    assert actions() == ["accounts.password_changed", "accounts.font_size_set"]


def test_reset_password_issues_ends_sessions_and_forgives_the_delay(
    lan: User, minh: User, at: datetime
) -> None:
    before = lan.get_session_auth_hash()
    SignInDelayFactory.create(account_key=account_key("lan"), failures=9)

    issued = reset_password(user=lan, by=minh, at=at)

    lan.refresh_from_db()
    assert lan.check_password(issued.password)
    assert lan.must_change_password
    assert lan.get_session_auth_hash() != before
    assert not SignInDelay.objects.exists()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id) == ("accounts.password_reset", minh.pk)


def test_one_time_passwords_differ(lan: User, at: datetime) -> None:
    issued = {reset_password(user=lan, by=None, at=at).password for _ in range(20)}

    assert len(issued) == 20


def test_deactivate_and_activate_user(lan: User, minh: User, at: datetime) -> None:
    deactivate_user(user=lan, by=minh, at=at)
    deactivate_user(user=lan, by=minh, at=at)
    assert not User.objects.get(pk=lan.pk).is_active
    assert try_sign_in(at).user is None

    activate_user(user=lan, by=minh, at=at)
    activate_user(user=lan, by=minh, at=at)
    assert try_sign_in(at).user == lan
    assert actions() == [
        "accounts.user_deactivated",
        "accounts.sign_in_failed",
        "accounts.user_activated",
        "accounts.signed_in",
    ]


def test_administrators_do_not_lock_themselves_out(minh: User, at: datetime) -> None:
    with pytest.raises(OwnAccountRefused):
        deactivate_user(user=minh, by=minh, at=at)
    with pytest.raises(OwnAccountRefused):
        set_admin(user=minh, is_admin=False, by=minh, at=at)


def test_set_admin_gives_and_takes(lan: User, minh: User, at: datetime) -> None:
    set_admin(user=lan, is_admin=True, by=minh, at=at)
    set_admin(user=lan, is_admin=True, by=minh, at=at)
    lan.refresh_from_db()
    assert lan.is_superuser

    set_admin(user=lan, is_admin=False, by=minh, at=at)
    lan.refresh_from_db()
    assert not lan.is_staff
    assert actions() == ["accounts.admin_granted", "accounts.admin_withdrawn"]


def test_change_profile_keeps_named_fields_only_and_audits_names_not_values(
    lan: User, minh: User, at: datetime
) -> None:
    lan.full_name, lan.username, lan.phone = " Trần  Lan ", "other", "0900"

    change_profile(user=lan, fields=["full_name", "username"], by=minh, at=at)
    change_profile(user=lan, fields=[], by=minh, at=at)

    kept = User.objects.get(pk=lan.pk)
    assert (kept.full_name, kept.username, kept.phone) == ("Trần Lan", "lan", "")
    assert AuditEntry.objects.get().detail == {"fields": ["full_name"]}


def test_set_font_size_writes_only_a_change(lan: User, at: datetime) -> None:
    set_font_size(user=lan, font_size=18, by=lan, at=at)
    set_font_size(user=lan, font_size=18, by=lan, at=at)

    assert User.objects.get().font_size == 18
    assert actions() == ["accounts.font_size_set"]
    with pytest.raises(FontSizeUnknown):
        set_font_size(user=lan, font_size=17, by=lan, at=at)


def test_sign_in_right(lan: User, at: datetime) -> None:
    outcome = try_sign_in(at, username=" LAN ")

    assert (outcome.user, outcome.message, outcome.wait) == (lan, "", 0)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id) == ("accounts.signed_in", lan.pk)
    assert entry.detail == {"address": OFFICE}


def test_sign_in_says_and_waits_the_same_for_known_unknown_and_closed(
    lan: User, at: datetime
) -> None:
    UserFactory.create(username="hoa", is_active=False)

    for _ in range(12):
        outcomes = {
            (outcome.user, outcome.message, outcome.wait)
            for outcome in (
                try_sign_in(at, password="wrong"),
                try_sign_in(at, username="nobody"),
                try_sign_in(at, username="hoa"),
            )
        }
        assert len(outcomes) == 1


def test_sign_in_hashes_once_whoever_is_asked_for(
    lan: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode

    def counted(*args: Any) -> str:
        hashed.append("once")
        return encode(*args)

    monkeypatch.setattr(hasher, "encode", counted)
    UserFactory.create(username="hoa", is_active=False, password=lan.password)

    for username in ("lan", "nobody", "hoa"):
        hashed.clear()
        try_sign_in(at, username=username, password="wrong")
        assert hashed == ["once"], username


def test_sign_in_never_writes_what_was_typed(at: datetime, db: None) -> None:
    try_sign_in(at, username="MyPasswordInTheWrongBox", password="secret words")

    row = str(AuditEntry.objects.values().get()) + str(SignInDelay.objects.values().get())
    assert "wrongbox" not in row.lower()
    assert "secret" not in row


def test_sign_in_gives_five_free_failures_then_growing_waits(lan: User, at: datetime) -> None:
    waits = []
    for _ in range(16):
        outcome = try_sign_in(at, password="wrong")
        waits.append(outcome.wait)
        at += timedelta(seconds=outcome.wait)

    assert waits == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_sign_in_during_a_wait_is_refused_even_when_right_and_does_not_prolong_it(
    lan: User, at: datetime
) -> None:
    for _ in range(6):
        message = try_sign_in(at, password="wrong").message
    assert "Sai 6 lần. Thử lại sau 2 giây" in message

    refused = try_sign_in(at + timedelta(seconds=1))
    assert (refused.user, refused.wait) == (None, 1)
    assert "Sai 6 lần. Thử lại sau 1 giây" in refused.message

    assert try_sign_in(at + timedelta(seconds=2)).user == lan
    assert actions()[-2:] == ["accounts.sign_in_delayed", "accounts.signed_in"]


def test_sign_in_right_forgives_the_account_but_not_the_address(lan: User, at: datetime) -> None:
    for _ in range(5):
        try_sign_in(at, password="wrong")

    try_sign_in(at)

    assert not SignInDelay.objects.exists()
    assert SignInCounter.objects.get().tries == 6


def test_sign_in_of_one_account_does_not_slow_another(lan: User, at: datetime) -> None:
    UserFactory.create(username="hoa")
    for _ in range(10):
        try_sign_in(at, username="hoa", password="wrong")

    assert try_sign_in(at).user == lan


def test_sign_in_stops_an_address_at_its_limit_and_says_so_once(lan: User, at: datetime) -> None:
    SignInCounterFactory.create(address=OFFICE, window_started_at=at, tries=ADDRESS_LIMIT - 1)

    assert try_sign_in(at).user == lan
    for _ in range(3):
        refused = try_sign_in(at)
        assert (refused.user, refused.wait) == (None, 60)
    assert sign_in(username="lan", password=PASSWORD, address="10.0.0.7", at=at).user == lan
    assert try_sign_in(at + timedelta(minutes=1)).user == lan
    assert actions().count("accounts.address_limited") == 1


def test_sign_in_costs_the_same_queries_for_every_right_one(
    lan: User, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(8):
        try_sign_in(at)


def test_confirm_password_counts_like_sign_in(lan: User, at: datetime) -> None:
    assert _confirm(lan, PASSWORD, at).user == lan
    for _ in range(6):
        outcome = _confirm(lan, "wrong", at)

    assert outcome.message.startswith("Mật khẩu hiện tại không đúng. Sai 6 lần.")
    assert _confirm(lan, PASSWORD, at).user is None
    assert try_sign_in(at).wait == 2


def test_record_sign_out(lan: User, at: datetime) -> None:
    record_sign_out(user=lan, at=at)
    record_sign_out(user=lan, at=at, is_switch=True)

    assert actions() == ["accounts.signed_out", "accounts.user_switched"]


def test_sweep_sign_in_counters_forgets_what_is_old(at: datetime, db: None) -> None:
    old = at - timedelta(days=1, seconds=1)
    SignInDelayFactory.create(last_failed_at=old)
    SignInDelayFactory.create(last_failed_at=at)
    SignInCounterFactory.create(window_started_at=old)
    SignInCounterFactory.create(window_started_at=at)

    assert sweep_sign_in_counters(at=at) == 2
    assert sweep_sign_in_counters(at=at) == 0


def _confirm(user: User, password: str, at: Any) -> SignInOutcome:
    return confirm_password(user=user, password=password, address=OFFICE, at=at)
