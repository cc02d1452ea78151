"""Change many sites at once: shown row by row first, written together, taken back again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.numbers import format_number
from apps.core.text import nfc_lines
from apps.core.uploads import CleanUpload
from apps.desk.models import ImportBatch
from apps.desk.rules import ImportState
from apps.desk.services import (
    ImportNotPossible,
    apply_import,
    open_import,
    refuse_unless_previewed,
    undo_import,
)
from apps.programs.models import ModelSite, SiteParty
from apps.programs.queries.life import changeable_sites
from apps.programs.rules import HostKind, Level, PartyRole, day_to_exist
from apps.units.models import Unit, UnitSpan
from apps.units.queries import names_of

BULK_KIND = "programs.sites_bulk"
MOST_SITES = 5_000
_WORDS: dict[str, dict[str, str]] = {
    "level": {value: str(label) for value, label in Level.choices},
    "host_kind": {value: str(label) for value, label in HostKind.choices},
}


class BulkRefused(DomainError):
    """Many sites cannot be changed so."""


class BulkChangedMeanwhile(BulkRefused):
    """Some of the sites are no longer what was shown."""


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What to change in every site; an empty value changes nothing."""

    level: str = ""
    host_kind: str = ""
    coordinator_ids: tuple[int, ...] = ()
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all would change."""
        return not any(asdict(self).values())


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What becomes of one field of a site; `hindrance` says why nothing can."""

    label: str
    old: str
    new: str
    hindrance: str = ""


@dataclass(slots=True)
class BulkLine:
    """What becomes of one site."""

    site: ModelSite
    changes: list[FieldChange] = field(default_factory=list)
    added: list[int] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Tell whether anything of the site changes."""
        return any(not change.hindrance for change in self.changes)


@dataclass(frozen=True, slots=True)
class BulkUndone:
    """What taking a bulk change back came to."""

    restored: int
    kept: list[ModelSite]


@transaction.atomic
def open_bulk_edit(
    *, site_ids: Sequence[int], change: BulkChange, by: User, at: datetime
) -> ImportBatch:
    """Keep what is to become of some sites, to show it before anything is written."""
    if change.is_empty:
        raise BulkRefused("Chưa chọn nội dung nào để sửa.")
    if len(site_ids) > MOST_SITES:
        raise BulkRefused(f"Mỗi lần chỉ sửa tối đa {format_number(MOST_SITES)} điểm. Hãy lọc bớt.")
    sites = _mine(by, at).filter(pk__in=site_ids).order_by("sort_key", "pk")
    versions = _versions(sites)
    if not versions:
        raise BulkRefused("Không có điểm nào trong số đã chọn mà bạn được sửa.")
    summary = {"change": asdict(change), "versions": versions}
    content = json.dumps(summary, sort_keys=True).encode()
    name = f"Sửa {len(versions)} điểm mô hình"
    upload = CleanUpload(name, content, "application/json", hashlib.sha256(content).hexdigest())
    return open_import(kind=BULK_KIND, upload=upload, summary=summary, by=by, at=at)


def plan_bulk_edit(batch: ImportBatch, on: date) -> list[BulkLine]:
    """Say what becomes of every site of a kept change, in a constant number of queries."""
    change = change_of(batch)
    ids = [pk for pk, _ in batch.summary["versions"]]
    sites = list(ModelSite.objects.kept().filter(pk__in=ids).order_by("sort_key", "pk"))
    names = names_of(change.coordinator_ids, on)
    taking_part = set(
        SiteParty.objects.filter(site__in=sites, unit__in=change.coordinator_ids).values_list(
            "site_id", "unit_id"
        )
    )
    spans = UnitSpan.objects.filter(unit_id__in=change.coordinator_ids)
    lives = [(span.unit_id, span.valid_from, span.valid_to) for span in spans]
    lines = []
    for site in sites:
        line = BulkLine(site, _plain_changes(site, change))
        for unit_id in change.coordinator_ids:
            if (site.pk, unit_id) not in taking_part:
                _add_party(line, unit_id, names.get(unit_id, ""), lives, on)
        lines.append(line)
    return lines


@transaction.atomic
def apply_bulk_edit(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Write a shown change, or nothing when a site has changed since it was shown."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_unless_previewed(locked)
    wanted = {(pk, version) for pk, version in locked.summary["versions"]}
    ids = [pk for pk, _ in wanted]
    mine = _mine(by, at).filter(pk__in=ids).values_list("pk", flat=True)
    rows = ModelSite.objects.filter(pk__in=mine).order_by("pk").select_for_update()
    gone = len(wanted - set(rows.values_list("pk", "lock_version")))
    if gone:
        raise BulkChangedMeanwhile(
            f"Chưa sửa: {gone} điểm đã thay đổi sau khi xem trước. Bảng dưới là hiện trạng mới; "
            "xem lại rồi bấm sửa lần nữa."
        )
    lines = [line for line in plan_bulk_edit(locked, timezone.localdate(at)) if line.is_changed]
    before = [_remembered(line) for line in lines]
    _write(lines, change_of(locked), by, at)
    applied = apply_import(batch=locked, summary=locked.summary | {"before": before}, by=by, at=at)
    detail = {"change": locked.summary["change"], "sites": [line.site.pk for line in lines]}
    record_action(action="programs.sites_bulk_edited", by=by, at=at, target=applied, detail=detail)
    return applied


@transaction.atomic
def renew_bulk_edit(*, batch: ImportBatch, by: User, at: datetime) -> None:
    """Take what others made of the sites since the preview as seen; what is gone drops out."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_unless_previewed(locked)
    ids = [pk for pk, _ in locked.summary["versions"]]
    versions = _versions(_mine(by, at).filter(pk__in=ids).order_by("sort_key", "pk"))
    ImportBatch.objects.filter(pk=locked.pk).update(summary=locked.summary | {"versions": versions})


