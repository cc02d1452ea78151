"""Text: one form, search keys equal across spellings, the alphabet of Vietnamese."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.text import nfc, nfc_lines, search_key, sort_key

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"


def test_nfc_composes_trims_and_drops_what_is_not_seen() -> None:
    typed = unicodedata.normalize("NFD", "  Phường\u00a0 Tân\u200b Lập\u0000 ")

    assert nfc(typed) == "Phường Tân Lập"


def test_nfc_lines_keeps_lines() -> None:
    assert nfc_lines("\r\n Một \r\n\r\nhai\n\n") == "Một\n\nhai"


@given(st.text())
def test_nfc_is_idempotent(value: str) -> None:
    assert nfc(nfc(value)) == nfc(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà", "Hòa"),
        ("thuỷ", "Thủy"),
        ("ĐỒNG THÁP", "đồng tháp"),
        ("Ðồng", "Đồng"),
        ("Đồng Nai", unicodedata.normalize("NFD", "Đồng Nai")),
        ("Ea H’leo", "Ea H'leo"),
        ("Phường  Tân Lập", "phuong tan lap"),
    ],
)
def test_search_key_is_shared_by_spellings(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


def test_search_key_is_plain_ascii_for_vietnamese() -> None:
    assert search_key("Xã Đức Hoà Đông") == "xa duc hoa dong"


@given(st.text())
def test_search_key_is_idempotent(value: str) -> None:
    assert search_key(search_key(value)) == search_key(value)


@given(st.text())
def test_search_key_ignores_the_unicode_form(value: str) -> None:
    assert search_key(unicodedata.normalize("NFD", value)) == search_key(
        unicodedata.normalize("NFC", value)
    )


def test_sort_key_follows_the_alphabet() -> None:
    backwards = LETTERS[::-1]

    assert sorted(backwards, key=sort_key) == list(LETTERS)


@pytest.mark.parametrize("vowel", "aăâeêioôơuưy")
def test_sort_key_follows_the_tones(vowel: str) -> None:
    row = [
        unicodedata.normalize("NFC", vowel + mark)
        for mark in ["", *"\u0300\u0309\u0303\u0301\u0323"]
    ]

    backwards = row[::-1]

    assert sorted(backwards, key=sort_key) == row


@pytest.mark.parametrize(
    "names",
    [
        ["An", "An Bình", "Anh", "Ánh", "Ăn", "Ân", "Bình"],
        ["Dũng", "Đức", "Em"],
        ["Ma Bo", "Má Ba"],
        ["Khóm 2", "Khóm 10", "Khóm A"],
        ["Oanh", "Ông", "Ơn", "Phú"],
        ["Tổ 007", "Tổ 8"],
        ["Cao", "Cao Lãnh", "Cào Cào", "Cáo"],
        ["Tân An", "Tân Yên", "Tấn Tài", "Tây Ninh"],
    ],
)
def test_sort_key_orders_names_as_a_dictionary(names: list[str]) -> None:
    backwards = names[::-1]

    assert sorted(backwards, key=sort_key) == names


@given(st.text(), st.text())
def test_sort_key_needs_no_collation(one: str, other: str) -> None:
    for key in (sort_key(one), sort_key(other)):
        assert set(key) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


@given(st.text())
def test_sort_key_ignores_case_and_unicode_form(value: str) -> None:
    name = value.lower()

    assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(
        unicodedata.normalize("NFC", name)
    )


def test_sort_key_puts_letters_before_tones() -> None:
    words = ["ba", "bà", "bả", "bã", "bá", "bạ", "bai"]

    backwards = words[::-1]

    assert sorted(backwards, key=sort_key) == words
