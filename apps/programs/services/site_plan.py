"""Turn rows of a list into sites: which kind, which units, and what stands there already."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from difflib import get_close_matches

from apps.accounts.models import User
from apps.core.text import search_key
from apps.programs.models import ModelSite, ModelType
from apps.programs.queries.types import types_by_key
from apps.programs.rules import Amount, SiteState, place_key
from apps.programs.services.import_plan import ReadRow, RowPlanner
from apps.programs.services.import_reading import SheetRow
from apps.programs.services.import_units import NamedUnits, NotFound, listed
from apps.programs.services.refusals import Fault
from apps.programs.services.site_checks import NewSite, site_faults
from apps.programs.services.site_sheet import SITE_SHEET

_OFFERED, _NAMES_EXPLAINED = 3, 100


class SitePlanner(RowPlanner[NewSite]):
    """What the register knows of the kinds, units and places that a list of sites names."""

    sheet = SITE_SHEET
    repeated_at = "place"
    repeated = "Nếu là chỗ khác, ghi rõ nơi cụ thể (ấp, khóm, chi hội…); nếu không, xóa dòng này."

    def __init__(self, rows: Sequence[SheetRow], by: User, on: date) -> None:
        super().__init__(rows, by, on)
        self.units = NamedUnits(_units_typed(rows), by, on)
        names = {str(row.values.get("model_type", "")) for row in rows} - {""}
        self.types = types_by_key(names)
        self.near = _near_names([name for name in names if search_key(name) not in self.types])

    def record(self, read: ReadRow) -> NewSite | None:
        """Return the site of a row; what is wrong with its words is noted."""
        unit = read.found("unit", self.units.own) if read.text("unit") else None
        kind = read.found("model_type", self._kind) if read.text("model_type") else None
        owners = read.found("owners", self.units.listed)
        coordinators = read.found("coordinators", self.units.listed)
        launched_on = read.day("launched_on")
        if read.text("state") and "launched_on" in read.row.values and launched_on is None:
            reason = "chưa nhập ngày ra mắt; điểm chưa ra mắt thì để trống trạng thái."
            read.note("launched_on", reason)
        if unit is None or kind is None:
            return None
        return NewSite(
            model_type=kind,
            unit=unit,
            level=read.text("level"),
            host_kind=read.text("host_kind") or kind.host_kind,
            name=read.text("name"),
            place=read.text("place"),
            launched_on=launched_on,
            taken_over_from=read.text("taken_over_from"),
            is_pilot=read.text("state") == SiteState.PILOT,
            owners=owners or (),
            coordinators=coordinators or (),
            n_teams=read.number("n_teams") or 0,
            members=read.number("members"),
            qualifier=read.text("qualifier") or Amount.EXACT,
            note=read.text("note"),
        )

    def mark(self, new: NewSite) -> Hashable:
        """Return kind, unit, place and launch day."""
        return new.model_type.pk, new.unit.pk, place_key(new.place)[:200], new.launched_on

    def marks_there(self, news: Sequence[NewSite]) -> set[Hashable]:
        """Return which of these sites stand in the register."""
        sites = ModelSite.objects.kept().filter(
            model_type_id__in={new.model_type.pk for new in news},
            unit_id__in={new.unit.pk for new in news},
        )
        return set(sites.values_list("model_type_id", "unit_id", "place_key", "launched_on"))

    def check(self, news: Sequence[NewSite]) -> list[list[Fault]]:
        """Hold the sites against the rules and what stands at their places."""
        return site_faults(news, on=self.on)

    def _kind(self, typed: str) -> ModelType:
        """Return the kind of this name, or say that there is none and which are like it."""
        found = self.types.get(search_key(typed))
        if found is not None:
            return found
        near = self.near.get(typed, [])
        advice = f"Gần giống: {'; '.join(near)}." if near else "Xem trang “Loại mô hình”."
        raise NotFound(f"không có loại mô hình “{typed[:60]}”. {advice}")


def _units_typed(rows: Sequence[SheetRow]) -> Iterable[str]:
    """Yield every unit that the rows name."""
    for row in rows:
        yield str(row.values.get("unit", ""))
        for name in ("owners", "coordinators"):
            yield from listed(str(row.values.get(name, "")))


def _near_names(unknown: Iterable[str]) -> dict[str, list[str]]:
    """Return names like those that nobody knows; for the first hundred, a file may be all wrong."""
    asked = sorted(unknown)[:_NAMES_EXPLAINED]
    if not asked:
        return {}
    names = {search_key(t.name): t.name for t in ModelType.objects.in_use().only("name")}
    return {
        name: [names[key] for key in get_close_matches(search_key(name), names, _OFFERED)]
        for name in asked
    }
