"""Numbers: what people type is read without guessing, what is written is read back (traps 1, 2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.numbers import NumberError, format_number, format_percent, parse_number


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("0", 0, "0"),
        ("1250", 0, "1250"),
        ("1.250", 0, "1250"),
        ("1 250", 0, "1250"),
        ("1\u00a0250", 0, "1250"),
        ("1\u202f250", 0, "1250"),
        (" 12.345.678 ", 0, "12345678"),
        ("007", 0, "7"),
        ("1.250,5", 1, "1250.5"),
        ("1250,5", 2, "1250.5"),
        ("0,25", 2, "0.25"),
        ("1.250", 2, "1250"),
        ("999999999999999", 0, "999999999999999"),
        ("0000000000000000012", 0, "12"),
    ],
)
def test_parse_number_reads_what_people_type(text: str, decimals: int, value: str) -> None:
    assert parse_number(text, decimals) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "decimals", "reason"),
    [
        ("1,5", 0, "phải là số nguyên"),
        ("1,250", 0, "phải là số nguyên"),
        ("1.25", 0, "nhiều cách"),
        ("12.5", 1, "nhiều cách"),
        ("1.2500", 0, "nhiều cách"),
        ("0.250", 0, "nhiều cách"),
        ("1.250 000", 0, "nhiều cách"),
        ("1..250", 0, "nhiều cách"),
        (",5", 1, "nhiều cách"),
        ("-3", 0, "số âm"),
        ("−3", 0, "số âm"),
        ("(3)", 0, "số âm"),
        ("12a", 0, "không phải là số"),
        ("1e3", 0, "không phải là số"),
        ("10²", 0, "không phải là số"),
        ("١٢", 0, "không phải là số"),
        ("+5", 0, "không phải là số"),
        ("NaN", 0, "không phải là số"),
        ("75 %", 1, "dấu %"),
        ("1000000000000000", 0, "quá lớn"),
        ("1,25", 1, "quá 1 chữ số"),
        ("1,", 1, "sau dấu phẩy"),
        ("1,2,3", 1, "sau dấu phẩy"),
        ("", 0, "Chưa nhập"),
        ("   ", 0, "Chưa nhập"),
        ("=1+1", 0, "không phải là số"),
    ],
)
def test_parse_number_refuses_and_says_why(text: str, decimals: int, reason: str) -> None:
    with pytest.raises(NumberError, match=reason):
        parse_number(text, decimals)


def test_parse_number_message_stays_a_sentence() -> None:
    with pytest.raises(NumberError) as refused:
        parse_number("x" * 5000, 0)

    assert len(refused.value.message) < 150


@given(st.integers(0, 10**15 - 1))
def test_a_count_written_is_read_back(value: int) -> None:
    assert parse_number(format_number(value), 0) == value


@given(st.decimals(0, 10**12, places=3, allow_nan=False))
def test_a_decimal_written_is_read_back(value: Decimal) -> None:
    assert parse_number(format_number(value, 3), 3) == value


@given(st.text(max_size=40), st.integers(0, 3))
def test_parse_number_answers_or_refuses_by_name(text: str, decimals: int) -> None:
    try:
        value = parse_number(text, decimals)
    except NumberError:
        return
    assert 0 <= value < 10**15
    assert value == round(value, decimals)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (None, 0, ""),
        (0, 0, "0"),
        (999, 0, "999"),
        (1_234_567, 0, "1.234.567"),
        (Decimal("1234.5"), 1, "1.234,5"),
        (Decimal("2.5"), 0, "3"),
        (-1250, 0, "−1.250"),
        (Decimal("-0.2"), 0, "0"),
        (Decimal("1E+3"), 0, "1.000"),
    ],
)
def test_format_number(value: Decimal | int | None, decimals: int, text: str) -> None:
    assert format_number(value, decimals) == text


def test_format_percent_keeps_the_sign_on_the_line() -> None:
    assert format_percent(Decimal("75.25")) == "75,3\u00a0%"
