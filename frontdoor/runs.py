"""make services, make test, make bench: something runs beside PostgreSQL and Redis."""

import os
import shlex
import signal
import subprocess
import sys
import time

from frontdoor import machine, places
from frontdoor.console import say
from frontdoor.services import running_services
from frontdoor.up import Signals

TERMINATED = 128 + signal.SIGTERM


def services() -> int:
    """Keep PostgreSQL and Redis up until Ctrl-C, or as long as CMD runs."""
    end_tidily_on_term()
    command = os.environ.get("CMD", "")
    if command:
        with running_services():
            return run(["/bin/sh", "-c", command])
    signals = Signals()
    with running_services():
        say("PostgreSQL and Redis are up; var/run/*.url have their addresses. Ctrl-C stops them.")
        while not signals.stop_wanted():
            time.sleep(0.2)
    return 0


def test() -> int:
    """Run all tests on real servers, two at a time, and print the slowest."""
    end_tidily_on_term()
    machine.need_pango()
    machine.need_browser()
    browser = machine.browser_path() or ""
    options = shlex.split(os.environ.get("ARGS", ""))
    command = [str(places.PYTHON), "-m", "pytest", "-n", "2", "--dist=loadgroup", "--durations=15"]
    with running_services():
        return run([*command, *options], CHROMIUM=browser)


def bench() -> int:
    """Measure speed and memory; ONLY=name runs one."""
    end_tidily_on_term()
    machine.need_pango()
    machine.need_browser()
    browser = machine.browser_path() or ""
    wanted = os.environ.get("ONLY", "").split()
    with running_services():
        return run([str(places.PYTHON), "-m", "tests.bench", *wanted], CHROMIUM=browser)


def end_tidily_on_term() -> None:
    """Let TERM unwind the stack, so that what was started is stopped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))


def run(command: list[str], **variables: str) -> int:
    """Run a command in the foreground, pass signals on, return its exit status."""
    process = subprocess.Popen(command, cwd=places.BASE_DIR, env=os.environ | variables)
    # Ctrl-C reaches the command by itself; TERM is passed on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        status = process.wait()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        end_tidily_on_term()
        sys.stdout.flush()
    return status if status >= 0 else 128 - status
