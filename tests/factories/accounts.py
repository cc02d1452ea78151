"""Valid users and sign-in counters."""

from datetime import UTC, datetime

from django.contrib.auth.hashers import make_password
from factory.declarations import LazyFunction, Sequence
from factory.django import DjangoModelFactory

from apps.accounts.models import SignInCounter, SignInDelay, User

PASSWORD = "con mèo ngủ trên mái nhà"


class UserFactory(DjangoModelFactory[User]):
    """Somebody who has signed in before and chosen a password (PASSWORD)."""

    class Meta:
        model = User

    username = Sequence(lambda number: f"can.bo.{number}")
    full_name = Sequence(lambda number: f"Nguyễn Văn Số {number}")
    title = "Cán bộ nhập liệu"
    password = LazyFunction(lambda: make_password(PASSWORD))
    created_at = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


class SignInDelayFactory(DjangoModelFactory[SignInDelay]):
    """An account that has failed once."""

    class Meta:
        model = SignInDelay

    account_key = Sequence(lambda number: f"{number:064x}")
    failures = 1
    last_failed_at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    blocked_until = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


class SignInCounterFactory(DjangoModelFactory[SignInCounter]):
    """An address that has tried once."""

    class Meta:
        model = SignInCounter

    address = Sequence(lambda number: f"10.1.{number // 250}.{number % 250}")
    window_started_at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    tries = 1
