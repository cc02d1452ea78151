"""Which account of the machine runs PostgreSQL: it refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frontdoor.console import Stop

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the machine, and how to run a process as it."""

    name: str
    uid: int
    gid: int

    @property
    def options(self) -> dict[str, Any]:
        """Return the keyword arguments of subprocess that run a command as this account."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Say whether this account may enter the folder."""
        done = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(path)],
            cwd="/",
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.options,
        )
        return done.returncode == 0


def server_account() -> Account:
    """Return who runs PostgreSQL: the caller, or an unprivileged account when he is root."""
    if os.geteuid() != 0:
        entry = pwd.getpwuid(os.geteuid())
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    msg = (
        "PostgreSQL does not run as root, and this machine has neither an account 'postgres' "
        "nor 'nobody'.\nRun make as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
    )
    raise Stop(msg)
