"""Files kept under their own hash: written whole or not at all, never changed."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from apps.core.errors import DomainError

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_STORED_PATH = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,8}")


class StorageFull(DomainError):
    """The disk has no room; nothing was kept."""

    def __init__(self) -> None:
        super().__init__(
            "Máy chủ đã hết chỗ lưu tệp nên tệp chưa được lưu. Hãy báo bộ phận hỗ trợ rồi thử lại."
        )


class FileDamaged(DomainError):
    """A kept file is gone or is no longer what its hash says."""

    def __init__(self) -> None:
        super().__init__("Tệp lưu trên máy chủ bị thiếu hoặc hỏng. Hãy báo bộ phận hỗ trợ.")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where a file lies, relative to MEDIA_ROOT, and what it must hash to."""

    sha256: str
    size: int
    path: str


def store_bytes(content: bytes, suffix: str) -> StoredFile:
    """Keep the content as <sha[:2]>/<sha>.<suffix>; the same content is kept once."""
    digest = hashlib.sha256(content).hexdigest()
    stored = StoredFile(digest, len(content), f"{digest[:2]}/{digest}.{suffix.lstrip('.').lower()}")
    target = full_path(stored.path)
    try:
        if not _is_whole(target, digest):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            _write_whole(target, content)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFull from error
        raise
    return stored


def read_stored(path: str, sha256: str) -> bytes:
    """Return a kept file, refusing one whose bytes have changed."""
    try:
        content = full_path(path).read_bytes()
    except FileNotFoundError as error:
        raise FileDamaged from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileDamaged
    return content


def full_path(path: str) -> Path:
    """Return the place on disk of a kept file; no other place can be named."""
    if not _STORED_PATH.fullmatch(path):
        raise ValueError(f"not the path of a kept file: {path!r}")
    return Path(settings.MEDIA_ROOT) / path


def _is_whole(target: Path, digest: str) -> bool:
    """Tell whether the file is there and undamaged."""
    if not target.is_file():
        return False
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def _write_whole(target: Path, content: bytes) -> None:
    """Write beside the target, flush to the disk, then rename over it."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o640)
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
