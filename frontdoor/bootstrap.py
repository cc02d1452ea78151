"""First step of every make target: .venv with the pinned packages, then the front door itself.

Runs on the machine's own Python with the standard library only.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VENV = BASE_DIR / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NEEDS_DEV = frozenset({"test", "check", "bench", "pins"})


def main() -> None:
    """Prepare .venv for the command and hand over to it."""
    command = sys.argv[1] if len(sys.argv) > 1 else "up"
    if sys.version_info < OLDEST:
        stop(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.\n"
            "Install it (Debian: apt-get install python3) or name one: make PYTHON=python3.12 up"
        )
    os.chdir(BASE_DIR)
    with lock():
        make_venv()
        install("requirements.txt")
        if command in NEEDS_DEV:
            install("requirements-dev.txt")
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "frontdoor", *sys.argv[1:]])  # noqa: S606


def make_venv() -> None:
    """Create .venv unless a working one is there."""
    if venv_works():
        return
    say("Making .venv …")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and shutil.which("apt-get") and os.geteuid() == 0:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        say(f"Installing {package} …")
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        stop(
            f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}\n"
            "On Debian and Ubuntu: sudo apt-get install python3-venv, then run make again."
        )


def venv_works() -> bool:
    """Say whether .venv has a Python that starts (a moved clone has not) and is new enough."""
    probe = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        return not subprocess.run(
            [str(VENV_PYTHON), "-c", probe], check=False, stderr=subprocess.DEVNULL
        ).returncode
    except OSError:
        return False


def install(name: str) -> None:
    """Install a pinned file once; the stamp holds its sha256."""
    content = (BASE_DIR / name).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    stamp = VENV / f"installed-{name}.sha256"
    if stamp.is_file() and stamp.read_text(encoding="ascii").strip() == digest:
        return
    say(f"Installing the packages of {name} (the first time takes a minute or two) …")
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "--requirement", name], check=False, capture_output=True, text=True
    )
    if done.returncode:
        stop(
            f"{done.stdout}{done.stderr}\nThe packages of {name} could not be installed.\n"
            "A package index must be reachable once; afterwards everything works without a network."
        )
    stamp.write_text(digest + "\n", encoding="ascii")


class lock:  # noqa: N801
    """Let one make target at a time work on .venv."""

    def __enter__(self) -> None:
        """Wait for the lock."""
        folder = BASE_DIR / "var"
        folder.mkdir(exist_ok=True)
        self.file = (folder / ".bootstrap.lock").open("w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        """Give the lock back."""
        self.file.close()


def say(line: str) -> None:
    """Print one line of progress."""
    print(line, flush=True)


def stop(message: str) -> None:
    """End with a message instead of a traceback."""
    sys.exit(f"\n{message}\n")


if __name__ == "__main__":
    main()
