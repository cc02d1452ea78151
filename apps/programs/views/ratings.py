"""Rate sites for a year: one with its criteria, or all of one's scope in a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.programs.forms.life import RatingForm, ReasonForm, YearRatingForm, level_name
from apps.programs.models import ModelSite, SiteRating
from apps.programs.models.sites import SiteQuerySet
from apps.programs.queries.chain import head_of
from apps.programs.queries.life import changeable_sites
from apps.programs.services.ratings import rate_site, rate_sites, remove_rating
from apps.programs.services.refusals import RegisterRefused
from apps.units.permissions import requires, user_of
from apps.units.queries import names_of

_A_PAGE = 50
_YEARS_BACK = 6


@requires(Permission.REGISTER_DECIDE)
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Rate one site for a year with the criteria it met."""
    by, today = user_of(request), timezone.localdate()
    site = get_object_or_404(changeable_sites(by, today, Permission.REGISTER_DECIDE), pk=pk)
    rows = site.ratings.select_related("level").prefetch_related("marks__criterion")
    ratings = list(rows.order_by("-year"))
    typed = request.POST if request.method == "POST" else None
    years = _years_of(site, today)
    year = _year(request, years)
    form = RatingForm(
        typed, years=years, shown=year, ratings=ratings, initial=_known(ratings, year)
    )
    if form.is_valid():
        try:
            made = rate_site(site=site, rating=form.new_rating(), by=by, at=timezone.now())
        except RegisterRefused as error:
            form.refuse_at(error)
        else:
            messages.success(request, f"Đã xếp loại {site.code} năm {made.year}: {made.level}.")
            return redirect("programs:site", pk=pk)
    context = head_of(site, today) | {"form": form, "years": years, "ratings": ratings}
    return render_page_or_part(request, "programs/rating.html", context)


@requires(Permission.REGISTER_DECIDE)
def year_rating(request: HttpRequest) -> HttpResponse:
    """Rate the sites of one's scope for a year, a page of them at a time."""
    by, today = user_of(request), timezone.localdate()
    years = range(today.year, today.year - _YEARS_BACK, -1)
    year, is_open = _year(request, years), request.GET.get("chua") == "1"
    sites = _to_rate(changeable_sites(by, today, Permission.REGISTER_DECIDE), year)
    page = _page_of(request, sites.exclude(ratings__year=year) if is_open else sites)
    typed = request.POST if request.method == "POST" else None
    shown = list(sites.filter(pk__in=_sent(typed)).order_by("sort_key", "pk")) if typed else [*page]
    known = {row.site_id: row for row in SiteRating.objects.filter(site__in=shown, year=year)}
    form = YearRatingForm(typed, sites=shown, known=known)
    if form.is_valid():
        n = rate_sites(year=year, levels=form.chosen(), by=by, at=timezone.now())
        messages.success(request, f"Đã lưu {n} xếp loại năm {year}.")
        # What is rated now has left the list of what is not: its next page is the first again.
        back = request.GET.copy()
        if is_open:
            back.pop("trang", None)
        return redirect(f"{reverse('programs:year_rating')}?{back.urlencode()}")
    context = {"form": form, "page": page, "year": year, "years": years, "is_open": is_open}
    context["rows"] = _rows(form, today)
    return render_page_or_part(request, "programs/rating_year.html", context)


@requires(Permission.REGISTER_DECIDE)
def rating_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a rating that was given by mistake, saying why."""
    by, today = user_of(request), timezone.localdate()
    sites = changeable_sites(by, today, Permission.REGISTER_DECIDE)
    rows = SiteRating.objects.filter(site__in=sites).select_related("site", "level")
    rating = get_object_or_404(rows, pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        remove_rating(rating=rating, by=by, at=timezone.now(), **form.cleaned_data)
        messages.success(request, f"Đã bỏ xếp loại năm {rating.year} của {rating.site.code}.")
        return redirect("programs:rate", pk=rating.site_id)
    context = head_of(rating.site, today) | {"form": form, "rating": rating}
    return render_page_or_part(request, "programs/rating_remove.html", context)


def _page_of(request: HttpRequest, sites: SiteQuerySet) -> Page[ModelSite]:
    """Return the page of sites that the address asks for."""
    pages: Paginator[ModelSite] = Paginator(sites.order_by("sort_key", "pk"), _A_PAGE)
    return pages.get_page(request.GET.get("trang"))


def _sent(typed: QueryDict) -> list[int]:
    """Return the sites that were on the page when it was opened, whoever rated some meanwhile."""
    keys = [key.removeprefix("level-") for key in typed if key.startswith("level-")]
    return [int(key) for key in keys if key.isdecimal() and len(key) < 19][:_A_PAGE]


def _rows(form: YearRatingForm, on: date) -> list[tuple[ModelSite, str, BoundField, str]]:
    """Return each site with the name of its place, its box, and what the page says it shows."""
    names = names_of({site.unit_id for site in form.sites}, on)
    return [
        (site, names.get(site.unit_id, ""), form[level_name(site)], form.seen(site))
        for site in form.sites
    ]


def _to_rate(sites: SiteQuerySet, year: int) -> SiteQuerySet:
    """Keep the sites that worked in a year, be it for a day."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return sites.filter(Q(ended_on=None) | Q(ended_on__gte=first), launched_on__lte=last)


def _years_of(site: ModelSite, today: date) -> list[int]:
    """Return the years for which a site may be rated, the last one first."""
    if site.launched_on is None:
        return []
    last = site.ended_on.year if site.ended_on else today.year
    return list(range(last, site.launched_on.year - 1, -1))


def _year(request: HttpRequest, years: Sequence[int]) -> int:
    """Return the year that the address asks for if it is one of these, else the first."""
    asked = request.GET.get("nam", "")
    known = {str(year): year for year in years}
    return known.get(asked, years[0] if years else timezone.localdate().year)


def _known(ratings: list[SiteRating], year: int) -> dict[str, object]:
    """Return what a form for a year begins with."""
    rating = next((row for row in ratings if row.year == year), None)
    if rating is None:
        return {"year": year}
    met = [mark.criterion_id for mark in rating.marks.all() if mark.is_met]
    facts = {"year": year, "level": rating.level_id, "met": met, "note": rating.note}
    return facts | {"seen": rating.stamp}
