"""Load fields, kinds of models, their other spellings, and the scale and criteria of ratings.

What is missing is added; what people changed in the Django admin stays as they left it unless the
loading is told to overwrite. A kind that was merged into another never comes back: its name is
known. Nothing is ever deleted here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.text import nfc, search_key, sort_key
from apps.programs.models import (
    ModelField,
    ModelType,
    ModelTypeAlias,
    RatingCriterion,
    RatingLevel,
)
from apps.programs.rules import HostKind

Row = Mapping[str, str]
M = TypeVar("M", bound=models.Model)

YES_OR_NO = {"yes": True, "no": False}


class ModelsReferenceUnreadable(DomainError):
    """A reference file about models says something that the portal cannot read."""


@dataclass(frozen=True, slots=True)
class ModelRows:
    """The rows of the files about models."""

    fields: Sequence[Row]
    types: Sequence[Row]
    aliases: Sequence[Row]
    levels: Sequence[Row]
    criteria: Sequence[Row]


@transaction.atomic
def load_models_reference(
    *, rows: ModelRows, by: User | None, at: datetime, overwrite: bool = False
) -> int:
    """Add fields, kinds, other names, rating levels and criteria; return how many rows are new."""
    fields, levels = [_field(row) for row in rows.fields], [_level(row) for row in rows.levels]
    criteria = [_criterion(row) for row in rows.criteria]
    added = _put(fields, overwrite, ["name", "is_sensitive", "order"])
    added += _put(levels, overwrite, ["name", "order", "is_verified", "mark", "source"])
    added += _put(criteria, overwrite, ["name", "order", "source"])
    added += _put_types(rows.types, overwrite, at)
    added += _put_aliases(rows.aliases)
    if added or overwrite:
        detail = {"added": added, "overwrite": overwrite}
        record_action(action="programs.models_reference_loaded", by=by, at=at, detail=detail)
    return added


def _put(rows: Sequence[M], overwrite: bool, told: list[str]) -> int:
    """Insert the rows whose code is new and, when told to, set the others to what the file says."""
    if not rows:
        return 0
    manager = type(rows[0])._default_manager
    before = manager.count()
    if overwrite:
        manager.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=told)
    else:
        manager.bulk_create(rows, ignore_conflicts=True)
    return manager.count() - before


def _put_types(rows: Sequence[Row], overwrite: bool, at: datetime) -> int:
    fields = {field.code: field for field in ModelField.objects.all()}
    wanted = {search_key(row["name"]): _type(row, fields, at) for row in rows}
    if len(wanted) < len(rows):
        raise ModelsReferenceUnreadable("Tệp model_types.csv có hai dòng trùng tên.")
    named = ModelType.objects.filter(name_key__in=wanted).values_list("name_key", flat=True)
    spelled = ModelTypeAlias.objects.filter(name_key__in=wanted).values_list("name_key", flat=True)
    known = {*named, *spelled}
    fresh = [kind for key, kind in wanted.items() if key not in known]
    ModelType.objects.bulk_create(fresh)
    if overwrite:
        for kind in ModelType.objects.in_use().filter(name_key__in=wanted):
            told = wanted[kind.name_key]
            kind.name, kind.sort_key = told.name, told.sort_key
            kind.field, kind.host_kind, kind.source = told.field, told.host_kind, told.source
            kind.save(update_fields=["name", "sort_key", "field", "host_kind", "source"])
    return len(fresh)


def _put_aliases(rows: Sequence[Row]) -> int:
    """Add other spellings of kinds in use; a spelling that is a kind's own name is left out."""
    keys = {search_key(row["model_type"]) for row in rows}
    kinds = {kind.name_key: kind for kind in ModelType.objects.in_use().filter(name_key__in=keys)}
    taken = set(ModelType.objects.values_list("name_key", flat=True))
    taken |= set(ModelTypeAlias.objects.values_list("name_key", flat=True))
    wanted = [
        ModelTypeAlias(
            model_type=kinds[search_key(row["model_type"])],
            name=nfc(row["name"]),
            name_key=search_key(row["name"]),
        )
        for row in rows
        if search_key(row["model_type"]) in kinds
    ]
    fresh = [alias for alias in wanted if alias.name_key not in taken]
    ModelTypeAlias.objects.bulk_create(fresh)
    return len(fresh)


def _flag(text: str) -> bool:
    if text not in YES_OR_NO:
        raise ModelsReferenceUnreadable(f"“{text}” không phải là yes hoặc no.")
    return YES_OR_NO[text]


def _field(row: Row) -> ModelField:
    return ModelField(
        code=row["code"],
        name=row["name"],
        is_sensitive=_flag(row["is_sensitive"]),
        order=int(row["order"]),
    )


def _level(row: Row) -> RatingLevel:
    return RatingLevel(
        code=row["code"],
        name=row["name"],
        order=int(row["order"]),
        is_verified=_flag(row["is_verified"]),
        mark=row["mark"],
        source=row["source"],
    )


def _criterion(row: Row) -> RatingCriterion:
    return RatingCriterion(
        code=row["code"], name=row["name"], order=int(row["order"]), source=row["source"]
    )


def _type(row: Row, fields: Mapping[str, ModelField], at: datetime) -> ModelType:
    if row["field"] not in fields or row["host_kind"] not in HostKind.values:
        raise ModelsReferenceUnreadable(
            f"Loại mô hình “{row['name']}”: lĩnh vực hoặc nơi áp dụng không có trong danh mục."
        )
    return ModelType(
        name=nfc(row["name"]),
        name_key=search_key(row["name"]),
        sort_key=sort_key(row["name"]),
        field=fields[row["field"]],
        host_kind=row["host_kind"],
        source=row["source"],
        created_at=at,
    )
