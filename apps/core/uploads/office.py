"""Word and Excel files from outside: whole OOXML packages that run nothing and reach nowhere.

ECMA-376 part 2 (packages): every part has a content type, and all that a document uses hangs on
relationships; so these two tell of macros, embedded objects and contents from elsewhere, however
the parts are named.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree  # type: ignore[import-untyped]

from apps.core.uploads.refusal import UploadRefused

OFFICE = frozenset({"docx", "xlsx"})
MAX_PARTS = 1_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100  # of a part that unpacks to more than _SMALL; the limit of Apache POI too
MAX_LISTING = 2 * 1024 * 1024  # content types and relationships are short lists

_SMALL = 1024 * 1024
_TYPES = "[Content_Types].xml"
_MAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_CHART_DATA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PROGRAM = {"docx": "Word", "xlsx": "Excel"}
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # OLE compound file: .doc, .xls, and OOXML under a password
_KNOWN_TYPES = (
    "application/vnd.openxmlformats-",
    "application/vnd.ms-office.",
    "application/vnd.ms-word.",
    "application/vnd.ms-excel.",
    "application/xml",
    "text/xml",
    "application/inkml+xml",
    "application/x-font",
    "image/",
)
# Parts of content types and of relationship types, in small letters.
_MACROS = re.compile(r"macro|vba")
_INSERTED = re.compile(r"activex|oleobject|webextension|dialogsheet|afchunk|subdocument|/control$")
_OUTSIDE = re.compile(r"externallink|connections|querytable|volatiledependencies")
_HARMLESS_LINK = re.compile(r"(https?://|mailto:|tel:|#)", re.IGNORECASE)
_SOMEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|.*\\", re.IGNORECASE)
_ODD_NAME = re.compile(r"/|[a-z]:|.*\\|(.*/)?\.\.?(/|$)", re.IGNORECASE)
_FIELD_TEXT = re.compile(rb"instrText[^>]*>([^<]*)<|instr=[\"']([^\"']*)[\"']")
_RUNS_PROGRAM = re.compile(rb"\bDDE(AUTO)?\b", re.IGNORECASE)
_UNREADABLE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, ParseError, DefusedXmlException),
    *(OSError, EOFError, KeyError, ValueError, RuntimeError, NotImplementedError),
)


def check_office(name: str, content: bytes, suffix: str) -> None:
    """Refuse what is no plain .docx or .xlsx, saying what to do; its bytes stay as they came."""
    if content.startswith(_OLD_OR_LOCKED):
        raise UploadRefused(
            f"Tệp “{name}” đang đặt mật khẩu, hoặc là tệp {_PROGRAM[suffix]} kiểu cũ. Hãy bỏ mật "
            f"khẩu, lưu lại thành .{suffix} hoặc PDF rồi tải lên."
        )
    try:
        _check_package(name, content, suffix)
    except _UNREADABLE as error:
        raise UploadRefused(
            f"Không mở được tệp “{name}”. Hãy mở bằng {_PROGRAM[suffix]}, lưu lại thành "
            f".{suffix} rồi tải lên."
        ) from error


def _check_package(name: str, content: bytes, suffix: str, *, is_inside: bool = False) -> None:
    if not content.startswith(b"PK\x03\x04"):
        raise _another(name, suffix)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        _refuse_bombs(name, package)
        types = _content_types(package)
        _check_types(name, types, suffix)
        for part in package.infolist():
            inside = package.read(part)  # also holds each part against its checksum
            if types.get(part.filename) == _CHART_DATA:
                if is_inside:
                    raise _inserted(name, suffix)
                _check_package(name, inside, "xlsx", is_inside=True)
            elif part.filename.lower().endswith(".rels"):
                _check_relationships(name, part.filename, inside, suffix)
            elif suffix == "docx" and _starts_programs(inside):
                raise _from_outside(name, suffix)


def _refuse_bombs(name: str, package: zipfile.ZipFile) -> None:
    """Refuse by what the parts claim, before anything is unpacked; no more than that is read."""
    parts = package.infolist()
    names = [part.filename.lower() for part in parts]
    if len(set(names)) < len(names) or any(_ODD_NAME.match(part) for part in names):
        raise zipfile.BadZipFile("names of parts twice or leading out")
    if any(part.flag_bits & 1 or part.compress_type not in {0, 8} for part in parts):
        raise zipfile.BadZipFile("locked or packed in a way Office does not write")
    swells = any(part.file_size > max(_SMALL, MAX_RATIO * part.compress_size) for part in parts)
    if swells or len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise UploadRefused(
            f"Tệp “{name}” quá phức tạp hoặc bung ra quá lớn. Hãy lưu lại thành PDF rồi tải lên."
        )


def _content_types(package: zipfile.ZipFile) -> dict[str, str]:
    """Return what each part says it is; a part of no type is a file that was smuggled in."""
    by_name, by_ending = {}, {}
    for line in _listing(package.read(_TYPES)):
        kind = line.get("ContentType", "")
        if line.tag.endswith("}Override"):
            by_name[line.get("PartName", "").lstrip("/").lower()] = kind
        elif line.tag.endswith("}Default"):
            by_ending[line.get("Extension", "").lower()] = kind
    types = {}
    for part in package.namelist():
        if part != _TYPES and not part.endswith("/"):
            low = part.lower()
            types[part] = by_name.get(low) or by_ending.get(low.rpartition(".")[2], "")
    return types


def _check_types(name: str, types: dict[str, str], suffix: str) -> None:
    """Refuse by what the parts say they are, and where none is the main part of the kind."""
    for kind in types.values():
        _refuse_kind(name, kind.lower(), suffix)
    if _MAIN[suffix] not in types.values():
        raise _another(name, suffix)


def _check_relationships(name: str, part: str, content: bytes, suffix: str) -> None:
    """Refuse what a part uses: macros, objects, and anything but a plain link elsewhere."""
    folder = posixpath.dirname(posixpath.dirname(part))
    for line in _listing(content):
        kind, target = line.get("Type", "").lower(), line.get("Target", "").strip()
        _refuse_kind(name, kind, suffix, is_relationship=True)
        if line.get("TargetMode", "").lower() != "external":
            place = posixpath.normpath(posixpath.join(folder, target))
            if _SOMEWHERE.match(target) or place.startswith(".."):
                raise _from_outside(name, suffix)
        elif not (kind.endswith("/hyperlink") and _HARMLESS_LINK.match(target)):
            raise _from_outside(name, suffix)


def _refuse_kind(name: str, kind: str, suffix: str, *, is_relationship: bool = False) -> None:
    """Refuse by the type of a part or of a relationship."""
    if _MACROS.search(kind):
        raise UploadRefused(
            f"Tệp “{name}” có macro nên không nhận. Hãy lưu lại thành .{suffix} không có macro, "
            "hoặc PDF, rồi tải lên."
        )
    if _OUTSIDE.search(kind):
        raise _from_outside(name, suffix)
    if _INSERTED.search(kind) or not (is_relationship or kind.startswith(_KNOWN_TYPES)):
        raise _inserted(name, suffix)


def _another(name: str, suffix: str) -> UploadRefused:
    return UploadRefused(
        f"Tệp “{name}” có nội dung không phải là {suffix.upper()}. Hãy mở bằng {_PROGRAM[suffix]}, "
        f"lưu lại thành .{suffix} rồi tải lên."
    )


def _inserted(name: str, suffix: str) -> UploadRefused:
    return UploadRefused(
        f"Tệp “{name}” có tệp hoặc đối tượng khác nhúng bên trong nên không nhận. Hãy xóa đối "
        f"tượng đó hoặc dán lại thành ảnh, lưu lại thành .{suffix} hoặc PDF rồi tải lên."
    )


def _from_outside(name: str, suffix: str) -> UploadRefused:
    return UploadRefused(
        f"Tệp “{name}” lấy nội dung từ tệp hoặc nơi khác (liên kết, tệp mẫu, ảnh ở ngoài) nên "
        f"không nhận. Hãy ngắt liên kết, lưu lại thành .{suffix} hoặc PDF rồi tải lên."
    )


def _starts_programs(content: bytes) -> bool:
    """Tell whether a field of a Word text asks another program for contents (DDE)."""
    fields = b"".join(b"".join(found) for found in _FIELD_TEXT.findall(content))
    return _RUNS_PROGRAM.search(fields) is not None


def _listing(content: bytes) -> Iterator[Element]:
    """Yield the lines of a short XML list; entities and long lists are no such list."""
    if len(content) > MAX_LISTING:
        raise ValueError("a list of this length is not written by Office")
    yield from ElementTree.fromstring(content)
