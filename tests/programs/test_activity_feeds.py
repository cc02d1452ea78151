"""What the page of an activity promises is what the figures of the reports then say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apps.indicators.figures import answer
from apps.indicators.management.commands.load_reference import read_rows
from apps.indicators.models import Calendar
from apps.indicators.services import CatalogueRows, load_calendars, load_catalogue, open_periods
from apps.programs.models import Activity
from apps.programs.queries.activity_feeds import fed_reports
from apps.programs.rules import ACTIVITY_FEEDS, ActivityKind, added_by_activity
from apps.units.rules import UnitKind
from tests.factories.programs import ActivityFactory
from tests.factories.units import UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
FILES = ("sections", "indicators", "breakdowns", "subset_rules")
FULL = {"sessions": 2, "points": 3, "attendances": 120, "materials": 40, "news": 5, "posts": 6}


@pytest.fixture
def catalogue() -> None:
    """Load the indicators of the reference files and the periods of one year."""
    at = datetime(2026, 1, 5, tzinfo=UTC)
    rows = CatalogueRows(*(read_rows(name) for name in FILES))
    load_catalogue(rows=rows, by=None, at=at)
    load_calendars(rows=read_rows("reporting_calendars"), by=None, at=at)
    open_periods(calendar=Calendar.objects.get(code="nd09"), year=2026, by=None, at=at)


def promised(activity: Activity) -> dict[str, list[tuple[str, int]]]:
    return {
        report.label: [(figure.code, int(figure.value)) for figure in report.figures]
        for report in fed_reports(activity)
    }


def test_every_figure_that_is_promised_is_answered() -> None:
    year = (date(2025, 12, 15), date(2026, 12, 15))
    codes = {feed.code for feed in ACTIVITY_FEEDS}
    for kind in ActivityKind.values:
        activity = ActivityFactory(kind=kind, held_on=date(2026, 11, 20), cost=1_000_000, **FULL)
        said = answer("programs.activities", codes, [activity.unit_id], year)

        expected = dict.fromkeys(codes, Decimal(0))
        for feed in ACTIVITY_FEEDS:
            expected[feed.code] += added_by_activity(feed, kind, getattr(activity, feed.column))
        found = dict.fromkeys(codes, Decimal(0))
        for (code, _unit, breakdown), figure in said.items():
            # B7 and B8 tell their total and, again, the part of it by level.
            if not breakdown or code == "B1":
                found[code] += figure.value
        assert found == expected, kind


def test_a_propaganda_session_of_november_the_22nd_is_in_december() -> None:
    commune = UnitFactory(kind=UnitKind.COMMUNE)
    activity = ActivityFactory(unit=commune, held_on=date(2026, 11, 22), attendances=120)

    assert promised(activity) == {"tháng 12/2026": [("B1", 1), ("B2", 120)]}


def test_what_is_asked_by_quarter_is_named_with_its_quarter() -> None:
    commune = UnitFactory(kind=UnitKind.COMMUNE)
    forum = ActivityFactory(
        unit=commune, kind=ActivityKind.FORUM, held_on=date(2026, 11, 14), materials=30
    )

    assert promised(forum) == {"tháng 11/2026": [("B3", 30)], "quý IV/2026": [("B6", 1)]}


def test_a_conference_alone_feeds_nothing() -> None:
    conference = ActivityFactory(kind=ActivityKind.CONFERENCE, held_on=date(2026, 11, 14))

    assert promised(conference) == {}
