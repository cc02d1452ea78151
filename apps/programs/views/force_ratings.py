"""The yearly rating of a unit's tổ bảo vệ ANTT; it stands here, above the catalogue's levels."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from apps.accounts.rules import Permission
from apps.core.numbers import format_number
from apps.programs.forms.force_ratings import ForceRatingForm
from apps.programs.services.force_ratings import (
    ForceRatingRefused,
    rate_force,
    rating_levels,
    teams_to_rate,
)
from apps.units.models import ForceKind, Unit
from apps.units.permissions import requires, user_of
from apps.units.queries import names_of
from apps.units.queries.forces import ratings_of

YEARS_BACK = 3


@requires(Permission.REGISTER_DECIDE)
def force_rating(request: HttpRequest, pk: int) -> HttpResponse:
    """Write how many teams of a unit reached each level in a year."""
    user, at = user_of(request), timezone.now()
    on = timezone.localdate(at)
    units = Unit.objects.visible_to(user, on, Permission.REGISTER_DECIDE)
    unit, kind, year = get_object_or_404(units, pk=pk), _kind(request), _year(request, on.year)
    rated = {
        level: n for (kind_id, level), n in ratings_of(unit, year).items() if kind_id == kind.pk
    }
    typed = request.POST if request.method == "POST" else None
    form = ForceRatingForm(typed, levels=rating_levels(kind), rated=rated)
    if form.is_valid():
        teams = form.teams()
        try:
            rest = rate_force(unit=unit, kind=kind, year=year, teams=teams, by=user, at=at)
        except ForceRatingRefused as refusal:
            form.refuse_all(refusal)
        else:
            words = f"Đã lưu xếp loại năm {year}; còn {format_number(rest)} {kind.team_word}"
            messages.success(request, f"{words} chưa xếp loại.")
            return redirect("units:unit_forces", pk=pk)
    return _page(request, unit, kind, form)


def _kind(request: HttpRequest) -> ForceKind:
    """Return the kind that is asked for, else the first that is rated."""
    kinds = ForceKind.objects.filter(is_rated=True).order_by("order", "pk")
    wanted = request.GET.get("loai")
    kind = (kinds.filter(code=wanted) if wanted else kinds).first()
    if kind is None:
        raise Http404
    return kind


def _year(request: HttpRequest, this_year: int) -> int:
    """Return the year that is asked for, if it is one of the last."""
    typed = request.GET.get("nam", "")
    year = int(typed) if typed.isdecimal() and len(typed) == 4 else this_year
    return year if this_year - YEARS_BACK < year <= this_year else this_year


def _page(request: HttpRequest, unit: Unit, kind: ForceKind, form: ForceRatingForm) -> HttpResponse:
    """Render the form of a year with how many teams there are to rate."""
    on = timezone.localdate()
    year = _year(request, on.year)
    context = {
        "unit": unit,
        "name": names_of([unit.pk], on).get(unit.pk, unit.code),
        "kind": kind,
        "year": year,
        "years": range(on.year, on.year - YEARS_BACK, -1),
        "teams": teams_to_rate(unit, kind, year, on),
        "unverified": not all(level.is_verified for level in form.levels),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "programs/force_rating.html", context, status=status)
