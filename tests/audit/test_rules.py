"""The pure rules of the audit."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.audit.rules import (
    BIDI_MARKS,
    DETAIL_BYTES,
    EVERYTHING,
    GENESIS_HASH,
    TRUNCATED,
    EntryFacts,
    canonical_text,
    chain_hash,
    clean_detail,
    clean_text,
    json_size,
    rights_on,
)

ENTRY = EntryFacts(
    id=3,
    at=datetime(2026, 11, 18, 2, 0, tzinfo=UTC),
    actor_id=7,
    actor_name="Lan",
    action="reports.submitted",
    target_type="reports.report",
    target_id="12",
    detail={"version": 2},
    txid=900,
    request_id="",
)


class Colour(StrEnum):
    RED = "red"


def test_clean_text_drops_what_would_fool_a_reader() -> None:
    assert clean_text("a\nb\x1b[31mc\x00\u202ed\ud800e") == "a b [31mc de"


def test_clean_text_composes_vietnamese() -> None:
    assert clean_text("Tie\u0302\u0301ng") == "Tiếng"


def test_clean_detail_keeps_what_json_cannot_write_as_text() -> None:
    detail = {
        "on": date(2026, 11, 18),
        "share": Decimal("1.50"),
        "colour": Colour.RED,
        "ids": (1, 2),
        "odd": float("nan"),
        "none": None,
    }

    assert clean_detail(detail) == {
        "on": "2026-11-18",
        "share": "1.50",
        "colour": "red",
        "ids": [1, 2],
        "odd": "nan",
        "none": None,
    }


def test_clean_detail_of_nothing_is_empty() -> None:
    assert clean_detail(None) == {}


def test_clean_detail_shortens_one_megabyte_and_says_so() -> None:
    cleaned = clean_detail({"first": 1, "text": "ô" * 1_000_000})

    assert cleaned["first"] == 1
    assert cleaned["text"] == "ô" * 200
    assert cleaned[TRUNCATED] > DETAIL_BYTES


def test_clean_detail_drops_the_last_keys_first() -> None:
    cleaned = clean_detail({f"key{number:03d}": "x" * 100 for number in range(100)})

    assert "key000" in cleaned
    assert "key099" not in cleaned
    assert json_size(cleaned) <= DETAIL_BYTES


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=8,
        ),
    )
)
def test_clean_detail_is_always_small_strict_json_without_tricks(detail: dict[str, Any]) -> None:
    cleaned = clean_detail(detail)

    text = json.dumps(cleaned, ensure_ascii=False, allow_nan=False)
    assert len(text.encode()) <= DETAIL_BYTES
    assert not BIDI_MARKS & set(text)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", 4),
        ("at", ENTRY.at + timedelta(microseconds=1)),
        ("actor_id", None),
        ("actor_name", "lan"),
        ("action", "reports.returned"),
        ("target_type", "reports.cell"),
        ("target_id", "13"),
        ("detail", {"version": 3}),
        ("txid", 901),
        ("request_id", "x"),
    ],
)
def test_chain_hash_covers_every_column(column: str, value: Any) -> None:
    assert chain_hash(GENESIS_HASH, replace(ENTRY, **{column: value})) != chain_hash(
        GENESIS_HASH, ENTRY
    )


def test_chain_hash_depends_on_the_link_before() -> None:
    assert chain_hash("1" * 64, ENTRY) != chain_hash(GENESIS_HASH, ENTRY)


def test_canonical_text_does_not_depend_on_zone_or_key_order() -> None:
    elsewhere = replace(
        ENTRY,
        at=ENTRY.at.astimezone(timezone(timedelta(hours=7))),
        detail={"b": 1, "a": 2},
    )

    assert canonical_text(elsewhere) == canonical_text(replace(ENTRY, detail={"a": 2, "b": 1}))


def test_rights_on_audit_tables_are_insert_and_read_only() -> None:
    assert rights_on("audit_auditentry") == ("SELECT", "INSERT")
    assert rights_on("audit_auditseal") == ("SELECT", "INSERT")
    assert rights_on("django_migrations") == ("SELECT",)
    assert rights_on("reports_report") == EVERYTHING
