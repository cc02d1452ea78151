"""Run Python for the tests in one process of a portal: a line of JSON in, a line of JSON out."""

from __future__ import annotations

import contextlib
import json
import sys
import traceback
from typing import Any

import django
from django.db import connection


def answer(code: str) -> dict[str, Any]:
    """Run the code; return what it leaves in `answer`, or its fault as text."""
    names: dict[str, Any] = {"answer": None}
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exec(code, names)  # noqa: S102 (the code is that of the tests)
    except Exception:  # noqa: BLE001 (told to the test that asked)
        return {"fault": traceback.format_exc()}
    finally:
        # The next question may come when the server has closed or forgotten this one.
        connection.close()
    return {"answer": names["answer"]}


def main() -> None:
    """Answer until the input ends."""
    django.setup()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line)), default=str), flush=True)


if __name__ == "__main__":
    main()
