"""The compose file runs the same programs as make up, healthy, with secrets from files."""

import re
from typing import Any

import pytest
import yaml

from frontdoor import up
from frontdoor.compose import faults
from tests.shape.source import BASE_DIR

NEEDED = {"web", "worker", "beat", "db", "redis", "proxy"}
RUNS_ALWAYS = NEEDED | {"worker-bulk"}
SECRET_WORDS = re.compile(r"(PASSWORD|SECRET_KEY|_URL)$")


def compose() -> dict[str, Any]:
    text = (BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def plain_secrets(services: dict[str, Any]) -> list[str]:
    return [
        f"{name}.{key}"
        for name, service in services.items()
        for key in service.get("environment", {})
        if SECRET_WORDS.search(key)
    ]


def queues(service: dict[str, Any]) -> set[str]:
    found = [a for a in service.get("command", []) if a.startswith("--queues=")]
    return {queue for line in found for queue in line.removeprefix("--queues=").split(",")}


def test_all_services_are_there() -> None:
    assert set(compose()["services"]) == RUNS_ALWAYS | {"migrate"}


@pytest.mark.parametrize("name", sorted(RUNS_ALWAYS - {"web"}))
def test_service_has_a_health_check(name: str) -> None:
    assert compose()["services"][name]["healthcheck"]["test"]


def test_web_has_its_health_check_in_the_image() -> None:
    assert "HEALTHCHECK" in (BASE_DIR / "Dockerfile").read_text(encoding="utf-8")


def test_secrets_come_from_files() -> None:
    content = compose()

    assert plain_secrets(content["services"]) == []
    assert all(set(secret) == {"file"} for secret in content["secrets"].values())
    used = {s for service in content["services"].values() for s in service.get("secrets", [])}
    assert used == set(content["secrets"])


def test_plain_secret_is_found() -> None:
    assert plain_secrets({"web": {"environment": {"SECRET_KEY": "x"}}}) == ["web.SECRET_KEY"]


def test_only_the_proxy_is_reached_from_outside() -> None:
    services = compose()["services"]

    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert compose()["networks"]["inner"]["internal"] is True


def test_data_lies_in_named_volumes() -> None:
    content = compose()

    assert {"database", "broker", "files"} == set(content["volumes"])


def test_every_queue_has_a_worker_as_with_make_up() -> None:
    here = {
        queue
        for program in up.programs(8000, ("127.0.0.1",))
        for line in program.arguments
        if line.startswith("--queues=")
        for queue in line.removeprefix("--queues=").split(",")
    }
    services = compose()["services"]

    assert queues(services["worker"]) | queues(services["worker-bulk"]) == here


def test_only_the_migration_has_the_owners_login() -> None:
    services = compose()["services"]
    owners = [n for n, s in services.items() if "database_owner_url" in s.get("secrets", [])]

    assert owners == ["migrate"]


def test_nothing_in_the_file_would_be_refused() -> None:
    assert faults(compose()) == []


@pytest.mark.parametrize(
    ("service", "key", "value", "fault"),
    [
        ("web", "volume", [], "web: volume is not a word of services"),
        ("web", "secrets", ["secret_kay"], "web: no secrets secret_kay"),
        ("web", "networks", ["outside"], "web: no networks outside"),
        ("web", "volumes", ["file:/srv"], "web: no volumes file"),
        ("db", "image", None, "db: neither image nor build"),
        ("redis", "healthcheck", {"tests": []}, "redis: tests is not a word of health checks"),
        ("web", "depends_on", ["cache"], "web: no service cache"),
        ("web", "depends_on", {"db": {"condition": "healthy"}}, "web: no condition healthy"),
        (
            "db",
            "healthcheck",
            {"disable": True},
            "migrate: waits for the health of db, which nothing checks",
        ),
    ],
)
def test_what_would_be_refused_is_found(service: str, key: str, value: Any, fault: str) -> None:
    content = compose()
    content["services"][service][key] = value
    if value is None:
        del content["services"][service][key]

    assert faults(content) == [fault]
