"""Every tick rings a task that exists, on a queue that a worker listens to."""

from importlib import import_module

from django.conf import settings

from antq_portal.celery import app
from antq_portal.schedule import BEAT_SCHEDULE, Tick
from frontdoor import up
from frontdoor.processes import Program

PROMISED = {
    "accounts.sweep_sign_in",
    "desk.expire_imports",
    "desk.sweep",
    "audit.seal",
    "reports.open_due",
    "reports.open_program_reviews",
    "reports.recompute",
    "reports.reconcile",
}


def known_tasks() -> set[str]:
    for config in settings.INSTALLED_APPS:
        if config.startswith("apps.") and (settings.BASE_DIR / config.replace(".", "/")).is_dir():
            folder = settings.BASE_DIR / config.replace(".", "/")
            if (folder / "tasks.py").is_file():
                import_module(f"{config}.tasks")
    return set(app.tasks)


def unknown_tasks(schedule: dict[str, Tick]) -> set[str]:
    return {tick["task"] for tick in schedule.values()} - known_tasks()


def queues_listened_to() -> set[str]:
    lines = [line for program in up.programs(8000, ("127.0.0.1",)) for line in listened(program)]
    return {queue for line in lines for queue in line.split(",")}


def listened(program: Program) -> list[str]:
    prefix = "--queues="
    return [a.removeprefix(prefix) for a in program.arguments if a.startswith(prefix)]


def test_ticks_are_those_promised() -> None:
    assert {tick["task"] for tick in BEAT_SCHEDULE.values()} == PROMISED


def test_every_tick_rings_a_registered_task() -> None:
    assert unknown_tasks(BEAT_SCHEDULE) == set()


def test_unregistered_task_is_found() -> None:
    assert unknown_tasks({"x": {"task": "desk.nothing"}}) == {"desk.nothing"}


def test_every_tick_and_every_task_has_a_worker() -> None:
    queues = {str(tick["options"]["queue"]) for tick in BEAT_SCHEDULE.values()}

    assert queues | {settings.CELERY_TASK_DEFAULT_QUEUE} <= queues_listened_to()
    assert queues_listened_to() == {"interactive", "documents", "bulk", "mail"}
