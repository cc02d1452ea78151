"""python -m frontdoor up | services | test | check | bench | pins."""

import sys

from frontdoor import checks, pins, runs, up
from frontdoor.console import Stop

COMMANDS = {
    "up": up.serve,
    "services": runs.services,
    "test": runs.test,
    "bench": runs.bench,
    "check": checks.check,
    "pins": pins.write,
}


def main() -> int:
    """Run one command of the front door and return its exit status."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        return _refuse(f"Unknown command {name!r}; there is: {', '.join(COMMANDS)}")
    try:
        return COMMANDS[name]()
    except Stop as stop:
        return _refuse(str(stop))
    except KeyboardInterrupt:
        return 130


def _refuse(message: str) -> int:
    print(f"\n{message}\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
