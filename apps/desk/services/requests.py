"""Requests that a browser may send twice: the second gets the first one's answer."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.desk.models import IdempotencyKey

# Waits for a twin that is being written in another transaction, then gives way to it.
INSERT = """
INSERT INTO desk_idempotencykey (user_id, key, fingerprint, response, created_at)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT (user_id, key) DO NOTHING
"""


class RequestChanged(DomainError):
    """The same key came with other content: two tabs, or a page gone stale."""


class RequestRepeated(DomainError):
    """The same request is being answered at this very moment."""


def find_response(*, user: User, key: str, fingerprint: str) -> dict[str, Any] | None:
    """Return the answer to an earlier sending of this request, or None if it is the first."""
    known = IdempotencyKey.objects.filter(user=user, key=key).first()
    if known is None:
        return None
    if known.fingerprint != fingerprint:
        raise RequestChanged(
            "Yêu cầu này đã được gửi với nội dung khác. Hãy tải lại trang rồi gửi lại."
        )
    answer: dict[str, Any] = known.response
    return answer


@transaction.atomic(savepoint=False)
def remember_response(
    *, user: User, key: str, fingerprint: str, response: dict[str, Any], at: datetime
) -> None:
    """Keep the answer in the transaction that did the work.

    When a twin was faster, the work of this transaction must not count twice: RequestRepeated
    undoes it, and find_response has the twin's answer afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [user.pk, key, fingerprint, json.dumps(response), at])
        if not cursor.rowcount:
            raise RequestRepeated("Yêu cầu này vừa được gửi từ một cửa sổ khác. Hãy tải lại trang.")
