"""Answers about a user's jobs and messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.text import sort_key
from apps.desk.models import Job, Notice, SavedFilter
from apps.desk.permissions import posts_with
from apps.desk.rules import JobState
from apps.units.queries import names_of

SHOWN = 100


def jobs_of(user: User, at: datetime) -> QuerySet[Job]:
    """List the user's jobs of the last 7 days, the newest first."""
    return Job.objects.visible_to(user, at).order_by("-created_at", "-pk")[:SHOWN]


def notices_of(user: User) -> QuerySet[Notice]:
    """List the user's latest messages, the newest first."""
    return Notice.objects.visible_to(user).order_by("-created_at", "-pk")[:SHOWN]


def filters_of(user: User, page: str, on: date) -> list[SavedFilter]:
    """List the filters of a page that a user may apply: his own, then those that others share."""
    rows = SavedFilter.objects.visible_to(user, on).filter(page=page).select_related("owner")
    return sorted(rows, key=lambda row: (row.owner_id != user.pk, sort_key(row.name), row.pk))


def units_to_share_with(user: User, on: date) -> dict[int, str]:
    """Return the names of the units with which a user may share: those where he reads registers."""
    return names_of(posts_with(user, on, Permission.REGISTER_VIEW), on)


def states_in_words(jobs: Iterable[Job]) -> str:
    """Say how many jobs are where, to be read aloud when it changes."""
    counted = Counter(JobState(job.state) for job in jobs)
    return ", ".join(
        f"{counted[state]} {state.label.lower()}" for state in JobState if counted[state]
    )
