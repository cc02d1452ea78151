"""A report and its clerk, for tests of the unit's pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.reports.models import Report
from tests.factories.reports import ReportFactory, clerk_of
from tests.reports.chromium import chromium, has_no_barriers, open_page
from tests.reports.ledger import Ledger, open_ledger

__all__ = ["chromium", "has_no_barriers", "open_page"]  # one browser for all modules


@pytest.fixture
def report() -> Report:
    """Return an empty report of a commune for tháng 11/2026."""
    made: Report = ReportFactory()
    return made


@pytest.fixture
def lan(report: Report, client: Client) -> User:
    """Return the clerk of the report, signed in."""
    user = clerk_of(report)
    client.force_login(user)
    return user


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """Return an empty register that reports can be filled from."""
    with open_ledger() as made:
        yield made
