"""make pins: requirements*.txt from the .in files, exact versions, no index host in them."""

import os
import subprocess

from frontdoor import places
from frontdoor.console import Stop

FILES = ("requirements", "requirements-dev")
OPTIONS = (
    "--quiet",
    "--strip-extras",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--allow-unsafe",
)


def write() -> int:
    """Resolve both files anew."""
    for name in FILES:
        command = [
            str(places.PYTHON), "-m", "piptools", "compile", *OPTIONS,
            f"--output-file={name}.txt", f"{name}.in",
        ]  # fmt: skip
        done = subprocess.run(
            command,
            cwd=places.BASE_DIR,
            check=False,
            env=os.environ | {"CUSTOM_COMPILE_COMMAND": "make pins"},
        )
        if done.returncode:
            msg = f"{name}.in could not be resolved; a package index must be reachable."
            raise Stop(msg)
    return 0
