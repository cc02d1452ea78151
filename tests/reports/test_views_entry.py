"""The grid as a page: figures beside their past, saved whole, declared, carried."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.reports.models import Cell, Report
from tests.factories.reports import (
    CellFactory,
    earlier,
    line_of,
    said,
)
from tests.reports.pages import (
    page,
    section_post,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_section_shows_figures_as_people_type_them(
    client: Client, report: Report, lan: User
) -> None:
    for code, text in (("F1", "hơn 1.250"), ("F2", "0"), ("F7c", "-")):
        CellFactory(report=report, code=code, text=text)

    shown = text_of(page(client, "section", report.pk, "F"))

    for text in ("hơn 1.250", "0", "-"):
        assert f'value="{text}"' in shown


def test_section_shows_past_and_the_sum_of_the_year(
    client: Client, report: Report, lan: User
) -> None:
    earlier(report, 2026, 10, {"F1": said(100)})
    earlier(report, 2026, 9, {"F1": said(30, "over")})
    earlier(report, 2025, 11, {"F1": said(80)})
    earlier(report, 2025, 12, {"F1": said(7)})
    CellFactory(report=report, code="F1", text="20")

    (line,) = [
        shown.line
        for shown in page(client, "section", report.pk, "F").context["lines"]
        if shown.line.row.line.code == "F1"
    ]

    assert (line.before, line.last_year) == ("100", "80")
    assert line.year_total == "hơn 150"  # 2026 only: 30 + 100 + 20, as weak as its weakest part
    assert "quá 50 %" in line.warnings[0]


def test_section_of_a_form_without_it_is_404(client: Client, report: Report, lan: User) -> None:
    assert page(client, "section", report.pk, "Z").status_code == 404


def test_section_post_saves_good_cells_and_keeps_bad_ones_as_typed(
    client: Client, report: Report, lan: User
) -> None:
    url = reverse("reports:section", args=[report.pk, "F"])

    answer = client.post(url, section_post(report, F1="1.250", F2="1,5"))

    assert answer.status_code == 200
    assert [cell.value for cell in Cell.objects.all()] == [1250]
    assert 'value="1,5"' in text_of(answer)
    assert 'value="1.250"' in text_of(answer)
    assert "số nguyên" in text_of(answer)


def test_section_post_of_good_cells_comes_back_to_the_page(
    client: Client, report: Report, lan: User
) -> None:
    url = reverse("reports:section", args=[report.pk, "F"])

    assert client.post(url, section_post(report, F1="1.250", F2="")).status_code == 302
    assert Cell.objects.count() == 1


def test_section_post_over_a_newer_value_shows_both(
    client: Client, report: Report, lan: User
) -> None:
    CellFactory(report=report, code="F1", text="15")
    url = reverse("reports:section", args=[report.pk, "F"])

    answer = client.post(url, section_post(report, F1="12", F2="3"))

    assert 'value="12"' in text_of(answer)
    assert "“15”" in text_of(answer)
    assert Cell.objects.get(line=line_of(report, "F1")).value == 15
    assert Cell.objects.get(line=line_of(report, "F2")).value == 3


def test_section_post_into_a_locked_report_loses_nothing(
    client: Client, report: Report, lan: User
) -> None:
    Report.objects.update(state="submitted")
    url = reverse("reports:section", args=[report.pk, "F"])

    answer = client.post(url, section_post(report, F1="12"))

    assert "không sửa được nữa" in text_of(answer)
