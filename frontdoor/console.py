"""What the front door says, and the one error that it shows."""

import contextlib
import os
import select
from pathlib import Path


class Stop(Exception):
    """The front door cannot go on; the message says what to do."""


def say(line: str) -> None:
    """Print one line at once; a terminal that was closed does not keep us from stopping tidily."""
    with contextlib.suppress(OSError):
        print(line, flush=True)


class Terminal:
    """Notices that the window was closed: the kernel tells make of it, and make tells nobody."""

    def __init__(self, descriptor: int = 0) -> None:
        self._poll = None
        with contextlib.suppress(OSError):
            if os.isatty(descriptor):
                self._poll = select.poll()
                self._poll.register(descriptor, 0)

    def is_gone(self) -> bool:
        """Say whether there was a terminal and it hung up."""
        return self._poll is not None and bool(self._poll.poll(0))


def tail(path: Path, lines: int = 25) -> str:
    """Return the last lines of a log file."""
    if not path.is_file():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
