"""What the front door says, and the one error that it shows."""

from pathlib import Path


class Stop(Exception):
    """The front door cannot go on; the message says what to do."""


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def tail(path: Path, lines: int = 25) -> str:
    """Return the last lines of a log file."""
    if not path.is_file():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
