"""make check: everything that can be found without running the portal; each line can fail."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass, field

from frontdoor import machine, places, runs
from frontdoor.console import say
from frontdoor.services import running_services

# Values of no portal: they only let the settings of production be looked at.
PRODUCTION = {
    "ANTQ_ENV": "production",
    "DEBUG": "false",
    "SECRET_KEY": "s0Jm4qVw8zXr2Lk6Tn1Pb5Yd9Gf3Hc7Qa-Ee_UuIiOoWwRrTtBbNnMmVvCcXx12",
    "ALLOWED_HOSTS": "antq.check.invalid",
    "DATABASE_URL": "postgresql://antq_app:check@127.0.0.1:1/antq",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "BEHIND_TLS_PROXY": "true",
}
TARGETS = ("apps", "antq_portal", "frontdoor", "tests", "manage.py")


@dataclass(frozen=True, slots=True)
class Check:
    """One program that finds faults by its exit status."""

    name: str
    command: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)


def check() -> int:
    """Run every check, show what each found, and fail if one did."""
    runs.end_tidily_on_term()
    machine.need_pango()
    with running_services():
        failed = [item.name for item in all_checks() if not passes(item)]
    if failed:
        say(f"\nmake check: {len(failed)} failed: {', '.join(failed)}")
        return 1
    say("\nmake check: all passed")
    return 0


def all_checks() -> list[Check]:
    """Return the checks in the order of their price."""
    python = str(places.PYTHON)
    manage = (python, "manage.py")
    checks = [
        Check("ruff", (python, "-m", "ruff", "check", "--no-cache", ".")),
        Check("format", (python, "-m", "ruff", "format", "--no-cache", "--check", "--quiet", ".")),
        Check("compose", (python, "-m", "frontdoor.compose")),
        Check("djlint", (python, "-m", "djlint", "--lint", "--quiet", "templates")),
        Check("imports", (str(places.PYTHON.with_name("lint-imports")), "--no-cache")),
        Check("migrations", (*manage, "makemigrations", "--check", "--dry-run")),
        Check(
            "lint-migrations",
            (*manage, "lintmigrations", "--no-cache", "--quiet", "ok", "ignore", "warning"),
            {"ANTQ_LINT_MIGRATIONS": "true"},
        ),
        Check("deploy", (*manage, "check", "--deploy", "--fail-level=WARNING"), PRODUCTION),
        Check("mypy", (python, "-m", "mypy", *TARGETS)),
    ]
    if compose := shutil.which("docker-compose"):
        checks.append(Check("docker-compose", (compose, "config", "--quiet")))
    return checks


def passes(item: Check) -> bool:
    """Run one check and print its verdict; its own words only when it fails."""
    started = time.monotonic()
    done = subprocess.run(
        item.command,
        cwd=places.BASE_DIR,
        env=os.environ | item.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    say(f"{'ok  ' if done.returncode == 0 else 'FAIL'}  {item.name:<16} {seconds:5.1f} s")
    if done.returncode:
        say(done.stdout)
    return done.returncode == 0
