"""The portal's own processes: sessions of their own, ended by pid, not by group."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from frontdoor import places

PR_SET_PDEATHSIG = 1
LARGEST_LOG = 20 * 1024 * 1024
MOST_RESTARTS = 5
RESTART_WINDOW = 60.0


@dataclass(frozen=True, slots=True)
class Program:
    """One process of the portal."""

    name: str
    arguments: tuple[str, ...]
    statement_timeout: int
    patience: float

    @property
    def log(self) -> Path:
        """Return where its lines go."""
        return places.LOG_DIR / f"{self.name}.log"


def web(port: int, hosts: tuple[str, ...]) -> Program:
    """Return gunicorn: two processes of four threads."""
    binds = tuple(f"--bind={host}:{port}" for host in hosts)
    options = (
        "--worker-class=gthread", "--workers=2", "--threads=4", "--timeout=60",
        "--graceful-timeout=20", "--access-logfile=-", "--no-control-socket",
        *(("--worker-tmp-dir=/dev/shm",) if os.access("/dev/shm", os.W_OK) else ()),  # noqa: S108
    )  # fmt: skip
    command = ("-m", "gunicorn", "antq_portal.wsgi", *binds, *options)
    return Program("web", command, statement_timeout=30, patience=25)


def worker(name: str, queues: str, processes: int) -> Program:
    """Return a Celery worker for some queues."""
    command = (
        "-m", "celery", "--app=antq_portal", "worker", f"--hostname={name}@%h",
        f"--queues={queues}", f"--concurrency={processes}", "--without-gossip", "--without-mingle",
        "--loglevel=INFO",
    )  # fmt: skip
    return Program(f"worker-{name}", command, statement_timeout=600, patience=30)


def beat() -> Program:
    """Return Celery's clock."""
    command = ("-m", "celery", "--app=antq_portal", "beat", "--loglevel=INFO", "--pidfile=")
    return Program("beat", command, statement_timeout=30, patience=5)


@dataclass
class Running:
    """A started program and when it was started."""

    program: Program
    process: subprocess.Popen[bytes]
    restarts: list[float] = field(default_factory=list)

    @property
    def has_ended(self) -> bool:
        """Say whether the process is gone."""
        return self.process.poll() is not None

    def may_restart(self) -> bool:
        """Say whether it may be started again, and count that."""
        now = time.monotonic()
        self.restarts = [at for at in self.restarts if now - at < RESTART_WINDOW]
        self.restarts.append(now)
        return len(self.restarts) <= MOST_RESTARTS

    def restart(self) -> None:
        """Start it again."""
        self.process = launch(self.program)

    def ask_to_end(self) -> None:
        """Send TERM to the process itself: it ends its children in its own good time."""
        if not self.has_ended:
            self.process.terminate()

    def wait_or_kill(self, hurried: Callable[[], bool]) -> bool:
        """Wait within the program's patience, then end it and its children by force."""
        deadline = time.monotonic() + self.program.patience
        while not self.has_ended and time.monotonic() < deadline and not hurried():
            time.sleep(0.05)
        ended_itself = self.has_ended
        kill_session(self.process.pid)
        self.process.wait()
        return ended_itself


def launch(program: Program) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches the front door only."""
    if program.log.is_file() and program.log.stat().st_size > LARGEST_LOG:
        program.log.replace(program.log.with_suffix(".log.1"))
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "antq_portal.settings",
        "ANTQ_STATEMENT_TIMEOUT": str(program.statement_timeout),
        "PYTHONUNBUFFERED": "1",
        "TZ": "Asia/Ho_Chi_Minh",
    }
    with program.log.open("ab") as log:
        return subprocess.Popen(
            [str(places.PYTHON), *program.arguments],
            cwd=places.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )


def kill_session(process_id: int) -> None:
    """End what is left of a program's process group."""
    try:
        os.killpg(process_id, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _end_with_parent() -> None:
    """Ask the kernel for TERM should the front door itself be killed (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
