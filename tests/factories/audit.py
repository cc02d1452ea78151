"""Valid audit rows."""

from datetime import UTC, datetime

from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from apps.audit.models import AuditEntry, AuditSeal
from apps.audit.rules import GENESIS_HASH


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
