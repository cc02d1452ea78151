"""make up: the whole portal on one port until Ctrl-C."""

import fcntl
import http.client
import os
import signal
import socket
import time
from types import FrameType

from frontdoor import machine, places, processes, steps
from frontdoor.console import Stop, Terminal, say, tail
from frontdoor.processes import Program, Running
from frontdoor.services import running_services

DEFAULT_PORT = 8000
HIGHEST_PORT = 65535
READY_SECONDS = 90


class Signals:
    """Counts INT and TERM: the first asks for a clean stop, the second for a quick one."""

    def __init__(self) -> None:
        self.count = 0
        self._terminal = Terminal()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1

    def stop_wanted(self) -> bool:
        """Say whether somebody asked to stop or closed the window."""
        return self.count > 0 or self._terminal.is_gone()

    def hurried(self) -> bool:
        """Say whether somebody asked twice."""
        return self.count > 1


def serve() -> int:
    """Run the portal until it is asked to stop; nothing is left running."""
    places.make_folders()
    signals = Signals()
    port = wanted_port()
    lock = (places.RUN_DIR / "up.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        msg = f"This clone already runs: {lock.read().strip()}\nStop it there with Ctrl-C first."
        raise Stop(msg) from error
    hosts = free_hosts(port)
    os.environ["PORT"] = str(port)
    lock.truncate(0)
    lock.write(f"http://localhost:{port} (process {os.getpid()})")
    lock.flush()
    machine.need_pango()
    say("Starting PostgreSQL and Redis …")
    with running_services():
        if not signals.stop_wanted():
            steps.prepare_portal()
        return 0 if signals.stop_wanted() else _run(port, hosts, signals)


def wanted_port() -> int:
    """Return PORT from the environment, or 8000."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        msg = f"PORT is {text!r}; write a number from 1 to {HIGHEST_PORT}, e.g. PORT=8123 make up"
        raise Stop(msg)
    return int(text)


def free_hosts(port: int) -> tuple[str, ...]:
    """Return the loopback addresses to listen on; refuse a port that is taken."""
    hosts = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except PermissionError as error:
            msg = f"Port {port} is for root only. Choose one above 1023: PORT=8123 make up"
            raise Stop(msg) from error
        except OSError as error:
            if family == socket.AF_INET6 and error.errno not in {98, 48}:
                continue
            msg = f"Port {port} is taken by another program. Choose another: PORT=8123 make up"
            raise Stop(msg) from error
        hosts.append(f"[{host}]" if family == socket.AF_INET6 else host)
    return tuple(hosts)


def programs(port: int, hosts: tuple[str, ...]) -> tuple[Program, ...]:
    """Return the processes of the portal in the order of their start."""
    return (
        processes.web(port, hosts),
        # Two workers: a PDF that somebody waits for never stands behind a bulk run.
        processes.worker("documents", "interactive,documents,mail", 2),
        processes.worker("bulk", "bulk", 1),
        processes.beat(),
    )


def _run(port: int, hosts: tuple[str, ...], signals: Signals) -> int:
    say("Starting web, workers and beat …")
    running: list[Running] = []
    try:
        for program in programs(port, hosts):
            running.append(Running(program, processes.launch(program)))  # noqa: PERF401
        if _wait_until_ready(port, running[0], signals):
            _greet(port)
        return _watch(running, signals)
    finally:
        _end(running, signals)


def _wait_until_ready(port: int, web: Running, signals: Signals) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while not signals.stop_wanted():
        if answers(port):
            return True
        if web.has_ended or time.monotonic() > deadline:
            msg = f"The web server did not start:\n{tail(web.program.log)}"
            raise Stop(msg)
        time.sleep(0.1)
    return False


def answers(port: int) -> bool:
    """Say whether /healthz says that the portal can serve."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _greet(port: int) -> None:
    say(f"READY http://localhost:{port}")
    if "demo_accounts" in steps.known_commands():
        say(steps.manage("demo_accounts").rstrip())
    say("Logs are in var/log. Ctrl-C stops everything.")


def _watch(running: list[Running], signals: Signals) -> int:
    """Start again what ends by itself; give up when it keeps ending."""
    while not signals.stop_wanted():
        for item in running:
            if item.has_ended:
                say(f"{item.program.name} ended by itself (status {item.process.returncode}).")
                processes.kill_session(item.process.pid)
                if not item.may_restart():
                    say(f"{item.program.name} keeps ending:\n{tail(item.program.log)}")
                    return 1
                item.restart()
        time.sleep(0.2)
    return 0


def _end(running: list[Running], signals: Signals) -> None:
    """Stop beat, then the workers, then web; a task that runs may finish."""
    say("Stopping: running tasks may finish, up to 30 seconds (Ctrl-C again: at once) …")
    by_stage = (("beat",), ("worker-documents", "worker-bulk"), ("web",))
    for names in by_stage:
        stage = [item for item in running if item.program.name in names]
        for item in stage:
            item.ask_to_end()
        for item in stage:
            if not item.wait_or_kill(signals.hurried):
                say(f"{item.program.name} did not end in time and was ended by force.")
