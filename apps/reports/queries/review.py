"""What a reviewer looks at: the queue of reports, and one version beside what stood before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, FilteredRelation, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.accounts.rules import Permission, permissions_of
from apps.core.text import search_key
from apps.indicators.models import Period
from apps.reports.models import (
    Event,
    ObligationStep,
    Report,
    Submission,
)
from apps.reports.models.entry import ReportState
from apps.reports.models.review import EventKind, SubmissionState
from apps.reports.rules import STATE_LOOKS, Look
from apps.units.models import UnitSpan
from apps.units.permissions import posts_of

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
REVIEW_LEVEL = 2

# Figures of a version that moved by more than half against the accepted ones of the period before
# and carry no note: the same rule as rules.is_big_change, for many versions at once. The lines of
# the two versions are fetched by themselves (OFFSET 0): without fresh statistics PostgreSQL joined
# them by indicator, which took minutes.
WARNINGS = """
SELECT s.id, count(*)
  FROM reports_submission s
  JOIN indicators_period p ON p.id = s.period_id
  JOIN indicators_period b ON b.calendar_id = p.calendar_id AND b.kind = p.kind
                          AND b."end" = p.start
  JOIN reports_submission bs ON bs.unit_id = s.unit_id AND bs.period_id = b.id
                            AND bs.state = 'accepted'
 CROSS JOIN LATERAL (SELECT * FROM reports_submissionline
                      WHERE submission_id = s.id OFFSET 0) l
 CROSS JOIN LATERAL (SELECT * FROM reports_submissionline
                      WHERE submission_id = bs.id OFFSET 0) bl
 WHERE s.id = ANY(%s) AND l.note = ''
   AND l.indicator_id = bl.indicator_id AND l.breakdown = bl.breakdown
   AND l.state IN ('value', 'zero', 'nothing') AND bl.state IN ('value', 'zero', 'nothing')
   AND CASE WHEN coalesce(bl.value, 0) = 0 THEN coalesce(l.value, 0) >= 10
            ELSE abs(coalesce(l.value, 0) - bl.value) > bl.value / 2 END
 GROUP BY s.id
"""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One report in the queue of a reviewer."""

    report_id: int
    group: str  # "overdue", "new", "returned"
    unit_name: str
    template: str
    period: str
    number: int
    moved_at: datetime | None
    unit_due_at: datetime
    review_due_at: datetime
    is_late: bool
    is_on_behalf: bool
    n_warnings: int

    @property
    def look(self) -> Look:
        """Return how the state is shown."""
        return STATE_LOOKS["returned" if self.group == "returned" else "submitted"]


GROUP_ORDER = {"overdue": 0, "new": 1, "returned": 2}


def reviewing_units(user: User, on: date) -> list[int]:
    """Return the units where a post of the user lets him receive reports."""
    return [
        unit_id
        for unit_id, roles in posts_of(user, on).items()
        if Permission.REPORT_REVIEW in permissions_of(roles)
    ]


def queue_of(
    user: User, at: datetime, typed: str = "", period: Period | None = None
) -> list[QueueRow]:
    """Return what waits for the user, overdue first, then most warnings, then oldest; 3 queries."""
    found = _queue_rows(user, at.astimezone(LOCAL).date(), typed)
    rows = list(found.filter(obligation__period=period) if period else found)
    warned = warning_counts([row["sent__pk"] for row in rows if row["sent__pk"]])
    queue = [_queue_row(row, warned.get(row["sent__pk"], 0), at) for row in rows]
    return sorted(
        queue,
        key=lambda row: (
            GROUP_ORDER[row.group],
            -row.n_warnings,
            row.moved_at or at,
            row.report_id,
        ),
    )


