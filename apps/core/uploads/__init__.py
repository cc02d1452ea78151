"""Files from outside: extension, first bytes and a parser must agree, and nothing active stays."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import File

from apps.core.numbers import format_number
from apps.core.text import nfc
from apps.core.uploads.office import OFFICE, check_office
from apps.core.uploads.pdf_files import check_pdf
from apps.core.uploads.pictures import PHOTO_EDGE, PICTURES, redrawn, thumbnail
from apps.core.uploads.refusal import UploadRefused

__all__ = [
    "ATTACHMENTS",
    "DEFAULT_ALLOWED",
    "MAX_BYTES",
    "PAPERS",
    "PHOTO_EDGE",
    "PICTURES",
    "CleanUpload",
    "UploadRefused",
    "accept",
    "check_upload",
    "clean_name",
    "thumbnail",
]

MAX_BYTES = 10 * 1024 * 1024
MAX_NAME = 120  # with its ending; the tables that keep names have this width
DEFAULT_ALLOWED = frozenset({"pdf"}) | PICTURES  # signed papers: a PDF, or pages photographed
PAPERS = frozenset({"pdf"}) | OFFICE  # what offices write: decisions, plans, minutes
ATTACHMENTS = PAPERS | PICTURES  # what is kept beside a record of a register

_MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
_OLD = {"doc": "docx", "dot": "docx", "rtf": "docx", "odt": "docx", "xls": "xlsx", "ods": "xlsx"}
_WITH_MACROS = {"docm": "docx", "dotm": "docx", "xlsm": "xlsx", "xlsb": "xlsx", "xltm": "xlsx"}
_PACKED = frozenset({"zip", "rar", "7z"})
_IPHONE = frozenset({"heic", "heif"})


@dataclass(frozen=True, slots=True)
class CleanUpload:
    """A file that may be kept: its plain name, its bytes, what it is."""

    name: str
    content: bytes
    mime: str
    sha256: str
    came_as: str = ""  # SHA-256 of what came in, where a picture was drawn anew

    @property
    def suffix(self) -> str:
        """Return the extension under which the file is kept."""
        return self.name.rpartition(".")[2]


def check_upload(
    file: File[bytes],
    allowed: Collection[str] = DEFAULT_ALLOWED,
    *,
    max_bytes: int = MAX_BYTES,
    longest_edge: int | None = None,
) -> CleanUpload:
    """Return the file, pictures drawn anew without their metadata, or refuse it with the reason.

    A picture longer than `longest_edge` pixels is made smaller.
    """
    name, suffix = clean_name(file.name or "")
    if suffix not in allowed:
        raise UploadRefused(
            f"Tệp “{name}” không đúng loại. Chỉ nhận tệp {_in_words(allowed)}. "
            f"{_what_to_do(suffix, allowed)}".rstrip()
        )
    content, came_as = _read_within(file, name, max_bytes), ""
    if suffix in OFFICE:
        check_office(name, content, suffix)
    elif _kind_of(content) != suffix:
        raise UploadRefused(f"Tệp “{name}” có nội dung không phải là {suffix.upper()}.")
    elif suffix == "pdf":
        check_pdf(name, content)
    else:
        came_as = hashlib.sha256(content).hexdigest()
        content = redrawn(name, content, suffix, longest_edge)
    return CleanUpload(name, content, _MIME[suffix], hashlib.sha256(content).hexdigest(), came_as)


def accept(allowed: Collection[str]) -> str:
    """Return what a file box offers to choose."""
    endings = [f".{kind}" for kind in _MIME if kind in allowed]
    return ",".join(endings + [".jpeg"] * ("jpg" in allowed))


def _in_words(allowed: Collection[str]) -> str:
    """Return the kinds of files in the order in which offices know them."""
    return ", ".join(kind.upper() for kind in _MIME if kind in allowed)


def clean_name(name: str) -> tuple[str, str]:
    """Return a name without folders, invisible signs or odd length, and its extension."""
    base = nfc(PurePosixPath(name.replace("\\", "/")).name).strip(". ")
    stem, dot, suffix = base.rpartition(".")
    if not dot:
        return base[:MAX_NAME] or "tep", ""
    suffix = suffix.lower().replace("jpeg", "jpg")
    room = max(MAX_NAME - 1 - len(suffix), 0)
    return f"{stem[:room].strip() or 'tep'}.{suffix}", suffix


def _what_to_do(suffix: str, allowed: Collection[str]) -> str:
    """Say how a file of another kind becomes one that is taken."""
    if suffix in _WITH_MACROS and _WITH_MACROS[suffix] in allowed:
        return f"Hãy lưu lại thành .{_WITH_MACROS[suffix]} không có macro, hoặc PDF."
    if suffix in _OLD and _OLD[suffix] in allowed:
        return f"Hãy lưu lại thành .{_OLD[suffix]} hoặc PDF."
    if suffix in (*_OLD, *_WITH_MACROS, *OFFICE) and "pdf" in allowed:
        return "Hãy lưu lại thành PDF."
    if suffix in _IPHONE and "jpg" in allowed:
        return "Ảnh iPhone: hãy lưu hoặc gửi lại ảnh ở dạng JPG."
    if suffix in _PACKED:
        return "Hãy giải nén rồi tải từng tệp."
    return ""


def _read_within(file: File[bytes], name: str, max_bytes: int) -> bytes:
    """Read the file, never more than the limit, whatever size it claims."""
    file.seek(0)
    content: bytes = file.read(max_bytes + 1)
    if not content:
        raise UploadRefused(f"Tệp “{name}” không có nội dung.")
    if len(content) > max_bytes:
        limit = format_number(max_bytes // (1024 * 1024))
        raise UploadRefused(f"Tệp “{name}” lớn hơn {limit} MB. Hãy giảm dung lượng rồi tải lại.")
    return content


def _kind_of(content: bytes) -> str:
    """Tell what the first bytes say the file is."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return ""
