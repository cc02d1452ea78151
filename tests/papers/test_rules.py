"""Numbers, places, dates and file names as NĐ 30/2020/NĐ-CP writes them."""

from datetime import date

import pytest

from apps.papers.rules import file_name, number_line, place_and_date


def test_number_line_writes_two_digits_and_leaves_room_in_a_draft() -> None:
    assert number_line(5, "BC-BCĐ") == "Số: 05/BC-BCĐ"
    assert number_line(115, "BC-BCĐ") == "Số: 115/BC-BCĐ"
    assert number_line(None, "BC-BCĐ") == "Số:      /BC-BCĐ"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 1, 5), "Đồng Tháp, ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "Đồng Tháp, ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 9), "Đồng Tháp, ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 15), "Đồng Tháp, ngày 15 tháng 12 năm 2026"),
    ],
)
def test_place_and_date_pads_days_and_the_first_two_months(on: date, words: str) -> None:
    assert place_and_date("Đồng Tháp", on) == words


def test_place_and_date_of_a_draft_leaves_room() -> None:
    assert place_and_date("Đồng Tháp", None).startswith("Đồng Tháp, ngày ")
    assert place_and_date("Đồng Tháp", None).endswith("năm")


@pytest.mark.parametrize(
    ("number", "name"),
    [(5, "BC-BCĐ so 05 nam 2026.pdf"), (None, "BC-BCĐ du thao K7QM-2R9D-XW4T.pdf")],
)
def test_file_name_says_which_paper(number: int | None, name: str) -> None:
    assert file_name("BC-BCĐ", number, 2026, "K7QM-2R9D-XW4T", ".pdf") == name


def test_file_name_holds_no_folder() -> None:
    assert "/" not in file_name("BC/BCĐ", 1, 2026, "x", ".pdf")
