"""Say on which day something was last heard of a site: the one rule behind "im lặng n kỳ"."""

from __future__ import annotations

from django.db.models import DateField, F, Max, Model, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, TruncDate

from apps.programs.models import (
    Activity,
    Exemplar,
    MinistryReferral,
    ModelSite,
    SiteEquipment,
    SiteFile,
    SiteFunding,
    SiteMove,
    SiteRating,
    SiteResult,
    SiteTeam,
)

_PERIOD = (F("valid__startswith"), F("valid__endswith"))
# What brings news of a site, how it names the site, and its days; what was taken back has no row
# or is marked as removed. A site that others copied is heard of on the day of the copy.
_SOURCES: tuple[tuple[type[Model], str, tuple[Combinable, ...]], ...] = (
    (SiteMove, "site", (F("on"),)),
    (SiteTeam, "site", _PERIOD),
    (SiteEquipment, "site", _PERIOD),
    (SiteFunding, "site", (F("received_on"),)),
    (SiteResult, "objective__site", (F("noted_on"),)),
    (SiteRating, "site", (TruncDate("rated_at"),)),
    (SiteFile, "site", (TruncDate("uploaded_at"),)),
    (MinistryReferral, "site", (F("sent_on"),)),
    (Exemplar, "site", (F("chosen_on"), F("building_on"), F("closed_on"))),
    (Activity, "site", (F("held_on"),)),
    (ModelSite, "replicated_from", (TruncDate("created_at"),)),
)
_REMOVABLE = (Activity, ModelSite)


def latest_news() -> Greatest:
    """Return the day as an expression on sites: the launch, or the latest of all that followed."""
    days = [_latest(model, path, day) for model, path, its_days in _SOURCES for day in its_days]
    return Greatest(F("launched_on"), *days)


def _latest(model: type[Model], path: str, day: Combinable) -> Subquery:
    """Return the latest of one day of the rows that name a site; none is no day."""
    rows = model._default_manager.filter(**{path: OuterRef("pk")})
    if model in _REMOVABLE:
        rows = rows.filter(removed_at=None)
    return Subquery(
        rows.order_by().values(path).annotate(news_on=Max(day)).values("news_on"),
        output_field=DateField(),
    )
