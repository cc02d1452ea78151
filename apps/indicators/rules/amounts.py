"""Values and how exact they are: a sum is as weak as its weakest part, rates come last."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices

from apps.core.errors import DomainError
from apps.core.numbers import format_number

CODE = r"[A-Z]{1,3}[0-9]{1,3}[a-z]?"


class Qualifier(TextChoices):
    """How exact a value is; the label is the word that papers put before it."""

    EXACT = "exact", ""
    OVER = "over", "hơn"
    NEARLY = "nearly", "gần"
    ABOUT = "about", "khoảng"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value and how exact it is."""

    value: Decimal
    qualifier: str = Qualifier.EXACT


class FormulaUnreadable(DomainError):
    """A numerator or denominator is not a sum of indicator codes."""


def measured_in(measure_unit: str, part: str) -> str:
    """Give the unit of a part: of "buổi, điểm" the part "Buổi" is counted in "buổi"."""
    word = part.lower()
    return word if word in measure_unit.split(", ") else measure_unit


def weakest(qualifiers: Iterable[str]) -> str:
    """Give the qualifier of a sum: "hơn" and "gần" together can only say "khoảng"."""
    inexact = set(qualifiers) - {Qualifier.EXACT}
    if not inexact:
        return Qualifier.EXACT.value
    if len(inexact) > 1:
        return Qualifier.ABOUT.value
    return Qualifier(inexact.pop()).value


def parse_ratio(formula: str) -> tuple[str, ...]:
    """Split "D1+D2+D3" into its indicator codes."""
    codes = tuple(part.strip() for part in formula.split("+"))
    if not all(re.fullmatch(CODE, code) for code in codes):
        raise FormulaUnreadable(
            f"Không đọc được công thức “{formula}”. Ghi mã chỉ tiêu nối bằng dấu +."
        )
    return codes


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round as people do on paper: a half goes up."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def ratio(numerator: Figure, denominator: Figure, decimals: int = 1) -> Figure | None:
    """Give the percentage of two sums, "khoảng" when either is not exact; None over nothing."""
    if not denominator.value:
        return None
    percent = round_half_up(100 * numerator.value / denominator.value, decimals)
    is_exact = weakest((numerator.qualifier, denominator.qualifier)) == Qualifier.EXACT
    return Figure(percent, (Qualifier.EXACT if is_exact else Qualifier.ABOUT).value)


def say(value: Decimal | int, qualifier: str, decimals: int = 0) -> str:
    """Write a value as papers do: "hơn 249.880"."""
    return f"{Qualifier(qualifier).label} {format_number(value, decimals)}".lstrip()
