"""Name kinds of models once: new kinds, other spellings, merging and its undoing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.audit.services import record_action
from apps.core.text import nfc, nfc_lines, search_key, sort_key
from apps.programs.models import ModelField, ModelSite, ModelType, ModelTypeAlias
from apps.programs.queries.types import find_type, merge_clashes
from apps.programs.services.refusals import RegisterRefused, refusing_by_name

MERGED = "programs.types_merged"


@dataclass(frozen=True, slots=True)
class NewType:
    """What is known about a kind of model."""

    name: str
    field: ModelField
    host_kind: str
    description: str = ""
    source: str = ""

    def columns(self) -> dict[str, object]:
        """Return the values of the table's columns."""
        name = nfc(self.name)
        return {
            "name": name,
            "name_key": search_key(name),
            "sort_key": sort_key(name),
            "field": self.field,
            "host_kind": self.host_kind,
            "description": nfc_lines(self.description),
            "source": nfc(self.source),
        }


@transaction.atomic
def create_type(*, new: NewType, by: User | None, at: datetime) -> ModelType:
    """Open a kind of model; a name that is in use, or an other spelling of one, is refused."""
    _refuse_taken(new.name, None)
    with refusing_by_name():
        made = ModelType.objects.create(created_at=at, created_by=by, **new.columns())
    record_action(
        action="programs.type_created", by=by, at=at, target=made, detail={"name": made.name}
    )
    return made


@transaction.atomic
def change_type(*, model_type: ModelType, new: NewType, by: User | None, at: datetime) -> ModelType:
    """Correct a kind; its old name stays findable as an other spelling."""
    _refuse_merged(model_type)
    _refuse_taken(new.name, model_type)
    old_name, old_key, columns = model_type.name, model_type.name_key, new.columns()
    for name, value in columns.items():
        setattr(model_type, name, value)
    with refusing_by_name():
        model_type.save(update_fields=list(columns))
        ModelTypeAlias.objects.filter(name_key=model_type.name_key).delete()
        if model_type.name_key != old_key:
            ModelTypeAlias.objects.create(model_type=model_type, name=old_name, name_key=old_key)
    detail = {"name": model_type.name, "old_name": old_name}
    record_action(action="programs.type_changed", by=by, at=at, target=model_type, detail=detail)
    return model_type


@transaction.atomic
def add_alias(*, model_type: ModelType, name: str, by: User | None, at: datetime) -> ModelTypeAlias:
    """Let a kind be found under one more spelling."""
    _refuse_merged(model_type)
    _refuse_taken(name, None)
    with refusing_by_name():
        alias = ModelTypeAlias.objects.create(
            model_type=model_type, name=nfc(name), name_key=search_key(name)
        )
    detail = {"alias": alias.name}
    record_action(action="programs.alias_added", by=by, at=at, target=model_type, detail=detail)
    return alias


@transaction.atomic
def remove_alias(*, alias: ModelTypeAlias, by: User | None, at: datetime) -> None:
    """Take back a spelling that was wrong."""
    kind, detail = alias.model_type, {"alias": alias.name}
    alias.delete()
    record_action(action="programs.alias_removed", by=by, at=at, target=kind, detail=detail)


@transaction.atomic
def merge_types(
    *, source: ModelType, target: ModelType, by: User | None, at: datetime
) -> ModelType:
    """Let one kind go on under another's name, with its sites; its own name becomes a spelling."""
    source, target = _locked(source, target)
    clashes = merge_clashes(source, target, limit=5)
    if clashes:
        named = "; ".join(f"{site.name} ({site.code})" for site in clashes)
        raise RegisterRefused(
            f"Không gộp được: cùng đơn vị, cùng nơi đã có điểm của “{target.name}” hoạt động. "
            f"Xem lại: {named}."
        )
    spellings = list(source.aliases.values_list("pk", flat=True))
    moved = list(ModelSite.objects.filter(model_type=source).values_list("pk", flat=True))
    with refusing_by_name():
        ModelSite.objects.filter(pk__in=moved).update(**_under(target, by, at))
        ModelTypeAlias.objects.filter(pk__in=spellings).update(model_type=target)
        ModelTypeAlias.objects.create(model_type=target, name=source.name, name_key=source.name_key)
        source.merged_into, source.merged_at = target, at
        source.save(update_fields=["merged_into", "merged_at"])
    detail = {"into": target.pk, "sites": moved, "spellings": spellings}
    record_action(action=MERGED, by=by, at=at, target=source, detail=detail)
    return target


