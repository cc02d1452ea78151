"""Pure truth of the audit: what a detail may hold, how rows are hashed, what a login may do."""

import json
import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any

DETAIL_BYTES = 2048
SHORT_TEXT = 200
GENESIS_HASH = "0" * 64
TRUNCATED = "truncated"

# Left-to-right and right-to-left marks reorder what a reader of the log sees.
BIDI_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
# Rights of the app login that differ from EVERYTHING, by table.
RESTRICTED_RIGHTS: dict[str, tuple[str, ...]] = {
    "audit_auditentry": ("SELECT", "INSERT"),
    "audit_auditseal": ("SELECT", "INSERT"),
    "django_migrations": ("SELECT",),
}


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What the hash of one entry covers: every column of the row."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    action: str
    target_type: str
    target_id: str
    detail: Any
    txid: int
    request_id: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain as it was noted outside the database."""

    seq: int
    hash: str
    at: str


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What a verification found; `bad_seq` is the first link that is wrong."""

    checked: int
    waiting: int
    anchors: int
    bad_seq: int | None = None
    bad_entry: int | None = None
    reason: str = ""

    @property
    def is_ok(self) -> bool:
        """Say whether every link and every anchor held."""
        return not self.reason


def rights_on(table: str) -> tuple[str, ...]:
    """Give the rights of the app login on one table."""
    return RESTRICTED_RIGHTS.get(table, EVERYTHING)


def clean_text(text: str, limit: int = DETAIL_BYTES) -> str:
    """Drop control and bidi characters and lone surrogates, compose (NFC), and cut."""
    kept = (
        " " if unicodedata.category(letter) == "Cc" else letter
        for letter in text[: limit * 2]
        if letter not in BIDI_MARKS and unicodedata.category(letter) != "Cs"
    )
    return unicodedata.normalize("NFC", "".join(kept))[:limit]


def clean_detail(detail: Mapping[str, Any] | None) -> dict[str, Any]:
    """Make a detail safe to store and to show, in at most 2 kB of JSON text."""
    if not detail:
        return {}
    cleaned = _clean_items(detail.items(), DETAIL_BYTES)
    size = json_size(cleaned)
    if size <= DETAIL_BYTES:
        return cleaned
    shortened = _clean_items(detail.items(), SHORT_TEXT)
    shortened[TRUNCATED] = size
    for key in reversed([key for key in shortened if key != TRUNCATED]):
        if json_size(shortened) <= DETAIL_BYTES:
            break
        del shortened[key]
    return shortened


def json_size(value: object) -> int:
    """Count the bytes of a value as PostgreSQL prints its jsonb."""
    return len(json.dumps(value, ensure_ascii=False).encode())


def canonical_text(entry: EntryFacts) -> str:
    """Write a row as one text that never depends on a time zone, a locale or a version."""
    columns = [
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.action,
        entry.target_type,
        entry.target_id,
        entry.detail,
        entry.txid,
        entry.request_id,
    ]
    return json.dumps(columns, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chain_hash(prev_hash: str, entry: EntryFacts) -> str:
    """Link a row to the one before it."""
    return sha256(f"{prev_hash}\n{canonical_text(entry)}".encode()).hexdigest()


def _clean_items(items: Iterable[tuple[Any, Any]], limit: int) -> dict[str, Any]:
    return {clean_text(str(key), SHORT_TEXT): _clean_value(value, limit) for key, value in items}


def _clean_value(value: object, limit: int) -> Any:
    if isinstance(value, Enum):
        return _clean_value(value.value, limit)
    if isinstance(value, Mapping):
        return _clean_items(value.items(), limit)
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean_value(item, limit) for item in value]
    return _clean_scalar(value, limit)


def _clean_scalar(value: object, limit: int) -> bool | int | float | str | None:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return clean_text(value.isoformat() if isinstance(value, date) else str(value), limit)
