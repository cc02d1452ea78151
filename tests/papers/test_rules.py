"""A file's name says which paper it is."""

import pytest

from apps.papers.rules import file_name


@pytest.mark.parametrize(
    ("number", "name"),
    [(5, "BC-BCĐ so 05 nam 2026.pdf"), (None, "BC-BCĐ du thao K7QM-2R9D-XW4T.pdf")],
)
def test_file_name_says_which_paper(number: int | None, name: str) -> None:
    assert file_name("BC-BCĐ", number, 2026, "K7QM-2R9D-XW4T", ".pdf") == name


def test_file_name_holds_no_folder() -> None:
    assert "/" not in file_name("BC/BCĐ", 1, 2026, "x", ".pdf")
