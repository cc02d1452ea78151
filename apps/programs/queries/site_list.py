"""The list of sites: narrowed, searched without accents and with slips, ordered, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from apps.accounts.models import User
from apps.core.prepared import Prepared
from apps.core.text import search_key
from apps.programs.models import (
    ModelField,
    ModelSite,
    ModelType,
    SiteParty,
    SiteTeam,
)
from apps.programs.models.sites import SiteQuerySet
from apps.programs.queries.types import ALIKE
from apps.programs.rules import IN_OPERATION, Amount, PartyRole, silent_quarters
from apps.units.models import Unit
from apps.units.queries import names_of, subtree_ids

OPERATING = "operating"
DEFAULT_ORDER = "ten"
_SHORTEST_SLIP = 3
# So few sites of a unit are asked for by their ids, found by index; else every site is read.
_FEW = 2000
_CODE = re.compile(r"mh[ -]?([0-9]{1,18})")
# Sites' own names, mostly those of their kinds, are compared only when no kind and no unit is like
# the word, and by their index alone: in one condition with the rest every site would be read.
_MOST_SLIPS = 1000


@dataclass(frozen=True, slots=True)
class SiteNarrowing:
    """What a person asked the list for; an empty value narrows nothing."""

    text: str = ""
    type_id: int | None = None
    field_id: int | None = None
    unit: Unit | None = None
    level: str = ""
    state: str = ""
    year: int | None = None
    coordinator: Unit | None = None
    silent: int = 0
    host_kind: str = ""
    order: str = DEFAULT_ORDER
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Meant:
    """The kinds and units that a piece of a search names."""

    type_ids: set[int] = field(default_factory=set)
    unit_ids: set[int] = field(default_factory=set)

    @property
    def sites(self) -> Q:
        """Match the sites of these; they are few, and asked for first."""
        return Q(model_type_id__in=self.type_ids) | Q(unit_id__in=self.unit_ids)


_MATCHING = """
SELECT asked.number, named.is_unit, named.id
  FROM unnest(%(texts)s) WITH ORDINALITY AS asked (text, number)
  JOIN (SELECT false AS is_unit, id, name_key AS name FROM programs_modeltype
        UNION ALL SELECT false, model_type_id, name_key FROM programs_modeltypealias
        UNION ALL SELECT true, unit_id, search_key FROM units_unitspan WHERE valid @> %(on)s
       ) AS named ON """
_TYPES = {"texts": "text[]", "on": "date"}
HOLDING = Prepared(f"{_MATCHING} strpos(named.name, asked.text) > 0", _TYPES)
ALIKE_NAMES = Prepared(f"{_MATCHING} word_similarity(asked.text, named.name) >= {ALIKE}", _TYPES)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site in the list with all that its columns may say."""

    site: ModelSite
    unit_name: str
    owners: list[str]
    coordinators: list[str]
    n_teams: int
    members: int | None
    qualifier: str
    silent: int


@dataclass(frozen=True, slots=True)
class SiteChoices:
    """What the filters of the list offer."""

    types: list[tuple[int, str]] = field(default_factory=list)
    fields: list[tuple[int, str]] = field(default_factory=list)
    merged: dict[int, int] = field(default_factory=dict)

    def type_meant(self, typed: str) -> str:
        """Return the kind that a kept filter means today: a merged one goes on as another."""
        while typed.isdecimal() and int(typed) in self.merged:
            typed = str(self.merged[int(typed)])
        return typed


def site_choices() -> SiteChoices:
    """Return the kinds and fields to choose from, in Vietnamese order."""
    rows = list(
        ModelType.objects.order_by("sort_key", "pk").values_list("pk", "name", "merged_into_id")
    )
    fields = ModelField.objects.order_by("order", "name").values_list("pk", "name")
    return SiteChoices(
        [(pk, name) for pk, name, into in rows if into is None],
        list(fields),
        {pk: into for pk, _, into in rows if into is not None},
    )


def listed_sites(user: User, on: date, narrowing: SiteNarrowing) -> SiteQuerySet:
    """Return the sites in a user's scope that the filters leave, without order.

    A search takes what holds the text, else what holds each of its words, else what is like each
    of them, else what is like the text as a whole: the first of these that finds anything.
    """
    sites = _narrowed(ModelSite.objects.visible_to(user, on), on, narrowing)
    key = search_key(narrowing.text)
    if not key:
        return sites
    if code := _CODE.fullmatch(key):
        return sites.filter(pk=int(code[1]))
    words = list(dict.fromkeys(key.split(" ")))
    texts = list(dict.fromkeys([key, *words]))
    held = _named(HOLDING, texts, on)
    for some in [[key], words] if len(texts) > 1 else [[key]]:
        found = sites.filter(*(_holding(text, held[text]) for text in some))
        if found.exists():
            return found
    for some in [words, [key]] if len(texts) > 1 else [[key]]:
        like = held | _named(ALIKE_NAMES, [t for t in some if len(t) >= _SHORTEST_SLIP], on)
        found = sites.filter(*(_alike(text, like[text]) for text in some))
        if found.exists():
            return found
    return sites.none()


def in_order(sites: SiteQuerySet, narrowing: SiteNarrowing, on: date) -> SiteQuerySet:
    """Put sites in the order that was asked for; equal ones by name."""
    if narrowing.order == "don_vi":
        days = Q(unit__spans__valid__contains=on)
        sites = sites.alias(span=FilteredRelation("unit__spans", condition=days))
    key = F(_ORDERS.get(narrowing.order, "sort_key"))
    first = key.desc(nulls_last=True) if narrowing.is_descending else key.asc(nulls_last=True)
    if narrowing.order not in _ORDERS:
        by_id = "-pk" if narrowing.is_descending else "pk"
        return sites.order_by("-sort_key" if narrowing.is_descending else "sort_key", by_id)
    return sites.order_by(first, "sort_key", "pk")


