"""Find kinds of models by what people call them: accents, capitals and slips forgiven."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    FloatField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from apps.core.text import search_key
from apps.programs.models import ModelSite, ModelType, ModelTypeAlias
from apps.programs.models.sites import SiteQuerySet
from apps.programs.models.types import ModelTypeQuerySet
from apps.units.rules import END_OF_TIME

# Below this two names are not alike; measured on the loaded names and their usual slips.
ALIKE = 0.45


def find_type(name: str) -> ModelType | None:
    """Return the kind of this name or other spelling; a merged one is found under its new name."""
    return types_by_key([name]).get(search_key(name))


def types_by_key(names: Iterable[str]) -> dict[str, ModelType]:
    """Return the kinds behind many names by the names' search keys, in one query."""
    keys = {search_key(name) for name in names} - {""}
    called = ModelTypeAlias.objects.filter(name_key__in=keys)
    types = ModelType.objects.in_use().filter(
        Q(name_key__in=keys) | Exists(called.filter(model_type_id=OuterRef("pk")))
    )
    known = Q(aliases__name_key__in=keys)
    rows: QuerySet[Any] = types.annotate(
        alias_keys=ArrayAgg("aliases__name_key", filter=known, default=Value([]))
    ).select_related("field")
    found: dict[str, ModelType] = {}
    for row in rows:
        for key in keys.intersection([row.name_key, *row.alias_keys]):
            found[key] = row
    return found


def similar_types(text: str, limit: int = 5) -> list[ModelType]:
    """Return the kinds whose name or other spelling is like a text, the likest first.

    A name that holds the whole text counts as much as a slip: while somebody types, only the
    beginning is there.
    """
    key = search_key(text)
    if not key:
        return []
    return list(alike(ModelType.objects.in_use(), key).select_related("field")[:limit])


def alike(types: ModelTypeQuerySet, key: str) -> ModelTypeQuerySet:
    """Keep the kinds like a search key, the likest first."""
    own = Greatest(TrigramSimilarity("name_key", key), TrigramWordSimilarity(key, "name_key"))
    other = Greatest(
        TrigramSimilarity("aliases__name_key", key), TrigramWordSimilarity(key, "aliases__name_key")
    )
    holds = Q(name_key__contains=key) | Q(aliases__name_key__contains=key)
    likeness = Greatest(
        own,
        Coalesce(Max(other), 0.0, output_field=FloatField()),
        Max(Case(When(holds, then=Value(1.0)), default=Value(0.0))),
    )
    return (
        types.annotate(likeness=likeness)
        .filter(likeness__gte=ALIKE)
        .order_by(F("likeness").desc(), "sort_key", "pk")
    )


def merge_clashes(source: ModelType, target: ModelType, limit: int = 20) -> list[ModelSite]:
    """Return sites of a kind that work where, and while, a site of the other kind does."""
    until = Coalesce("ended_on", Value(END_OF_TIME, output_field=DateField()))
    there = (
        ModelSite.objects.kept()
        .alias(until=until)
        .filter(
            model_type=target,
            unit_id=OuterRef("unit_id"),
            place_key=OuterRef("place_key"),
            launched_on__lt=OuterRef("until"),
            until__gt=OuterRef("launched_on"),
        )
    )
    sites = ModelSite.objects.kept().filter(model_type=source, launched_on__isnull=False)
    clashing = sites.alias(until=until).filter(Exists(there))
    return list(clashing.order_by("sort_key", "pk")[:limit])


def family_of(model_type: ModelType) -> list[int]:
    """Return the ids of a kind and of every kind that was merged into it, however long ago."""
    ids, newest = [model_type.pk], [model_type.pk]
    while newest:
        merged = ModelType.objects.filter(merged_into_id__in=newest).exclude(pk__in=ids)
        newest = list(merged.values_list("pk", flat=True))
        ids += newest
    return ids


def type_in_use(model_type: ModelType) -> ModelType:
    """Return the kind under whose name a merged one goes on."""
    while model_type.merged_into is not None:
        model_type = model_type.merged_into
    return model_type


def search_types(types: ModelTypeQuerySet, text: str) -> ModelTypeQuerySet:
    """Narrow kinds to those whose name or spelling holds a text; when none does, to the alike."""
    key = search_key(text)
    if not key:
        return types.order_by("sort_key", "pk")
    called = ModelTypeAlias.objects.filter(name_key__contains=key).values("model_type_id")
    found = types.filter(Q(name_key__contains=key) | Q(pk__in=called))
    if found.exists():
        return found.order_by("sort_key", "pk")
    return alike(types, key)


def operating_counts(type_ids: Collection[int], sites: SiteQuerySet, on: date) -> dict[int, int]:
    """Return how many of the sites work on a day, by kind."""
    rows = sites.operating_on(on).filter(model_type_id__in=type_ids)
    return dict(rows.order_by().values_list("model_type_id").annotate(n=Count("pk")))
