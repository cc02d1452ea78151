"""Keep on each site the latest day on which anything was heard of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from apps.programs.models import ModelSite
from apps.programs.queries.news import latest_news


@transaction.atomic(savepoint=False)
def refresh_news(*, site_ids: Iterable[int | None]) -> None:
    """Work out anew when some sites were last heard of.

    Called wherever something that names a site is written, changed or taken back; None stands
    for "names no site".
    """
    sites = ModelSite.objects.filter(pk__in={pk for pk in site_ids if pk is not None})
    # Held before the days are looked up: of two people at once the later sees what the other wrote.
    held = list(sites.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    ModelSite.objects.filter(pk__in=held).update(last_news_on=latest_news())
