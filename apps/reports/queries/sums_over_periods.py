"""Sums over several periods at once, for the grid of units and indicators."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import connection

from apps.reports.queries.sums import SAID

# The "+ 0" keeps the list of indicators out of the index condition: as a condition it would be
# searched for once for every unit, period and indicator (72,000 times for a year of a province).
GRID = """
SELECT r.unit_id, r.indicator_id, r.breakdown, sum(r.value) AS value
  FROM reports_rollup r
 WHERE r.unit_id = ANY(%(units)s) AND r.period_id = ANY(%(periods)s)
   AND r.indicator_id + 0 = ANY(%(indicators)s)
 GROUP BY r.unit_id, r.indicator_id, r.breakdown
"""

# The same for units that have no sums of their own: their accepted figures and adjustments.
LEAVES = f"""
WITH unit_period AS (
    SELECT u.id AS unit_id, p.id AS period_id
      FROM unnest(%(units)s::bigint[]) u(id) CROSS JOIN unnest(%(periods)s::bigint[]) p(id)
     WHERE NOT EXISTS (SELECT 1 FROM reports_rollupnode n
                        WHERE n.unit_id = u.id AND n.period_id = p.id)
)
SELECT unit_id, indicator_id, breakdown, sum(value) FROM (
    SELECT up.unit_id, l.indicator_id, l.breakdown, {SAID} AS value
      FROM unit_period up
      JOIN reports_submission s ON s.unit_id = up.unit_id AND s.period_id = up.period_id
                               AND s.state = 'accepted'
      JOIN reports_submissionline l ON l.submission_id = s.id
    UNION ALL
    SELECT up.unit_id, a.indicator_id, a.breakdown, a.delta
      FROM unit_period up
      JOIN reports_adjustment a ON a.unit_id = up.unit_id AND a.period_id = up.period_id
) said
 WHERE indicator_id = ANY(%(indicators)s)
 GROUP BY unit_id, indicator_id, breakdown
"""  # noqa: S608  # constants of this module only

GridRow = tuple[int, int, str, Decimal | None]


def grid_over_periods(
    unit_ids: Iterable[int], period_ids: Iterable[int], indicator_ids: Iterable[int]
) -> list[GridRow]:
    """Return (unit, indicator, breakdown, sum) of flows over several periods, for the grid."""
    return _grid(GRID, unit_ids, period_ids, indicator_ids)


def leaves_over_periods(
    unit_ids: Iterable[int], period_ids: Iterable[int], indicator_ids: Iterable[int]
) -> list[GridRow]:
    """Return the same of units without units below them, which have no stored sums."""
    return _grid(LEAVES, unit_ids, period_ids, indicator_ids)


def _grid(
    sql: str, unit_ids: Iterable[int], period_ids: Iterable[int], indicator_ids: Iterable[int]
) -> list[GridRow]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "units": list(unit_ids),
                "periods": list(period_ids),
                "indicators": list(indicator_ids),
            },
        )
        return list(cursor.fetchall())
