"""The list of activities as an Excel file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, BinaryIO

from apps.accounts.models import User
from apps.desk.services.exports import Step, in_chunks
from apps.programs.documents.activity_sheet import write_activities
from apps.programs.models import Activity
from apps.programs.queries.activities import (
    ActivityRow,
    ActivityWish,
    activity_rows,
    activity_sums,
    listed_activities,
)
from apps.programs.services.exports import ListExport, kept_day, kept_unit, packed_facts


class ActivityExport(ListExport[ActivityWish]):
    """Activities, narrowed and ordered as on the screen, with a line of sums."""

    task = "programs.export_activities"

    def count(self, user: User, asked: ActivityWish, on: date) -> int:
        """Return how many activities there are."""
        return listed_activities(user, on, asked).count()

    def noun(self, asked: ActivityWish) -> str:
        """Return what the rows are called."""
        return "hoạt động"

    def file_name(self, asked: ActivityWish, on: date) -> str:
        """Return under which name the file is saved."""
        return f"hoat-dong-{on:%Y-%m-%d}.xlsx"

    def write(self, file: BinaryIO, user: User, asked: ActivityWish, on: date, step: Step) -> None:
        """Write the activities that a person sees on a day."""
        found = listed_activities(user, on, asked)
        ids = list(found.values_list("pk", flat=True))
        rows = in_chunks(ids, lambda some: _rows(some, on), step)
        write_activities(file, rows, activity_sums(found))

    def packed(self, asked: ActivityWish) -> dict[str, Any]:
        """Return what is asked for as it is kept in a job."""
        return {"wish": packed_facts(asked)}

    def unpacked(self, facts: dict[str, Any]) -> ActivityWish:
        """Return what was asked for."""
        said = facts["wish"]
        days = {name: kept_day(said[name]) for name in ("start", "end")}
        return ActivityWish(**said | days | {"unit": kept_unit(said["unit"])})


def _rows(ids: Sequence[int], on: date) -> list[ActivityRow]:
    """Return activities in the order of their ids: a constant number of queries."""
    found = Activity.objects.select_related("site", "program").in_bulk(ids)
    return activity_rows((found[pk] for pk in ids if pk in found), on)


ACTIVITY_LIST = ActivityExport()
