"""How long to wait before ringing again, and which addresses are ours."""

from datetime import timedelta

import pytest

from apps.desk.rules import is_our_address, ring_pause


@pytest.mark.parametrize(
    ("rings", "seconds"), [(0, 15), (1, 30), (2, 60), (3, 120), (4, 120), (60, 120)]
)
def test_ring_pause_doubles_up_to_two_minutes(rings: int, seconds: int) -> None:
    assert ring_pause(rings) == timedelta(seconds=seconds)


@pytest.mark.parametrize("url", ["/", "/van-ban/tep/3/", "/bao-cao/?ky=1"])
def test_is_our_address(url: str) -> None:
    assert is_our_address(url)


@pytest.mark.parametrize(
    "url", ["", "//evil.example/x", "/\\evil.example", "https://evil.example", "javascript:go()"]
)
def test_is_our_address_refuses_other_sites(url: str) -> None:
    assert not is_our_address(url)