@transaction.atomic
def undo_merge(*, source: ModelType, by: User | None, at: datetime) -> int:
    """Take a merge back with the sites that it moved, as they are now; count them.

    Sites that came under the common name later stay there, as do those that were since given
    another kind by hand.
    """
    source = ModelType.objects.select_for_update().get(pk=source.pk)
    target = source.merged_into
    if target is None:
        raise RegisterRefused("Loại mô hình này không ở trạng thái đã gộp.")
    entry = _merge_entry(source)
    if target.merged_into_id or entry is None:
        raise RegisterRefused(
            f"Không hoàn tác được: “{target.name}” đã được gộp tiếp. Hãy tách lại loại đó trước."
        )
    sites = ModelSite.objects.filter(pk__in=entry.detail["sites"], model_type=target)
    with refusing_by_name():
        ModelTypeAlias.objects.filter(model_type=target, name_key=source.name_key).delete()
        moved_back = ModelTypeAlias.objects.filter(pk__in=entry.detail.get("spellings", ()))
        moved_back.update(model_type=source)
        source.merged_into = source.merged_at = None
        source.save(update_fields=["merged_into", "merged_at"])
        n_sites = sites.update(**_under(source, by, at))
    detail = {"from": target.pk, "sites": n_sites}
    record_action(action="programs.type_merge_undone", by=by, at=at, target=source, detail=detail)
    return n_sites


def _locked(source: ModelType, target: ModelType) -> tuple[ModelType, ModelType]:
    """Hold both kinds until the end, in one order for everybody; both must stand alone."""
    if source.pk == target.pk:
        raise RegisterRefused("Chọn một loại mô hình khác để gộp vào.", "target")
    pair = ModelType.objects.filter(pk__in=[source.pk, target.pk])
    rows = {row.pk: row for row in pair.order_by("pk").select_for_update()}
    for row in rows.values():
        _refuse_merged(row)
    return rows[source.pk], rows[target.pk]


def _under(target: ModelType, by: User | None, at: datetime) -> dict[str, object]:
    """Return the columns of sites that come under a kind; open pages notice it."""
    return {
        "model_type": target,
        "updated_at": at,
        "updated_by": by,
        "lock_version": F("lock_version") + 1,
    }


def _merge_entry(source: ModelType) -> AuditEntry | None:
    """Return what the log says about the merge that holds."""
    entries = AuditEntry.objects.filter(
        action=MERGED, target_type=source._meta.label_lower, target_id=str(source.pk)
    )
    return entries.order_by("-pk").first()


def _refuse_taken(name: str, own: ModelType | None) -> None:
    """Refuse a name that already means another kind."""
    holder = find_type(name)
    if holder is None or holder == own:
        return
    if holder.name_key == search_key(name):
        raise RegisterRefused(f"Đã có loại mô hình “{holder.name}”. Hãy dùng loại đó.", "name")
    raise RegisterRefused(
        f"“{nfc(name)}” là tên gọi khác của loại mô hình “{holder.name}”. Hãy dùng loại đó.", "name"
    )


def _refuse_merged(model_type: ModelType) -> None:
    """Refuse a change of a kind that no longer stands alone."""
    if model_type.merged_into_id:
        raise RegisterRefused("Loại mô hình này đã được gộp vào loại khác.")
