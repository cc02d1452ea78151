"""The accounts' doorbell."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import SignInCounter
from apps.accounts.tasks import sweep_sign_in
from tests.factories.accounts import SignInCounterFactory


@pytest.mark.django_db
def test_sweep_twice_is_once() -> None:
    SignInCounterFactory.create(window_started_at=timezone.now() - timedelta(days=2))
    fresh = SignInCounterFactory.create(window_started_at=timezone.now())

    sweep_sign_in()
    sweep_sign_in()

    assert SignInCounter.objects.get() == fresh
    assert sweep_sign_in.name == "accounts.sweep_sign_in"
