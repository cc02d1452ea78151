"""Vietnamese numbers: 1.234.567 and 12,5 %, read strictly and written always alike.

Default readers take the text "1.250" for 1 and "1,5" for 15; a report must never change silently,
so whatever can be read in two ways is refused with a sentence that says how to type it.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from apps.core.errors import DomainError

MAX_DIGITS = 15
_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+)")
_NO_BREAK_SPACE = "\u00a0"


class NumberError(DomainError):
    """The text is not a number the portal can take without guessing."""


def parse_number(text: str, decimals: int) -> Decimal:
    """Read "1250", "1.250", "1 250" and, where decimals are asked for, "1.250,5"."""
    typed = _SPACES.sub(" ", text).strip()
    if not typed:
        raise NumberError("Chưa nhập số.")
    if typed[0] in "-−–" or typed.startswith("("):
        raise NumberError(f"“{_shown(typed)}” là số âm. Hãy nhập số từ 0 trở lên.")
    _refuse_letters(typed)
    whole, comma, fraction = typed.partition(",")
    if comma:
        _check_fraction(typed, fraction, decimals)
    digits = _whole_digits(typed, whole)
    if len(digits.lstrip("0")) > MAX_DIGITS:
        raise NumberError(f"Số quá lớn: chỉ nhận đến {MAX_DIGITS} chữ số. Hãy kiểm tra lại.")
    return Decimal(f"{digits}.{fraction}" if comma else digits)


def format_number(value: Decimal | int | None, decimals: int = 0) -> str:
    """Write a number with dots for thousands and a comma for decimals; nothing for None."""
    if value is None:
        return ""
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(value).quantize(step, rounding=ROUND_HALF_UP)
    sign = "−" if rounded < 0 else ""
    whole, _, fraction = f"{abs(rounded):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def format_percent(value: Decimal, decimals: int = 1) -> str:
    """Write a percentage that already counts per hundred: 75.3 gives "75,3 %"."""
    return f"{format_number(value, decimals)}{_NO_BREAK_SPACE}%"


def _shown(typed: str) -> str:
    """Shorten what was typed so that a message stays a sentence."""
    return typed if len(typed) <= 24 else f"{typed[:23]}…"


def _refuse_letters(typed: str) -> None:
    """Refuse anything but ASCII digits, dots, commas and spaces."""
    if re.fullmatch(r"[0-9., ]+", typed):
        return
    if typed.endswith("%"):
        raise NumberError(f"“{_shown(typed)}”: chỉ nhập số, không nhập dấu %.")
    raise NumberError(f"“{_shown(typed)}” không phải là số. Chỉ nhập chữ số, ví dụ 1.250.")


def _whole_digits(typed: str, whole: str) -> str:
    """Return the digits before the comma; dots and spaces must group by three."""
    if _PLAIN.fullmatch(whole):
        return whole
    if _GROUPED.fullmatch(whole):
        return re.sub(r"[. ]", "", whole)
    advice = "Dấu chấm chỉ dùng để ngăn hàng nghìn (1.250), dấu phẩy cho phần thập phân (1,25)."
    raise NumberError(f"“{_shown(typed)}” đọc được theo nhiều cách. {advice}")


def _check_fraction(typed: str, fraction: str, decimals: int) -> None:
    """Refuse a comma where a whole number is asked for, and too many or no decimals."""
    if decimals == 0:
        advice = "Muốn ngăn hàng nghìn, dùng dấu chấm: 1.250."
        raise NumberError(f"“{_shown(typed)}” phải là số nguyên, không có dấu phẩy. {advice}")
    if not _PLAIN.fullmatch(fraction):
        raise NumberError(f"“{_shown(typed)}”: sau dấu phẩy phải là chữ số, ví dụ 12,5.")
    if len(fraction) > decimals:
        raise NumberError(f"“{_shown(typed)}” có quá {decimals} chữ số sau dấu phẩy.")
