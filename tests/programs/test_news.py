"""What was taken back is no news: a silent site is silent again, by one rule for every source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.programs.models import Activity, ModelSite
from apps.programs.rules import (
    ActivityKind,
    EquipmentKind,
    FundingSource,
    HostKind,
    Level,
    ReferralKind,
    SiteState,
)
from apps.programs.services.activities import (
    NewActivity,
    create_activity,
    edit_activity,
    remove_activity,
    restore_activity,
)
from apps.programs.services.moves import NewMove, move_site, undo_move
from apps.programs.services.news import refresh_news
from apps.programs.services.ratings import NewRating, rate_site, remove_rating
from apps.programs.services.referrals import NewReferral, record_referral, remove_referral
from apps.programs.services.replication import replicate_site
from apps.programs.services.site_details import (
    NewEquipment,
    NewFunding,
    add_equipment,
    add_funding,
    add_objective,
    end_equipment,
    remove_funding,
    remove_result,
    set_result,
)
from apps.programs.services.site_files import remove_site_file
from apps.programs.services.sites import (
    NewSite,
    TeamCount,
    create_site,
    edit_site,
    remove_site,
    set_teams,
)
from tests.factories.programs import (
    ActivityFactory,
    ModelTypeFactory,
    SiteFactory,
    SiteFileFactory,
    SiteResultFactory,
)
from tests.factories.ratings import RatingLevelFactory
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db

LAUNCH, KNOWN, MISTAKE = date(2026, 1, 10), date(2026, 2, 1), date(2026, 11, 3)
AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
WHO: dict[str, Any] = {"by": None, "at": AT}
TakeBack = Callable[[], object]


@pytest.fixture
def site() -> ModelSite:
    """Return a site of which nothing was heard since the first of February."""
    new = NewSite(
        ModelTypeFactory(), UnitFactory(), Level.COMMUNE, HostKind.RESIDENTIAL, launched_on=LAUNCH
    )
    made = create_site(new=new, **WHO)
    ActivityFactory(site=made, held_on=KNOWN)
    refresh_news(site_ids=[made.pk])
    return made


def news_of(site: ModelSite) -> date | None:
    return ModelSite.objects.values_list("last_news_on", flat=True).get(pk=site.pk)


def held(site: ModelSite, on: date = MISTAKE) -> Activity:
    new = NewActivity(ActivityKind.FORUM, "Diễn đàn", site.unit, on, site=site)
    return create_activity(new=new, **WHO)


def _activity(site: ModelSite) -> TakeBack:
    made = held(site)
    return lambda: remove_activity(activity=made, reason="Nhầm điểm", **WHO)


def _move(site: ModelSite) -> TakeBack:
    move_site(site=site, move=NewMove(SiteState.CONSOLIDATING, MISTAKE, "Yếu"), **WHO)
    return lambda: undo_move(site=site, reason="Nhầm", lock_version=None, **WHO)


def _rating(site: ModelSite) -> TakeBack:
    made = rate_site(site=site, rating=NewRating(2026, RatingLevelFactory()), **WHO)
    return lambda: remove_rating(rating=made, reason="Nhầm", **WHO)


def _referral(site: ModelSite) -> TakeBack:
    new = NewReferral(ReferralKind.PROPOSAL, site.unit, site, MISTAKE)
    made = record_referral(new=new, **WHO)
    return lambda: remove_referral(referral=made, reason="Nhầm", **WHO)


def _equipment(site: ModelSite) -> TakeBack:
    made = add_equipment(site=site, item=NewEquipment(EquipmentKind.CAMERA, 2, MISTAKE), **WHO)
    return lambda: end_equipment(equipment=made, on=MISTAKE, **WHO)


def _teams(site: ModelSite) -> TakeBack:
    set_teams(site=site, team=TeamCount(n_teams=2), on=MISTAKE, **WHO)
    return lambda: set_teams(site=site, team=TeamCount(), on=MISTAKE, **WHO)


def _funding(site: ModelSite) -> TakeBack:
    money = NewFunding(FundingSource.OWN, Decimal(5), MISTAKE)
    made = add_funding(site=site, funding=money, **WHO)
    return lambda: remove_funding(funding=made, **WHO)


def _result(site: ModelSite) -> TakeBack:
    aim = add_objective(site=site, text="An toàn", **WHO)
    made = set_result(objective=aim, year=2026, text="Không xảy ra", **WHO)
    return lambda: remove_result(result=made, **WHO)


def _file(site: ModelSite) -> TakeBack:
    made = SiteFileFactory(site=site, uploaded_at=AT)
    refresh_news(site_ids=[site.pk])
    return lambda: remove_site_file(file=made, **WHO)


def _replica(site: ModelSite) -> TakeBack:
    made = replicate_site(site=site, units=[UnitFactory()], **WHO)[0]
    return lambda: remove_site(site=made, reason="Nhầm xã", **WHO)


@pytest.mark.parametrize(
    "bring",
    [
        _activity,
        _move,
        _rating,
        _referral,
        _equipment,
        _teams,
        _funding,
        _result,
        _file,
        _replica,
    ],
)
def test_news_taken_back_leaves_what_was_heard_before(
    site: ModelSite, bring: Callable[[ModelSite], TakeBack]
) -> None:
    take_back = bring(site)
    assert news_of(site) in {MISTAKE, AT.date()}

    take_back()

    assert news_of(site) == KNOWN


def test_an_activity_moved_to_another_day_and_site_and_brought_back(site: ModelSite) -> None:
    other, made = SiteFactory(unit=site.unit), held(site)
    moved = NewActivity(ActivityKind.FORUM, "Diễn đàn", site.unit, date(2026, 9, 9), site=other)
    made = edit_activity(activity=made, new=moved, lock_version=1, **WHO)
    assert (news_of(site), news_of(other)) == (KNOWN, date(2026, 9, 9))

    remove_activity(activity=made, reason="Nhầm", **WHO)
    restore_activity(activity=made, **WHO)

    assert news_of(other) == date(2026, 9, 9)


def test_a_corrected_launch_moves_the_news_only_when_it_is_the_latest() -> None:
    kind, unit = ModelTypeFactory(), UnitFactory()
    new = NewSite(kind, unit, Level.COMMUNE, HostKind.RESIDENTIAL, launched_on=MISTAKE, n_teams=2)
    site = create_site(new=new, **WHO)

    site = edit_site(site=site, new=replace(new, launched_on=LAUNCH), lock_version=1, **WHO)
    assert news_of(site) == LAUNCH

    held(site, KNOWN)
    edit_site(site=site, new=replace(new, launched_on=date(2026, 1, 5)), lock_version=2, **WHO)
    assert news_of(site) == KNOWN


def test_a_result_of_a_past_year_is_news_of_its_last_day(site: ModelSite) -> None:
    SiteResultFactory(objective__site=site, year=2026, noted_on=date(2026, 3, 1))
    late = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)
    aim = add_objective(site=site, text="Đoàn kết", by=None, at=late)
    set_result(objective=aim, year=2026, text="Tốt", by=None, at=late)

    assert news_of(site) == date(2026, 12, 31)


def test_many_sites_are_told_in_the_statements_of_one() -> None:
    many = [SiteFactory(last_news_on=MISTAKE) for _ in range(20)]
    with CaptureQueriesContext(connection) as one:
        refresh_news(site_ids=[many[0].pk])
    with CaptureQueriesContext(connection) as all_of_them:
        refresh_news(site_ids=[site.pk for site in many])

    assert len(one) == len(all_of_them)
    assert {news_of(site) for site in many} == {many[0].launched_on}
