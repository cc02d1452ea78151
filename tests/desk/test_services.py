"""Messages, repeated requests and imports."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from apps.audit.models import AuditEntry
from apps.core.uploads import CleanUpload
from apps.desk.models import IdempotencyKey, Notice
from apps.desk.services import (
    ImportNotPossible,
    RequestChanged,
    RequestRepeated,
    apply_import,
    expire_imports,
    find_response,
    notify,
    open_import,
    read_notices,
    remember_response,
    undo_import,
)
from tests.factories.accounts import UserFactory
from tests.factories.desk import ImportBatchFactory, NoticeFactory

pytestmark = pytest.mark.django_db

SAME, OTHER = "a" * 64, "b" * 64


def test_notify_sends_one_message_to_each_user_once(at: datetime) -> None:
    lan, minh = UserFactory(), UserFactory()

    sent = notify(
        users=[lan, minh, lan], text="Nhắc nộp báo cáo", url="/bao-cao/1/", kind="task", at=at
    )

    assert sent == 2
    assert Notice.objects.count() == 2


def test_notify_takes_one_insert_for_many(at: datetime, django_assert_num_queries: object) -> None:
    users = UserFactory.create_batch(20)

    with django_assert_num_queries(1 + 2):  # type: ignore[operator] # and the savepoint around it
        notify(users=users, text="x" * 900, url="", kind="info", at=at)

    assert len(Notice.objects.all()[0].text) == 500


def test_read_notices_reads_own_ones_only(at: datetime) -> None:
    mine, theirs = NoticeFactory(), NoticeFactory()
    second = NoticeFactory(user=mine.user)

    assert read_notices(by=mine.user, at=at, notice=theirs) == 0
    assert read_notices(by=mine.user, at=at, notice=mine) == 1
    assert read_notices(by=mine.user, at=at) == 1
    assert not Notice.objects.unread().filter(pk=second.pk).exists()
    assert Notice.objects.unread().get() == theirs


def test_find_response_gives_the_first_answer_again(at: datetime) -> None:
    lan = UserFactory()
    assert find_response(user=lan, key="k", fingerprint=SAME) is None

    remember_response(user=lan, key="k", fingerprint=SAME, response={"receipt": "K7QM"}, at=at)

    assert find_response(user=lan, key="k", fingerprint=SAME) == {"receipt": "K7QM"}
    assert find_response(user=UserFactory(), key="k", fingerprint=SAME) is None


def test_find_response_refuses_other_content_under_the_same_key(at: datetime) -> None:
    lan = UserFactory()
    remember_response(user=lan, key="k", fingerprint=SAME, response={}, at=at)

    with pytest.raises(RequestChanged, match="nội dung khác"):
        find_response(user=lan, key="k", fingerprint=OTHER)


def test_remember_response_goes_with_its_transaction(at: datetime) -> None:
    lan = UserFactory()

    with pytest.raises(RuntimeError), transaction.atomic():
        remember_response(user=lan, key="k", fingerprint=SAME, response={}, at=at)
        raise RuntimeError

    assert find_response(user=lan, key="k", fingerprint=SAME) is None


@pytest.mark.django_db(transaction=True)
def test_remember_response_from_two_tabs_counts_once(at: datetime) -> None:
    lan, together = UserFactory(), Barrier(2, timeout=10)

    def send(number: int) -> str:
        try:
            together.wait()
            with transaction.atomic():
                NoticeFactory(user=lan, text=f"việc {number}")
                remember_response(
                    user=lan, key="k", fingerprint=SAME, response={"tab": number}, at=at
                )
        except RequestRepeated:
            return "repeated"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(send, range(2)))

    assert outcomes == ["done", "repeated"]
    assert Notice.objects.count() == 1
    answer = IdempotencyKey.objects.get().response
    assert Notice.objects.get().text == f"việc {answer['tab']}"


def test_import_is_opened_applied_and_undone_once(at: datetime) -> None:
    lan = UserFactory()
    upload = CleanUpload(name="bao-cao.xlsx", content=b"PK", mime="x", sha256="c" * 64)

    batch = open_import(kind="report", upload=upload, summary={"new": 3}, by=lan, at=at)
    assert (batch.state, batch.owner, batch.sha256) == ("previewed", lan, "c" * 64)
    batch = apply_import(batch=batch, summary={"written": 3}, by=lan, at=at)
    assert (batch.state, batch.summary, batch.applied_at) == ("applied", {"written": 3}, at)
    with pytest.raises(ImportNotPossible, match="trước đó"):
        apply_import(batch=batch, summary={}, by=lan, at=at)
    batch = undo_import(batch=batch, by=lan, at=at)
    assert batch.undone_at == at
    with pytest.raises(ImportNotPossible):
        undo_import(batch=batch, by=lan, at=at)

    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "desk.import_opened",
        "desk.import_applied",
        "desk.import_undone",
    ]


def test_a_preview_that_nobody_applied_is_forgotten_after_30_days(at: datetime) -> None:
    read = {"rows": [[2, "Xã Mỹ Hòa"]], "new": 1}
    old = ImportBatchFactory(created_at=at - timedelta(days=30), summary=read)
    young = ImportBatchFactory(created_at=at - timedelta(days=29), summary=read)
    done = ImportBatchFactory(
        created_at=at - timedelta(days=31), summary=read, state="applied", applied_at=at
    )

    assert (expire_imports(at=at), expire_imports(at=at)) == (1, 0)
    for batch in (old, young, done):
        batch.refresh_from_db()
    assert (old.state, old.summary, old.sha256) == ("expired", {}, "b" * 64)
    assert (young.state, young.summary, done.summary) == ("previewed", read, read)
    with pytest.raises(ImportNotPossible, match="quá 30 ngày"):
        apply_import(batch=old, summary=read, by=old.owner, at=at)
    assert AuditEntry.objects.get(action="desk.import_expired").target_id == str(old.pk)


def test_undo_import_refuses_what_was_only_shown(at: datetime) -> None:
    batch = ImportBatchFactory()

    with pytest.raises(ImportNotPossible):
        undo_import(batch=batch, by=batch.owner, at=at)
