"""The audit's doorbell."""

from collections.abc import Callable

import pytest
from django.db import connection

from apps.audit.models import AuditSeal
from apps.audit.tasks import seal
from tests.factories.audit import AuditEntryFactory


@pytest.mark.django_db(transaction=True)
def test_seal_twice_is_once(seal_all: Callable[[], int]) -> None:
    AuditEntryFactory.create()

    seal()
    seal_all()
    seal()

    assert AuditSeal.objects.count() == 1
    assert connection.in_atomic_block is False


def test_seal_has_the_name_the_schedule_rings() -> None:
    assert seal.name == "audit.seal"
