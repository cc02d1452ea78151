"""The inside of a child process: limits on itself, then job after job until the pipe ends."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import shutil
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

Answer = tuple[dict[str, Any], bytes]


class AssetRefused(Exception):
    """A document asked for something that is not ours."""


def limit_self(memory: int) -> None:
    """Take away what laying out paper never needs: memory without end, core files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_seconds(seconds: int) -> None:
    """Let this job use so much processor time from now on; the kernel ends the process after."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


def answer(work: Callable[[list[bytes]], Answer], messages: list[bytes]) -> Answer:
    """Do one job; every fault becomes a word that the parent turns into its own error."""
    try:
        return work(messages)
    except Exception as fault:  # noqa: BLE001 - a child outlives what one document does to it
        return {"fault": type(fault).__name__}, b""


def serve(connection: Connection, cpu_seconds: int, work: Callable[[list[bytes]], Answer]) -> None:
    """Answer jobs (a count, then so many messages) until the parent is gone."""
    gc.collect()
    gc.freeze()
    libc = ctypes.CDLL(None)
    while True:
        try:
            count = int(connection.recv_bytes())
            messages = [connection.recv_bytes() for _ in range(count)]
        except EOFError:
            return
        allow_seconds(cpu_seconds)
        header, body = answer(work, messages)
        del messages
        gc.collect()
        if hasattr(libc, "malloc_trim"):
            libc.malloc_trim(0)
        header["resident"] = resident_kib()
        connection.send_bytes(json.dumps(header).encode())
        connection.send_bytes(body)


def resident_kib() -> int:
    """Return the memory held now; ru_maxrss would count the parent's, carried over fork."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize() // 1024


def run_child(prepare: Callable[[], Callable[[list[bytes]], Answer]]) -> None:
    """Run as a child of `pool`: arguments are a descriptor, bytes of memory, seconds of a job."""
    descriptor, memory, cpu_seconds = (int(argument) for argument in sys.argv[1:])
    limit_self(memory)
    serve(Connection(descriptor), cpu_seconds, prepare())
    # The parent is gone: nobody else will remove what `pool` gave this child.
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
