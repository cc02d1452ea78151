"""Constraints and bookkeeping of the accounts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from apps.accounts.models import SignInCounter, SignInDelay, User
from tests.factories.accounts import SignInCounterFactory, SignInDelayFactory, UserFactory


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"username": "Lan"}, "accounts_user_name_"),
        ({"username": "trần"}, "accounts_user_name_form"),
        ({"username": ".lan"}, "accounts_user_name_form"),
        ({"font_size": 17}, "accounts_user_font_size"),
    ],
)
def test_user_refuses(wrong: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        UserFactory.create(**wrong)


@pytest.mark.django_db
def test_user_names_are_unique() -> None:
    UserFactory.create(username="lan")

    with pytest.raises(IntegrityError):
        UserFactory.create(username="lan")


@pytest.mark.django_db
def test_get_by_natural_key_finds_what_is_typed_in_any_case() -> None:
    user = UserFactory.create(username="lan")

    assert User.objects.get_by_natural_key(" LAN ") == user


@pytest.mark.django_db
def test_active_and_by_name() -> None:
    UserFactory.create(username="minh", is_active=False)
    hoa, an = UserFactory.create(username="hoa"), UserFactory.create(username="an")

    assert list(User.objects.active().by_name()) == [an, hoa]


def test_names_shown() -> None:
    user = UserFactory.build(username="lan", full_name="Trần Thị Lan")

    assert str(user) == "Trần Thị Lan (lan)"
    assert (user.get_full_name(), user.get_short_name()) == ("Trần Thị Lan", "Lan")
    assert str(SignInDelayFactory.build(account_key="k")) == "k"
    assert str(SignInCounterFactory.build(address="10.0.0.1")) == "10.0.0.1"


@pytest.mark.django_db
def test_add_failure_counts_and_sets_the_wait(at: datetime) -> None:
    for _ in range(7):
        delay = SignInDelay.objects.add_failure("k", at)

    assert delay.failures == 7
    assert delay.seconds_left(at) == 4
    assert delay.seconds_left(at + timedelta(seconds=3, milliseconds=1)) == 1
    assert delay.seconds_left(at + timedelta(seconds=4)) == 0


@pytest.mark.django_db
def test_add_failure_forgets_after_a_day(at: datetime) -> None:
    SignInDelayFactory.create(
        account_key="k", failures=30, last_failed_at=at - timedelta(days=1), blocked_until=at
    )

    assert SignInDelay.objects.add_failure("k", at).failures == 1


@pytest.mark.django_db
def test_delay_without_a_failure_is_refused() -> None:
    with pytest.raises(IntegrityError, match="accounts_delay_has_failure"):
        SignInDelayFactory.create(failures=0)


@pytest.mark.django_db
def test_add_try_counts_within_a_minute_from_the_first(at: datetime) -> None:
    for second in (0, 30, 59):
        tries = SignInCounter.objects.add_try("10.0.0.1", at + timedelta(seconds=second))
    assert tries == 3
    assert SignInCounter.objects.tries_of("10.0.0.1", at + timedelta(seconds=59)) == 3
    assert SignInCounter.objects.tries_of("10.0.0.1", at + timedelta(seconds=60)) == 0
    assert SignInCounter.objects.add_try("10.0.0.1", at + timedelta(seconds=60)) == 1
    assert SignInCounter.objects.tries_of("10.0.0.2", at) == 0


@pytest.mark.django_db(transaction=True)
def test_counters_lose_nothing_between_threads(at: datetime) -> None:
    def work(_: int) -> None:
        SignInCounter.objects.add_try("10.0.0.1", at)
        SignInDelay.objects.add_failure("k", at)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(40)))

    assert SignInCounter.objects.get().tries == 40
    assert SignInDelay.objects.get().failures == 40
