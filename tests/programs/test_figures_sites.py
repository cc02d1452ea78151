"""Sites of models become figures: stocks at the window's end, events of the window."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.programs.models import ModelSite
from apps.programs.rules import Amount, EquipmentKind, FundingSource, PartyRole, SiteState
from tests.factories.programs import (
    BareSiteFactory,
    SiteEquipmentFactory,
    SiteFactory,
    SiteFundingFactory,
    SiteMoveFactory,
    SitePartyFactory,
    SiteTeamFactory,
)
from tests.factories.ratings import RatingLevelFactory, SiteRatingFactory
from tests.programs.figure_world import LAST_DAY, YEAR, Province, ask, make_province, told

pytestmark = pytest.mark.django_db

ALL = ["E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E13", "E14"]
OLD, NEW = date(2025, 3, 1), date(2026, 2, 1)
SINCE = DateRange(date(2025, 8, 1), None)
UNTIL_JUNE = DateRange(date(2025, 8, 1), date(2026, 6, 1))


@pytest.fixture
def province() -> Province:
    return make_province()


def draft(**fields) -> ModelSite:
    return SiteFactory(state=SiteState.DRAFT, launched_on=None, last_news_on=None, **fields)


def ended(on: date, launched_on: date = OLD, **fields) -> ModelSite:
    return SiteFactory(state=SiteState.ENDED, launched_on=launched_on, ended_on=on, **fields)


def removed(**fields) -> ModelSite:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    return SiteFactory(removed_at=at, removed_reason="Ghi nhầm", **fields)


def furnish(site: ModelSite) -> ModelSite:
    """Give a site two teams of thirteen, four cameras, a bell, a gift and the state's money."""
    SiteTeamFactory(site=site, n_teams=2, members=13, valid=SINCE)
    SiteEquipmentFactory(site=site, quantity=4, valid=SINCE)
    SiteEquipmentFactory(site=site, kind=EquipmentKind.BELL, quantity=9, valid=SINCE)
    SiteFundingFactory(site=site, amount=28_000_000, received_on=date(2026, 4, 4))
    SiteFundingFactory(site=site, amount=5_000_000, source=FundingSource.STATE)
    return site


def test_every_code_of_sites_counted_by_hand(province: Province) -> None:
    unit = province.school
    first = furnish(SiteFactory(unit=unit, launched_on=OLD))
    furnish(SiteFactory(unit=unit, launched_on=NEW, replicated_from=first))
    SiteFactory(unit=unit, launched_on=NEW, state=SiteState.PILOT)
    consolidated = SiteFactory(unit=unit, launched_on=OLD, state=SiteState.CONSOLIDATING)
    steps = [("active", "consolidating"), ("consolidating", "active"), ("active", "consolidating")]
    for month, (before, after) in enumerate(steps, start=1):
        SiteMoveFactory(
            site=consolidated,
            from_state=before,
            to_state=after,
            on=date(2026, month, 5),
            reason="Theo kế hoạch",
        )
    gone = furnish(ended(date(2026, 5, 5), unit=unit))
    SiteMoveFactory(
        site=gone, from_state="active", to_state="ended", on=date(2026, 5, 5), reason="Sáp nhập"
    )
    good = RatingLevelFactory(code="tot")
    RatingLevelFactory(code="yeu")
    SiteRatingFactory(site=first, level=good, year=2026)
    SiteRatingFactory(site=consolidated, level=good, year=2025)

    assert told(unit, *ALL) == {
        "E2": 4, "E3": 4, "E4": 26, "E5": 2, "E6": 1, "E7": 1, "E8": 1, "E9/tot": 1, "E9/yeu": 0,
        "E9/chua_xep": 3, "E13": 8, "E14": 84_000_000,
    }  # fmt: skip


def test_drafts_and_removed_sites_never_count(province: Province) -> None:
    furnish(removed(unit=province.school, launched_on=OLD))
    draft(unit=province.school)

    assert ask(ALL, province.school) == {}


