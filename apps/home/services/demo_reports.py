"""Reports of the province to try: past periods accepted, the running one in every state."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.home.services.demo_figures import draw, figure_for
from apps.indicators.models import Calendar, Period
from apps.indicators.queries import same_period_last_year
from apps.reports.models import Report
from apps.reports.models.entry import CellSource
from apps.reports.queries.forms import form_rows
from apps.reports.services.entry import Entry, save_block
from apps.reports.services.obligations import open_period_reports
from apps.reports.services.review import accept_report, return_report
from apps.reports.services.rollups import recompute_dirty
from apps.reports.services.submission import send_to_leader, submit_report

# Of a hundred reports of the running period, how many stand where (up to this number).
STATES = (
    (60, "accepted"),
    (74, "submitted"),
    (80, "returned"),
    (86, "awaiting"),
    (94, "draft"),
    (100, "empty"),
)


class Cast:
    """The people behind the made-up reports: one types, one submits, one accepts."""

    def __init__(self, clerk: User, leader: User, reviewer: User) -> None:
        """Keep the three apart: nobody accepts what he entered."""
        self.clerk, self.leader, self.reviewer = clerk, leader, reviewer


def demo_periods(on: date) -> tuple[Period, list[Period]]:
    """Return the running period, the month that ended last, and the past ones to fill before it."""
    calendar = Calendar.objects.get(code="nd09")

    def ended(kind: str, count: int) -> list[Period]:
        rows = Period.objects.of_kind(calendar, kind).filter(end__lte=on)
        return list(rows.order_by("-end")[:count])

    running, *months = ended("month", 3)
    year_ago = same_period_last_year(running)
    past = [*([year_ago] if year_ago else []), *reversed(months)]
    return running, [*past, *ended("quarter", 1), *ended("nine_months", 1)]


def build_reports(
    *, cast: Cast, kept_open: frozenset[str], at: datetime, is_small: bool = False
) -> int:
    """Open and fill the periods; `kept_open` are codes of units whose running report is a draft."""
    running, past = demo_periods(timezone.localtime(at).date())
    made = 0
    for period in [*(past[-3:-2] if is_small else past), running]:
        made += _build_period(period, period == running, cast, kept_open, at)
        recompute_dirty(period=period, at=at)
    return made


def _build_period(
    period: Period, is_running: bool, cast: Cast, kept_open: frozenset[str], at: datetime
) -> int:
    open_period_reports(period=period, by=None, at=at)
    reports = list(
        Report.objects.filter(obligation__period=period, state="empty")
        .select_related("obligation__unit", "obligation__template", "obligation__period")
        .order_by("pk")
    )
    states = [_state_of(report, kept_open) if is_running else "accepted" for report in reports]
    for report, state in zip(reports, states, strict=True):
        _bring_to(report, state, cast, at)
    return len(states) - states.count("empty")


def _state_of(report: Report, kept_open: frozenset[str]) -> str:
    owed = report.obligation
    if owed.unit.code in kept_open:
        return "draft"
    return state_for(owed.unit.code, owed.template.code)


def state_for(unit_code: str, form_code: str) -> str:
    """Return where a running report stands: by codes, so that every machine shows the same."""
    lot = draw(1, 100, "state", unit_code, form_code)
    return next(state for limit, state in STATES if lot <= limit)


def _bring_to(report: Report, state: str, cast: Cast, now: datetime) -> None:
    """Take a report through the same services as a person would, as far as the state says."""
    if state == "empty":
        return
    due, label = report.obligation.due_at, report.obligation.period.label
    late = draw(1, 100, "late", report.obligation.unit.code, label) > 91
    sent_at = min(due + timedelta(hours=20) if late else due - timedelta(hours=30), now)
    _fill(report, cast.clerk, sent_at - timedelta(hours=2), half=state == "draft")
    if state == "draft":
        return
    if state == "awaiting":
        send_to_leader(report=report, by=cast.clerk, at=sent_at)
        return
    receipt = submit_report(
        report=report, client_token=f"minh-hoa-{report.pk}", by=cast.leader, at=sent_at
    )
    looked_at = receipt.submission
    if state == "accepted":
        accept_report(
            report=report,
            looked_at=looked_at,
            by=cast.reviewer,
            at=min(sent_at + timedelta(hours=20), now),
        )
    elif state == "returned":
        line = looked_at.lines.filter(state="value").order_by("pk").first()
        return_report(
            report=report,
            looked_at=looked_at,
            reason="Số liệu cần kiểm tra lại trước khi tổng hợp.",
            remarks=[(line.line_id if line else None, "Số này khác kỳ trước, đề nghị kiểm tra.")],
            by=cast.reviewer,
            at=min(sent_at + timedelta(hours=18), now),
        )


def _fill(report: Report, by: User, at: datetime, *, half: bool) -> None:
    """Type what no register says; half of the lines for a report that is still being written."""
    period = report.obligation.period
    unit_code = report.obligation.unit.code
    key = (period.kind, period.year, period.number)
    rows = form_rows(report)
    if half:
        rows = rows[: max(1, len(rows) // 2)]
    entries = [
        Entry(
            row.line.line_id,
            figure_for(row.line.code, row.line.breakdown, unit_code, key),
            0,
            source=CellSource.TYPED,
        )
        for row in rows
        if row.register is None
    ]
    save_block(report=report, entries=entries, by=by, at=at)
