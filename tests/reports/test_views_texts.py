"""Declarations and parts in words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.reports.models import Cell, Report, ReportText
from tests.factories.reports import (
    CellFactory,
    earlier,
    said,
)
from tests.reports.pages import (
    narrate,
    page,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_declare_fills_the_flows_of_one_section(client: Client, report: Report, lan: User) -> None:
    CellFactory(report=report, code="F1", text="12")

    client.post(reverse("reports:declare", args=[report.pk, "F"]))

    states = dict(Cell.objects.values_list("line__indicator__code", "state"))
    assert states == {"F1": "value", "F2": "nothing", "F7c": "nothing"}


def test_carry_takes_last_periods_stocks_and_tells_their_age(
    client: Client, report: Report, lan: User
) -> None:
    for number in (8, 9, 10):
        earlier(report, 2026, number, {"A2": said(34), "A2d": said(34 + number)})

    client.post(reverse("reports:carry", args=[report.pk, "A"]))

    assert set(Cell.objects.values_list("source", flat=True)) == {"carried"}
    shown = text_of(page(client, "section", report.pk, "A"))
    assert "không thay đổi từ tháng 8/2026 (3 kỳ)" in shown


def test_narrative_is_saved_by_script_and_by_button(
    client: Client, report: Report, lan: User
) -> None:
    answer = narrate(client, report, "Làm tốt\nhai việc", accept="application/json")
    assert answer.json() == {"kind": "saved", "version": 1}
    assert narrate(client, report, "Làm tốt ba việc", base=1).status_code == 302
    assert ReportText.objects.get().body == "Làm tốt ba việc"


def test_narrative_conflict_shows_both_texts(client: Client, report: Report, lan: User) -> None:
    narrate(client, report, "của người khác")

    scripted = narrate(client, report, "của tôi", accept="application/json")
    plain = text_of(narrate(client, report, "của tôi"))

    assert (scripted.status_code, scripted.json()["body"]) == (409, "của người khác")
    assert "của người khác" in plain
    assert "của tôi" in plain
    assert 'name="base" value="1"' in plain


def test_narrative_part_of_no_form_is_404(client: Client, report: Report, lan: User) -> None:
    assert page(client, "narrative", report.pk, "khong_co").status_code == 404
