"""Tests that share something made once are given to one process, all others to any."""

from tests.groups import group_of


def test_servers_are_shared_by_a_group() -> None:
    assert group_of("tests/browser/test_axe.py::test_a") == "portal"
    assert group_of("tests/worker/test_real_worker.py::test_a") == "portal"


def test_a_file_with_a_world_of_its_own_stays_together() -> None:
    path = "tests/home/test_register_cases.py"

    assert group_of(f"{path}::test_a") == group_of(f"{path}::test_b[1]") == path


def test_other_tests_run_anywhere() -> None:
    assert group_of("tests/shape/test_groups.py::test_other_tests_run_anywhere") == ""
