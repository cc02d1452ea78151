"""Turn rows of a list into activities: which units, which site, and what is written already."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from datetime import date

from apps.accounts.models import User
from apps.core.text import search_key
from apps.programs.models import Activity, ModelSite
from apps.programs.rules import Counted, read_amount
from apps.programs.services.activity_checks import NewActivity, activity_faults
from apps.programs.services.activity_sheet import ACTIVITY_SHEET
from apps.programs.services.import_plan import ReadRow, RowPlanner
from apps.programs.services.import_reading import SheetRow
from apps.programs.services.import_units import NamedUnits, NotFound, listed
from apps.programs.services.refusals import Fault

_CODE = re.compile(r"(?:mh-?)?0*([0-9]{1,9})", re.IGNORECASE)


class ActivityPlanner(RowPlanner[NewActivity]):
    """What the register knows of the units and sites that a list of activities names."""

    sheet = ACTIVITY_SHEET
    repeated_at = "title"
    repeated = "Gộp thành một dòng, ghi số buổi và lượt người cả hai."

    def __init__(self, rows: Sequence[SheetRow], by: User, on: date) -> None:
        super().__init__(rows, by, on)
        self.units = NamedUnits(_units_typed(rows), by, on)
        codes = [_CODE.fullmatch(str(row.values.get("site", ""))) for row in rows]
        self.sites = ModelSite.objects.visible_to(by, on).in_bulk(
            {int(code[1]) for code in codes if code}
        )

    def record(self, read: ReadRow) -> NewActivity | None:
        """Return the activity of a row; what is wrong with its words is noted."""
        unit = read.found("unit", self.units.own) if read.text("unit") else None
        helpers = read.found("co_organisers", self.units.listed)
        people = read.found("attendances", read_amount) or Counted()
        site = read.found("site", self._site) if read.text("site") else None
        held_on = read.day("held_on")
        if unit is None or held_on is None:
            return None
        sessions = read.number("sessions")
        return NewActivity(
            kind=read.text("kind"),
            title=read.text("title"),
            unit=unit,
            held_on=held_on,
            until=read.day("until"),
            place=read.text("place"),
            sessions=1 if sessions is None else sessions,
            points=read.number("points") or 0,
            attendances=people.value,
            qualifier=people.qualifier,
            materials=read.number("materials") or 0,
            news=read.number("news") or 0,
            posts=read.number("posts") or 0,
            cost=read.number("cost") or 0,
            co_organisers=helpers or (),
            site=site,
            note=read.text("note"),
        )

    def mark(self, new: NewActivity) -> Hashable:
        """Return unit, kind, day and title."""
        return new.unit.pk, new.kind, new.held_on, search_key(new.title)[:250]

    def marks_there(self, news: Sequence[NewActivity]) -> set[Hashable]:
        """Return which activities of these units and days stand in the register."""
        rows = Activity.objects.kept().filter(
            unit_id__in={new.unit.pk for new in news}, held_on__in={new.held_on for new in news}
        )
        return set(rows.values_list("unit_id", "kind", "held_on", "title_key"))

    def check(self, news: Sequence[NewActivity]) -> list[list[Fault]]:
        """Hold the activities against the rules."""
        return activity_faults(news, on=self.on)

    def _site(self, typed: str) -> ModelSite:
        """Return the site of a code."""
        code = _CODE.fullmatch(typed)
        if code is None or int(code[1]) not in self.sites:
            raise NotFound(f"không có điểm mô hình “{typed[:60]}” trong phạm vi của bạn.")
        return self.sites[int(code[1])]


def _units_typed(rows: Sequence[SheetRow]) -> Iterable[str]:
    """Yield every unit that the rows name."""
    for row in rows:
        yield str(row.values.get("unit", ""))
        yield from listed(str(row.values.get("co_organisers", "")))