@transaction.atomic
def undo_bulk_edit(*, batch: ImportBatch, by: User, at: datetime) -> BulkUndone:
    """Give every site back what it had; a site that was changed since keeps what it has."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != ImportState.APPLIED:
        raise ImportNotPossible("Chỉ hoàn tác được lần sửa đã ghi và chưa hoàn tác.")
    before = {row["pk"]: row for row in locked.summary["before"]}
    sites = ModelSite.objects.filter(pk__in=before).order_by("pk").select_for_update()
    kept: list[ModelSite] = []
    restored: list[ModelSite] = []
    for site in sites:
        row = before[site.pk]
        is_same = site.removed_at is None and site.lock_version == row["version"]
        (restored if is_same else kept).append(site)
    if not restored:
        raise ImportNotPossible("Không hoàn tác được: mọi điểm đều đã có người sửa tiếp.")
    added = [(site.pk, unit) for site in restored for unit in before[site.pk]["added"]]
    for site in restored:
        row = before[site.pk]
        site.level, site.host_kind, site.note = row["level"], row["host_kind"], row["note"]
    _save(restored, by, at)
    gone = SiteParty.objects.filter(site__in=restored, role=PartyRole.COORDINATOR)
    gone.filter(pk__in=_party_ids(gone, set(added))).delete()
    kept_ids = [site.pk for site in kept]
    ImportBatch.objects.filter(pk=locked.pk).update(summary=locked.summary | {"kept": kept_ids})
    undone = undo_import(batch=locked, by=by, at=at)
    detail = {"restored": [site.pk for site in restored], "kept": kept_ids}
    record_action(
        action="programs.sites_bulk_edit_undone", by=by, at=at, target=undone, detail=detail
    )
    return BulkUndone(len(restored), kept)


def change_of(batch: ImportBatch) -> BulkChange:
    """Return the change that was kept."""
    kept: dict[str, Any] = batch.summary["change"]
    return BulkChange(**kept | {"coordinator_ids": tuple(kept["coordinator_ids"])})


def _mine(by: User, at: datetime) -> QuerySet[ModelSite]:
    """Return the sites a person may change."""
    return changeable_sites(by, timezone.localdate(at), Permission.REGISTER_ENTER)


def _versions(sites: QuerySet[ModelSite]) -> list[list[int]]:
    """Return which sites are meant and the state of each, as JSON holds it."""
    return [list(pair) for pair in sites.values_list("pk", "lock_version")]


def _plain_changes(site: ModelSite, change: BulkChange) -> list[FieldChange]:
    """Return what becomes of level, place of use and note."""
    changes = []
    for name, label in (("level", "Cấp quản lý"), ("host_kind", "Nơi áp dụng")):
        old, new = getattr(site, name), getattr(change, name)
        if new and new != old:
            changes.append(FieldChange(label, _WORDS[name][old], _WORDS[name][new]))
    if change.note:
        changes.append(FieldChange("Ghi chú", site.note, _noted(site.note, change.note)))
    return changes


def _noted(old: str, added: str) -> str:
    """Return a note with a line more."""
    return nfc_lines(f"{old}\n{added}")


def _add_party(
    line: BulkLine,
    unit_id: int,
    name: str,
    lives: Sequence[tuple[int, date, date | None]],
    on: date,
) -> None:
    """Add a coordinator, unless it did not exist when the site was launched."""
    own = [(start, end) for unit, start, end in lives if unit == unit_id]
    day = line.site.launched_on or on
    if own:
        first_day = min(start for start, _ in own)
        day = day_to_exist(day, first_day, is_taken_over=bool(line.site.taken_over_from))
    is_alive = any(start <= day and (end is None or day < end) for start, end in own)
    reason = "" if is_alive else f"Đơn vị này chưa có vào ngày {day:%d/%m/%Y}."
    line.changes.append(FieldChange("Phối hợp", "", name, reason))
    if is_alive:
        line.added.append(unit_id)


def _remembered(line: BulkLine) -> dict[str, Any]:
    """Return what undoing needs: the old values, and the version the site will have."""
    site = line.site
    return {
        "pk": site.pk,
        "version": site.lock_version + 1,
        "level": site.level,
        "host_kind": site.host_kind,
        "note": site.note,
        "added": line.added,
    }


def _write(lines: Sequence[BulkLine], change: BulkChange, by: User, at: datetime) -> None:
    """Write the new values and coordinators of all sites, each table at once."""
    units = Unit.objects.in_bulk(change.coordinator_ids)
    for line in lines:
        line.site.level = change.level or line.site.level
        line.site.host_kind = change.host_kind or line.site.host_kind
        if change.note:
            line.site.note = _noted(line.site.note, change.note)
    SiteParty.objects.bulk_create(
        SiteParty(site=line.site, unit=units[unit_id], role=PartyRole.COORDINATOR)
        for line in lines
        for unit_id in line.added
    )
    _save([line.site for line in lines], by, at)


def _save(sites: Sequence[ModelSite], by: User, at: datetime) -> None:
    """Save what a bulk change may touch, and that each site is another version now."""
    ModelSite.objects.bulk_update(sites, ["level", "host_kind", "note"], batch_size=1000)
    ModelSite.objects.filter(pk__in=[site.pk for site in sites]).update(
        lock_version=F("lock_version") + 1, updated_at=at, updated_by=by
    )


def _party_ids(parties: QuerySet[SiteParty], added: set[tuple[int, int]]) -> list[int]:
    """Return the rows of the coordinators that the change had added."""
    rows = parties.values_list("pk", "site_id", "unit_id")
    return [pk for pk, site_id, unit_id in rows if (site_id, unit_id) in added]
