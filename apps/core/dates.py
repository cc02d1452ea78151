"""Vietnamese dates: dd/mm/yyyy in and out, day always first."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime

from django.utils import timezone

from apps.core.errors import DomainError

_TYPED = re.compile(r"([0-9]{1,2})\s*[/.\-\s]\s*([0-9]{1,2})\s*[/.\-\s]\s*([0-9]{4}|[0-9]{2})")
_COMPACT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
FIRST_YEAR, LAST_YEAR = 1900, 2100


class DateError(DomainError):
    """The text is not a date of the calendar, day first."""


def parse_date(text: str) -> date:
    """Read "05/06/2026", "5-6-26", "05.06.2026" or "05062026" as the 5th of June 2026."""
    typed = text.strip()
    if not typed:
        raise DateError("Chưa nhập ngày.")
    if _ISO.fullmatch(typed):
        raise DateError(f"“{typed}”: hãy nhập ngày trước, năm sau, ví dụ 05/06/2026.")
    match = _TYPED.fullmatch(typed) or _COMPACT.fullmatch(typed)
    if match is None:
        raise DateError(
            f"“{typed[:24]}” không phải là ngày. Nhập ngày/tháng/năm, ví dụ 05/06/2026."
        )
    day, month, year = (int(part) for part in match.groups())
    return _checked_date(day, month, year + 2000 if year < 100 else year)


def format_date(value: date | None) -> str:
    """Write dd/mm/yyyy; nothing for None."""
    if value is None:
        return ""
    local = naive_local(value) if isinstance(value, datetime) else value
    return f"{local.day:02d}/{local.month:02d}/{local.year:04d}"


def format_datetime(value: datetime | None) -> str:
    """Write "05/06/2026 10:32" in the time of Việt Nam; nothing for None."""
    if value is None:
        return ""
    local = naive_local(value)
    return f"{format_date(local.date())} {local.hour:02d}:{local.minute:02d}"


def naive_local(value: datetime) -> datetime:
    """Return the wall-clock time in the portal's time zone, as people and Excel write it."""
    return timezone.make_naive(value) if timezone.is_aware(value) else value


def _checked_date(day: int, month: int, year: int) -> date:
    """Refuse a date that no calendar has, naming the last day of that month."""
    if not 1 <= month <= 12:
        raise DateError(f"Không có tháng {month}. Nhập ngày trước, tháng sau, ví dụ 25/12/2026.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError(f"Năm {year} không hợp lệ. Hãy kiểm tra lại.")
    last_day = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last_day:
        raise DateError(
            f"Không có ngày {day:02d}/{month:02d}/{year}: tháng này có {last_day} ngày."
        )
    return date(year, month, day)
