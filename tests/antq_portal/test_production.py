"""Production refuses to start with what is fit for a desk only, and names every fault."""

import os
import subprocess
import sys
from typing import Any

import pytest

from antq_portal.env import SettingsError
from antq_portal.production import refuse_unsafe
from frontdoor.checks import PRODUCTION
from tests.shape.source import BASE_DIR

SAFE: dict[str, Any] = {
    "debug": False,
    "secret_key": PRODUCTION["SECRET_KEY"],
    "allowed_hosts": ["antq.dongthap.gov.vn"],
    "cookies_secure": True,
    "database_url": "postgresql://antq_app@db/antq",
    "redis_url": "redis://redis:6379/0",
}


def test_safe_settings_pass() -> None:
    refuse_unsafe(**SAFE)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("debug", True, "DEBUG"),
        ("secret_key", "", "SECRET_KEY"),
        ("secret_key", "short", "too short"),
        ("secret_key", "a" * 64, "too simple"),
        ("secret_key", "django-insecure-" + "0123456789abcdefghij" * 3, "looks like an example"),
        ("allowed_hosts", [], "ALLOWED_HOSTS"),
        ("allowed_hosts", ["*"], "wildcard"),
        ("allowed_hosts", [".gov.vn"], "wildcard"),
        ("cookies_secure", False, "COOKIES_SECURE"),
        ("database_url", "", "DATABASE_URL"),
        ("redis_url", "", "REDIS_URL"),
    ],
)
def test_unsafe_value_is_named(name: str, value: object, word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        refuse_unsafe(**(SAFE | {name: value}))


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        refuse_unsafe(**(SAFE | {"debug": True, "redis_url": "", "cookies_secure": False}))

    assert str(caught.value).count("\n  - ") == 3


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"DEBUG": "true"}, "DEBUG is on"), ({"SECRET_KEY": ""}, "SECRET_KEY"), ({}, "")],
)
def test_settings_module_refuses_too(changes: dict[str, str], word: str) -> None:
    names = ("PATH", "HOME", "LANG")
    plain = {name: os.environ[name] for name in names if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", "import antq_portal.settings"],
        cwd=BASE_DIR,
        env=plain | PRODUCTION | changes,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode != 0) is bool(word)
    assert word in done.stderr
