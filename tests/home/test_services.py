"""The province to try: figures that are the same on every machine, forms that stay short."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Count
from pytest_django import DjangoDbBlocker

from apps.home.services.demo_figures import PARTS, draw, figure_for
from apps.home.services.demo_reports import STATES, state_for
from apps.reports.models import Report, TemplateVersion
from apps.reports.models.entry import ReportState
from tests.kept import kept

MONTH = ("month", 2026, 11)


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker):
        call_command("load_reference", verbosity=0)
        call_command("load_demo", "--small")
        yield


def test_a_figure_is_the_same_on_every_machine() -> None:
    made = [figure_for(code, "", "XA-30178", MONTH).value for code in ("F1", "B2", "A7", "E1")]

    assert made == [figure_for(c, "", "XA-30178", MONTH).value for c in ("F1", "B2", "A7", "E1")]
    assert draw(1, 6, "một") == draw(1, 6, "một")
    assert {draw(1, 6, n) for n in range(200)} == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("smaller", PARTS)
def test_a_part_is_never_larger_than_its_whole(smaller: str) -> None:
    for number in range(60):
        part = figure_for(smaller, "", f"XA-{number}", MONTH).value or Decimal(0)
        whole = figure_for(PARTS[smaller][0], "", f"XA-{number}", MONTH).value or Decimal(0)

        assert part <= whole


def test_nothing_to_count_is_said_as_nothing() -> None:
    readings = [figure_for("E8", "", f"XA-{n}", MONTH) for n in range(60)]

    assert {r.state for r in readings} == {"nothing", "value"}
    assert all((r.value is None) == (r.state == "nothing") for r in readings)


def test_the_full_list_of_states_covers_every_state_and_every_lot() -> None:
    drawn = {state_for(f"XA-{number}", "xa-month") for number in range(102)}

    assert {state for _limit, state in STATES} == set(ReportState.values)
    assert drawn == set(ReportState.values)
    assert STATES[-1][0] == 100


@pytest.mark.django_db
def test_a_form_of_an_organisation_has_at_most_20_lines(province: None) -> None:
    forms = TemplateVersion.objects.filter(template__asked_of="organisation")
    sizes = dict(forms.annotate(n=Count("lines")).values_list("template__code", "n"))

    assert sizes
    assert max(sizes.values()) <= 20


@pytest.mark.django_db
def test_the_reports_to_try_with_are_drafts(province: None) -> None:
    kept_open = Report.objects.filter(obligation__unit__in=_first_units(), state="draft")

    assert kept_open.exists()


def _first_units() -> list[int]:
    communes = Report.objects.filter(obligation__unit__code__startswith="XA-")
    return list(communes.values_list("obligation__unit_id", flat=True))
