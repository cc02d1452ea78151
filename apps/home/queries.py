"""What stands on the first page and around every page; no query grows with the number of units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission, permissions_of
from apps.core.prepared import Prepared
from apps.desk.models import Job, Notice
from apps.home.rules import MENU, SOON_DAYS
from apps.indicators.models import Period
from apps.reports.models import Document, Obligation, Report
from apps.reports.models.entry import ReportState
from apps.reports.models.obligations import ObligationState
from apps.reports.rules import STATE_LOOKS, Look, due_text, timing_of
from apps.reports.services.obligations import OPEN_BEFORE_CUTOFF, opens_at
from apps.units.models import Unit
from apps.units.permissions import permissions_for, posts_of

OWN_LIMIT = 60
AWAITING_LEADER = ReportState.AWAITING


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the main menu as a page shows it."""

    label: str
    url: str
    icon: str
    active: bool


def menu_of(path: str, held: frozenset[Permission]) -> list[MenuItem]:
    """Return the pages that the rights open; the one that the path lies in is marked."""
    items = []
    for entry in MENU:
        if entry.permission is None or entry.permission in held:
            url = reverse(entry.url_name)
            inside = (url, *(reverse(name) for name in entry.also))
            is_here = path == url if url == "/" else path.startswith(inside)
            items.append(MenuItem(entry.label, url, entry.icon, is_here))
    return items


# Every page asks these two: composed anew each time, they took longer than all its template.
OWN_UNIT = Prepared(
    """
SELECT s.name, u.is_demo
  FROM units_unit u LEFT JOIN units_unitspan s ON s.unit_id = u.id AND s.valid @> %(on)s
 WHERE u.id = ANY(%(units)s)
 ORDER BY u.id
 LIMIT 1
""",
    {"units": "bigint[]", "on": "date"},
)
UNREAD = Prepared(
    "SELECT count(*) FROM desk_notice WHERE user_id = %(user)s AND read_at IS NULL",
    {"user": "bigint"},
)


def frame_of(user: User, path: str, at: datetime) -> dict[str, Any]:
    """Return what stands around every page: menu, own unit, unread notices, demonstration mark."""
    on = timezone.localtime(at).date()
    held = list(posts_of(user, on))
    units = OWN_UNIT.rows({"units": held, "on": on}) if held else []
    name, is_demo = units[0] if units else ("", False)
    [[unread]] = UNREAD.rows({"user": user.pk})
    return {
        "menu_items": menu_of(path, permissions_for(user, on)),
        "unit_name": name or "",
        "demo_mark": user.is_demo or is_demo,
        "notice_count": unread,
    }


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do: what, for which period, by when, and the one button."""

    title: str
    period: str
    unit: str
    state: Look
    due: Look | None
    due_at: datetime | None
    button: str
    url: str


@dataclass(frozen=True, slots=True)
class WorkList:
    """What a person has to do, in the three groups of the first page."""

    overdue: list[Work]
    soon: list[Work]
    other: list[Work]
    deadlines: list[tuple[str, str]]
    notices: list[Notice]
    running_jobs: int
    next_period: str

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is left to do."""
        return not (self.overdue or self.soon or self.other)


def work_list(user: User, at: datetime) -> WorkList:
    """Return a person's work: own reports, reports to receive, periods to consolidate."""
    on = timezone.localtime(at).date()
    works = [
        *_own_reports(user, on, at),
        *_to_receive(user, on, at),
        *_to_consolidate(user, on),
    ]
    works.sort(key=lambda work: (work.due_at is None, work.due_at or at, work.title))
    soon_end = at + timedelta(days=SOON_DAYS)
    return WorkList(
        overdue=[work for work in works if work.due_at and work.due_at <= at],
        soon=[work for work in works if work.due_at and at < work.due_at <= soon_end],
        other=[work for work in works if not work.due_at or work.due_at > soon_end],
        deadlines=_deadlines(works, at),
        notices=list(
            Notice.objects.filter(user=user, read_at=None).order_by("-created_at", "-pk")[:5]
        ),
        running_jobs=Job.objects.filter(owner=user, state__in=["queued", "running"]).count(),
        next_period=_next_period(on),
    )


def _deadlines(works: list[Work], at: datetime) -> list[tuple[str, str]]:
    """Return the next five deadlines in words, each with what is due; past ones stand above."""
    dated = sorted(
        {(w.due_at, f"{w.title} {w.period}") for w in works if w.due_at and w.due_at > at}
    )
    return [(due_text(due_at), title) for due_at, title in dated[:5]]


def _units_with(user: User, on: date, permission: Permission) -> list[int]:
    return [
        unit_id
        for unit_id, roles in posts_of(user, on).items()
        if permission in permissions_of(roles)
    ]


BUTTONS = {
    ReportState.EMPTY: "Bắt đầu nhập",
    ReportState.DRAFT: "Nhập tiếp",
    ReportState.RETURNED: "Bổ sung",
    ReportState.AWAITING: "Duyệt",
}


