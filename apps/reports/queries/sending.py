"""What a submission reads first, in statements that each connection plans once.

Everybody submits in the same hour: composing these anew each time took as long as all else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from apps.core.prepared import Prepared
from apps.indicators.models import Period
from apps.reports.models import Obligation, Report

M = TypeVar("M", bound=Model)
BIGGEST_ID = 2**63 - 1


def _columns(model: type[Model], table: str) -> str:
    """Return the columns of a model's row, for `_made` to read."""
    return ", ".join(f'{table}."{field.column}"' for field in model._meta.concrete_fields)


def _made(model: type[M], values: Iterator[Any]) -> M:
    """Make a model of the next columns of a row."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(DEFAULT_DB_ALIAS, names, list(islice(values, len(names))))


REPORT = Prepared(
    f"""
SELECT {_columns(Report, "r")}, {_columns(Obligation, "o")}, {_columns(Period, "p")}
  FROM reports_report r
  JOIN reports_obligation o ON o.id = r.obligation_id
  JOIN indicators_period p ON p.id = o.period_id
 WHERE r.id = %(report)s
""",  # noqa: S608  # names of columns
    {"report": "bigint"},
)


def report_to_submit(pk: int) -> Report | None:
    """Return a report with its obligation and period, whoever asks; none when there is none."""
    rows = REPORT.rows({"report": pk}) if pk <= BIGGEST_ID else []
    if not rows:
        return None
    values = iter(rows[0])
    report, obligation, period = (
        _made(Report, values),
        _made(Obligation, values),
        _made(Period, values),
    )
    obligation.period = period
    report.obligation = obligation
    return report


@dataclass(frozen=True, slots=True)
class Locked:
    """A report that only this transaction may write, and what decides whether it can be sent."""

    report: Report
    has_open_remark: bool
    has_scan: bool
    last_number: int
    repeat_of: int | None
    texts: dict[str, str]


LOCK = Prepared(
    f"""
SELECT {_columns(Report, "r")},
       (SELECT b.state FROM reports_report b WHERE b.id = r.id),
       (SELECT b.changed_at FROM reports_report b WHERE b.id = r.id),
       EXISTS (SELECT 1 FROM reports_remark m WHERE m.report_id = r.id AND m.answer = ''),
       EXISTS (SELECT 1 FROM reports_reportscan c WHERE c.report_id = r.id),
       (SELECT max(s.number) FROM reports_submission s WHERE s.report_id = r.id),
       (SELECT s.id FROM reports_submission s
         WHERE s.report_id = r.id AND s.client_token = %(token)s),
       (SELECT json_object_agg(t.part, t.body)::text FROM reports_reporttext t
         WHERE t.report_id = r.id)
  FROM reports_report r
 WHERE r.id = %(report)s
   FOR NO KEY UPDATE OF r
""",  # noqa: S608  # names of columns
    {"report": "bigint", "token": "text"},
)


def lock_report(report: Report, client_token: str = "") -> Locked:
    """Lock a report and read all that a submission must know, in one query.

    Where it had to wait for the lock, PostgreSQL gives the row as it is now but the facts beside
    it as they were before: then it is read once more, this time while nobody else can write.
    """
    locked, seen = _read_locked(report, client_token)
    if (locked.report.state, locked.report.changed_at) != seen:
        locked, _ = _read_locked(report, client_token)
    return locked


def _read_locked(report: Report, client_token: str) -> tuple[Locked, tuple[Any, Any]]:
    [row] = LOCK.rows({"report": report.pk, "token": client_token})
    values = iter(row)
    now = _made(Report, values)
    now.obligation = report.obligation
    state, changed_at, has_open_remark, has_scan, last_number, repeat_of, written = values
    texts = json.loads(written or "{}")
    found = Locked(now, has_open_remark, has_scan, last_number or 0, repeat_of, texts)
    return found, (state, changed_at)
