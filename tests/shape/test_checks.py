"""Each line of make check can fail: a fault of its kind, put into a copy of the tree, is found."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

from frontdoor import checks, places
from tests.shape.source import BASE_DIR

pytestmark = pytest.mark.slow
COPIED = ("apps", "antq_portal", "frontdoor", "templates")
FILES = ("manage.py", "pyproject.toml", "docker-compose.yml")


class Fault(NamedTuple):
    """A check by name, a file to change, what to add to it, and a word of the answer."""

    check: str
    path: str
    text: str
    word: str


FAULTS = (
    Fault("ruff", "apps/core/codes.py", "\nimport os\n", "F401"),
    Fault("ruff", "apps/units/rules.py", "\n\ndef f(a, b, c, d, e, f, g):\n    pass\n", "PLR0913"),
    Fault("ruff", "apps/units/queries/units.py", "\nfrom random import choice\n", "TID251"),
    Fault("format", "apps/core/codes.py", "\nx = {  'a':1 }\n", "codes.py"),
    Fault("compose", "docker-compose.yml", "\nnothing-like-this: 1\n", "nothing-like-this"),
    Fault("djlint", "templates/fault.html", "<img src='x.png'>\n", "H013"),
    Fault("imports", "apps/audit/rules.py", "\nfrom apps.units import rules\n", "apps.audit.rules"),
    Fault("imports", "apps/desk/rules.py", "\nfrom apps.papers import rules\n", "apps.desk.rules"),
    Fault("imports", "apps/units/models/fault.py", "import celery\n", "celery"),
    Fault("imports", "apps/units/fault.py", "X = 1\n", "fault"),
    Fault("imports", "apps/stray/__init__.py", "", "stray"),
    Fault("imports", "apps/core/fault.py", "import weasyprint\n", "weasyprint"),
    Fault("imports", "apps/units/rules.py", "\nfrom antq_portal import env\n", "antq_portal"),
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of what the checks look at."""
    for name in COPIED:
        shutil.copytree(BASE_DIR / name, tmp_path / name, ignore=shutil.ignore_patterns("*.pyc"))
    for name in FILES:
        shutil.copy(BASE_DIR / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def run(tree: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run one check of make check in the copy."""

    def run_check(name: str, **variables: str) -> subprocess.CompletedProcess[str]:
        item = next(check for check in checks.all_checks() if check.name == name)
        database = settings.OWNER_DATABASE
        url = (
            f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}"
            f"?host={database['HOST']}"
        )
        names = {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            item.command,
            cwd=tree,
            env=os.environ | names | item.variables | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    return run_check


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}-{fault.word}")
def test_fault_is_found(
    fault: Fault, tree: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    path = tree / fault.path
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(fault.text)

    done = run(fault.check)

    assert done.returncode != 0
    assert fault.word in done.stdout + done.stderr


def test_missing_migration_is_found(
    tree: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    model = (
        "\n\nclass Fault(models.Model):\n    class Meta:\n        app_label = 'papers'\n"
        "\n    name = models.TextField()\n"
    )
    with (tree / "apps" / "papers" / "models.py").open("a", encoding="utf-8") as file:
        file.write(model)

    done = run("migrations")

    assert done.returncode == 1
    assert "Create model Fault" in done.stdout


def test_migration_that_breaks_a_running_release_is_found(
    tree: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    folder = tree / "apps" / "papers" / "migrations"
    last = max(folder.glob("0*.py")).stem
    (folder / "0999_fault.py").write_text(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        f"    dependencies = [('papers', {last!r})]\n"
        "    operations = [migrations.RemoveField('paper', 'title')]\n",
        encoding="utf-8",
    )

    done = run("lint-migrations")

    assert done.returncode != 0
    assert "0999_fault" in done.stdout + done.stderr


def test_unsafe_production_is_found(
    run: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    assert run("deploy", DEBUG="true").returncode != 0


def test_wrong_type_is_found(tree: Path) -> None:
    (tree / "fault.py").write_text("def f(x: int) -> str:\n    return x\n", encoding="utf-8")

    done = subprocess.run(
        [str(places.PYTHON), "-m", "mypy", "--config-file=pyproject.toml", "fault.py"],
        cwd=tree,
        env=os.environ | checks.PRODUCTION,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "Incompatible return value" in done.stdout
