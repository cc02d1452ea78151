"""A commune, the clerk of its police, and a browser for the clerk."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.units import MembershipFactory, UnitFactory


@pytest.fixture
def commune() -> Unit:
    """Return a commune that its police are in charge of."""
    police = UnitFactory(name="Công an xã Mỹ Hòa", kind=UnitKind.POLICE_COMMUNE)
    unit: Unit = UnitFactory(name="Xã Mỹ Hòa", kind=UnitKind.COMMUNE, police=police)
    return unit


@pytest.fixture
def clerk(commune: Unit) -> User:
    """Return the clerk of the commune's police."""
    police = Unit.objects.exclude(pk=commune.pk).get()
    user: User = UserFactory()
    MembershipFactory(user=user, unit=police, role=Role.CLERK)
    return user


@pytest.fixture
def signed(client: Client, clerk: User) -> Client:
    """Return a browser in which the clerk is signed in."""
    client.force_login(clerk)
    return client
