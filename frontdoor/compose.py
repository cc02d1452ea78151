"""Read docker-compose.yml as Docker would, on machines without Docker: words, names, conditions."""

import sys
from pathlib import Path
from typing import Any

import yaml

TOP = frozenset({"name", "services", "networks", "volumes", "secrets", "configs", "include"})
SERVICE = frozenset(
    {"build", "cap_add", "cap_drop", "command", "configs", "container_name", "depends_on"}
    | {"deploy", "dns", "entrypoint", "env_file", "environment", "expose", "extra_hosts"}
    | {"healthcheck", "hostname", "image", "init", "labels", "logging", "mem_limit", "networks"}
    | {"pids_limit", "ports", "profiles", "pull_policy", "read_only", "restart", "secrets"}
    | {"security_opt", "shm_size", "stop_grace_period", "stop_signal", "sysctls", "tmpfs"}
    | {"ulimits", "user", "volumes", "working_dir"}
)
HEALTH = frozenset({"test", "interval", "timeout", "retries", "start_period", "disable"})
CONDITIONS = frozenset({"service_started", "service_healthy", "service_completed_successfully"})
NAMED = ("networks", "secrets", "configs")


def faults(content: dict[str, Any]) -> list[str]:
    """Return what Docker would refuse or wait for in vain, each as one line."""
    found = [f"{word}: not a word of compose files" for word in _unknown(content, TOP)]
    for name, service in (content.get("services") or {}).items():
        found += [f"{name}: {fault}" for fault in _faults_of(service, content)]
    return found or ([] if content.get("services") else ["services: none"])


def _faults_of(service: dict[str, Any], content: dict[str, Any]) -> list[str]:
    found = [f"{word} is not a word of services" for word in _unknown(service, SERVICE)]
    found += [f"{word} is not a word of health checks" for word in _unhealthy_words(service)]
    if not ("image" in service or "build" in service):
        found.append("neither image nor build")
    for kind in NAMED:
        known = content.get(kind) or {}
        found += [f"no {kind} {name}" for name in service.get(kind, ()) if name not in known]
    found += [f"no volumes {name}" for name in _volumes(service) - set(content.get("volumes", ()))]
    return found + _waits_in_vain(service, content["services"])


def _waits_in_vain(service: dict[str, Any], services: dict[str, Any]) -> list[str]:
    needed = service.get("depends_on") or {}
    conditions = dict.fromkeys(needed, "service_started")
    if isinstance(needed, dict):
        conditions |= {name: need.get("condition", "") for name, need in needed.items()}
    found = [f"no service {name}" for name in conditions if name not in services]
    found += [f"no condition {each}" for each in conditions.values() if each not in CONDITIONS]
    for name, condition in conditions.items():
        other = services.get(name, {})
        # An image that is built here brings the health check of its Dockerfile.
        is_checked = "healthcheck" in other or "build" in other
        is_off = (other.get("healthcheck") or {}).get("disable", False)
        if condition == "service_healthy" and (is_off or not is_checked):
            found.append(f"waits for the health of {name}, which nothing checks")
    return found


def _unknown(mapping: dict[str, Any], words: frozenset[str]) -> list[str]:
    return [word for word in mapping if word not in words and not str(word).startswith("x-")]


def _unhealthy_words(service: dict[str, Any]) -> list[str]:
    return _unknown(service.get("healthcheck") or {}, HEALTH)


def _volumes(service: dict[str, Any]) -> set[str]:
    """Return the named volumes; those that begin with a point or a slash are folders."""
    sources = {str(volume).partition(":")[0] for volume in service.get("volumes", ())}
    return {source for source in sources if not source.startswith((".", "/"))}


def main() -> int:
    """Print the faults of the file; fail if there are any."""
    found = faults(yaml.safe_load(Path("docker-compose.yml").read_text(encoding="utf-8")))
    print(*found, sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
