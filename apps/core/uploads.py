"""Files from outside: extension, first bytes and a parser must agree, and nothing active stays."""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pikepdf
from django.core.files.base import File
from PIL import Image, ImageOps

from apps.core.errors import DomainError
from apps.core.numbers import format_number
from apps.core.text import nfc

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_PDF_OBJECTS = 100_000
MAX_NAME = 120
DEFAULT_ALLOWED = frozenset({"pdf", "jpg", "png", "webp"})

_MIME = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
_PILLOW = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_WAYS_OF_SAVING: dict[str, dict[str, Any]] = {
    "jpg": {"quality": 88, "optimize": True},
    "png": {"optimize": True},
    "webp": {"quality": 88, "method": 4},
}
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMedia"})
_ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute", "/Rendition"}
)
_MAX_ATTACHED = 4 * 1024 * 1024


class UploadRefused(DomainError):
    """The file is not one the portal keeps."""


@dataclass(frozen=True, slots=True)
class CleanUpload:
    """A file that may be kept: its plain name, its bytes, what it is."""

    name: str
    content: bytes
    mime: str
    sha256: str

    @property
    def suffix(self) -> str:
        """Return the extension under which the file is kept."""
        return self.name.rpartition(".")[2]


def check_upload(
    file: File[bytes],
    allowed: frozenset[str] | set[str] = DEFAULT_ALLOWED,
    *,
    max_bytes: int = MAX_BYTES,
) -> CleanUpload:
    """Return the file, pictures drawn anew without their metadata, or refuse it with the reason."""
    name, suffix = clean_name(file.name or "")
    if suffix not in allowed:
        kinds = ", ".join(sorted(allowed)).upper()
        raise UploadRefused(f"Tệp “{name}” không đúng loại. Chỉ nhận tệp {kinds}.")
    content = _read_within(file, name, max_bytes)
    if _kind_of(content) != suffix:
        raise UploadRefused(f"Tệp “{name}” có nội dung không phải là {suffix.upper()}.")
    if suffix == "pdf":
        _check_pdf(name, content)
    else:
        content = _drawn_anew(name, content, suffix)
    return CleanUpload(name, content, _MIME[suffix], hashlib.sha256(content).hexdigest())


def clean_name(name: str) -> tuple[str, str]:
    """Return a name without folders, invisible signs or odd length, and its extension."""
    base = nfc(PurePosixPath(name.replace("\\", "/")).name).strip(". ")
    stem, dot, suffix = base.rpartition(".")
    if not dot:
        return base[:MAX_NAME] or "tep", ""
    suffix = suffix.lower().replace("jpeg", "jpg")
    return f"{stem[:MAX_NAME].strip() or 'tep'}.{suffix}", suffix


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


def _drawn_anew(name: str, content: bytes, suffix: str) -> bytes:
    """Decode the picture and encode it again: what was hidden in it, also the place, goes."""
    damaged = UploadRefused(f"Không mở được ảnh “{name}”. Hãy chụp hoặc lưu lại rồi thử lại.")
    try:
        with Image.open(io.BytesIO(content), formats=[_PILLOW[suffix]]) as picture:
            _refuse_too_many_pixels(name, picture)
            picture.load()
            upright = ImageOps.exif_transpose(picture) or picture
            return _encoded(upright, suffix)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise damaged from error


def _encoded(picture: Image.Image, suffix: str) -> bytes:
    """Write the pixels only, in a mode that every viewer knows."""
    see_through = suffix != "jpg" and (
        picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    )
    pixels = picture.convert("RGBA" if see_through else "RGB")
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    out = io.BytesIO()
    bare.save(out, format=_PILLOW[suffix], **_WAYS_OF_SAVING[suffix])
    return out.getvalue()


def _refuse_too_many_pixels(name: str, picture: Image.Image) -> None:
    """Refuse before decoding: a small file may claim a huge picture."""
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels(name)


def _too_many_pixels(name: str) -> UploadRefused:
    """Say how large a picture may be."""
    limit = MAX_PIXELS // 1_000_000
    return UploadRefused(f"Ảnh “{name}” quá lớn: chỉ nhận đến {limit} triệu điểm ảnh.")


def _check_pdf(name: str, content: bytes) -> None:
    """Refuse a PDF that is locked, broken, or does anything by itself; its bytes stay as signed."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise _locked(name)
            if not len(pdf.pages):
                raise UploadRefused(f"Tệp “{name}” không có trang nào.")
            if len(pdf.objects) > MAX_PDF_OBJECTS:
                raise UploadRefused(f"Tệp “{name}” quá phức tạp. Hãy in ra PDF mới rồi tải lại.")
            if any(_is_active(part) for part in _dictionaries(pdf)):
                raise UploadRefused(
                    f"Tệp “{name}” có mã lệnh hoặc tệp đính kèm bên trong nên không nhận. "
                    "Hãy in lại ra PDF rồi tải lên."
                )
    except pikepdf.PasswordError as error:
        raise _locked(name) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as error:
        raise UploadRefused(f"Không mở được tệp PDF “{name}”. Hãy lưu lại rồi thử lại.") from error


def _locked(name: str) -> UploadRefused:
    """Say that a file under a password cannot be kept."""
    return UploadRefused(f"Tệp “{name}” đang đặt mật khẩu. Hãy bỏ mật khẩu rồi tải lại.")


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every dictionary of the file, also those written inside others."""
    waiting: list[Any] = list(pdf.objects)
    while waiting:
        part = waiting.pop()
        if isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
            yield part
            waiting.extend(value for value in part.values() if _is_nested(value))
        elif isinstance(part, pikepdf.Array):
            waiting.extend(value for value in part if _is_nested(value))


def _is_nested(value: Any) -> bool:
    """Tell whether a value is written in place; indirect ones are in the list already."""
    return isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect


def _is_active(part: Any) -> bool:
    """Tell whether a dictionary runs something or carries a file that is not plain figures."""
    if set(part.keys()) & _ACTIVE_KEYS or str(part.get("/S", "")) in _ACTIVE_ACTIONS:
        return True
    if "/EF" in part:
        return not all(_is_json(attached) for attached in part["/EF"].values())
    return str(part.get("/Type", "")) == "/EmbeddedFile" and not _is_json(part)


def _is_json(attached: Any) -> bool:
    """Tell whether an attachment is JSON, as in the reports we issue and get back signed."""
    if not isinstance(attached, pikepdf.Stream):
        return False
    raw, packing = attached.read_raw_bytes(), str(attached.get("/Filter", ""))
    try:
        if packing == "/FlateDecode":
            raw = zlib.decompressobj().decompress(raw, _MAX_ATTACHED + 1)
        elif packing:
            return False
        return len(raw) <= _MAX_ATTACHED and isinstance(json.loads(raw), (dict, list))
    except (zlib.error, ValueError, RecursionError):
        return False
