"""A site is rated once a year; a change leaves a trace; many are rated in few statements."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.programs.models import SiteRating
from apps.programs.services.ratings import NewRating, rate_site, rate_sites, remove_rating
from apps.programs.services.refusals import RegisterRefused
from tests.factories.programs import SiteFactory
from tests.factories.ratings import RatingCriterionFactory, RatingLevelFactory

pytestmark = pytest.mark.django_db


def test_a_rating_keeps_which_criteria_were_met(at: datetime) -> None:
    site, level = SiteFactory(), RatingLevelFactory(name="Tốt")
    met, missed = RatingCriterionFactory(), RatingCriterionFactory()
    RatingCriterionFactory(is_active=False)

    rate_site(site=site, rating=NewRating(2026, level, (met,), " Khá đều "), by=None, at=at)

    rating = site.ratings.get()
    assert (rating.level, rating.note) == (level, "Khá đều")
    marks = dict(rating.marks.values_list("criterion_id", "is_met"))
    assert marks == {met.pk: True, missed.pk: False}
    site.refresh_from_db()
    assert site.last_news_on == date(2026, 11, 18)


def test_what_went_out_of_use_stays_with_the_old_rating(at: datetime) -> None:
    site, level = SiteFactory(), RatingLevelFactory()
    gone, kept = RatingCriterionFactory(), RatingCriterionFactory()
    rate_site(site=site, rating=NewRating(2026, level, (gone,)), by=None, at=at)
    gone.is_active = False
    gone.save()

    rate_site(site=site, rating=NewRating(2026, level, (kept,), "Xem lại"), by=None, at=at)

    marks = dict(site.ratings.get().marks.values_list("criterion_id", "is_met"))
    assert marks == {gone.pk: True, kept.pk: True}


def test_a_mistaken_rating_is_taken_back_with_its_reason(at: datetime) -> None:
    site = SiteFactory()
    rating = rate_site(site=site, rating=NewRating(2026, RatingLevelFactory()), by=None, at=at)
    with pytest.raises(RegisterRefused, match="Chưa nhập lý do"):
        remove_rating(rating=rating, reason=" ", by=None, at=at)

    remove_rating(rating=rating, reason="Nhầm điểm", by=None, at=at)

    assert not site.ratings.exists()
    entry = AuditEntry.objects.get(action="programs.site_rating_removed")
    assert (entry.detail["year"], entry.detail["reason"]) == (2026, "Nhầm điểm")


def test_one_rating_a_year_and_its_change_is_told(at: datetime) -> None:
    site, good, weak = SiteFactory(), RatingLevelFactory(), RatingLevelFactory()
    rate_site(site=site, rating=NewRating(2026, weak), by=None, at=at)
    rate_site(site=site, rating=NewRating(2026, good), by=None, at=at)

    assert site.ratings.get().level == good
    last = AuditEntry.objects.filter(action="programs.site_rated").order_by("-pk").first()
    assert (last.detail["old_level"], last.detail["level"]) == (weak.code, good.code)


@pytest.mark.parametrize(
    ("facts", "year", "words"),
    [
        ({}, 2027, "chưa tới"),
        ({}, 2025, "ra mắt năm 2026"),
        ({"state": "draft", "launched_on": None}, 2026, "chưa ra mắt"),
        (
            {"launched_on": date(2024, 1, 1), "ended_on": date(2025, 2, 1), "state": "ended"},
            2026,
            "đã dừng",
        ),
    ],
)
def test_a_year_in_which_it_did_not_work_is_refused(
    facts: dict[str, object], year: int, words: str, at: datetime
) -> None:
    site = SiteFactory(**facts)
    with pytest.raises(RegisterRefused, match=words) as caught:
        rate_site(site=site, rating=NewRating(year, RatingLevelFactory()), by=None, at=at)
    assert caught.value.field == "year"
    with pytest.raises(RegisterRefused, match=words):
        rate_sites(year=year, levels={site: RatingLevelFactory()}, by=None, at=at)


def test_many_are_rated_in_as_many_statements_as_one(at: datetime) -> None:
    good, weak = RatingLevelFactory(), RatingLevelFactory()

    def cost(n_sites: int) -> int:
        levels = {SiteFactory(): good for _ in range(n_sites)}
        with CaptureQueriesContext(connection) as queries:
            assert rate_sites(year=2026, levels=levels, by=None, at=at) == n_sites
        return len(queries)

    assert cost(1) == cost(20) <= 8
    rated = {row.site: good for row in SiteRating.objects.select_related("site")}
    changed = next(iter(rated))
    assert rate_sites(year=2026, levels=rated | {changed: weak}, by=None, at=at) == 1
    assert changed.ratings.get().level == weak
    before = AuditEntry.objects.count()
    assert rate_sites(year=2026, levels={changed: weak}, by=None, at=at) == 0
    assert AuditEntry.objects.count() == before
