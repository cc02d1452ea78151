"""Import sites from Excel: read and shown, written in one transaction, taken back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.collector import collector_at_rest
from apps.core.copying import copy_rows, give_keys
from apps.core.errors import DomainError
from apps.core.uploads import CleanUpload, clean_name
from apps.desk.models import ImportBatch
from apps.desk.rules import ImportState
from apps.desk.services import ImportNotPossible, apply_import, open_import, undo_import
from apps.programs.models import (
    Activity,
    Exemplar,
    ModelSite,
    ProtectedObject,
    SiteEquipment,
    SiteFile,
    SiteFunding,
    SiteMove,
    SiteObjective,
    SiteRating,
    SiteTeam,
)
from apps.programs.services.import_sheets import (
    import_summary,
    in_sheet_order,
    read_sheet,
    restored_rows,
)
from apps.programs.services.site_checks import refusing_sites
from apps.programs.services.site_plan import PlannedSite, plan_sites
from apps.programs.services.site_sheet import SITE_SHEET
from apps.programs.services.sites import launch_rows, party_rows, site_row, team_rows

IMPORT_KIND = "programs.sites"
SHOWN_ROWS = 100
_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ADDED = (Activity, Exemplar, SiteEquipment, SiteFile, SiteFunding, SiteObjective, SiteRating)


class ImportHasFaults(DomainError):
    """A list cannot be written while one of its cells is wrong."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back came to."""

    removed: int
    kept: list[ModelSite]


@transaction.atomic
@collector_at_rest()
def read_site_list(*, file_name: str, content: bytes, by: User, at: datetime) -> ImportBatch:
    """Read an uploaded list and keep what it would come to; no site is touched."""
    read = read_sheet(SITE_SHEET, content)
    plan = plan_sites(read.rows, by, timezone.localdate(at))
    faults = in_sheet_order([*read.faults, *plan.faults])
    upload = CleanUpload(
        clean_name(file_name)[0], content, _MIME, hashlib.sha256(content).hexdigest()
    )
    summary = import_summary(read.rows, len(plan.new), plan.known, faults)
    return open_import(kind=IMPORT_KIND, upload=upload, summary=summary, by=by, at=at)


@transaction.atomic
@collector_at_rest()
def import_sites(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Write every new site of a list or, when any row has become wrong, nothing."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != ImportState.PREVIEWED:
        raise ImportNotPossible("Tệp này đã được ghi nhận trước đó. Không ghi hai lần.")
    if locked.summary["n_faults"]:
        raise ImportHasFaults("Tệp còn lỗi nên chưa ghi. Hãy sửa các ô đã nêu rồi tải lên lại.")
    rows = restored_rows(SITE_SHEET, locked.summary["rows"])
    plan = plan_sites(rows, by, timezone.localdate(at))
    if plan.faults:
        raise ImportHasFaults(
            f"Chưa ghi: số liệu trong sổ đã thay đổi sau khi xem trước, nay có {len(plan.faults)} "
            f"lỗi. {plan.faults[0]} Hãy tải tệp lên lại để xem đủ."
        )
    _write(plan.new, locked, by, at)
    summary = locked.summary | {
        "rows": locked.summary["rows"][:SHOWN_ROWS],
        "new": len(plan.new),
        "known": plan.known,
        "last": _last_ids(locked),
    }
    applied = apply_import(batch=locked, summary=summary, by=by, at=at)
    detail = {"new": len(plan.new), "known": len(plan.known)}
    record_action(action="programs.sites_imported", by=by, at=at, target=applied, detail=detail)
    return applied


@transaction.atomic
def undo_site_import(*, batch: ImportBatch, by: User, at: datetime) -> Undone:
    """Take back what an import created; a site that somebody worked on since stays."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != ImportState.APPLIED:
        raise ImportNotPossible("Chỉ hoàn tác được đợt nhập đã ghi nhận và chưa hoàn tác.")
    sites = ModelSite.objects.kept().filter(import_batch=locked)
    list(sites.select_for_update().values_list("pk", flat=True))
    touched = sites.filter(_touched(locked.summary["last"]))
    kept = list(touched.order_by("sort_key", "pk"))
    removed = sites.exclude(pk__in=[site.pk for site in kept]).update(
        removed_at=at, removed_reason=f"Hoàn tác đợt nhập từ tệp “{locked.file_name}”"[:300]
    )
    if kept and not removed:
        raise ImportNotPossible("Không hoàn tác được: mọi điểm của đợt nhập đều đã có người sửa.")
    ImportBatch.objects.filter(pk=locked.pk).update(
        summary=locked.summary | {"removed": removed, "kept": [site.pk for site in kept]}
    )
    undone = undo_import(batch=locked, by=by, at=at)
    detail = {"removed": removed, "kept": [site.pk for site in kept]}
    record_action(action="programs.site_import_undone", by=by, at=at, target=undone, detail=detail)
    return Undone(removed, kept)


def _write(planned: list[PlannedSite], batch: ImportBatch, by: User, at: datetime) -> None:
    """Write sites, parties, teams and launches, each table at once."""
    sites = [site_row(row.new, by, at) for row in planned]
    for site in sites:
        site.import_batch = batch
    give_keys(sites)
    pairs = list(zip(sites, planned, strict=True))
    with refusing_sites():
        copy_rows(sites)
        copy_rows([party for site, row in pairs for party in party_rows(site, row.new)])
        copy_rows([team for site, row in pairs for team in team_rows(site, row.new, at)])
        copy_rows([move for site in sites for move in launch_rows(site, by, at)])


def _last_ids(batch: ImportBatch) -> dict[str, int]:
    """Return the last rows that the import wrote itself; what comes later is people's work."""
    own = {"site__import_batch": batch}
    return {
        name: model._default_manager.filter(**own).aggregate(last=Max("pk"))["last"] or 0
        for name, model in (("team", SiteTeam), ("move", SiteMove))
    }


def _touched(last: dict[str, int]) -> Q:
    """Match the sites that somebody worked on after the import."""
    mine = {"site_id": OuterRef("pk")}
    later = (
        Exists(SiteTeam.objects.filter(**mine).filter(Q(pk__gt=last["team"]) | _CLOSED)),
        Exists(SiteMove.objects.filter(**mine, pk__gt=last["move"])),
        Exists(ProtectedObject.objects.filter(**mine)),
        Exists(ModelSite.objects.filter(replicated_from_id=OuterRef("pk"))),
        *(Exists(model._default_manager.filter(**mine)) for model in _ADDED),
    )
    return Q(lock_version__gt=1) | Q(*(Q(row) for row in later), _connector=Q.OR)


_CLOSED = Q(valid__endswith__isnull=False)
