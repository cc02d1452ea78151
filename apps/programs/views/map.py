"""The map of the province: bubbles on the communes beside a table of the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.rules import Permission
from apps.core.bubbles import Bubble, ValueClass, class_number, classes_of
from apps.core.htmx import render_page_or_part
from apps.core.numbers import format_number
from apps.programs.forms.lists import MapForm
from apps.programs.queries.map import CommuneCount, ProvinceMap, province_map, sites_in
from apps.programs.queries.site_list import SiteRow, site_choices, site_rows
from apps.units.permissions import requires, user_of

_SHOWN = 20
_KINDS_OF_COMMUNE = ("Phường ", "Xã ", "Đặc khu ")


@dataclass(frozen=True, slots=True)
class MapRow:
    """One commune in the table: its figure, the class on the map, the page that opens it."""

    place: CommuneCount
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A commune that was opened: the first of its sites, and where all of them are listed."""

    place: CommuneCount
    rows: list[SiteRow]
    n_more: int
    list_url: str


@require_GET
@requires(Permission.REGISTER_VIEW)
def province(request: HttpRequest) -> HttpResponse:
    """Show how much there is in each commune, and what is behind the figure that was opened."""
    form = MapForm(request.GET, choices=site_choices())
    user, on = user_of(request), timezone.localdate()
    found = province_map(user, on, form.narrowing, by_members=form.by_members)
    classes = classes_of([commune.count for commune in found.communes])
    rows = [_row(commune, form, classes) for commune in found.communes]
    if form.by_count:
        rows.sort(key=lambda row: row.place.count, reverse=True)
    bubbles = _bubbles(found, form)
    context = {
        "form": form,
        "found": found,
        "rows": rows,
        "elsewhere": _row(found.elsewhere, form, classes),
        "classes": classes,
        "bubbles": bubbles,
        "unplaced": len(found.communes) - len(bubbles),
        "opened": _opened(request, found, form),
    }
    return render_page_or_part(request, "programs/map.html", context, part="map")


def _row(place: CommuneCount, form: MapForm, classes: list[ValueClass]) -> MapRow:
    """Return one row of the table."""
    return MapRow(place, class_number(place.count, classes), _address(place, form))


def _bubbles(found: ProvinceMap, form: MapForm) -> list[Bubble]:
    """Return the places that are drawn: those whose coordinates are known."""
    return [
        Bubble(
            key=place.code,
            name=_short(place.name),
            label=f"{place.name}: {format_number(place.count)} {form.noun}",
            value=place.count,
            lat=place.lat,
            lon=place.lon,
            url=_address(place, form),
        )
        for place in found.communes
        if place.lat is not None and place.lon is not None
    ]


def _short(name: str) -> str:
    """Return a commune's name without its kind, as maps write it."""
    kind = next((kind for kind in _KINDS_OF_COMMUNE if name.startswith(kind)), "")
    return name.removeprefix(kind)


def _address(place: CommuneCount, form: MapForm) -> str:
    """Return the map with a place opened."""
    return f"{reverse('programs:map')}?{urlencode(form.own_query | {'xa': place.code})}"


def _opened(request: HttpRequest, found: ProvinceMap, form: MapForm) -> Opened | None:
    """Return what is behind the figure that was opened, if any was."""
    place = found.place(request.GET.get("xa", ""))
    if place is None:
        return None
    user, on = user_of(request), timezone.localdate()
    ids = list(sites_in(place, user, on, form.narrowing).values_list("pk", flat=True))
    query = form.list_query | ({"don_vi": place.code} if place != found.elsewhere else {})
    list_url = f"{reverse('programs:sites')}?{urlencode(query)}"
    return Opened(place, site_rows(ids[:_SHOWN], on), max(len(ids) - _SHOWN, 0), list_url)
