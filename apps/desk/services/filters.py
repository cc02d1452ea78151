"""Filters of lists that people keep under a name, for themselves or for all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.text import nfc
from apps.desk.models import SavedFilter
from apps.desk.rules import FILTER_PAGES, MAX_FILTERS, kept_query

_MAX_NAME, _MAX_QUERY = 80, 1000


class FilterRefused(DomainError):
    """A filter cannot be kept so."""


@transaction.atomic
def save_filter(
    *, page: str, name: str, query: str, is_shared: bool, by: User, at: datetime
) -> SavedFilter:
    """Keep the filters of a list under a name."""
    if page not in FILTER_PAGES:
        raise FilterRefused("Trang này không lưu bộ lọc.")
    wanted = kept_query(query)
    if len(wanted) > _MAX_QUERY:
        raise FilterRefused("Bộ lọc này quá dài để lưu. Hãy bỏ bớt điều kiện.")
    if SavedFilter.objects.filter(owner=by, page=page).count() >= MAX_FILTERS:
        raise FilterRefused(f"Bạn đã lưu {MAX_FILTERS} bộ lọc. Hãy xóa bớt bộ lọc không dùng.")
    with _refusing_names():
        saved = SavedFilter.objects.create(
            owner=by,
            page=page,
            name=_checked_name(name),
            query=wanted,
            is_shared=is_shared,
            created_at=at,
        )
    detail = {"page": page, "is_shared": is_shared}
    record_action(action="desk.filter_saved", by=by, at=at, target=saved, detail=detail)
    return saved


@transaction.atomic
def change_filter(
    *, saved: SavedFilter, name: str, is_shared: bool, by: User, at: datetime
) -> SavedFilter:
    """Call a filter something else, share it or keep it to oneself."""
    saved.name, saved.is_shared = _checked_name(name), is_shared
    with _refusing_names():
        saved.save(update_fields=["name", "is_shared"])
    detail = {"is_shared": is_shared}
    record_action(action="desk.filter_changed", by=by, at=at, target=saved, detail=detail)
    return saved


@transaction.atomic
def delete_filter(*, saved: SavedFilter, by: User, at: datetime) -> None:
    """Forget a filter; what it found stays."""
    record_action(
        action="desk.filter_deleted", by=by, at=at, target=saved, detail={"page": saved.page}
    )
    saved.delete()


def _checked_name(name: str) -> str:
    """Return the name as it is kept, or refuse an empty or long one."""
    clean = nfc(name)
    if not clean:
        raise FilterRefused("Chưa nhập tên bộ lọc.")
    if len(clean) > _MAX_NAME:
        raise FilterRefused(f"Tên bộ lọc dài quá {_MAX_NAME} ký tự.")
    return clean


@contextmanager
def _refusing_names() -> Iterator[None]:
    """Say in words that the name is taken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise FilterRefused("Bạn đã có bộ lọc tên này. Hãy đặt tên khác.") from error
