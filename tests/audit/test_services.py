"""Recording, sealing, verifying, anchoring, and the rights of the app login."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from time import monotonic, sleep
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from psycopg2 import extensions
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.audit.models import AuditEntry, AuditSeal
from apps.audit.rules import GENESIS_HASH
from apps.audit.services import (
    AnchorUnreadable,
    grant_table_rights,
    read_anchors,
    record_action,
    seal_entries,
    verify_chain,
    write_anchor,
)
from tests.factories.accounts import UserFactory
from tests.factories.audit import AuditEntryFactory


@pytest.fixture
def chain(seal_all: Callable[[], int]) -> list[AuditEntry]:
    """Seal five rows."""
    entries = [AuditEntryFactory.create(detail={"n": number}) for number in range(5)]
    assert seal_all() == len(entries)
    return entries


@pytest.mark.django_db
def test_record_action_is_one_insert(
    django_assert_num_queries: DjangoAssertNumQueries, at: datetime
) -> None:
    user = UserFactory.create(username="lan", full_name="Trần Thị Lan")

    with django_assert_num_queries(1) as captured:
        record_action(action="tests.done", by=user, at=at, target=user, detail={"n": 1})

    assert captured[0]["sql"].startswith("INSERT")
    entry = AuditEntry.objects.get()
    assert (entry.at, entry.actor_id, entry.actor_name) == (at, user.pk, "Trần Thị Lan (lan)")
    assert (entry.action, entry.target_type) == ("tests.done", "accounts.user")
    assert (entry.target_id, entry.detail) == (str(user.pk), {"n": 1})


@pytest.mark.django_db
def test_record_action_works_for_nobody_and_nothing(at: datetime) -> None:
    record_action(action="tests.done", by=None, at=at)

    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.actor_name, entry.target_type) == (None, "", "")


@pytest.mark.django_db
def test_record_action_stores_tricks_as_harmless_short_text(at: datetime) -> None:
    record_action(
        action="tests.done", by=None, at=at, detail={"x": "a\n\x1b\u202e\x00" + "b" * 1_000_000}
    )

    assert AuditEntry.objects.get().detail["x"] == "a  " + " " + "b" * 196


@pytest.mark.django_db(transaction=True)
def test_record_action_that_fails_takes_the_business_write_with_it(at: datetime) -> None:
    with transaction.atomic():
        UserFactory.create(username="hoa")
        with pytest.raises(IntegrityError, match="audit_entry_action_form"):
            record_action(action="not an action", by=None, at=at)

    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_seal_entries_chains_from_the_beginning(chain: list[AuditEntry]) -> None:
    seals = list(AuditSeal.objects.order_by("seq"))

    assert [seal.seq for seal in seals] == [1, 2, 3, 4, 5]
    assert [seal.entry_id for seal in seals] == [entry.pk for entry in chain]
    assert seals[0].prev_hash == GENESIS_HASH
    assert [seal.prev_hash for seal in seals[1:]] == [seal.hash for seal in seals[:-1]]


@pytest.mark.django_db(transaction=True)
def test_seal_entries_twice_is_once(chain: list[AuditEntry], at: datetime) -> None:
    assert seal_entries(at=at) == 0
    assert AuditSeal.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_seal_entries_leaves_rolled_back_actions_no_gap(
    chain: list[AuditEntry], seal_all: Callable[[], int], at: datetime
) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record_action(action="tests.undone", by=None, at=at)
        raise ZeroDivisionError
    AuditEntryFactory.create()

    assert seal_all() == 1
    assert verify_chain(at=at).is_ok
    assert AuditSeal.objects.filter(seq=6).exists()


@pytest.mark.django_db(transaction=True)
def test_seal_entries_waits_for_an_older_transaction_that_still_runs(
    seal_all: Callable[[], int], owner_dsn: str, at: datetime
) -> None:
    slow = psycopg2.connect(owner_dsn)
    with slow.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditentry"
            " (at, actor_name, action, target_type, target_id, detail, request_id)"
            " VALUES (now(), '', 'tests.slow', '', '', '{}', '')"
        )
    quick = AuditEntryFactory.create(action="tests.quick")

    assert seal_entries(at=at) == 0

    slow.commit()
    slow.close()
    assert seal_all() == 2
    actions = AuditSeal.objects.order_by("seq").values_list("entry__action", flat=True)
    assert list(actions) == ["tests.slow", quick.action]


@pytest.mark.django_db(transaction=True)
def test_seal_entries_looks_back_for_late_commits_and_verification_looks_at_all(
    chain: list[AuditEntry], seal_all: Callable[[], int], at: datetime
) -> None:
    AuditEntryFactory.create(pk=10_000_000)
    assert seal_all() == 1
    AuditEntryFactory.create(pk=9_000_000)

    assert seal_entries(at=at) == 0
    limit = monotonic() + 120
    while verify_chain(at=at).waiting and monotonic() < limit:
        sleep(0.05)
    assert AuditSeal.objects.count() == 7


@pytest.mark.django_db(transaction=True)
def test_two_writers_and_two_sealers_make_one_chain(
    seal_all: Callable[[], int], at: datetime
) -> None:
    barrier = Barrier(4)

    def write(name: str) -> None:
        barrier.wait()
        for count in range(25):
            with transaction.atomic():
                record_action(action="tests.done", by=None, at=at, detail={name: count})
        connection.close()

    def seal(name: str) -> None:
        barrier.wait()
        for _ in name * 10:
            seal_entries(at=at)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, n) for n in "ab"] + [pool.submit(seal, n) for n in "ab"]:
            done.result()
    seal_all()

    result = verify_chain(at=at)
    assert result.is_ok
    assert (result.checked, result.waiting) == (50, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        "action = 'tests.other'",
        "detail = '{\"n\": 99}'",
        "at = at + interval '1 microsecond'",
        "actor_id = 8",
        "target_id = 'x'",
        "txid = txid - 1",
    ],
)
def test_verify_chain_names_the_row_that_was_changed(
    chain: list[AuditEntry], tamper: Callable[[str], None], at: datetime, change: str
) -> None:
    tamper(f"UPDATE audit_auditentry SET {change} WHERE id = {chain[2].pk}")

    result = verify_chain(at=at)

    assert not result.is_ok
    assert (result.checked, result.bad_seq, result.bad_entry) == (2, 3, chain[2].pk)
    assert f"#{chain[2].pk}" in result.reason


@pytest.mark.django_db(transaction=True)
def test_verify_chain_names_a_row_taken_out_of_the_middle(
    chain: list[AuditEntry], tamper: Callable[[str], None], at: datetime
) -> None:
    tamper(
        f"DELETE FROM audit_auditseal WHERE entry_id = {chain[1].pk};"
        f"DELETE FROM audit_auditentry WHERE id = {chain[1].pk}"
    )

    result = verify_chain(at=at)

    assert (result.bad_seq, result.reason) == (2, "mắt xích số 2 đã bị xóa")


@pytest.mark.django_db(transaction=True)
def test_verify_chain_names_an_entry_deleted_under_its_seal(
    chain: list[AuditEntry], tamper: Callable[[str], None], at: datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'audit_auditseal'::regclass AND contype = 'f'"
        )
        name, definition = cursor.fetchone()
        cursor.execute(f"ALTER TABLE audit_auditseal DROP CONSTRAINT {name}")
    tamper(f"DELETE FROM audit_auditentry WHERE id = {chain[3].pk}")

    result = verify_chain(at=at)
    tamper(f"DELETE FROM audit_auditseal WHERE entry_id = {chain[3].pk}")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE audit_auditseal ADD CONSTRAINT {name} {definition}")

    assert (result.bad_seq, result.bad_entry) == (4, chain[3].pk)
    assert result.reason == f"dòng nhật ký #{chain[3].pk} đã bị xóa"


@pytest.mark.django_db(transaction=True)
def test_verify_chain_notices_a_cut_tail_by_the_anchor_only(
    chain: list[AuditEntry], tamper: Callable[[str], None], at: datetime
) -> None:
    anchor = write_anchor(at=at)
    cut = (
        "DELETE FROM audit_auditseal WHERE seq > 3;"
        f"DELETE FROM audit_auditentry WHERE id > {chain[2].pk}"
    )

    tamper(cut)

    result = verify_chain(at=at)
    assert anchor is not None
    assert anchor.seq == 5
    assert (result.checked, result.bad_seq, result.anchors) == (3, 4, 1)
    assert "đuôi nhật ký bị cắt" in result.reason


@pytest.mark.django_db(transaction=True)
def test_verify_chain_notices_a_chain_rewritten_after_the_anchor(
    chain: list[AuditEntry],
    tamper: Callable[[str], None],
    seal_all: Callable[[], int],
    at: datetime,
) -> None:
    write_anchor(at=at)
    tamper(
        "DELETE FROM audit_auditseal;"
        f"UPDATE audit_auditentry SET actor_id = 99 WHERE id = {chain[0].pk}"
    )
    seal_all()

    result = verify_chain(at=at)

    assert result.bad_seq == 5
    assert "đã neo" in result.reason


@pytest.mark.django_db(transaction=True)
def test_write_anchor_appends_and_verification_counts(
    chain: list[AuditEntry], seal_all: Callable[[], int], anchor_folder: Path, at: datetime
) -> None:
    write_anchor(at=at)
    AuditEntryFactory.create()
    seal_all()
    write_anchor(at=at + timedelta(minutes=15))

    assert [anchor.seq for anchor in read_anchors()] == [5, 6]
    assert verify_chain(at=at).anchors == 2


@pytest.mark.django_db(transaction=True)
def test_write_anchor_of_an_empty_log_is_nothing(at: datetime, anchor_folder: Path) -> None:
    assert write_anchor(at=at) is None
    assert not anchor_folder.exists()


@pytest.mark.parametrize("line", ["nonsense", "²\thash\tat"])
@pytest.mark.django_db(transaction=True)
def test_read_anchors_names_the_line_that_is_broken(
    line: str, chain: list[AuditEntry], anchor_folder: Path, at: datetime
) -> None:
    write_anchor(at=at)
    with (anchor_folder / "audit.tsv").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")

    with pytest.raises(AnchorUnreadable, match="dòng 2"):
        verify_chain(at=at)


@pytest.mark.django_db(transaction=True)
@examples(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    details=st.lists(
        st.dictionaries(st.text(max_size=20), st.text(max_size=40) | st.integers() | st.floats()),
        min_size=1,
        max_size=5,
    )
)
def test_chain_of_any_details_verifies_after_a_round_trip(
    seal_all: Callable[[], int], at: datetime, details: list[dict[str, Any]]
) -> None:
    for detail in details:
        record_action(action="tests.done", by=None, at=at, detail=detail)
    seal_all()

    assert verify_chain(at=at).is_ok


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["audit_auditentry", "audit_auditseal"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {0} SET {1} = {1}",
        "DELETE FROM {0}",
        "TRUNCATE {0}",
        "ALTER TABLE {0} DISABLE TRIGGER {0}_no_change",
        "DROP TABLE {0}",
    ],
)
def test_app_login_may_not_change_the_audit(
    app_connection: extensions.connection, table: str, statement: str
) -> None:
    key = "id" if table == "audit_auditentry" else "seq"

    with app_connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(statement.format(table, key))


@pytest.mark.django_db(transaction=True)
def test_app_login_can_write_seal_and_verify(
    as_app: str, seal_all: Callable[[], int], at: datetime
) -> None:
    record_action(action="tests.done", by=None, at=at)

    assert seal_all() == 1
    assert verify_chain(at=at).checked == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == as_app


@pytest.mark.django_db(transaction=True)
def test_app_login_may_read_but_not_write_the_list_of_migrations(
    app_connection: extensions.connection,
) -> None:
    with app_connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("DELETE FROM django_migrations")


@pytest.mark.django_db(transaction=True)
def test_grant_table_rights_twice_gives_the_same(app_role: str) -> None:
    query = (
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = %s ORDER BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [app_role])
        before = cursor.fetchall()
        grant_table_rights(role=app_role)
        cursor.execute(query, [app_role])
        after = cursor.fetchall()

    assert before == after
    assert ("accounts_user", "DELETE") in after
    assert [right for table, right in after if table == "audit_auditseal"] == ["INSERT", "SELECT"]


@pytest.mark.django_db
def test_grant_table_rights_does_nothing_for_a_login_that_is_not_there() -> None:
    assert grant_table_rights(role="nobody_of_this_name") == 0


@pytest.mark.django_db
def test_grant_table_rights_never_takes_from_the_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert grant_table_rights(role=cursor.fetchone()[0]) == 0
    assert not AuditEntry.objects.exists()