def site_rows(ids: Sequence[int], on: date) -> list[SiteRow]:
    """Return sites in the order of their ids, with parties, teams and names: two queries.

    A list orders and cuts ids alone: parties and teams of every site before the page would
    otherwise be fetched, and thrown away.
    """
    teams = SiteTeam.objects.alive_on(on).filter(site_id=OuterRef("pk"))
    parties = SiteParty.objects.filter(site_id=OuterRef("pk")).order_by("pk")
    sites = ModelSite.objects.filter(pk__in=ids).select_related("model_type__field")
    by_id = sites.annotate(
        shown_parties=ArraySubquery(parties.values(pair=JSONObject(unit="unit_id", role="role"))),
        shown_teams=ArraySubquery(
            teams.values(count=JSONObject(n="n_teams", members="members", how="qualifier"))
        ),
    ).in_bulk()
    found = [by_id[pk] for pk in ids if pk in by_id]
    units = {site.unit_id for site in found}
    units |= {party["unit"] for site in found for party in getattr(site, "shown_parties", ())}
    names = names_of(units, on)
    return [_row(site, names, on) for site in found]


def silent_before(on: date, quarters: int) -> date:
    """Return the day before which the last news must lie for so many silent quarters."""
    quarter = on.year * 4 + (on.month - 1) // 3 - quarters
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


_ORDERS = {
    "don_vi": "span__sort_key",
    "loai": "model_type__sort_key",
    "ra_mat": "launched_on",
    "tin": "last_news_on",
}


def _narrowed(sites: SiteQuerySet, on: date, narrowing: SiteNarrowing) -> SiteQuerySet:
    """Apply every filter but the search."""
    plain = {
        "model_type_id": narrowing.type_id,
        "model_type__field_id": narrowing.field_id,
        "level": narrowing.level,
        "launched_on__year": narrowing.year,
        "host_kind": narrowing.host_kind,
    }
    sites = sites.filter(**{name: value for name, value in plain.items() if value})
    if narrowing.state:
        wanted = IN_OPERATION if narrowing.state == OPERATING else (narrowing.state,)
        sites = sites.filter(state__in=wanted)
    if narrowing.silent:
        before = silent_before(on, narrowing.silent)
        sites = sites.filter(state__in=IN_OPERATION, last_news_on__lt=before)
    if narrowing.unit:
        below = subtree_ids(narrowing.unit, on)
        there = ModelSite.objects.filter(unit_id__in=below).values_list("pk")
        owned = _taking_part(PartyRole.OWNER).filter(unit_id__in=below).values_list("site_id")
        either = there.union(owned).values_list("pk", flat=True)
        ids = list(either[: _FEW + 1])
        sites = sites.filter(pk__in=ids if len(ids) <= _FEW else either)
    if narrowing.coordinator:
        helped = _taking_part(PartyRole.COORDINATOR).filter(unit=narrowing.coordinator)
        sites = sites.filter(pk__in=helped.values("site_id"))
    return sites


def _taking_part(role: PartyRole) -> QuerySet[SiteParty]:
    """Return the parties of one role."""
    return SiteParty.objects.filter(role=role)


def _named(matching: Prepared, texts: Sequence[str], on: date) -> dict[str, Meant]:
    """Return the kinds and units that each text names, in one query for all texts."""
    meant = {text: Meant() for text in texts}
    for number, is_unit, pk in matching.rows({"texts": list(texts), "on": on}):
        found = meant[texts[number - 1]]
        (found.unit_ids if is_unit else found.type_ids).add(pk)
    return meant


def _holding(key: str, meant: Meant) -> Q:
    """Match a piece of text in the name of site, kind or unit, or another spelling of the kind."""
    return Q(name_key__contains=key) | meant.sites


def _alike(key: str, meant: Meant) -> Q:
    """Match what is like one of these names: a typing slip; a very short word must be there."""
    if len(key) < _SHORTEST_SLIP:
        return _holding(key, meant)
    if meant.type_ids or meant.unit_ids:
        return meant.sites
    own = ModelSite.objects.filter(name_key__trigram_word_similar=key).values_list("pk", flat=True)
    return Q(pk__in=list(own[:_MOST_SLIPS]))


def _row(site: ModelSite, names: dict[int, str], on: date) -> SiteRow:
    """Put one site in words."""
    parties: Sequence[dict[str, Any]] = getattr(site, "shown_parties", ())
    teams: Sequence[dict[str, Any]] = getattr(site, "shown_teams", ())
    members = [team["members"] for team in teams if team["members"] is not None]
    qualifiers = {team["how"] for team in teams if team["members"] is not None}
    return SiteRow(
        site=site,
        unit_name=names.get(site.unit_id, ""),
        owners=[names.get(p["unit"], "") for p in parties if p["role"] == PartyRole.OWNER],
        coordinators=[
            names.get(p["unit"], "") for p in parties if p["role"] == PartyRole.COORDINATOR
        ],
        n_teams=sum(team["n"] for team in teams),
        members=sum(members) if members else None,
        qualifier=max(qualifiers, default=Amount.EXACT),
        silent=silent_quarters(site.last_news_on, on) if site.state in IN_OPERATION else 0,
    )
