"""Files made to be fetched within days: written whole or not at all, then forgotten by their age.

They lie apart from the papers, each under a name of chance, so that one can be dropped without
asking who else needs it.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from apps.core.files import NO_ROOM, FileDamaged, StorageFull

FOLDER = "passing"
_NAME = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class PassingFile:
    """A file for a while: its name in the folder, and what it must hash to."""

    name: str
    sha256: str
    size: int


def keep_for_a_while(write: Callable[[BinaryIO], None], suffix: str) -> PassingFile:
    """Let a writer fill a new file; it is there only once it is whole and on the disk."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
    draft = Path(temporary)
    name = f"{secrets.token_hex(16)}.{suffix}"
    try:
        with os.fdopen(handle, "w+b") as file:
            write(file)
            file.flush()
            os.fchmod(file.fileno(), 0o640)
            os.fsync(file.fileno())
            file.seek(0)
            kept = PassingFile(name, hashlib.file_digest(file, "sha256").hexdigest(), _size(file))
        draft.replace(_place(name))
    except BaseException as error:
        draft.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise StorageFull from error
        raise
    return kept


def open_passing(kept: PassingFile) -> BinaryIO:
    """Open a file, refusing one that is gone or no longer what it was."""
    try:
        file = _place(kept.name).open("rb")
    except FileNotFoundError as error:
        raise FileDamaged from error
    if hashlib.file_digest(file, "sha256").hexdigest() != kept.sha256:
        file.close()
        raise FileDamaged
    file.seek(0)
    return file


def drop_passing(kept: PassingFile) -> None:
    """Forget a file now."""
    _place(kept.name).unlink(missing_ok=True)


def forget_passing(before: datetime) -> int:
    """Remove what was written before a moment, also what a killed writer left; count them."""
    gone = 0
    with suppress(FileNotFoundError):
        for path in list(_folder().iterdir()):
            with suppress(FileNotFoundError):  # another sweep was faster
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    gone += 1
    return gone


def _size(file: BinaryIO) -> int:
    """Return how many bytes an open file has."""
    return os.fstat(file.fileno()).st_size


def _folder() -> Path:
    """Return where these files lie."""
    return Path(settings.MEDIA_ROOT) / FOLDER


def _place(name: str) -> Path:
    """Return the place of a file; no other place can be named."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a passing file: {name!r}")
    return _folder() / name
