"""Rate sites for a year: one with its criteria, or all of one's scope in a table."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.programs.forms.life import RatingForm, YearRatingForm
from apps.programs.models import ModelSite, SiteRating
from apps.programs.models.sites import SiteQuerySet
from apps.programs.queries.chain import head_of
from apps.programs.queries.life import changeable_sites
from apps.programs.services.ratings import rate_site, rate_sites
from apps.programs.services.refusals import RegisterRefused
from apps.units.permissions import requires, user_of
from apps.units.queries import names_of

_A_PAGE = 50


@requires(Permission.REGISTER_DECIDE)
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Rate one site for a year with the criteria it met."""
    by, today = user_of(request), timezone.localdate()
    site = get_object_or_404(changeable_sites(by, today, Permission.REGISTER_DECIDE), pk=pk)
    rows = site.ratings.select_related("level").prefetch_related("marks__criterion")
    ratings = list(rows.order_by("-year"))
    typed = request.POST if request.method == "POST" else None
    years = _years_of(site, today)
    year = _year(request, years[0] if years else today.year)
    form = RatingForm(typed, years=years, initial=_known(ratings, year))
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
    year = _year(request, today.year)
    is_open = request.GET.get("chua") == "1"
    sites = _to_rate(changeable_sites(by, today, Permission.REGISTER_DECIDE), year, is_open)
    page = Paginator(sites.order_by("sort_key", "pk"), _A_PAGE).get_page(request.GET.get("trang"))
    shown = list(page.object_list)
    known = {row.site_id: row for row in SiteRating.objects.filter(site__in=shown, year=year)}
    typed = request.POST if request.method == "POST" else None
    form = YearRatingForm(typed, sites=shown, known=known)
    if form.is_valid():
        n = rate_sites(year=year, levels=form.chosen(), by=by, at=timezone.now())
        messages.success(request, f"Đã lưu {n} xếp loại năm {year}.")
        return redirect(f"{reverse('programs:year_rating')}?{request.GET.urlencode()}")
    names = names_of({site.unit_id for site in shown}, today)
    context = {
        "form": form,
        "rows": [(s, names.get(s.unit_id, ""), form[f"level-{s.pk}"]) for s in shown],
        "page": page,
        "year": year,
        "years": range(today.year, today.year - 6, -1),
        "is_open": is_open,
    }
    return render_page_or_part(request, "programs/rating_year.html", context)


def _to_rate(sites: SiteQuerySet, year: int, is_open: bool) -> SiteQuerySet:
    """Keep the sites that worked in a year, be it for a day; perhaps only those not rated yet."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    sites = sites.filter(Q(ended_on=None) | Q(ended_on__gte=first), launched_on__lte=last)
    return sites.exclude(ratings__year=year) if is_open else sites


def _years_of(site: ModelSite, today: date) -> list[int]:
    """Return the years for which a site may be rated, the last one first."""
    if site.launched_on is None:
        return []
    last = site.ended_on.year if site.ended_on else today.year
    return list(range(last, site.launched_on.year - 1, -1))


def _year(request: HttpRequest, otherwise: int) -> int:
    """Return the year that the address asks for."""
    asked = request.GET.get("nam", "")
    is_year = asked.isdecimal() and len(asked) == 4 and 1976 <= int(asked) <= 2200
    return int(asked) if is_year else otherwise


def _known(ratings: list[SiteRating], year: int) -> dict[str, object]:
    """Return what a form for a year begins with."""
    rating = next((row for row in ratings if row.year == year), None)
    if rating is None:
        return {"year": year}
    met = [mark.criterion_id for mark in rating.marks.all() if mark.is_met]
    return {"year": year, "level": rating.level_id, "met": met, "note": rating.note}
