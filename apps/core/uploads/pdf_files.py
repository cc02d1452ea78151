"""PDF files from outside: open, whole, and doing nothing by themselves."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from apps.core.uploads.refusal import UploadRefused

MAX_PDF_OBJECTS = 100_000

_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMedia"})
_ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute", "/Rendition"}
)
_MAX_ATTACHED = 4 * 1024 * 1024


def check_pdf(name: str, content: bytes) -> None:
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
