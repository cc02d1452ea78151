"""Which units a programme can be sent to, and which of them a choice means."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.numbers import format_number
from apps.core.text import sort_key
from apps.programs.models import Program
from apps.units.models import BlockMember, Unit, UnitSpan
from apps.units.models.tree import UnitQuerySet
from apps.units.queries import names_of
from apps.units.rules import UnitKind

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SendingPreview:
    """What a sending would do: the units that are new, by name, and how many have it already."""

    units: list[Unit]
    names: list[str]
    n_known: int


def units_for_sending(user: User, on: date) -> UnitQuerySet:
    """Return the units a user may send a programme to: alive, and in his scope as a manager."""
    return Unit.objects.visible_to(user, on, Permission.REGISTER_MANAGE).alive_on(on)


def kinds_in_scope(scope: UnitQuerySet, on: date) -> list[Choice]:
    """Return the kinds of unit in a scope with how many there are."""
    spans = UnitSpan.objects.alive_on(on).filter(unit__in=scope).values("kind").order_by()
    counts = dict(spans.annotate(n=Count("pk")).values_list("kind", "n"))
    return [
        (kind.value, f"{kind.label} ({format_number(counts[kind.value])})")
        for kind in UnitKind
        if kind.value in counts
    ]


def blocks_in_scope(scope: UnitQuerySet, on: date) -> list[Choice]:
    """Return the blocks that have members in a scope, with how many."""
    rows = (
        BlockMember.objects.alive_on(on)
        .filter(unit__in=scope)
        .values("block_id", "block__name", "block__sort_key")
        .annotate(n=Count("pk"))
        .order_by("block__sort_key", "block_id")
    )
    return [
        (str(row["block_id"]), f"{row['block__name']} ({format_number(row['n'])})") for row in rows
    ]


def units_meant(
    scope: UnitQuerySet,
    kinds: Collection[str],
    blocks: Collection[str],
    units: Collection[Unit],
    on: date,
) -> list[Unit]:
    """Return the units that kinds, blocks and single units mean together, each once."""
    of_kind = UnitSpan.objects.alive_on(on).filter(kind__in=kinds).values("unit_id")
    members = BlockMember.objects.alive_on(on).filter(block_id__in=blocks).values("unit_id")
    chosen = Q(pk__in=of_kind) | Q(pk__in=members) | Q(pk__in=[unit.pk for unit in units])
    return list(scope.filter(chosen).order_by("pk"))


def sending_preview(program: Program, units: Collection[Unit], on: date) -> SendingPreview:
    """Return what sending a programme to these units would do."""
    known = set(program.recipients.values_list("unit_id", flat=True))
    fresh = [unit for unit in units if unit.pk not in known]
    names = names_of([unit.pk for unit in fresh], on)
    ordered = sorted(fresh, key=lambda unit: (sort_key(names.get(unit.pk, unit.code)), unit.pk))
    return SendingPreview(
        units=ordered,
        names=[names.get(unit.pk, unit.code) for unit in ordered],
        n_known=len(units) - len(fresh),
    )
