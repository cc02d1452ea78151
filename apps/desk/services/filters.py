"""Filters of lists that people keep under a name, for themselves or for a unit of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.text import nfc
from apps.desk.models import SavedFilter
from apps.desk.permissions import posts_with
from apps.desk.rules import FILTER_PAGES, MAX_FILTERS, MAX_SHARED, kept_query

_MAX_NAME, _MAX_QUERY = 80, 1000


class FilterRefused(DomainError):
    """A filter cannot be kept so; `field` says where on the form it belongs."""

    def __init__(self, message: str, field: str = "name") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def save_filter(
    *, page: str, name: str, query: str, share_with: int | None, by: User, at: datetime
) -> SavedFilter:
    """Keep the filters of a list under a name; `share_with` is a unit of the person, or none."""
    if page not in FILTER_PAGES:
        raise FilterRefused("Trang này không lưu bộ lọc.")
    wanted = kept_query(query)
    if len(wanted) > _MAX_QUERY:
        raise FilterRefused("Bộ lọc này quá dài để lưu. Hãy bỏ bớt điều kiện.")
    if SavedFilter.objects.filter(owner=by, page=page).count() >= MAX_FILTERS:
        raise FilterRefused(f"Bạn đã lưu {MAX_FILTERS} bộ lọc. Hãy xóa bớt bộ lọc không dùng.")
    _check_sharing(SavedFilter(page=page), share_with, by, at)
    with _refusing_names():
        saved = SavedFilter.objects.create(
            owner=by,
            page=page,
            name=_checked_name(name),
            query=wanted,
            shared_with_id=share_with,
            created_at=at,
        )
    detail = {"page": page, "shared_with": share_with}
    record_action(action="desk.filter_saved", by=by, at=at, target=saved, detail=detail)
    return saved


@transaction.atomic
def change_filter(
    *, saved: SavedFilter, name: str, share_with: int | None, by: User, at: datetime
) -> SavedFilter:
    """Call a filter something else, share it or keep it to oneself."""
    _check_sharing(saved, share_with, by, at)
    saved.name, saved.shared_with_id = _checked_name(name), share_with
    with _refusing_names():
        saved.save(update_fields=["name", "shared_with"])
    detail = {"shared_with": share_with}
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


def _check_sharing(saved: SavedFilter, unit: int | None, by: User, at: datetime) -> None:
    """Refuse to share with a unit that is not one's own, or that has its fill."""
    if unit is None:
        return
    if unit not in posts_with(by, timezone.localdate(at), Permission.REGISTER_VIEW):
        raise FilterRefused("Chỉ chia sẻ được với đơn vị mà bạn đang công tác.", "share_with")
    there = SavedFilter.objects.filter(page=saved.page, shared_with=unit).exclude(pk=saved.pk)
    if there.count() >= MAX_SHARED:
        raise FilterRefused(
            f"Đơn vị đã có {MAX_SHARED} bộ lọc dùng chung ở danh sách này. Hãy lưu cho riêng mình, "
            "hoặc nhờ người đã lưu bỏ bớt bộ lọc không còn dùng.",
            "share_with",
        )


@contextmanager
def _refusing_names() -> Iterator[None]:
    """Say in words that the name is taken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise FilterRefused("Bạn đã có bộ lọc tên này. Hãy đặt tên khác.") from error
