"""The core knows no other app: its tests run with its own addresses only."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def only_our_addresses(settings: Any) -> None:
    """Serve apps.core.urls alone, so that no other app's state can fail these tests."""
    settings.ROOT_URLCONF = "apps.core.urls"
