"""When a report is due: days of a month, days of a year, working days after the cut-off."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

from apps.core.errors import DomainError

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
SATURDAY = 5

# The same grammar is a CHECK constraint of DeadlineStep and the admin form's validator.
DAY = r"^(0?[1-9]|[12][0-9]|3[01])$"
DAY_AND_MONTH = r"^(0?[1-9]|[12][0-9]|3[01])/(0?[1-9]|1[0-2])$"
WORKING_DAYS = r"^\+([1-9][0-9]?)wd$"
RULE_GRAMMAR = f"{DAY}|{DAY_AND_MONTH}|{WORKING_DAYS}"


class Comparison(TextChoices):
    """Whether the named day itself is still in time."""

    BEFORE = "before", "Trước ngày"
    BY = "by", "Chậm nhất ngày"


class DeadlineRuleUnreadable(DomainError):
    """The rule of a deadline follows none of the three forms."""


def is_working_day(day: date, holidays: Mapping[date, bool]) -> bool:
    """Say whether offices work that day; the table maps a date to worked (bù) or off (nghỉ)."""
    return holidays.get(day, day.weekday() < SATURDAY)


def working_day_after(day: date, count: int, holidays: Mapping[date, bool]) -> date:
    """Give the count-th working day after a day, which is itself not counted."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, holidays)
    return day


def _day_in(year: int, month: int, day: int) -> date:
    """Give a day of a month; the 31st of a shorter month is its last day."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def due_day(rule: str, period_end: date, year: int, holidays: Mapping[date, bool]) -> date:
    """Give the day a rule names: "16" of the period's last month, "25/11" of its year, "+2wd"."""
    cut_off = period_end - timedelta(days=1)
    if found := re.match(DAY, rule):
        return _day_in(cut_off.year, cut_off.month, int(found[1]))
    if found := re.match(DAY_AND_MONTH, rule):
        return _day_in(year, int(found[2]), int(found[1]))
    if found := re.match(WORKING_DAYS, rule):
        return working_day_after(cut_off, int(found[1]), holidays)
    raise DeadlineRuleUnreadable(
        f"Không đọc được hạn “{rule}”. Ghi “16” (ngày trong tháng cuối kỳ), “25/11” hoặc “+2wd”."
    )


def due_at(
    rule: str, comparison: str, period_end: date, year: int, holidays: Mapping[date, bool]
) -> datetime:
    """Give the first instant that is too late; period_end is the day after the cut-off.

    "Before 16" ends when the 16th begins, "by 16" when the 17th begins (Vietnam time).
    """
    day = due_day(rule, period_end, year, holidays)
    if comparison == Comparison.BY:
        day += timedelta(days=1)
    return datetime.combine(day, time.min, tzinfo=VIETNAM)
