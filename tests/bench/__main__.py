"""Run all benches, or those named: `python -m tests.bench [NAME …]`; exit 0 when all ran."""

from __future__ import annotations

import os
import pkgutil
import sys
import traceback
from importlib import import_module
from types import ModuleType

import django

import tests.bench

NOT_BENCHES = {"__main__", "settings", "urls"}  # read by the server that a bench starts


def find_benches(wanted: list[str]) -> list[ModuleType]:
    """Return the bench modules, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__))
    modules = [import_module(f"tests.bench.{name}") for name in names if name not in NOT_BENCHES]
    benches = [module for module in modules if hasattr(module, "NAME")]
    unknown = set(wanted) - {module.NAME for module in benches}
    if unknown:
        sys.exit(f"No such bench: {', '.join(sorted(unknown))}")
    return [module for module in benches if not wanted or module.NAME in wanted]


def main(wanted: list[str]) -> int:
    """Print the lines of each bench as it ends; a bench that falls over does not stop the rest."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antq_portal.settings")
    django.setup()
    failed = 0
    for bench in find_benches(wanted):
        try:
            for line in bench.run():
                print(line, flush=True)
        except Exception:  # noqa: BLE001 - the others shall still be measured
            failed += 1
            print(f"BENCH {bench.NAME} failed", flush=True)
            traceback.print_exc()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
