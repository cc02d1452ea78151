"""Lines of a summary made by hand, for tests of its words and its layout."""

from __future__ import annotations

from decimal import Decimal

from apps.reports.queries.summary import ChildFigures, Ratio, SummaryLine
from apps.reports.queries.sums import Total

NO_TOTAL = Total(None, "exact", 0, 0)


def total(value: str | int | None, qualifier: str = "exact", n: int = 3, of: int = 3) -> Total:
    return Total(Decimal(value) if value is not None else None, qualifier, n, of)


def line(
    code: str,
    now: Total = NO_TOTAL,
    before: Total = NO_TOTAL,
    breakdown: str = "",
    ratio: Ratio | None = None,
    last: Ratio | None = None,
) -> SummaryLine:
    return SummaryLine(
        code=code,
        breakdown=breakdown,
        section=code.removeprefix("R")[0],
        name=f"Tên {code}",
        measure_unit="%" if ratio else "tin",
        decimals=1 if ratio else 0,
        kind="ratio" if ratio else "flow",
        now=now,
        last_year=before,
        ratio=ratio,
        ratio_last_year=last,
    )


def percent(value: str | None, qualifier: str = "exact", left_out: int = 0) -> Ratio:
    number = Decimal(value) if value is not None else None
    return Ratio(number, qualifier, Decimal(3), Decimal(4), left_out)


def child(name: str, unit_id: int = 1, **figures: Total) -> ChildFigures:
    """Return a unit with figures: diem=, buoi= of B1, other codes by their names."""
    totals = {
        ("B1", key) if key in {"diem", "buoi"} else (key, ""): v for key, v in figures.items()
    }
    return ChildFigures(unit_id, name, totals, 1, 1)
