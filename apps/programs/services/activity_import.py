"""The register of activities as it takes lists from Excel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from apps.accounts.models import User
from apps.core.copying import copy_rows, give_keys
from apps.desk.models import ImportBatch
from apps.programs.models import Activity
from apps.programs.services.activities import activity_row, organiser_rows
from apps.programs.services.activity_checks import NewActivity, refusing_activities
from apps.programs.services.activity_plan import ActivityPlanner
from apps.programs.services.news import refresh_news
from apps.programs.services.register_import import ImportedRegister


class ActivityRegister(ImportedRegister[NewActivity]):
    """Activities with their organisers."""

    kind = "programs.activities"
    planner = ActivityPlanner
    model = Activity
    named_by = ("title",)
    shown = ("kind", "held_on", "attendances")

    def write(
        self, news: Sequence[NewActivity], batch: ImportBatch, by: User, at: datetime
    ) -> None:
        """Write activities and organisers, each table at once, and tell their sites."""
        activities = [activity_row(new, by, at) for new in news]
        for activity in activities:
            activity.import_batch = batch
        give_keys(activities)
        pairs = zip(activities, news, strict=True)
        with refusing_activities():
            copy_rows(activities)
            copy_rows([party for activity, new in pairs for party in organiser_rows(activity, new)])
        refresh_news(site_ids=[activity.site_id for activity in activities])

    def taken_back(self, batch: ImportBatch) -> None:
        """Tell the sites of what was taken back."""
        rows = Activity.objects.filter(import_batch=batch)
        refresh_news(site_ids=rows.values_list("site_id", flat=True))

    def touched(self, last: dict[str, int]) -> Q:
        """Match the activities that somebody corrected after the import."""
        return Q(lock_version__gt=1)


ACTIVITIES = ActivityRegister()
