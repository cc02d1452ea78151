"""Write the audit: record an action, seal the rows into a chain, verify it, anchor its head."""

import os
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from apps.audit.models import AuditEntry, AuditSeal
from apps.audit.rules import (
    GENESIS_HASH,
    Anchor,
    EntryFacts,
    VerifyResult,
    chain_hash,
    clean_detail,
    clean_text,
    rights_on,
)
from apps.core.errors import DomainError

SEAL_LOCK = 0x616E7471  # "antq": one sealer at a time
SEAL_BATCH = 2000
# A tick looks back so many rows for late commits; a verification looks at all of them.
LOOK_BACK = 100_000
ANCHOR_FILE = "audit.tsv"

Fault = tuple[int, int | None, str]

FACT_COLUMNS = (
    "id",
    "at",
    "actor_id",
    "actor_name",
    "action",
    "target_type",
    "target_id",
    "detail",
    "txid",
    "request_id",
)


class AnchorUnreadable(DomainError):
    """A line of the anchor file is not what was written there."""


# savepoint=False: exactly one INSERT, and a failed one takes the business write with it.
@transaction.atomic(savepoint=False)
def record_action(
    *,
    action: str,
    by: Any | None,
    at: datetime,
    target: models.Model | None = None,
    detail: Mapping[str, Any] | None = None,
    request_id: str = "",
) -> None:
    """Write one row that says who did what to which thing; no lock, one query."""
    AuditEntry.objects.create(
        at=at,
        actor_id=None if by is None else by.pk,
        actor_name="" if by is None else clean_text(str(by), 200),
        action=action,
        target_type="" if target is None else target._meta.label_lower,
        target_id="" if target is None else clean_text(str(target.pk), 200),
        detail=clean_detail(detail),
        request_id=clean_text(request_id, 64),
    )


@transaction.atomic
def seal_entries(*, at: datetime, whole: bool = False) -> int:
    """Chain the committed rows that no seal covers yet, oldest transaction first.

    Only rows older than every running transaction are sealed, so none can slip in before them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
    last = AuditSeal.objects.order_by("-seq").first()
    seq, prev_hash = (last.seq, last.hash) if last else (0, GENESIS_HASH)
    floor = 0 if whole or last is None else last.entry_id - LOOK_BACK
    entries = AuditEntry.objects.unsealed().settled().filter(pk__gt=floor).order_by("txid", "pk")
    rows = entries.values_list(*FACT_COLUMNS).iterator(SEAL_BATCH)
    first = seq
    while batch := [EntryFacts(*row) for row in islice(rows, SEAL_BATCH)]:
        seals = []
        for entry in batch:
            seq, link = seq + 1, chain_hash(prev_hash, entry)
            seals.append(
                AuditSeal(seq=seq, entry_id=entry.id, prev_hash=prev_hash, hash=link, sealed_at=at)
            )
            prev_hash = link
        AuditSeal.objects.bulk_create(seals)
    return seq - first


def verify_chain(*, at: datetime) -> VerifyResult:
    """Seal what waits, recompute every link, compare with the anchors; name the first bad row."""
    anchors = read_anchors()
    seal_entries(at=at, whole=True)
    with transaction.atomic():
        checked, fault = _first_fault(anchors)
        waiting = AuditEntry.objects.unsealed().count()
    bad_seq, bad_entry, reason = fault or (None, None, "")
    return VerifyResult(
        checked=checked,
        waiting=waiting,
        anchors=len(anchors),
        bad_seq=bad_seq,
        bad_entry=bad_entry,
        reason=reason,
    )


def write_anchor(*, at: datetime) -> Anchor | None:
    """Note the head of the chain outside the database, where a cut tail becomes visible."""
    seal_entries(at=at, whole=True)
    last = AuditSeal.objects.order_by("-seq").first()
    if last is None:
        return None
    anchor = Anchor(seq=last.seq, hash=last.hash, at=at.astimezone(UTC).isoformat())
    path = _anchor_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{anchor.seq}\t{anchor.hash}\t{anchor.at}\n")
        file.flush()
        os.fsync(file.fileno())
    return anchor


def read_anchors() -> list[Anchor]:
    """Read every anchor noted so far."""
    path = _anchor_path()
    if not path.exists():
        return []
    anchors = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        parts = line.split("\t")
        if len(parts) != len(fields(Anchor)) or not parts[0].isdecimal():
            raise AnchorUnreadable(f"Tệp neo nhật ký {path.name} hỏng ở dòng {number}.")
        anchors.append(Anchor(seq=int(parts[0]), hash=parts[1], at=parts[2]))
    return anchors


@transaction.atomic
def grant_table_rights(*, role: str) -> int:
    """Give the app login exactly the rights of the table in rules; count the tables.

    Nothing happens for a login that does not exist, or that owns the tables and needs no grant.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role]
        )
        if cursor.fetchone() is None:
            return 0
        cursor.execute(
            "SELECT relname, relkind = 'S' FROM pg_class"
            " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'S')"
            " AND pg_get_userbyid(relowner) <> %s ORDER BY relname",
            [role],
        )
        found: list[tuple[str, bool]] = cursor.fetchall()
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        login = connection.ops.quote_name(role)
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {login}")
        for name, is_sequence in found:
            kind = "SEQUENCE" if is_sequence else "TABLE"
            rights = ("USAGE", "SELECT") if is_sequence else rights_on(name)
            thing = f"{kind} {connection.ops.quote_name(name)}"
            cursor.execute(f"REVOKE ALL ON {thing} FROM {login}")
            cursor.execute(f"GRANT {', '.join(rights)} ON {thing} TO {login}")
    return sum(not is_sequence for _, is_sequence in found)


def _anchor_path() -> Path:
    folder: Path = getattr(settings, "AUDIT_ANCHOR_DIR", settings.BASE_DIR / "var" / "anchors")
    return Path(folder) / ANCHOR_FILE


def _first_fault(anchors: list[Anchor]) -> tuple[int, Fault | None]:
    """Walk the chain from its start; give the links that hold and the first that does not."""
    noted = {(anchor.seq, anchor.hash) for anchor in anchors}
    seqs = {anchor.seq for anchor in anchors}
    checked, prev_hash = 0, GENESIS_HASH
    columns = [f"entry__{column}" for column in FACT_COLUMNS]
    links = AuditSeal.objects.order_by("seq").values_list("seq", "prev_hash", "hash", *columns)
    for seq, prev, link, *facts in links.iterator(SEAL_BATCH):
        entry = EntryFacts(*facts)
        if seq != checked + 1:
            return checked, _lost_link(checked + 1)
        if prev != prev_hash or link != chain_hash(prev_hash, entry):
            return checked, (seq, entry.id, f"dòng nhật ký #{entry.id} đã bị sửa")
        if seq in seqs and (seq, link) not in noted:
            return checked, (seq, entry.id, f"mắt xích số {seq} khác với mã đã neo bên ngoài")
        checked, prev_hash = seq, link
    beyond = max(seqs, default=0)
    if beyond > checked:
        lost = checked + 1
        return checked, (lost, None, f"đuôi nhật ký bị cắt: đã neo đến số {beyond}, còn {checked}")
    return checked, None


def _lost_link(seq: int) -> Fault:
    seal = AuditSeal.objects.filter(seq=seq).first()
    if seal is None:
        return seq, None, f"mắt xích số {seq} đã bị xóa"
    return seq, seal.entry_id, f"dòng nhật ký #{seal.entry_id} đã bị xóa"