def _queue_rows(user: User, on: date, typed: str) -> QuerySet[Report, Any]:
    span = UnitSpan.objects.filter(
        unit_id=OuterRef("obligation__unit_id"),
        valid__startswith__lte=OuterRef("obligation__tree_on"),
    ).order_by("-valid")
    step = ObligationStep.objects.filter(
        obligation_id=OuterRef("obligation_id"), level=REVIEW_LEVEL
    )
    rows = Report.objects.filter(
        obligation__consolidator_id__in=reviewing_units(user, on),
        state__in=[ReportState.SUBMITTED, ReportState.RETURNED],
    ).annotate(
        sent=FilteredRelation(
            "submissions", condition=Q(submissions__state=SubmissionState.WAITING)
        ),
        unit_name=Coalesce(Subquery(span.values("name")[:1]), F("obligation__unit__code")),
        unit_key=Subquery(span.values("search_key")[:1]),
        review_due_at=Coalesce(Subquery(step.values("due_at")[:1]), F("obligation__due_at")),
        decided_at=Max("submissions__decided_at"),
    )
    if key := search_key(typed):
        rows = rows.filter(
            Q(unit_key__contains=key) | Q(obligation__unit__code__istartswith=typed.strip())
        )
    return rows.order_by("pk").values(
        "pk",
        "state",
        "is_on_behalf",
        "unit_name",
        "review_due_at",
        "decided_at",
        "sent__pk",
        "sent__number",
        "sent__submitted_at",
        "obligation__due_at",
        "obligation__first_submitted_at",
        "obligation__template__name",
        "obligation__period__label",
    )


def _queue_row(row: Any, n_warnings: int, at: datetime) -> QueueRow:
    is_returned = row["state"] == ReportState.RETURNED
    group = "returned" if is_returned else ("overdue" if row["review_due_at"] <= at else "new")
    first, due = row["obligation__first_submitted_at"], row["obligation__due_at"]
    return QueueRow(
        report_id=row["pk"],
        group=group,
        unit_name=str(row["unit_name"]),
        template=str(row["obligation__template__name"]),
        period=str(row["obligation__period__label"]),
        number=row["sent__number"] or 0,
        moved_at=row["decided_at"] if is_returned else row["sent__submitted_at"],
        unit_due_at=due,
        review_due_at=row["review_due_at"],
        is_late=first is not None and first >= due,
        is_on_behalf=bool(row["is_on_behalf"]),
        n_warnings=n_warnings,
    )


def warning_counts(submission_ids: Collection[int]) -> dict[int, int]:
    """Return how many figures of each version ask for a look; one query for all."""
    if not submission_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(WARNINGS, [list(submission_ids)])
        return dict(cursor.fetchall())


def decided_today(user: User, at: datetime) -> int:
    """Return how many versions the user has accepted or returned since midnight."""
    midnight = datetime.combine(at.astimezone(LOCAL).date(), time.min, tzinfo=LOCAL)
    return Submission.objects.filter(decided_by=user, decided_at__gte=midnight).count()


def neighbours(queue: Collection[QueueRow], report_id: int) -> tuple[int | None, int | None]:
    """Return the reports before and after one among those that wait for a decision."""
    waiting = [row.report_id for row in queue if row.group != "returned"]
    if report_id not in waiting:
        return None, waiting[0] if waiting else None
    place = waiting.index(report_id)
    before = waiting[place - 1] if place else None
    after = waiting[place + 1] if place + 1 < len(waiting) else None
    return before, after


def report_for_review(user: User, on: date) -> QuerySet[Report]:
    """Return the reports in a user's scope with all that the page's head says."""
    span = UnitSpan.objects.filter(
        unit_id=OuterRef("obligation__unit_id"),
        valid__startswith__lte=OuterRef("obligation__tree_on"),
    ).order_by("-valid")
    return (
        Report.objects.visible_to(user, on)
        .select_related("obligation__version", "obligation__period", "obligation__template")
        .prefetch_related("scans")
        .annotate(
            unit_name=Coalesce(Subquery(span.values("name")[:1]), F("obligation__unit__code"))
        )
    )


EVENT_LOOKS = {
    EventKind.SUBMITTED: Look("", "info", "send"),
    EventKind.RESUBMITTED: Look("", "info", "send"),
    EventKind.RETURNED: Look("", "warn", "arrow-return-left"),
    EventKind.ACCEPTED: Look("", "done", "check-circle-fill"),
    EventKind.REOPENED: Look("", "warn", "arrow-return-left"),
    EventKind.REMINDED: Look("", "info", "bell"),
    EventKind.SCAN_ADDED: Look("", "info", "upload"),
}
PLAIN_LOOK = Look("", "neutral", "circle")


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One thing that happened to a report, as the page shows it."""

    event: Event
    look: Look


def history_of(report: Report) -> list[HistoryRow]:
    """Return what happened to a report, newest first."""
    events = (
        Event.objects.filter(report=report)
        .exclude(kind=EventKind.OPENED)
        .select_related("by", "submission")
        .order_by("-at", "-pk")
    )
    return [
        HistoryRow(event, EVENT_LOOKS.get(EventKind(event.kind), PLAIN_LOOK)) for event in events
    ]