def test_gift_to_a_draft_is_told_though_nothing_else_is_known(province: Province) -> None:
    SiteFundingFactory(site=draft(unit=province.school), amount=700, received_on=NEW)

    assert told(province.school, *ALL) == {"E14": 700}


@pytest.mark.parametrize(
    ("ended_on", "operating"),
    [(LAST_DAY, 0), (LAST_DAY + timedelta(days=1), 1), (LAST_DAY - timedelta(days=1), 0)],
)
def test_site_counts_until_the_day_before_it_ends(
    province: Province, ended_on: date, operating: int
) -> None:
    ended(ended_on, unit=province.school)

    assert told(province.school, "E2") == {"E2": operating}


@pytest.mark.parametrize(
    ("launched_on", "expected"),
    [
        (date(2025, 12, 14), {"E2": 1, "E5": 0}),
        (date(2025, 12, 20), {"E2": 1, "E5": 1}),
        (LAST_DAY, {"E2": 1, "E5": 1}),
        (YEAR[1], {}),
    ],
)
def test_launch_falls_in_the_year_of_the_calendar(
    province: Province, launched_on: date, expected: dict[str, int]
) -> None:
    SiteFactory(unit=province.school, launched_on=launched_on)

    assert told(province.school, "E2", "E5") == expected


def test_stocks_are_those_of_the_last_day(province: Province) -> None:
    site = SiteFactory(unit=province.school, launched_on=OLD)
    SiteTeamFactory(site=site, n_teams=5, members=50, valid=UNTIL_JUNE)
    SiteTeamFactory(site=site, n_teams=6, members=75, valid=DateRange(date(2026, 6, 1), None))
    SiteEquipmentFactory(site=site, quantity=56, valid=UNTIL_JUNE)

    assert told(province.school, "E3", "E4", "E13") == {"E3": 6, "E4": 75, "E13": 0}
    half = (YEAR[0], date(2026, 6, 1))
    assert told(province.school, "E3", "E4", "E13", during=half) == {"E3": 5, "E4": 50, "E13": 56}


def test_members_are_as_exact_as_the_weakest_team(province: Province) -> None:
    for n, qualifier in enumerate((Amount.OVER, Amount.NEARLY)):
        site = SiteFactory(unit=province.school, launched_on=OLD, place=f"Ấp {n}")
        SiteTeamFactory(site=site, members=100, qualifier=qualifier, valid=SINCE)

    assert ask(["E4"], province.school)["E4", province.school.pk, ""].qualifier == "about"


def test_owner_counts_wherever_the_site_stands_and_a_coordinator_does_not(
    province: Province,
) -> None:
    site = BareSiteFactory(unit=province.neighbour, launched_on=OLD)
    SitePartyFactory(site=site, unit=province.school)
    SitePartyFactory(site=site, unit=province.commune, role=PartyRole.COORDINATOR)

    figures = ask(["E2"], *province.units)

    assert {unit: int(f.value) for (_, unit, _), f in figures.items()} == {province.school.pk: 1}


def test_only_the_rating_of_the_year_counts_and_only_of_what_operates(province: Province) -> None:
    bad = RatingLevelFactory(code="yeu")
    SiteRatingFactory(site=SiteFactory(unit=province.school), level=bad, year=2025)
    SiteRatingFactory(site=ended(date(2026, 8, 1), unit=province.school), level=bad, year=2026)

    assert told(province.school, "E9") == {"E9/yeu": 0, "E9/chua_xep": 1}


def test_members_nobody_told_are_not_none_at_all(province: Province) -> None:
    site = SiteFactory(unit=province.school, launched_on=OLD)

    assert told(province.school, "E2", "E4") == {"E2": 1}
    SiteTeamFactory(site=site, members=None, valid=SINCE)
    assert told(province.school, "E3", "E4") == {"E3": 1}
