"""What beat rings and when: a few ticks; dates are read from our own calendars by the tasks."""

from datetime import timedelta
from typing import TypedDict

from celery.schedules import crontab


class Tick(TypedDict, total=False):
    """One line of Celery's beat schedule."""

    task: str
    schedule: timedelta | crontab
    options: dict[str, object]


def _every(seconds: int, task: str) -> Tick:
    """Ring a task every so many seconds; a ring that waited longer than that is dropped."""
    return {
        "task": task,
        "schedule": timedelta(seconds=seconds),
        "options": {"queue": "interactive", "expires": seconds},
    }


BEAT_SCHEDULE: dict[str, Tick] = {
    "lost jobs are found again": _every(15, "desk.sweep"),
    "audit lines are chained": _every(10, "audit.seal"),
    # Opening is idempotent: ten-minute ticks make up for a start after midnight or a missed night.
    "reports that fall due are opened": _every(600, "reports.open_due"),
    "reviews of programmes are asked for": _every(600, "reports.open_program_reviews"),
    "totals that went stale are counted again": _every(15, "reports.recompute"),
    "old sign-in counters are forgotten": {
        "task": "accounts.sweep_sign_in",
        "schedule": crontab(hour="3", minute="30"),
        "options": {"queue": "bulk"},
    },
    "previews of imports that nobody wrote are forgotten": {
        "task": "desk.expire_imports",
        "schedule": crontab(hour="3", minute="45"),
        "options": {"queue": "bulk"},
    },
    "totals are compared with the cells at night": {
        "task": "reports.reconcile",
        "schedule": crontab(hour="2", minute="0"),
        "options": {"queue": "bulk"},
    },
}
