"""Programs end by TERM in their own time, else by force with their children, and leave nothing."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from frontdoor import places, processes, steps, up
from frontdoor.console import Stop
from frontdoor.processes import Program, Running

PROMPT = """
import signal, sys, time
signal.signal(15, lambda *_: sys.exit(0))
print("up", flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(15, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
SERVER = """
import http.server, signal, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
signal.signal(15, lambda *_: sys.exit(0))
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


class Patience:
    """Signals as up.serve has them, without touching this process' own."""

    def __init__(self) -> None:
        self.count = 0

    def stop_wanted(self) -> bool:
        return self.count > 0

    def hurried(self) -> bool:
        return self.count > 1


@pytest.fixture(autouse=True)
def logs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(places, "LOG_DIR", tmp_path)
    monkeypatch.setattr(places, "PYTHON", Path(sys.executable))
    return tmp_path


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(code: str, *arguments: str, patience: float = 5, name: str = "web") -> Program:
    return Program(name, ("-c", code, *arguments), statement_timeout=7, patience=patience)


def wait_for(path: Path) -> str:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if path.is_file() and (text := path.read_text(encoding="utf-8").strip()):
            return text
        time.sleep(0.02)
    raise AssertionError(path)


def is_gone(process_id: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not psutil.pid_exists(process_id):
            return True
        if psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_program_that_listens_to_term_ends_itself(logs: Path) -> None:
    item = Running(program(PROMPT), subprocess.Popen(["true"]))
    item.restart()
    wait_for(logs / "web.log")

    item.ask_to_end()

    assert item.wait_or_kill(lambda: False)
    assert item.process.returncode == 0


def test_stubborn_program_ends_by_force_with_its_child(logs: Path) -> None:
    running = program(STUBBORN, patience=0.2)
    item = Running(running, processes.launch(running))
    child = int(wait_for(logs / "web.log"))

    item.ask_to_end()

    assert not item.wait_or_kill(lambda: False)
    assert is_gone(child)


def test_second_interrupt_does_not_wait(logs: Path) -> None:
    running = program(STUBBORN, patience=60)
    item = Running(running, processes.launch(running))
    wait_for(logs / "web.log")
    started = time.monotonic()

    item.ask_to_end()
    item.wait_or_kill(lambda: True)

    assert time.monotonic() - started < 5


def test_program_has_a_session_and_time_limit_of_its_own(logs: Path) -> None:
    code = "import os; print(os.getsid(0) == os.getpid(), os.environ['ANTQ_STATEMENT_TIMEOUT'])"
    process = processes.launch(program(code))
    process.wait()

    assert wait_for(logs / "web.log") == "True 7"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_programs_end_when_the_front_door_is_killed(logs: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from frontdoor import places, processes\n"
        f"places.LOG_DIR = Path({str(logs)!r}); places.PYTHON = Path(sys.executable)\n"
        f"item = processes.Program('web', ('-c', {PROMPT!r}), 7, 5)\n"
        "print(processes.launch(item).pid, flush=True); time.sleep(60)"
    )
    door = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert door.stdout is not None
    child = int(door.stdout.readline())
    time.sleep(0.3)

    door.kill()
    door.wait()
    door.stdout.close()

    assert is_gone(child)


def test_large_log_is_put_aside(monkeypatch: pytest.MonkeyPatch, logs: Path) -> None:
    monkeypatch.setattr(processes, "LARGEST_LOG", 3)
    (logs / "web.log").write_text("four", encoding="utf-8")

    processes.launch(program("print('new')")).wait()

    assert (logs / "web.log").read_text(encoding="utf-8") == "new\n"
    assert (logs / "web.log.1").read_text(encoding="utf-8") == "four"


@pytest.fixture
def crew(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Put small programs in the place of web, workers and beat; return what is said."""
    said: list[str] = []
    names = ("worker-documents", "worker-bulk", "beat")
    crew = (program(SERVER, str(port)), *(program(PROMPT, name=name) for name in names))
    monkeypatch.setattr(up, "programs", lambda *_: crew)
    monkeypatch.setattr(up, "say", said.append)
    monkeypatch.setattr(steps, "known_commands", frozenset)
    yield said


def test_portal_greets_when_ready_and_stops_when_asked(
    crew: list[str], port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals = Patience()

    def stop_at_once(_running: list[Running], given: Patience) -> int:
        given.count = 1
        return 0

    monkeypatch.setattr(up, "_watch", stop_at_once)

    assert up._run(port, ("127.0.0.1",), signals) == 0
    assert f"READY http://localhost:{port}" in crew
    assert not up.answers(port)


def test_program_that_ends_is_started_again_then_given_up(crew: list[str], logs: Path) -> None:
    short = program("pass", name="beat")
    item = Running(short, processes.launch(short))

    status = up._watch([item], Patience())

    assert status == 1
    assert crew[0] == "beat ended by itself (status 0)."
    assert len(crew) == processes.MOST_RESTARTS + 2


@pytest.mark.parametrize("text", ["0", "70000", "acht", "-1"])
def test_port_must_be_one(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)

    with pytest.raises(Stop, match="PORT=8123 make up"):
        up.wanted_port()


def test_taken_port_is_told(port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        with pytest.raises(Stop, match=f"Port {port} is taken"):
            up.free_hosts(port)


def test_free_port_is_listened_to_on_loopback_only(port: int) -> None:
    assert set(up.free_hosts(port)) <= {"127.0.0.1", "[::1]"}


def test_signals_count() -> None:
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        signals = up.Signals()
        assert not signals.stop_wanted()
        os.kill(os.getpid(), signal.SIGTERM)
        assert signals.stop_wanted()
        assert not signals.hurried()
        os.kill(os.getpid(), signal.SIGINT)
        assert signals.hurried()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
