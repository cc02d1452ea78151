"""The guards and constraints of the audit tables."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit.models import AuditEntry, AuditSeal
from tests.factories.audit import AuditEntryFactory, AuditSealFactory


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [AuditEntryFactory, AuditSealFactory])
def test_owner_cannot_update_or_delete(factory: Any) -> None:
    row = factory.create()
    rows = type(row).objects.filter(pk=row.pk)

    key = {row._meta.pk.name: row.pk}
    for change in (lambda: rows.update(**key), lambda: rows._raw_delete("default")):
        with pytest.raises(IntegrityError, match="only ever inserted"), transaction.atomic():
            change()
    assert rows.exists()


@pytest.mark.django_db
def test_no_change_guard_refuses_even_when_no_row_is_hit() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.filter(pk=-1).update(action="tests.undone")


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_auditentry", "audit_auditseal"])
def test_truncate_guard_refuses(table: str) -> None:
    refused = pytest.raises(IntegrityError, match="TRUNCATE")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.django_db
def test_entry_carries_the_transaction_that_wrote_it() -> None:
    entry = AuditEntryFactory.create()

    entry.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert entry.txid == cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"action": "Submitted!"}, "audit_entry_action_form"),
        ({"detail": {"text": "x" * 5000}}, "audit_entry_detail_small"),
    ],
)
def test_entry_refuses(wrong: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        AuditEntryFactory.create(**wrong)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [({"seq": 0}, "audit_seal_seq_from_one"), ({"hash": "no"}, "audit_seal_hash_form")],
)
def test_seal_refuses(wrong: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        AuditSealFactory.create(**wrong)


@pytest.mark.django_db
def test_settled_leaves_out_the_running_transaction() -> None:
    AuditEntryFactory.create()

    assert not AuditEntry.objects.settled().exists()
    assert AuditEntry.objects.unsealed().count() == 1


@pytest.mark.django_db
def test_settled_takes_rows_of_another_cluster_that_were_restored_here() -> None:
    AuditEntryFactory.create(txid=2**60)

    assert AuditEntry.objects.settled().count() == 1


@pytest.mark.django_db
def test_names_are_unique() -> None:
    seal = AuditSealFactory.create()
    assert str(seal.entry) == f"#{seal.entry.pk} tests.done"
    assert str(AuditSeal(seq=5, hash="a" * 64)) == "5 aaaaaaaaaaaa"
