"""Small words for tests of the unit's pages: open one, save a cell, paste, declare."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.reports.models import Report
from tests.factories.reports import line_of

TOKEN = "token-cua-trinh-duyet"


def sign_in(client: Client, user: User) -> User:
    """Sign somebody in."""
    client.force_login(user)
    return user


def page(client: Client, name: str, *args: Any, **query: str) -> Any:
    """Get a page of the reports by name."""
    return client.get(reverse(f"reports:{name}", args=args), query)


def text_of(response: Any) -> str:
    """Return the page as text."""
    return response.content.decode()


def save(client: Client, report: Report, code: str, text: str, base: int = 0, **more: str) -> Any:
    """Post one cell as the grid does."""
    url = reverse("reports:cell", args=[report.pk, line_of(report, code).pk])
    return client.post(url, {"text": text, "base": base, **more})


def section_post(report: Report, **texts: str) -> dict[str, str]:
    """Return what a form without scripts sends."""
    return {f"o-{line_of(report, code).pk}": text for code, text in texts.items()}


def paste(client: Client, report: Report, code: str, block: str, **more: Any) -> Any:
    """Post a block as the grid does."""
    line = line_of(report, code)
    url = reverse("reports:paste", args=[report.pk, line.indicator.section.code])
    return client.post(url, {"start": line.pk, "block": block, **more})


def narrate(client: Client, report: Report, body: str, base: int = 0, **headers: str) -> Any:
    """Post a part in words."""
    url = reverse("reports:narrative", args=[report.pk, "uu_diem"])
    return client.post(url, {"body": body, "base": base}, headers=headers)


def declare(client: Client, name: str, report: Report, **more: str) -> Any:
    """Post the declaration with its tick."""
    values = {"declared": "on", "client_token": TOKEN, **more}
    return client.post(reverse(f"reports:{name}", args=[report.pk]), values)
