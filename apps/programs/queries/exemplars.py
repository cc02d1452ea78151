"""List exemplars with the names of what was chosen and of who chose it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from apps.core.text import search_key
from apps.programs.models import Exemplar
from apps.programs.models.exemplars import ExemplarQuerySet
from apps.programs.queries.chain import StateLook
from apps.programs.rules import ExemplarState
from apps.units.models import UnitSpan
from apps.units.queries import names_of

_LOOKS = {
    ExemplarState.CHOSEN: ("info", "circle"),
    ExemplarState.BUILDING: ("wait", "hourglass-split"),
    ExemplarState.RECOGNISED: ("done", "award"),
    ExemplarState.DROPPED: ("neutral", "dash-circle"),
}


@dataclass(frozen=True, slots=True)
class ExemplarRow:
    """One exemplar in words."""

    exemplar: Exemplar
    name: str
    place: str
    chooser: str
    look: StateLook


def narrowed_exemplars(
    exemplars: ExemplarQuerySet, text: str, state: str, year: int | None, on: date
) -> ExemplarQuerySet:
    """Keep exemplars of a state and year whose unit, site or field holds a text, accents or not."""
    if state:
        exemplars = exemplars.filter(state=state)
    if year:
        exemplars = exemplars.filter(chosen_on__year=year)
    key = search_key(text)
    if not key:
        return exemplars
    fields = set(exemplars.values_list("field", flat=True))
    spans = UnitSpan.objects.alive_on(on).filter(search_key__contains=key).values("unit_id")
    return exemplars.filter(
        Q(unit_id__in=spans)
        | Q(site__unit_id__in=spans)
        | Q(site__name_key__contains=key)
        | Q(field__in=[field for field in fields if key in search_key(field)])
    )


def exemplar_rows(exemplars: Sequence[Exemplar], on: date) -> list[ExemplarRow]:
    """Return exemplars (with their sites) in words; one query for all names."""
    ids = {row.chooser_id for row in exemplars}
    ids |= {row.unit_id for row in exemplars if row.unit_id}
    ids |= {row.site.unit_id for row in exemplars if row.site}
    names = names_of(ids, on) if ids else {}
    found = []
    for row in exemplars:
        place = names.get(row.site.unit_id, "") if row.site else ""
        name = row.site.name if row.site else names.get(row.unit_id or 0, "")
        tone, icon = _LOOKS[ExemplarState(row.state)]
        look = StateLook(str(ExemplarState(row.state).label), tone, icon)
        found.append(ExemplarRow(row, name, place, names.get(row.chooser_id, ""), look))
    return found


def newest_first(exemplars: ExemplarQuerySet) -> ExemplarQuerySet:
    """Order exemplars by the day on which anything last happened to them."""
    return exemplars.select_related("site").order_by(
        F("closed_on").desc(nulls_last=True), "-chosen_on", "-pk"
    )
