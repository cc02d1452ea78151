"""The register of sites as it takes lists from Excel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q

from apps.accounts.models import User
from apps.core.copying import copy_rows, give_keys
from apps.core.sheets import SheetLayout
from apps.desk.models import ImportBatch
from apps.programs.models import (
    Activity,
    Exemplar,
    ModelSite,
    ModelType,
    ProtectedObject,
    SiteEquipment,
    SiteFile,
    SiteFunding,
    SiteMove,
    SiteObjective,
    SiteRating,
    SiteTeam,
)
from apps.programs.services.import_sheets import list_sheet
from apps.programs.services.register_import import ImportedRegister
from apps.programs.services.site_checks import NewSite, refusing_sites
from apps.programs.services.site_plan import SitePlanner
from apps.programs.services.sites import launch_rows, party_rows, site_row, team_rows

_ADDED = (Activity, Exemplar, SiteEquipment, SiteFile, SiteFunding, SiteObjective, SiteRating)
_CLOSED = Q(valid__endswith__isnull=False)


class SiteRegister(ImportedRegister[NewSite]):
    """Sites of models, with their parties, teams and launches."""

    kind = "programs.sites"
    planner = SitePlanner
    model = ModelSite
    named_by = ("name", "model_type")
    shown = ("place", "launched_on", "members")

    def lists(self) -> list[SheetLayout]:
        """Give the kinds of models to copy from."""
        types = ModelType.objects.in_use().select_related("field").order_by("sort_key", "pk")
        rows = ([str(n), kind.name, kind.field.name] for n, kind in enumerate(types, start=1))
        return [list_sheet("Loại mô hình", ["Số", "Loại mô hình", "Lĩnh vực"], rows)]

    def write(self, news: Sequence[NewSite], batch: ImportBatch, by: User, at: datetime) -> None:
        """Write sites, parties, teams and launches, each table at once."""
        sites = [site_row(new, by, at) for new in news]
        for site in sites:
            site.import_batch = batch
        give_keys(sites)
        pairs = list(zip(sites, news, strict=True))
        with refusing_sites():
            copy_rows(sites)
            copy_rows([party for site, new in pairs for party in party_rows(site, new)])
            copy_rows([team for site, new in pairs for team in team_rows(site, new, at)])
            copy_rows([move for site in sites for move in launch_rows(site, by, at)])

    def last_written(self, batch: ImportBatch) -> dict[str, int]:
        """Return the last rows that the import wrote itself; what comes later is people's work."""
        own = {"site__import_batch": batch}
        return {
            name: model._default_manager.filter(**own).aggregate(last=Max("pk"))["last"] or 0
            for name, model in (("team", SiteTeam), ("move", SiteMove))
        }

    def touched(self, last: dict[str, int]) -> Q:
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


SITES = SiteRegister()
