"""Accepted figures, offered to the registry of figure sources (programme targets read them)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

from apps.indicators.figures import Figure, Joint, Key, RegisterFigure

# Ids as an array: ten thousand of them as single parameters take longer than the query.
ACCEPTED = """
    SELECT i.code, s.unit_id, l.breakdown, coalesce(l.value, 0), l.qualifier,
           (SELECT array_agg(ARRAY[j.record_id, j.value])
              FROM reports_jointshare j
             WHERE j.submission_id = s.id AND j.indicator_id = i.id AND j.breakdown = l.breakdown)
      FROM reports_submission s
      JOIN indicators_period p ON p.id = s.period_id AND p.start = %(start)s AND p.end = %(end)s
      JOIN reports_submissionline l ON l.submission_id = s.id
                                   AND l.state IN ('value', 'zero', 'nothing')
      JOIN indicators_indicator i ON i.id = l.indicator_id AND i.code = ANY(%(codes)s)
     WHERE s.state = 'accepted' AND s.unit_id = ANY(%(units)s::bigint[])
     ORDER BY s.id"""


def answer_accepted(
    codes: Collection[str], unit_ids: Collection[int], window: tuple[date, date]
) -> dict[Key, Figure]:
    """Return the accepted figures of units for exactly this window, with the joint records in them.

    One query. Where two accepted reports of a unit give the same figure, the later one holds.
    """
    start, end = window
    asked: dict[str, Any] = {
        "codes": list(codes),
        "units": list(unit_ids),
        "start": start,
        "end": end,
    }
    with connection.cursor() as cursor:
        cursor.execute(ACCEPTED, asked)
        return {
            (code, unit_id, part): RegisterFigure(
                value, qualifier, tuple(Joint(int(record), share) for record, share in shares or ())
            )
            for code, unit_id, part, value, qualifier, shares in cursor.fetchall()
        }
