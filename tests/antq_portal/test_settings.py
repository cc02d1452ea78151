"""The settings keep what the house promised about sessions, headers and background work."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

SLOW_TASK_SECONDS = 11 * 60
pytestmark = pytest.mark.django_db


def test_policy_allows_no_inline_code_and_no_other_host() -> None:
    answer = Client().get("/healthz")
    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    for word in ("unsafe", "http:", "https:", "*"):
        assert word not in policy
    for part in ("object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_headers_are_set(header: str, value: str) -> None:
    assert Client().get("/healthz").headers[header] == value


def test_sessions_end() -> None:
    assert timedelta(minutes=30) == settings.SESSION_IDLE
    assert timedelta(hours=9) == settings.SESSION_ABSOLUTE
    assert settings.SESSION_COOKIE_HTTPONLY


def test_celery_takes_json_only_and_acknowledges_late() -> None:
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > SLOW_TASK_SECONDS


def test_eager_celery_is_nowhere() -> None:
    assert not hasattr(settings, "CELERY_TASK_ALWAYS_EAGER")


def test_connections_come_back_by_themselves() -> None:
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]
    assert connection.settings_dict["CONN_MAX_AGE"] > 0


def test_app_login_limits_waiting() -> None:
    options = settings.APP_DATABASE["OPTIONS"]["options"]

    assert "lock_timeout=" in options
    assert "statement_timeout=" in options


@pytest.mark.django_db
def test_database_is_postgresql_15_or_newer_in_utf8() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, getdatabaseencoding()")
        version, encoding = cursor.fetchone() or (0, "")

    assert version >= 150000
    assert encoding == "UTF8"


def test_page_not_found_needs_no_sign_in_to_be_said() -> None:
    assert Client().get("/khong-co-trang-nay/").status_code == 404
