"""Getters of the environment give what was set or say how to put it right."""

import stat
from pathlib import Path

import pytest

from antq_portal import env


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("X", "X_FILE"):
        monkeypatch.delenv(name, raising=False)


def test_text_says_how_to_set_what_is_missing() -> None:
    with pytest.raises(env.SettingsError, match="X_FILE to the path"):
        env.text("X")


def test_text_reads_a_secret_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("  bí mật\n", encoding="utf-8")
    monkeypatch.setenv("X_FILE", str(file))

    assert env.text("X") == "bí mật"


def test_text_names_a_secret_file_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X_FILE", "/nowhere/secret")

    with pytest.raises(env.SettingsError, match=r"X_FILE names /nowhere/secret"):
        env.text("X", "default")


@pytest.mark.parametrize(("word", "value"), [("true", True), ("1", True), ("off", False)])
def test_boolean_knows_some_words(monkeypatch: pytest.MonkeyPatch, word: str, value: bool) -> None:
    monkeypatch.setenv("X", word)

    assert env.boolean("X", default=not value) is value


def test_boolean_refuses_other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "maybe")

    with pytest.raises(env.SettingsError, match="Write one of"):
        env.boolean("X", default=False)


@pytest.mark.parametrize("word", ["-1", "1,5", "hai", "٣"])
def test_whole_number_refuses(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("X", word)

    with pytest.raises(env.SettingsError, match="whole number"):
        env.whole_number("X", 3)


def test_choice_refuses_what_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "staging")

    with pytest.raises(env.SettingsError, match="development, production"):
        env.choice("X", ("development", "production"), "development")


def test_words_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "a.vn, b.vn,,")

    assert env.words("X") == ["a.vn", "b.vn"]


def test_database_understands_sockets_ports_and_odd_passwords() -> None:
    socket = env.database("postgresql://u:p%2F%40@/antq?host=/run/pg")
    server = env.database("postgres://u@db.local:6432/antq?sslmode=require")

    assert (socket["HOST"], socket["PASSWORD"], socket["PORT"]) == ("/run/pg", "p/@", "")
    assert (server["HOST"], server["PORT"]) == ("db.local", "6432")
    assert server["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["sqlite:///db.sqlite3", "postgresql://u@h:5432/", "", "antq"])
def test_database_is_postgresql_or_nothing(url: str) -> None:
    with pytest.raises(env.SettingsError, match="PostgreSQL"):
        env.database(url)


def test_service_url_falls_back_to_the_front_door(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(env, "RUN_DIR", tmp_path)
    (tmp_path / "x.url").write_text("redis://there\n", encoding="utf-8")

    assert env.service_url("X", "x.url") == "redis://there"
    assert env.service_url("X", "y.url") is None


def test_service_url_prefers_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(env, "RUN_DIR", tmp_path)
    monkeypatch.setenv("X", "redis://here")
    (tmp_path / "x.url").write_text("redis://there\n", encoding="utf-8")

    assert env.service_url("X", "x.url") == "redis://here"


def test_development_secret_is_private_and_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(env, "RUN_DIR", tmp_path / "run")

    secret = env.development_secret()

    assert len(secret) > 60
    assert env.development_secret() == secret
    assert stat.S_IMODE((tmp_path / "run" / "secret").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://127.0.0.1:6379/2", "redis://127.0.0.1:6379/2"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
    ],
)
def test_celery_gets_addresses_that_it_understands(url: str, broker: str) -> None:
    assert env.celery_broker(url) == broker
