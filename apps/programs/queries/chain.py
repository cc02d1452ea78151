"""Tell the life of a site, and the family that grew from it by replication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from apps.accounts.models import User
from apps.programs.models import (
    Exemplar,
    MinistryReferral,
    ModelSite,
    SiteMove,
    SiteRating,
)
from apps.programs.rules import STATE_TONES, SiteState
from apps.units.queries import names_of

MOST_NODES = 300
# Up to the first site, then down to all that came of it; a row can have one origin, so no cycle
# is left once UNION drops what was seen.
_FAMILY = """
    WITH RECURSIVE above AS (
        SELECT id, replicated_from_id FROM programs_modelsite WHERE id = %(site)s
        UNION
        SELECT s.id, s.replicated_from_id
        FROM programs_modelsite s JOIN above a ON s.id = a.replicated_from_id
    ), below AS (
        SELECT id FROM above WHERE replicated_from_id IS NULL
        UNION
        SELECT s.id FROM programs_modelsite s JOIN below b ON s.replicated_from_id = b.id
    )
    SELECT id FROM below
"""


@dataclass(frozen=True, slots=True)
class StateLook:
    """A state as a word with its colour and picture."""

    label: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Replica:
    """A site that grew from another, or that another grew from, with its place's name."""

    site: ModelSite
    unit_name: str
    look: StateLook


@dataclass(frozen=True, slots=True)
class SiteLife:
    """All that happened to one site."""

    moves: list[SiteMove]
    ratings: list[SiteRating]
    origin: Replica | None
    replicas: list[Replica]
    referrals: list[MinistryReferral]
    exemplars: list[Exemplar]


@dataclass(frozen=True, slots=True)
class ChainNode:
    """One site of a family; outside the reader's scope only the place has a name."""

    site: ModelSite
    unit_name: str
    depth: int
    parent: int | None
    look: StateLook
    is_here: bool
    is_open: bool


def look_of(state: str) -> StateLook:
    """Return how a state is shown."""
    known = SiteState(state)
    tone, icon = STATE_TONES[known]
    return StateLook(str(known.label), tone, icon)


def head_of(site: ModelSite, on: date) -> dict[str, object]:
    """Return what the head of every page about a site says: the site, its place, its state."""
    return {
        "site": site,
        "place_name": _names([site], on)[site.unit_id],
        "look": look_of(site.state),
    }


def site_life(site: ModelSite, on: date) -> SiteLife:
    """Return the moves, ratings, replicas, referrals and honours of a site (seven queries)."""
    moves = site.moves.select_related("by").order_by("-on", "-pk")
    ratings = site.ratings.select_related("level", "rated_by").order_by("-year")
    replicas = list(ModelSite.objects.kept().filter(replicated_from=site).order_by("pk"))
    origin = site.replicated_from
    names = _names([*replicas, *([origin] if origin else [])], on)
    return SiteLife(
        moves=list(moves),
        ratings=list(ratings.prefetch_related("marks__criterion")),
        origin=Replica(origin, names[origin.unit_id], look_of(origin.state)) if origin else None,
        replicas=[Replica(row, names[row.unit_id], look_of(row.state)) for row in replicas],
        referrals=list(site.referrals.order_by("-sent_on", "-pk")),
        exemplars=list(site.exemplars.order_by("-chosen_on", "-pk")),
    )


def family(site: ModelSite, user: User, on: date) -> list[ChainNode]:
    """Return the site's whole family as a tree, parents before children (four queries).

    Sites that were taken back are left out; what grew from them hangs where they hung.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, {"site": site.pk})
        ids = [row[0] for row in cursor.fetchall()]
    rows = {row.pk: row for row in ModelSite.objects.filter(pk__in=ids)}
    seen = set(
        ModelSite.objects.visible_to(user, on).filter(pk__in=ids).values_list("pk", flat=True)
    )
    names = _names(list(rows.values()), on)
    nodes: list[ChainNode] = []
    for row, depth, parent in _in_tree_order(rows):
        nodes.append(
            ChainNode(
                site=row,
                unit_name=names[row.unit_id],
                depth=depth,
                parent=parent,
                look=look_of(row.state),
                is_here=row.pk == site.pk,
                is_open=row.pk in seen,
            )
        )
    return nodes


def _in_tree_order(rows: dict[int, ModelSite]) -> list[tuple[ModelSite, int, int | None]]:
    """Return kept rows depth first, with their depth and the position of their parent."""
    children: dict[int | None, list[ModelSite]] = {}
    for row in sorted(rows.values(), key=lambda r: (r.launched_on or date.max, r.pk), reverse=True):
        children.setdefault(row.replicated_from_id, []).append(row)
    ordered: list[tuple[ModelSite, int, int | None]] = []
    waiting: list[tuple[ModelSite, int, int | None]] = [(r, 0, None) for r in children[None]]
    while waiting:
        row, depth, parent = waiting.pop()
        if row.removed_at is None:
            ordered.append((row, depth, parent))
            depth, parent = depth + 1, len(ordered) - 1
        waiting += [(child, depth, parent) for child in children.get(row.pk, [])]
    return ordered


def _names(sites: Sequence[ModelSite], on: date) -> dict[int, str]:
    """Return what the places of sites are called on a day."""
    ids = {site.unit_id for site in sites}
    known = names_of(ids, on) if ids else {}
    return {unit_id: known.get(unit_id, f"Đơn vị {unit_id}") for unit_id in ids}
