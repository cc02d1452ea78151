"""Messages to users."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.desk.models import Notice

LONGEST_TEXT = 500


@transaction.atomic
def notify(*, users: Iterable[User], text: str, url: str, kind: str, at: datetime) -> int:
    """Send one message to each user once; not an act of its own, so the audit has its cause."""
    notices = [
        Notice(user_id=user_id, text=text[:LONGEST_TEXT], url=url, kind=kind, created_at=at)
        for user_id in sorted({user.pk for user in users})
    ]
    Notice.objects.bulk_create(notices)
    return len(notices)


@transaction.atomic
def read_notices(*, by: User, at: datetime, notice: Notice | None = None) -> int:
    """Mark one message, or all of them, as read by their owner."""
    unread = Notice.objects.visible_to(by).unread()
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    return unread.update(read_at=at)
