"""Migrations are complete, linear, named, reversible, and keep data and schema apart."""

import re
from collections.abc import Iterable

import pytest
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration

from tests.shape.source import Source, sources

OURS = frozenset({"home", "reports", "indicators", "desk", "papers", "units", "accounts", "audit"})
NAME = re.compile(r"\d{4}_[a-z0-9]+(_[a-z0-9]+)*")
SQL = (migrations.RunSQL, migrations.RunPython)


def our_migrations() -> list[Migration]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return [m for (label, _), m in sorted(loader.disk_migrations.items()) if label in OURS]


def badly_named(found: Iterable[Migration]) -> list[str]:
    return [str(m) for m in found if "_auto_" in m.name or not NAME.fullmatch(m.name)]


def irreversible(found: Iterable[Migration]) -> list[str]:
    return [f"{m}: {op}" for m in found for op in m.operations if not op.reversible]


def mixed(found: Iterable[Migration]) -> list[str]:
    """Find migrations that move rows and change tables at once."""
    return [
        str(m)
        for m in found
        if any(isinstance(op, migrations.RunPython) for op in m.operations)
        and not all(isinstance(op, SQL) for op in m.operations)
    ]


def forked(found: Iterable[Migration]) -> list[str]:
    """Find two migrations of one app that follow the same one."""
    seen: set[tuple[str, str]] = set()
    forks = []
    for m in found:
        own = [parent for parent in m.dependencies if parent[0] == m.app_label]
        forks += [f"{m}" for parent in own if tuple(parent) in seen]
        seen |= {(parent[0], parent[1]) for parent in own}
    return forks


def living_code(found: Iterable[Source]) -> list[str]:
    """Find migrations that import models, services or queries: these change under them."""
    living = re.compile(r"apps\.\w+\.(models|services|queries|figures|documents)\b")
    return [
        f"{s.path} imports {name}"
        for s in found
        if s.is_migration
        for name in s.imports()
        if living.match(name)
    ]


class Bad(Migration):
    dependencies = [("shape", "0001_initial")]
    operations = [
        migrations.RunPython(lambda _apps, _editor: None),
        migrations.CreateModel("x", [("id", models.BigAutoField(primary_key=True))]),
    ]


def bad(name: str = "0002_auto_20260101_0000") -> Migration:
    return Bad(name, "shape")


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_migrations_are_named() -> None:
    assert badly_named(our_migrations()) == []


def test_migrations_can_be_undone() -> None:
    assert irreversible(our_migrations()) == []


def test_data_and_schema_are_apart() -> None:
    assert mixed(our_migrations()) == []


def test_migrations_are_linear() -> None:
    assert forked(our_migrations()) == []


def test_migrations_import_no_living_code() -> None:
    assert living_code(sources("apps")) == []


def test_bad_migration_is_found_by_each_check() -> None:
    assert badly_named([bad()])
    assert irreversible([bad()])
    assert mixed([bad()])
    assert forked([bad("0002_one"), bad("0002_two")])
    assert living_code([Source("apps/x/migrations/0002_y.py", "from apps.x.models import Y\n")])
