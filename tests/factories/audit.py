"""Valid audit rows, and the guard that tests must lift."""

from datetime import UTC, datetime
from importlib import import_module

from django.db import connection
from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from apps.audit.models import AuditEntry, AuditSeal
from apps.audit.rules import GENESIS_HASH

TRUNCATE_GUARD = import_module("apps.audit.migrations.0003_refuse_truncate")


class AuditEntryFactory(DjangoModelFactory[AuditEntry]):
    """One thing that somebody did."""

    class Meta:
        model = AuditEntry

    at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    actor_id = 7
    actor_name = "Trần Thị Lan (lan)"
    action = "tests.done"
    target_type = "tests.thing"
    target_id = Sequence(str)
    detail = LazyFunction(dict)


class AuditSealFactory(DjangoModelFactory[AuditSeal]):
    """A link of a chain; its hash is well formed, not computed."""

    class Meta:
        model = AuditSeal

    seq = Sequence(lambda number: number + 1)
    entry = SubFactory(AuditEntryFactory)
    prev_hash = GENESIS_HASH
    hash = Sequence(lambda number: f"{number + 1:064x}")
    sealed_at = datetime(2026, 11, 18, 2, 0, 10, tzinfo=UTC)


def lift_truncate_guard() -> None:
    """Let the test database be emptied between tests; called once, when it has been created.

    Only this guard is lifted: the one against UPDATE and DELETE stays, and both have a test.
    """
    with connection.cursor() as cursor:
        for table in TRUNCATE_GUARD.TABLES:
            cursor.execute(TRUNCATE_GUARD.drop_trigger(table))
