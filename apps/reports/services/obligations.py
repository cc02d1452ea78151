"""Materialise what is owed: idempotent, from dated assignments × units in time × the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.indicators.models import Holiday, Period
from apps.indicators.rules import due_at
from apps.reports.models import (
    Assignment,
    Event,
    Obligation,
    ObligationStep,
    Report,
    TemplateVersion,
)
from apps.reports.models.obligations import ObligationState
from apps.reports.models.review import EventKind
from apps.reports.queries.obligations import (
    Debtor,
    assignments_in,
    debtors,
    tree_day,
    version_for,
)
from apps.reports.services.rollups import mark_changed

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
OPEN_BEFORE_CUTOFF = timedelta(days=15)
OPEN_BEFORE_DUE = timedelta(days=10)
BATCH = 1000


class ExcuseWithoutReason(DomainError):
    """An exemption must name its reason."""


def opens_at(period: Period, first_due: datetime) -> datetime:
    """Return when a report can first be written: well before cut-off and deadline."""
    cutoff = datetime.combine(period.end, time.min, tzinfo=LOCAL)
    return min(cutoff - OPEN_BEFORE_CUTOFF, first_due - OPEN_BEFORE_DUE)


def due_steps(
    version: TemplateVersion, period: Period, holidays: Mapping[date, bool]
) -> list[tuple[int, datetime]]:
    """Return (level, due) of the version's cascade for a period, lowest level first."""
    cascade = version.cascade
    return [
        (step.level, due_at(step.rule, cascade.comparison, period.end, period.year, holidays))
        for step in cascade.steps.order_by("level")
    ]


@transaction.atomic
def open_period_reports(*, period: Period, by: User | None, at: datetime) -> int:
    """Open every report owed in a period whose time has come; running it twice opens none twice."""
    holidays = dict(Holiday.objects.values_list("on", "is_working"))
    opened = 0
    for assignment in assignments_in(period):
        version = version_for(assignment.template, period)
        if version is None:
            continue
        steps = due_steps(version, period, holidays)
        if not steps or opens_at(period, steps[0][1]) > at:
            continue
        opened += _open_assignment(assignment, version, period, steps, at)
    if opened:
        record_action(
            action="reports.period_opened", by=by, at=at, target=period, detail={"opened": opened}
        )
    return opened


def _open_assignment(
    assignment: Assignment,
    version: TemplateVersion,
    period: Period,
    steps: Sequence[tuple[int, datetime]],
    at: datetime,
) -> int:
    owed = debtors(assignment, period)
    known = set(
        Obligation.objects.filter(template=assignment.template, period=period).values_list(
            "unit_id", flat=True
        )
    )
    fresh = [debtor for debtor in owed if debtor.unit_id not in known]
    if not fresh:
        return 0
    on = tree_day(assignment.within_id, period)
    Obligation.objects.bulk_create(
        (_obligation(assignment, version, period, debtor, on, steps) for debtor in fresh),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    opened = _complete(assignment, period, steps, at)
    mark_changed(
        unit_ids=[debtor.unit_id for debtor in fresh], period=period, tree_on=on, by=None, at=at
    )
    return opened


def _obligation(
    assignment: Assignment,
    version: TemplateVersion,
    period: Period,
    debtor: Debtor,
    on: date,
    steps: Sequence[tuple[int, datetime]],
) -> Obligation:
    return Obligation(
        version=version,
        template=assignment.template,
        unit_id=debtor.unit_id,
        period=period,
        root=assignment.within,
        filler_id=debtor.filler_id,
        consolidator_id=debtor.consolidator_id,
        tree_on=on,
        covered_from=debtor.covered_from,
        covered_to=debtor.covered_to,
        opens_at=opens_at(period, steps[0][1]),
        due_at=steps[0][1],
    )


def _complete(
    assignment: Assignment, period: Period, steps: Sequence[tuple[int, datetime]], at: datetime
) -> int:
    """Give new obligations their report, steps and first event; return how many were new."""
    bare = list(Obligation.objects.filter(template=assignment.template, period=period, report=None))
    reports = Report.objects.bulk_create(
        (Report(obligation=obligation) for obligation in bare), batch_size=BATCH
    )
    ObligationStep.objects.bulk_create(
        (
            ObligationStep(
                obligation=obligation,
                level=level,
                due_at=due,
                unit_id=obligation.filler_id if level == 1 else obligation.consolidator_id,
            )
            for obligation in bare
            for level, due in steps
        ),
        batch_size=BATCH,
    )
    Event.objects.bulk_create(
        (Event(report=report, kind=EventKind.OPENED, at=at) for report in reports), batch_size=BATCH
    )
    return len(reports)


def open_due_reports(*, at: datetime, by: User | None = None) -> int:
    """Open what has come due in every calendar around this day; a missed tick catches up."""
    day = at.astimezone(LOCAL).date()
    periods = Period.objects.filter(
        start__lte=day + timedelta(days=40), end__gte=day - timedelta(days=60)
    ).order_by("pk")
    return sum(open_period_reports(period=period, by=by, at=at) for period in periods)


@transaction.atomic
def excuse_obligation(
    *, obligation: Obligation, state: str, reason: str, decision_ref: str, by: User, at: datetime
) -> Obligation:
    """Exempt, waive or suspend with a reason and its decision; it leaves the rates."""
    if state != ObligationState.EXPECTED and not reason.strip():
        raise ExcuseWithoutReason("Ghi lý do miễn hoặc tạm dừng báo cáo.")
    obligation.state, obligation.reason = state, reason.strip()
    obligation.decision_ref = decision_ref.strip()
    obligation.save(update_fields=["state", "reason", "decision_ref"])
    mark_changed(
        unit_ids=[obligation.unit_id],
        period=obligation.period,
        tree_on=obligation.tree_on,
        by=by,
        at=at,
    )
    record_action(
        action="reports.obligation_excused",
        by=by,
        at=at,
        target=obligation,
        detail={"state": state, "reason": obligation.reason},
    )
    return obligation
