"""/healthz tells of the database by its status and of the broker by a word."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client


@pytest.mark.django_db
def test_healthz_is_open_and_says_ok() -> None:
    answer = Client().get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "broker": "ok"}


@pytest.mark.django_db
def test_absent_broker_is_reported_and_not_fatal(settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=0"

    answer = Client().get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["broker"] == "gone"


def test_absent_database_is_a_503(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    monkeypatch.setattr(connection, "close", lambda: None)

    answer = Client().get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["database"] == "gone"