def _own_reports(user: User, on: date, at: datetime) -> list[Work]:
    """Return reports that the person's own unit still has to write or send."""
    enters = _units_with(user, on, Permission.REPORT_ENTER)
    if not enters:
        return []
    submits = set(_units_with(user, on, Permission.REPORT_SUBMIT))
    states = [ReportState.EMPTY, ReportState.DRAFT, ReportState.RETURNED]
    rows = (
        Report.objects.filter(
            Q(obligation__unit__in=enters) | Q(obligation__filler__in=enters),
            Q(state__in=states)
            | Q(state=AWAITING_LEADER, obligation__unit__in=submits)
            | Q(state=AWAITING_LEADER, obligation__filler__in=submits),
            obligation__state=ObligationState.EXPECTED,
        )
        .select_related("obligation__template", "obligation__period", "obligation__unit")
        .order_by("obligation__due_at", "pk")[:OWN_LIMIT]
    )
    reports = list(rows)
    names = (
        dict(
            Unit.objects.filter(pk__in={r.obligation.unit_id for r in reports})
            .with_names(on)
            .values_list("pk", "name")
        )
        if reports
        else {}
    )
    return [_own_work(report, names, at) for report in reports]


def _own_work(report: Report, names: dict[int, str], at: datetime) -> Work:
    obligation, state = report.obligation, ReportState(report.state)
    page = "reports:check" if state == AWAITING_LEADER else "reports:contents"
    return Work(
        title=obligation.template.name,
        period=obligation.period.label,
        unit=names.get(obligation.unit_id, ""),
        state=STATE_LOOKS[state],
        due=timing_of(obligation.due_at, obligation.first_submitted_at, at),
        due_at=obligation.due_at,
        button=BUTTONS[state],
        url=reverse(page, args=[report.pk]),
    )


def _to_receive(user: User, on: date, at: datetime) -> list[Work]:
    """Return, period by period, how many reports wait for this person's unit and how many lag."""
    units = _units_with(user, on, Permission.REPORT_REVIEW)
    if not units:
        return []
    rows = (
        Obligation.objects.expected()
        .filter(consolidator__in=units)
        .filter(Q(report__state=ReportState.SUBMITTED) | Q(first_submitted_at=None, due_at__lte=at))
        .values("period_id", "period__label", "period__kind", "period__year", "period__end")
        .annotate(
            waiting=Count("pk", filter=Q(report__state=ReportState.SUBMITTED)),
            late=Count("pk", filter=Q(first_submitted_at=None, due_at__lte=at)),
        )
        .order_by("-period__end", "period_id")
    )
    return [work for row in rows for work in _received_works(row)]


def _received_works(row: Mapping[str, Any]) -> list[Work]:
    """Return one period's work of a receiving unit: what waits, and who must be reminded."""
    works = []
    if row["waiting"]:
        state = Look(f"{row['waiting']} báo cáo đang chờ", "info", "inbox")
        url = reverse("reports:inbox")
        works.append(_period_work("Tiếp nhận báo cáo", row, state, "Tiếp nhận", url))
    if row["late"]:
        state = Look(f"{row['late']} báo cáo quá hạn", "bad", "exclamation-triangle-fill")
        url = f"{reverse('reports:progress')}?kind={row['period__kind']}&year={row['period__year']}"
        works.append(_period_work("Đôn đốc nộp báo cáo", row, state, "Xem và nhắc", url))
    return works


def _period_work(title: str, row: Mapping[str, Any], state: Look, button: str, url: str) -> Work:
    return Work(
        title=title,
        period=row["period__label"],
        unit="",
        state=state,
        due=None,
        due_at=None,
        button=button,
        url=url,
    )


def _to_consolidate(user: User, on: date) -> list[Work]:
    """Return the latest periods whose summary this person's unit makes, with m of n accepted."""
    units = _units_with(user, on, Permission.CONSOLIDATE)
    if not units:
        return []
    rows = (
        Obligation.objects.expected()
        .filter(
            root__police_in_charge__police_unit__in=units,
            root__police_in_charge__valid__contains=on,
        )
        .exclude(Exists(Document.objects.filter(root=OuterRef("root"), period=OuterRef("period"))))
        .values("period_id", "period__label", "period__end")
        .annotate(n=Count("pk"), m=Count("pk", filter=Q(report__state=ReportState.ACCEPTED)))
        .order_by("-period__end", "period_id")[:3]
    )
    return [
        _period_work(
            "Tổng hợp báo cáo",
            row,
            Look(f"Đã tiếp nhận {row['m']}/{row['n']}", "info", "bar-chart"),
            "Tổng hợp",
            reverse("reports:consolidation", args=[row["period_id"]]),
        )
        for row in rows
    ]


def _next_period(on: date) -> str:
    """Return which monthly report comes next and when it opens, for an empty work list."""
    months = Period.objects.filter(calendar__code="nd09", kind="month")
    period = months.filter(end__gt=on + OPEN_BEFORE_CUTOFF).order_by("end").first()
    if period is None:
        return ""
    first_due = timezone.make_aware(datetime.combine(period.end, datetime.min.time()))
    opening = timezone.localtime(opens_at(period, first_due)).date()
    return f"Kỳ tới: báo cáo {period.label}, mở ngày {opening:%d/%m/%Y}."
