"""Codes: easy to read aloud, hard to guess."""

import re

from apps.core.codes import ALPHABET, grouped, new_code, new_password


def test_alphabet_has_no_sign_that_looks_like_another() -> None:
    assert not set(ALPHABET) & set("01OIL")
    assert len(ALPHABET) == len(set(ALPHABET)) == 30 + 1


def test_new_code_is_grouped_by_four() -> None:
    assert re.fullmatch(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){2}", new_code())


def test_new_codes_differ() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


def test_new_password_is_long_and_lower_case() -> None:
    password = new_password()

    assert len(password) == 14
    assert password == password.lower()


def test_grouped_keeps_a_short_rest() -> None:
    assert grouped("ABCDEF") == "ABCD-EF"
