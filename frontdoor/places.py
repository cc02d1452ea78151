"""Where everything of one clone lies: data in var/, sockets in var/run, logs in var/log."""

import hashlib
import importlib.util
import os
import re
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
RUN_DIR = VAR_DIR / "run"
LOG_DIR = VAR_DIR / "log"
STAMP_DIR = VAR_DIR / "stamps"
PYTHON = BASE_DIR / ".venv" / "bin" / "python"

# A socket's path must fit into sockaddr_un (108 bytes) with the server's own file name behind it.
LONGEST_SOCKET_FOLDER = 80
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def clone_hash() -> str:
    """Return a short name of this clone that differs between clones and users."""
    return hashlib.sha256(f"{BASE_DIR}:{os.getuid()}".encode()).hexdigest()[:12]


def package_folder(name: str) -> Path:
    """Return where an installed package lies, without running its code."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        msg = f"The package {name} is missing from .venv; delete .venv and run make again."
        raise ImportError(msg)
    return Path(spec.origin).resolve().parent


def make_folders() -> None:
    """Create the folders of var/ that the front door writes to."""
    for folder in (RUN_DIR, LOG_DIR, STAMP_DIR, VAR_DIR / "files"):
        folder.mkdir(parents=True, exist_ok=True)


def socket_folder(preferred: Path, name: str) -> Path:
    """Return the preferred folder for a socket, or a short one where that path is unfit."""
    path = str(preferred)
    if len(path) <= LONGEST_SOCKET_FOLDER and PLAIN.fullmatch(path):
        return preferred
    return Path("/tmp") / f"antq-{clone_hash()}-{name}"  # noqa: S108  made with mode 700 below


def private_folder(path: Path, *, uid: int | None = None, gid: int | None = None) -> None:
    """Create a folder that only its owner can enter; refuse one that belongs to someone else."""
    path.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        msg = f"{path} is a symbolic link; remove it."
        raise OSError(msg)
    if uid is not None and path.stat().st_uid != uid:
        os.chown(path, uid, gid if gid is not None else -1)
    path.chmod(0o700)


def write_secret(path: Path, content: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    temporary = path.with_suffix(path.suffix + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content + "\n")
    temporary.replace(path)
