"""Rows that a whole test module reads: made once, undone when the module is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def kept(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep what is written inside for the module's tests; each test is undone on its own.

    Not for modules with transaction=True: those empty every table.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
