"""Files: whole or not at all, once per content, and a full disk says so."""

import hashlib
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core.files import FileDamaged, StorageFull, full_path, read_stored, store_bytes

CONTENT = b"%PDF-1.7 example"


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no file of this process grow beyond 4096 bytes: the kernel itself refuses."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_store_bytes_names_the_file_by_its_hash(private_files: Path) -> None:
    stored = store_bytes(CONTENT, ".PDF")

    digest = hashlib.sha256(CONTENT).hexdigest()
    assert stored.sha256 == digest
    assert stored.size == len(CONTENT)
    assert stored.path == f"{digest[:2]}/{digest}.pdf"
    assert (private_files / stored.path).read_bytes() == CONTENT


def test_stored_file_is_closed_to_other_users(private_files: Path) -> None:
    stored = store_bytes(CONTENT, "pdf")

    assert (private_files / stored.path).stat().st_mode & 0o777 == 0o640


def test_store_bytes_keeps_the_same_content_once(private_files: Path) -> None:
    first = store_bytes(CONTENT, "pdf")
    written = (private_files / first.path).stat().st_ino

    assert store_bytes(CONTENT, "pdf") == first
    assert (private_files / first.path).stat().st_ino == written


def test_store_bytes_repairs_a_damaged_file(private_files: Path) -> None:
    stored = store_bytes(CONTENT, "pdf")
    (private_files / stored.path).write_bytes(b"half")

    store_bytes(CONTENT, "pdf")

    assert read_stored(stored.path, stored.sha256) == CONTENT


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_said_and_leaves_nothing(private_files: Path) -> None:
    with pytest.raises(StorageFull, match="hết chỗ"):
        store_bytes(b"x" * 100_000, "pdf")

    assert [p for p in private_files.rglob("*") if p.is_file()] == []


@pytest.mark.usefixtures("small_disk")
def test_after_a_full_disk_a_small_file_is_kept_again() -> None:
    with pytest.raises(StorageFull):
        store_bytes(b"x" * 100_000, "pdf")

    assert store_bytes(CONTENT, "pdf").size == len(CONTENT)


def test_read_stored_refuses_changed_bytes(private_files: Path) -> None:
    stored = store_bytes(CONTENT, "pdf")
    (private_files / stored.path).write_bytes(CONTENT + b"!")

    with pytest.raises(FileDamaged):
        read_stored(stored.path, stored.sha256)


def test_read_stored_says_when_the_file_is_gone(private_files: Path) -> None:
    stored = store_bytes(CONTENT, "pdf")
    (private_files / stored.path).unlink()

    with pytest.raises(FileDamaged):
        read_stored(stored.path, stored.sha256)


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "ab/../cd.pdf", "", "a.pdf"])
def test_no_other_file_can_be_named(path: str) -> None:
    with pytest.raises(ValueError, match="not the path"):
        full_path(path)
