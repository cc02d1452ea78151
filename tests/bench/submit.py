"""Reports of 60 cells submitted over HTTP, against a POST that commits one audit row.

Both sides go through the same gunicorn, clients, sessions and CSRF check, on the same database
with the same durability, and each commits once. The difference is the work itself: a submission
checks rights and figures, asks the registers, and writes 60 lines beside its audit row.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.rules import Role
from apps.reports.models import Report, Submission
from apps.reports.queries.sums import differences
from apps.reports.services.review import accept_report
from apps.reports.services.rollups import recompute_dirty
from tests.bench.database import bench_database
from tests.bench.lines import Line
from tests.bench.province import BenchProvince, build, fill_reports, officer
from tests.bench.server import gunicorn, post_for, signed_in_cookie

NAME = "submit"
CLIENTS, COMMUNES, CELLS, RUNS, WINDOW = 6, 6000, 60, 5, 6.0
ACCEPTED = 400
TRANSACTION_WORDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
GOAL_RATIO, GOAL_RATE, GOAL_QUERIES = 0.35, 50.0, 14.0


def run() -> list[Line]:
    """Submit in five windows, each beside a window of the yardstick as long."""
    with bench_database():
        province = build(COMMUNES, CLIENTS, CELLS)
        people = [officer(f"nop{n}", unit, Role.LEADER) for n, unit in enumerate(province.stations)]
        fill_reports(officer("nhap", province.police, Role.CLERK))
        waiting = [
            deque(
                Report.objects.filter(obligation__filler=unit)
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            for unit in province.stations
        ]
        queries = _queries_of_one(people[0], waiting[0].popleft())
        sent, rates, yardsticks, errors = 1, [], [], 0

        def submit(number: int) -> tuple[str, str] | None:
            if not waiting[number]:
                return None
            pk = waiting[number].popleft()
            return f"/bao-cao/{pk}/nop/", f"client_token=toc-do-{pk:08d}&declared=on"

        with gunicorn() as port:
            cookies = [signed_in_cookie(user, port) for user in people]
            post_for(2, port, cookies, lambda _n: ("/bench/audit-row/", ""))
            for _ in range(RUNS):
                tally, took = post_for(WINDOW, port, cookies, submit)
                rates.append(tally.done / took)
                sent, errors = sent + tally.done, errors + len(tally.other)
                tally, took = post_for(WINDOW, port, cookies, lambda _n: ("/bench/audit-row/", ""))
                yardsticks.append(tally.done / took)
        wrong = _wrong_afterwards(province, sent)
    rate, yardstick = median(rates), median(yardsticks)
    note = f"{rate:.0f}/s against {yardstick:.0f}/s; {sent} submitted, {errors} refused"
    return [
        Line("submit_ratio", rate / yardstick, GOAL_RATIO, False, "", note),
        Line("submit_rate", rate, GOAL_RATE, False, "/s", note),
        Line("submit_queries", queries, GOAL_QUERIES, True, "", "one POST, session included"),
        Line("submit_wrong", wrong + errors, 0, True, "", "lost, doubled, or sums that differ"),
    ]


def _queries_of_one(user: object, pk: int) -> int:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    client.get("/bao-cao/")  # the session's row is written once a minute, not at every request
    with CaptureQueriesContext(connection) as caught:
        answer = client.post(
            f"/bao-cao/{pk}/nop/", {"client_token": f"toc-do-{pk:08d}", "declared": "on"}
        )
    if answer.status_code != 302:
        raise AssertionError(answer.content.decode()[:2000])
    return len([q for q in caught if not q["sql"].startswith(TRANSACTION_WORDS)])


def _wrong_afterwards(province: BenchProvince, sent: int) -> int:
    """Count lost or doubled submissions, and sums that differ from recomputation."""
    counted = Submission.objects.count()
    reports = Submission.objects.values("report_id").distinct().count()
    reviewer = officer("nhan", province.police, Role.REVIEWER)
    at = timezone.now()
    for submission in Submission.objects.select_related("report").order_by("pk")[:ACCEPTED]:
        accept_report(report=submission.report, looked_at=submission, by=reviewer, at=at)
    recompute_dirty(period=province.period, at=at)
    return abs(counted - sent) + abs(counted - reports) + len(differences(province.period.pk))
