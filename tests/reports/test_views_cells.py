"""One cell, a pasted block, the side panel."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.reports.models import Cell, Report
from tests.factories.report_forms import TemplateVersionFactory
from tests.factories.reports import CellFactory, clerk_of, earlier, line_of, said
from tests.reports.pages import (
    page,
    paste,
    save,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_paste_lays_a_column_over_the_grid(client: Client, report: Report, lan: User) -> None:
    answer = paste(client, report, "F1", "1.250\r\n30\r\n1,25\r\n").json()

    values = dict(Cell.objects.values_list("line__indicator__code", "value"))
    assert values == {"F1": Decimal(1250), "F2": Decimal(30), "F7c": Decimal("1.25")}
    assert set(Cell.objects.values_list("source", flat=True)) == {"pasted"}
    assert len(answer["saved"]) == 3


def test_paste_takes_notes_from_the_second_column(
    client: Client, report: Report, lan: User
) -> None:
    paste(client, report, "F1", '12\t"Theo sổ\n3"\n5')

    assert Cell.objects.get(line=line_of(report, "F1")).note == "Theo sổ 3"


def test_paste_larger_than_the_grid_is_refused_whole(
    client: Client, report: Report, lan: User
) -> None:
    answer = paste(client, report, "F2", "1\n2\n3\n4")

    assert answer.status_code == 422
    assert "4 dòng" in answer.json()["message"]
    assert answer.json()["fits"] == 2
    assert not Cell.objects.exists()
    assert paste(client, report, "F2", "1\n2\n3\n4", limit=2).status_code == 200
    assert Cell.objects.count() == 2


def test_paste_wider_than_figure_and_note_is_refused(
    client: Client, report: Report, lan: User
) -> None:
    answer = paste(client, report, "F1", "1\t2\t3")

    assert "hơn 2 cột" in answer.json()["message"]


def test_paste_with_a_bad_cell_saves_the_others_and_returns_it(
    client: Client, report: Report, lan: User
) -> None:
    answer = paste(client, report, "F1", "12\n1,5\n2").json()

    bad = str(line_of(report, "F2").pk)
    assert answer["problems"][bad]["text"] == "1,5"
    assert "số nguyên" in answer["problems"][bad]["message"]
    assert Cell.objects.count() == 2


def test_paste_over_a_newer_value_reports_it(client: Client, report: Report, lan: User) -> None:
    CellFactory(report=report, code="F2", text="9")

    answer = paste(client, report, "F1", "12\n5").json()

    (conflict,) = answer["conflicts"]
    assert (conflict["text"], conflict["mine"]) == ("9", "5")
    assert Cell.objects.get(line=line_of(report, "F2")).value == 9


def test_paste_leaves_cells_under_blanks_alone(client: Client, report: Report, lan: User) -> None:
    CellFactory(report=report, code="F2", text="9")

    answer = paste(client, report, "F1", "12\n\n5").json()

    assert answer["blank"] == 1
    assert Cell.objects.get(line=line_of(report, "F2")).value == 9


def test_cell_is_saved_and_comes_back_normalised(client: Client, report: Report, lan: User) -> None:
    answer = save(client, report, "F1", "1250").json()

    (line,) = [each for each in answer["lines"] if each["line"] == line_of(report, "F1").pk]
    assert (line["text"], line["version"], line["state"]) == ("1.250", 1, "saved")
    assert answer["section"] == {"done": 1, "total": 3, "label": "Đang nhập"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("mười", "không phải là số"),
        ("1,5", "số nguyên"),
        ("-4", "số âm"),
        ("1000000000000000", "quá lớn"),
        ("1" * 90, "quá dài"),
    ],
)
def test_cell_that_cannot_be_read_says_so_and_writes_nothing(
    client: Client, report: Report, lan: User, text: str, word: str
) -> None:
    answer = save(client, report, "F1", text)

    assert (answer.status_code, answer.json()["kind"]) == (422, "unreadable")
    assert word in answer.json()["message"]
    assert not Cell.objects.exists()


def test_cell_1250_with_a_dot_is_1250(client: Client, report: Report, lan: User) -> None:
    save(client, report, "F1", "1.250")

    assert Cell.objects.get().value == 1250


def test_cell_changed_by_another_person_shows_both(
    client: Client, report: Report, lan: User
) -> None:
    minh = clerk_of(report)
    CellFactory(report=report, code="F1", text="15", updated_by=minh)

    answer = save(client, report, "F1", "12")

    assert (answer.status_code, answer.json()["kind"]) == (409, "conflict")
    assert (answer.json()["text"], answer.json()["by"]) == ("15", minh.full_name)
    assert Cell.objects.get().value == 15
    kept = save(client, report, "F1", "12", base=answer.json()["version"])
    assert kept.status_code == 200


def test_cell_larger_than_its_whole_is_kept_and_marked(
    client: Client, report: Report, lan: User
) -> None:
    save(client, report, "F1", "5")

    answer = save(client, report, "F2", "9").json()

    states = {line["line"]: line["state"] for line in answer["lines"]}
    assert states == {line_of(report, "F2").pk: "error", line_of(report, "F1").pk: "saved"}
    mended = save(client, report, "F1", "10", base=1).json()
    states = {line["line"]: line["state"] for line in mended["lines"]}
    assert states[line_of(report, "F2").pk] == "saved"


def test_cell_of_a_version_that_changed_meanwhile_is_refused(
    client: Client, report: Report, lan: User
) -> None:
    line = TemplateVersionFactory(number=2).lines.order_by("order")[0]

    url = reverse("reports:cell", args=[report.pk, line.pk])
    answer = client.post(url, {"text": "12", "base": 0})

    assert (answer.status_code, answer.json()["kind"]) == (423, "locked")
    assert "Tải lại trang" in answer.json()["message"]


def test_cell_of_a_report_sent_meanwhile_is_refused(
    client: Client, report: Report, lan: User
) -> None:
    Report.objects.update(state="submitted")

    answer = save(client, report, "F1", "12")

    assert answer.status_code == 423
    assert "Đã nộp" in answer.json()["message"]


def test_cell_note_longer_than_its_place_is_refused(
    client: Client, report: Report, lan: User
) -> None:
    assert save(client, report, "F1", "12", note="a" * 501).status_code == 422


def test_cell_panel_defines_and_remembers(client: Client, report: Report, lan: User) -> None:
    earlier(report, 2026, 10, {"F1": said(100)})
    save(client, report, "F1", "12")

    answer = page(client, "cell_panel", report.pk, line_of(report, "F1").pk)

    assert "Cách đếm tin nhân dân cung cấp" in text_of(answer)
    assert "tháng 10/2026" in text_of(answer)
    assert lan.full_name in text_of(answer)
