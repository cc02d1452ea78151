"""A closed window is noticed, and saying something into it harms nothing."""

import errno
import io
import os
import pty
import sys
from pathlib import Path

import pytest

from frontdoor.console import Terminal, say, tail


def test_closed_window_is_noticed() -> None:
    window, program = pty.openpty()
    terminal = Terminal(program)
    assert not terminal.is_gone()

    os.close(window)

    assert terminal.is_gone()
    os.close(program)


def test_file_or_pipe_is_no_window(tmp_path: Path) -> None:
    with (tmp_path / "x").open("w", encoding="ascii") as file:
        assert not Terminal(file.fileno()).is_gone()
    assert not Terminal(987).is_gone()


def test_saying_into_a_closed_window_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.EIO, text)

    monkeypatch.setattr(sys, "stdout", Closed())

    say("READY")


def test_tail_shows_the_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("\n".join(map(str, range(100))), encoding="utf-8")

    assert tail(log, 2) == "98\n99"
    assert tail(tmp_path / "nothing") == ""
