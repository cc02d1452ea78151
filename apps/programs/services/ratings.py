"""Rate how well a site did in a year: a level of the scale and the criteria that were met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.text import nfc
from apps.indicators.models import Breakdown, Indicator
from apps.programs.models import (
    ModelSite,
    RatingCriterion,
    RatingLevel,
    SiteRating,
    SiteRatingMark,
)
from apps.programs.services.news import refresh_news
from apps.programs.services.refusals import RegisterRefused, refusing_by_name

RATING_INDICATOR, NOT_RATED = "E9", "chua_xep"


@dataclass(frozen=True, slots=True)
class NewRating:
    """A level for a year, and which of the criteria in use were met.

    `seen` is the stamp of the rating that the page showed, empty for none; None compares nothing.
    """

    year: int
    level: RatingLevel
    met: tuple[RatingCriterion, ...] = ()
    note: str = ""
    seen: str | None = None


class RatedMeanwhile(RegisterRefused):
    """Somebody else rated the site after the page was opened; `stamp` is that of his rating."""

    def __init__(self, year: int, now: SiteRating | None) -> None:
        super().__init__(_said_meanwhile(year, now), "level")
        self.stamp = now.stamp if now else ""


@transaction.atomic
def rate_site(*, site: ModelSite, rating: NewRating, by: User | None, at: datetime) -> SiteRating:
    """Rate a site for a year, or change its rating of that year, of which the page knew."""
    today = timezone.localdate(at)
    if not could_be_rated(site, rating.year, today):
        raise RegisterRefused(_why_not(site, rating.year, today), "year")
    ModelSite.objects.select_for_update(no_key=True).get(pk=site.pk)
    rows = SiteRating.objects.filter(site=site, year=rating.year)
    old = rows.select_related("level", "rated_by").first()
    if rating.seen is not None and rating.seen != (old.stamp if old else ""):
        if old is None or not _says_the_same(old, rating):
            raise RatedMeanwhile(rating.year, old)
        return old
    columns = {"level": rating.level, "note": nfc(rating.note), "rated_at": at, "rated_by": by}
    with refusing_by_name():
        made, _ = SiteRating.objects.update_or_create(site=site, year=rating.year, defaults=columns)
        _mark(made, rating.met)
    refresh_news(site_ids=[site.pk])
    detail = {
        "year": rating.year,
        "level": rating.level.code,
        "met": [criterion.code for criterion in rating.met],
        "old_level": old.level.code if old else "",
    }
    record_action(action="programs.site_rated", by=by, at=at, target=site, detail=detail)
    return made


@transaction.atomic
def rate_sites(
    *, year: int, levels: Mapping[ModelSite, RatingLevel], by: User | None, at: datetime
) -> int:
    """Rate many sites for a year in four statements; what is rated so already stays untouched."""
    today = timezone.localdate(at)
    wrong = [site for site in levels if not could_be_rated(site, year, today)]
    if wrong:
        raise RegisterRefused(f"{wrong[0].name}: {_why_not(wrong[0], year, today)}", "year")
    sites = [site.pk for site in levels]
    known = dict(
        SiteRating.objects.filter(site_id__in=sites, year=year).values_list("site_id", "level_id")
    )
    rows = [
        SiteRating(site=site, year=year, level=level, rated_at=at, rated_by=by)
        for site, level in levels.items()
        if known.get(site.pk) != level.pk
    ]
    SiteRating.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["site", "year"],
        update_fields=["level", "rated_at", "rated_by"],
    )
    refresh_news(site_ids=[row.site_id for row in rows])
    if rows:
        detail = {"year": year, "n": len(rows), "levels": _levels_told(rows)}
        record_action(action="programs.sites_rated", by=by, at=at, detail=detail)
    return len(rows)


@transaction.atomic
def remove_rating(*, rating: SiteRating, reason: str, by: User | None, at: datetime) -> None:
    """Take back a rating that was given by mistake; the log keeps what it said."""
    if not nfc(reason):
        raise RegisterRefused("Chưa nhập lý do bỏ.", "reason")
    detail = {"year": rating.year, "level": rating.level.code, "reason": nfc(reason)}
    record_action(
        action="programs.site_rating_removed", by=by, at=at, target=rating.site, detail=detail
    )
    rating.delete()
    refresh_news(site_ids=[rating.site_id])


@transaction.atomic
def count_level(*, level: RatingLevel, by: User | None, at: datetime) -> None:
    """Make a new level a part of the indicator that counts ratings, for the next templates."""
    for indicator in Indicator.objects.filter(code=RATING_INDICATOR):
        Breakdown.objects.get_or_create(
            indicator=indicator,
            code=level.code,
            defaults={"name": level.name, "order": level.order, "is_verified": level.is_verified},
        )
        detail = {"indicator": indicator.code, "part": level.code}
        record_action(action="programs.level_counted", by=by, at=at, target=level, detail=detail)


def could_be_rated(site: ModelSite, year: int, today: date) -> bool:
    """Say whether a site worked in a year that has begun."""
    began, ended = site.launched_on, site.ended_on
    return (
        began is not None
        and began.year <= year <= today.year
        and (ended is None or year <= ended.year)
    )


def _why_not(site: ModelSite, year: int, today: date) -> str:
    """Say why a site cannot be rated for a year."""
    if site.launched_on is None:
        return "Bản nháp chưa ra mắt nên chưa xếp loại được."
    if year > today.year:
        return f"Năm {year} chưa tới."
    if year < site.launched_on.year:
        return f"Điểm ra mắt năm {site.launched_on.year}, chưa hoạt động năm {year}."
    return f"Điểm đã dừng trước năm {year}."


def _says_the_same(old: SiteRating, new: NewRating) -> bool:
    """Tell whether a rating is what is there already: a second tap is no second opinion."""
    met = set(old.marks.filter(is_met=True).values_list("criterion_id", flat=True))
    return (old.level, old.note) == (new.level, nfc(new.note)) and met == {c.pk for c in new.met}


def _said_meanwhile(year: int, now: SiteRating | None) -> str:
    """Say what somebody else did with the rating of a year, and how to go on."""
    again = "Những gì bạn chọn vẫn còn; bấm “Lưu xếp loại” lần nữa nếu vẫn muốn"
    if now is None:
        return f"Vừa có người bỏ xếp loại năm {year}. {again} xếp loại."
    who = now.rated_by.full_name if now.rated_by else "Người khác"
    note = f", nhận xét “{now.note}”" if now.note else ""
    n_met = now.marks.filter(is_met=True).count()
    return f"{who} vừa xếp loại năm {year} “{now.level}”, đạt {n_met} tiêu chí{note}. {again} thay."


def _mark(rating: SiteRating, met: Sequence[RatingCriterion]) -> None:
    """Keep for each criterion in use whether it was met; what went out of use stays as it was."""
    met_ids = {criterion.pk for criterion in met}
    asked = RatingCriterion.objects.filter(Q(is_active=True) | Q(pk__in=met_ids))
    rating.marks.filter(criterion__in=asked).delete()
    SiteRatingMark.objects.bulk_create(
        SiteRatingMark(rating=rating, criterion=criterion, is_met=criterion.pk in met_ids)
        for criterion in asked
    )


def _levels_told(rows: Sequence[SiteRating]) -> dict[str, int]:
    """Count the ratings by level, for the log."""
    told: dict[str, int] = {}
    for row in rows:
        told[row.level.code] = told.get(row.level.code, 0) + 1
    return told
