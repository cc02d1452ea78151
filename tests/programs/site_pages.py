"""Read a site's pages."""

from __future__ import annotations

from typing import Any


def page(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())
