"""The warm children of one process: started when needed, limited, replaced when they die."""

from __future__ import annotations

import atexit
import json
import logging
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from apps.core.pdf.errors import PdfFailed, PdfTooLarge

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[3]
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
# What a child may know of our environment: where libraries are, nothing secret.
KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SYSTEMROOT")
# How the kernel or Pango ends a child that has used up its time or its memory.
OUT_OF_RESOURCES = (signal.SIGXCPU, signal.SIGABRT, signal.SIGTRAP)
LAST_WORDS = 5  # seconds
TOO_LARGE = "Tài liệu quá lớn để lập thành một tệp PDF. Hãy chia nhỏ hoặc tải bản Excel."
FAILED = "Không lập được tệp PDF. Hãy thử lại; nếu vẫn lỗi, báo cho người quản trị."


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may take; beyond it the child is ended and the document refused."""

    memory: int = 1_536 * 1024 * 1024
    cpu_seconds: int = 60
    wall_seconds: float = 90.0
    # A child that grew beyond this (KiB) is replaced after its answer.
    retire_at: int = 400 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """A rendered stretch of pages."""

    pages: int
    content: bytes


class ChildDied(Exception):
    """The child ended without an answer."""


class Child:
    """One process and the pipe to it."""

    def __init__(self, module: str, limits: Limits) -> None:
        self.limits = limits
        # Removed by us when we end the child, by the child when we are gone.
        self.scratch = Path(tempfile.mkdtemp(prefix="antq-pdf-"))
        ours, theirs = Pipe()
        self.connection: Connection = ours
        arguments = (theirs.fileno(), limits.memory, limits.cpu_seconds)
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {
            "FONTCONFIG_FILE": str(write_fonts_conf(self.scratch)),
            "HOME": str(self.scratch),
            "TMPDIR": str(self.scratch),
            "LC_ALL": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        self.resident = 0

    def ask(self, messages: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
        """Send a job and wait for its answer, no longer than the limit."""
        out_of_time = threading.Event()

        def end() -> None:
            out_of_time.set()
            self.process.kill()

        watch = threading.Timer(self.limits.wall_seconds, end)
        watch.daemon = True
        watch.start()
        try:
            self.connection.send_bytes(str(len(messages)).encode())
            for message in messages:
                self.connection.send_bytes(message)
            header: dict[str, Any] = json.loads(self.connection.recv_bytes())
            content = self.connection.recv_bytes()
        except (EOFError, OSError) as fault:
            # How it ended says why, and it may still be ending: our own kill would hide that.
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(LAST_WORDS)
            self.close()
            if out_of_time.is_set() or -(self.process.returncode or 0) in OUT_OF_RESOURCES:
                raise PdfTooLarge(TOO_LARGE) from fault
            raise ChildDied from fault
        finally:
            watch.cancel()
        self.resident = header["resident"]
        raise_fault(header.get("fault"))
        return header, content

    def close(self) -> None:
        """End the process now."""
        self.connection.close()
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.scratch, ignore_errors=True)


def write_fonts_conf(folder: Path) -> Path:
    """Tell fontconfig of our four fonts alone, so that papers do not differ by machine."""
    path = folder / "fonts.conf"
    fonts = ROOT / "static" / "fonts" / "tinos"
    path.write_text(FONTS_CONF.format(fonts=fonts, cache=folder / "cache"), encoding="utf-8")
    return path


def raise_fault(fault: str | None) -> None:
    """Turn the child's word for what went wrong into our error."""
    if fault == "MemoryError":
        raise PdfTooLarge(TOO_LARGE)
    if fault is not None:
        log.error("A PDF could not be made: %s", fault)
        raise PdfFailed(FAILED)


class Crew:
    """The children that run one module; any thread may ask."""

    def __init__(self, module: str, size: int, limits: Limits) -> None:
        self.module, self.size, self.limits = module, size, limits
        # Last in, first out: a lone small document always meets a warm child.
        self.places: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _ in range(size):
            self.places.put(None)
        self.children: set[Child] = set()

    def ask(self, messages: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
        """Have a job done; a child that was killed from outside is replaced once."""
        try:
            return self._try(messages)
        except ChildDied:
            log.warning("A PDF child ended without an answer; trying once more")
        try:
            return self._try(messages)
        except ChildDied as fault:
            raise PdfFailed(FAILED) from fault

    def _try(self, messages: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
        child = self.places.get()
        try:
            if child is None:
                child = Child(self.module, self.limits)
                self.children.add(child)
            return child.ask(messages)
        except (PdfFailed, ChildDied):
            raise
        except BaseException:
            # Interrupted in mid-answer (a task's time limit): the pipe holds a stale answer.
            if child is not None:
                child.close()
            raise
        finally:
            self.places.put(self._kept(child))

    def _kept(self, child: Child | None) -> Child | None:
        if child is None:
            return None
        if child.process.poll() is None and child.resident < self.limits.retire_at:
            return child
        child.close()
        self.children.discard(child)
        return None

    def close(self) -> None:
        """End all children."""
        for child in list(self.children):
            child.close()
        self.children.clear()


class Pool:
    """As many renderers as processors and one joiner."""

    def __init__(self, size: int, limits: Limits) -> None:
        self.renderers = Crew("apps.core.pdf.child", size, limits)
        self.joiners = Crew("apps.core.pdf.joiner", 1, limits)

    @property
    def children(self) -> list[Child]:
        """Return all living children."""
        return [*self.renderers.children, *self.joiners.children]

    def render_all(self, htmls: Sequence[str], names: Sequence[str]) -> list[Piece]:
        """Render all pieces, side by side; the first fault stops those not begun."""
        if len(htmls) == 1:
            return [self.render_one(htmls[0], names[0])]
        executor = ThreadPoolExecutor(self.renderers.size, thread_name_prefix="pdf")
        try:
            return list(executor.map(self.render_one, htmls, names))
        finally:
            executor.shutdown(cancel_futures=True)

    def render_one(self, html: str, name: str) -> Piece:
        """Render one piece; its name is unlike those of the other pieces of the same PDF."""
        header, content = self.renderers.ask([name.encode(), html.encode()])
        return Piece(pages=header["pages"], content=content)

    def join(self, header: dict[str, Any], contents: Sequence[bytes]) -> bytes:
        """Join pieces into one PDF: see joiner.join_pieces."""
        return self.joiners.ask([json.dumps(header).encode(), *contents])[1]

    def close(self) -> None:
        """End all children."""
        self.renderers.close()
        self.joiners.close()


_lock = threading.Lock()
_pools: list[Pool] = []
# Pools of the parent seen after a fork: kept from being destroyed, never used.
_foreign: list[Pool] = []


def shared_pool() -> Pool:
    """Return this process' pool; the first call creates it, its children start when needed."""
    with _lock:
        if not _pools:
            _pools.append(Pool(available_cores(), Limits()))
        return _pools[0]


def available_cores() -> int:
    """Count the processors this process may use, at most eight."""
    if hasattr(os, "sched_getaffinity"):
        return min(8, len(os.sched_getaffinity(0)))
    return min(8, os.cpu_count() or 1)


def close_shared_pool() -> None:
    """End the shared pool's children (at exit, and in tests)."""
    with _lock:
        while _pools:
            _pools.pop().close()


def _after_fork() -> None:
    """Let go of the parent's children: they are its own."""
    global _lock
    _lock = threading.Lock()
    for pool in _pools:
        for child in pool.children:
            child.connection.close()
    _foreign.extend(_pools)
    _pools.clear()


atexit.register(close_shared_pool)
os.register_at_fork(after_in_child=_after_fork)
