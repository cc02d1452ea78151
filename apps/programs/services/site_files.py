"""Keep papers of a site and photos of its place; in sensitive fields papers without names only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.files import store_bytes
from apps.core.text import nfc
from apps.core.uploads import (
    ATTACHMENTS,
    PHOTO_EDGE,
    PICTURES,
    CleanUpload,
    check_upload,
    clean_name,
    thumbnail,
)
from apps.programs.models import ModelSite, SiteFile
from apps.programs.rules import FileKind
from apps.programs.services.news import refresh_news
from apps.programs.services.refusals import Fault
from apps.programs.services.site_checks import SiteRefused, refusing_sites

MAX_FILES = 60
SENSITIVE_FILES = frozenset({"pdf"})
SENSITIVE = (
    "Lĩnh vực nhạy cảm: không nhận ảnh, danh sách, bảng tính. Chỉ nhận văn bản (quyết định, kế "
    "hoạch) không có họ tên, lưu thành PDF."
)


@dataclass(frozen=True, slots=True)
class NewSiteFile:
    """A file from outside, what it shows, and whether somebody looked that it names nobody."""

    file: File[bytes]
    title: str
    names_nobody: bool = False


@transaction.atomic
def add_site_file(*, site: ModelSite, new: NewSiteFile, by: User | None, at: datetime) -> SiteFile:
    """Keep a checked file; a picture is drawn anew, without the place and time hidden in it."""
    title = nfc(new.title)
    if not title:
        _refuse("title", "Chưa nhập tên ảnh, văn bản.")
    is_sensitive = site.model_type.field.is_sensitive
    _, suffix = clean_name(new.file.name or "")
    if is_sensitive and suffix not in SENSITIVE_FILES:
        _refuse("file", SENSITIVE)
    if is_sensitive and not new.names_nobody:
        _refuse("names_nobody", "Hãy xác nhận văn bản không có họ tên, ảnh người được giúp đỡ.")
    if site.files.count() >= MAX_FILES:
        _refuse("file", f"Điểm này đã có {MAX_FILES} tệp. Hãy bỏ bớt tệp không còn cần.")
    allowed = SENSITIVE_FILES if is_sensitive else ATTACHMENTS
    upload = check_upload(new.file, allowed, longest_edge=PHOTO_EDGE)
    stored = store_bytes(upload.content, upload.suffix)
    kind = FileKind.PHOTO if upload.suffix in PICTURES else FileKind.DOCUMENT
    with refusing_sites():
        row = SiteFile.objects.create(
            site=site,
            kind=kind,
            title=title[:200],
            name=upload.name[-120:],
            mime=upload.mime,
            sha256=stored.sha256,
            size=stored.size,
            path=stored.path,
            small_path=_small_path(upload),
            uploaded_at=at,
            uploaded_by=by,
        )
    refresh_news(site_ids=[site.pk])
    detail = {"kind": kind.value, "title": row.title, "sha256": row.sha256}
    if upload.came_as:
        detail["came_as"] = upload.came_as
    record_action(action="programs.site_file_added", by=by, at=at, target=site, detail=detail)
    return row


@transaction.atomic
def remove_site_file(*, file: SiteFile, by: User | None, at: datetime) -> None:
    """Take a file off a site; its bytes stay, for the audit names their hash."""
    site, detail = file.site, {"title": file.title, "sha256": file.sha256}
    file.delete()
    refresh_news(site_ids=[site.pk])
    record_action(action="programs.site_file_removed", by=by, at=at, target=site, detail=detail)


def _small_path(upload: CleanUpload) -> str:
    """Keep a small copy of a photo and return where; papers have none."""
    if upload.suffix not in PICTURES:
        return ""
    return store_bytes(thumbnail(upload.content), "webp").path


def _refuse(field: str, message: str) -> None:
    raise SiteRefused(message, [Fault(field, message)])
