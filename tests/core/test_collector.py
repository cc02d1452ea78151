"""The collector works again afterwards, whatever happened."""

from __future__ import annotations

import gc

import pytest

from apps.core.collector import collector_at_rest


def test_collector_rests_inside_and_works_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), collector_at_rest():
        assert not gc.isenabled()
        _ = 1 // 0

    assert gc.isenabled()


def test_collector_that_rested_before_goes_on_resting() -> None:
    with collector_at_rest():
        with collector_at_rest():
            pass
        assert not gc.isenabled()
