"""Windows of the reporting calendars: which days a period covers, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from apps.core.errors import DomainError
from apps.indicators.rules.kinds import PeriodKind

Window = tuple[date, date]
WindowRule = Callable[[int, int], Window]

ROMAN = ("I", "II", "III", "IV")
HALVES = ("đầu", "cuối")
MOST = {
    PeriodKind.MONTH: 12,
    PeriodKind.QUARTER: 4,
    PeriodKind.HALF_YEAR: 2,
    PeriodKind.NINE_MONTHS: 1,
    PeriodKind.YEAR: 1,
}


class PeriodUnknown(DomainError):
    """The calendar has no such period."""


def numbers(kind: str, year: int) -> range:
    """List the numbers that periods of this kind have in a year."""
    if kind == PeriodKind.WEEK:
        return range(1, date(year, 12, 28).isocalendar().week + 1)
    if kind not in MOST:
        raise PeriodUnknown(f"Không có loại kỳ báo cáo “{kind}”.")
    return range(1, MOST[PeriodKind(kind)] + 1)


def _from_the_fifteenth(year: int, first_month: int, last_month: int) -> Window:
    """Run from the 15th before the first month to the 14th of the last (NĐ 09/2019 Điều 12)."""
    before = date(year - 1, 12, 15) if first_month == 1 else date(year, first_month - 1, 15)
    return before, date(year, last_month, 15)


def _nd09_month(year: int, number: int) -> Window:
    return _from_the_fifteenth(year, number, number)


def _nd09_quarter(year: int, number: int) -> Window:
    return _from_the_fifteenth(year, 3 * number - 2, 3 * number)


def _nd09_half_year(year: int, number: int) -> Window:
    return _from_the_fifteenth(year, 6 * number - 5, 6 * number)


def _nd09_nine_months(year: int, _number: int) -> Window:
    return _from_the_fifteenth(year, 1, 9)


def _nd09_year(year: int, _number: int) -> Window:
    return _from_the_fifteenth(year, 1, 12)


def _from_november(year: int, _number: int) -> Window:
    """Run from 01/11 to 31/10 (TT 124/2021/TT-BCA Điều 8.2, residential areas)."""
    return date(year - 1, 11, 1), date(year, 11, 1)


def _from_mid_november(year: int, _number: int) -> Window:
    """Run from 15/11 to 14/11 (HD 01/HD-BCA-V05, 2026)."""
    return date(year - 1, 11, 15), date(year, 11, 15)


def _thursday_week(year: int, number: int) -> Window:
    """Run from Thursday to Wednesday, numbered by the Thursday's ISO week (TT 58/2009/TT-BCA)."""
    start = date.fromisocalendar(year, number, 4)
    return start, start + timedelta(days=7)


WINDOW_RULES: Mapping[str, Mapping[str, WindowRule]] = {
    "nd09": {
        PeriodKind.MONTH: _nd09_month,
        PeriodKind.QUARTER: _nd09_quarter,
        PeriodKind.HALF_YEAR: _nd09_half_year,
        PeriodKind.NINE_MONTHS: _nd09_nine_months,
        PeriodKind.YEAR: _nd09_year,
    },
    "atantt-kdc": {PeriodKind.YEAR: _from_november},
    "atantt": {PeriodKind.YEAR: _from_mid_november},
    "to-bvantt": {PeriodKind.YEAR: _from_mid_november},
    "tngt-week": {PeriodKind.WEEK: _thursday_week},
}


def kinds_of(calendar_code: str) -> tuple[str, ...]:
    """List the kinds of period that a calendar's rule knows; empty when it has no rule."""
    return tuple(WINDOW_RULES.get(calendar_code, {}))


def window(calendar_code: str, kind: str, year: int, number: int) -> Window:
    """Give the first day of a period and the day after its last."""
    rule = WINDOW_RULES.get(calendar_code, {}).get(kind)
    if rule is None:
        raise PeriodUnknown(f"Lịch “{calendar_code}” không có quy tắc cho loại kỳ này.")
    if number not in numbers(kind, year):
        raise PeriodUnknown(f"Năm {year} không có kỳ thứ {number} của loại kỳ này.")
    return rule(year, number)


def previous(kind: str, year: int, number: int) -> tuple[int, int]:
    """Give year and number of the period before this one, of the same kind."""
    if number > 1:
        return year, number - 1
    return year - 1, numbers(kind, year - 1)[-1]


def same_last_year(kind: str, year: int, number: int) -> tuple[int, int]:
    """Give year and number of the period a year earlier; a 53rd week falls back on the last."""
    return year - 1, min(number, numbers(kind, year - 1)[-1])


def period_label(kind: str, year: int, number: int) -> str:
    """Name a period as Vietnamese papers do: "quý III/2026", "6 tháng đầu năm 2026"."""
    if number not in numbers(kind, year):
        raise PeriodUnknown(f"Năm {year} không có kỳ thứ {number} của loại kỳ này.")
    labels = {
        PeriodKind.MONTH: f"tháng {number}/{year}",
        PeriodKind.QUARTER: f"quý {ROMAN[(number - 1) % 4]}/{year}",
        PeriodKind.HALF_YEAR: f"6 tháng {HALVES[(number - 1) % 2]} năm {year}",
        PeriodKind.NINE_MONTHS: f"9 tháng năm {year}",
        PeriodKind.YEAR: f"năm {year}",
        PeriodKind.WEEK: f"tuần {number}/{year}",
    }
    return labels[PeriodKind(kind)]
