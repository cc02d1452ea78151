"""The map of the province: bubbles on the communes beside a table of the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.rules import Permission
from apps.core.bubbles import Bubble, class_number, classes_of
from apps.core.htmx import render_page_or_part
from apps.core.numbers import format_number
from apps.programs.forms.lists import MapForm
from apps.programs.queries.map import CommuneCount, province_map
from apps.programs.queries.site_list import site_choices
from apps.units.permissions import requires, user_of


@dataclass(frozen=True, slots=True)
class MapRow:
    """One commune in the table: its figure, the class on the map, the list behind it."""

    name: str
    count: int
    number: int
    url: str


@require_GET
@requires(Permission.REGISTER_VIEW)
def province(request: HttpRequest) -> HttpResponse:
    """Show how many sites work in each commune, of all kinds or of one kind or field."""
    form = MapForm(request.GET, choices=site_choices())
    found = province_map(user_of(request), timezone.localdate(), form.narrowing)
    classes = classes_of([commune.count for commune in found.communes])
    rows = [_row(commune, form, class_number(commune.count, classes)) for commune in found.communes]
    if form.by_count:
        rows.sort(key=lambda row: row.count, reverse=True)
    bubbles = [
        Bubble(f"{c.name}: {format_number(c.count)} điểm", c.count, c.lat, c.lon, _address(c, form))
        for c in found.communes
        if c.lat is not None and c.lon is not None
    ]
    context = {
        "form": form,
        "found": found,
        "rows": rows,
        "classes": classes,
        "bubbles": bubbles,
        "unplaced": len(found.communes) - len(bubbles),
    }
    return render_page_or_part(request, "programs/map.html", context, part="map")


def _row(commune: CommuneCount, form: MapForm, number: int) -> MapRow:
    """Return one row of the table."""
    return MapRow(commune.name, commune.count, number, _address(commune, form))


def _address(commune: CommuneCount, form: MapForm) -> str:
    """Return the list of just the sites that a figure counts."""
    return f"{reverse('programs:sites')}?{urlencode(form.carried | {'don_vi': commune.code})}"
