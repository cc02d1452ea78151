"""Valid jobs, messages, answered requests and imports."""

from datetime import UTC, datetime, timedelta

import factory

from apps.desk.models import IdempotencyKey, ImportBatch, Job, Notice
from tests.factories.accounts import UserFactory

NOON = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


class JobFactory(factory.django.DjangoModelFactory):
    """A job that waits since 9 o'clock."""

    class Meta:
        model = Job

    class Params:
        running = factory.Trait(state="running", attempts=1, claimed_at=NOON, heartbeat_at=NOON)
        done = factory.Trait(
            state="done", progress=100, finished_at=NOON, expires_at=NOON + timedelta(days=7)
        )
        failed = factory.Trait(
            state="failed",
            attempts=1,
            error="Đĩa đầy.",
            finished_at=NOON,
            expires_at=NOON + timedelta(days=7),
        )

    kind = "document"
    title = factory.Sequence(lambda n: f"Báo cáo thử {n}")
    owner = factory.SubFactory(UserFactory)
    task = "tests.nothing"
    queue = "documents"
    ring_at = NOON + timedelta(seconds=15)
    created_at = NOON


class NoticeFactory(factory.django.DjangoModelFactory):
    """An unread message."""

    class Meta:
        model = Notice

    user = factory.SubFactory(UserFactory)
    text = "Báo cáo tháng 11 bị trả lại."
    url = "/bao-cao/1/"
    created_at = NOON


class IdempotencyKeyFactory(factory.django.DjangoModelFactory):
    """A request that was answered."""

    class Meta:
        model = IdempotencyKey

    user = factory.SubFactory(UserFactory)
    key = factory.Sequence(lambda n: f"khoa-{n}")
    fingerprint = "a" * 64
    response = factory.LazyFunction(lambda: {"receipt": "K7QM"})
    created_at = NOON


class ImportBatchFactory(factory.django.DjangoModelFactory):
    """A file that was read and shown."""

    class Meta:
        model = ImportBatch

    kind = "report"
    owner = factory.SubFactory(UserFactory)
    file_name = "bao-cao.xlsx"
    sha256 = "b" * 64
    created_at = NOON
