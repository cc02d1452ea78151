"""The one SQL that sums a node: own figures + figures of the units below + signed adjustments.

Additive kinds (flow, stock, yearly, and the parts of a class) are added over units; `distinct`
and text are never added, so they only pass through where one unit alone says them; rates are
divided last, from these sums (design.md section 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

ADDITIVE = ("flow", "stock", "yearly", "class")

# Units directly below a node in the tree of the period: a unit that moved or closed inside the
# period belongs to the node where it was last. An inner unit has units below it of its own.
MEMBERS = """
members AS (
    SELECT DISTINCT ON (c.descendant_id) c.descendant_id AS unit_id, c.ancestor_id
      FROM units_unitclosure c
     WHERE c.depth = 1 AND c.valid_from <= %(tree_on)s AND c.valid_to > %(start)s
     ORDER BY c.descendant_id, c.valid_from DESC
), below AS (
    SELECT m.unit_id,
           EXISTS (SELECT 1 FROM members k WHERE k.ancestor_id = m.unit_id) AS is_inner
      FROM members m WHERE m.ancestor_id = %(unit)s
), direct AS (
    SELECT %(unit)s::bigint AS unit_id
    UNION ALL SELECT unit_id FROM below WHERE NOT is_inner
)"""

PARTS = """
parts AS (
    SELECT l.indicator_id, l.breakdown,
           CASE WHEN i.kind = ANY(%(additive)s)
                THEN CASE WHEN l.state IN ('value', 'zero') THEN l.value
                          WHEN l.state = 'nothing' THEN 0 END
           END AS value,
           l.qualifier,
           (l.state IN ('value', 'zero', 'nothing', 'not_applicable'))::int AS n_reporting,
           0 AS n_expected
      FROM direct d
      JOIN reports_submission s ON s.unit_id = d.unit_id AND s.period_id = %(period)s
                               AND s.state = 'accepted'
      JOIN reports_submissionline l ON l.submission_id = s.id
      JOIN indicators_indicator i ON i.id = l.indicator_id
    UNION ALL
    SELECT t.indicator_id, t.breakdown, NULL, 'exact', 0, count(*)::int
      FROM direct d
      JOIN reports_obligation o ON o.unit_id = d.unit_id AND o.period_id = %(period)s
                               AND o.state = 'expected'
      JOIN reports_templateline t ON t.version_id = o.version_id
     GROUP BY t.indicator_id, t.breakdown
    UNION ALL
    SELECT r.indicator_id, r.breakdown, r.value, r.qualifier, r.n_reporting, r.n_expected
      FROM below b
      JOIN reports_rollup r ON r.unit_id = b.unit_id AND r.period_id = %(period)s
     WHERE b.is_inner
    UNION ALL
    SELECT a.indicator_id, a.breakdown, a.delta, 'exact', 0, 0
      FROM direct d
      JOIN reports_adjustment a ON a.unit_id = d.unit_id AND a.period_id = %(period)s
)"""

SUMMED = """
summed AS (
    SELECT indicator_id, breakdown, sum(value) AS value,
           CASE WHEN bool_or(qualifier = 'about')
                  OR (bool_or(qualifier = 'over') AND bool_or(qualifier = 'nearly')) THEN 'about'
                WHEN bool_or(qualifier = 'over') THEN 'over'
                WHEN bool_or(qualifier = 'nearly') THEN 'nearly'
                ELSE 'exact' END AS qualifier,
           sum(n_reporting)::int AS n_reporting,
           greatest(sum(n_expected), sum(n_reporting))::int AS n_expected
      FROM parts GROUP BY indicator_id, breakdown
)"""

STORE = f"""
WITH {MEMBERS}, {PARTS}, {SUMMED},
gone AS (
    DELETE FROM reports_rollup r
     WHERE r.unit_id = %(unit)s AND r.period_id = %(period)s
       AND NOT EXISTS (SELECT 1 FROM summed s WHERE s.indicator_id = r.indicator_id
                                                AND s.breakdown = r.breakdown)
)
INSERT INTO reports_rollup AS r
       (unit_id, period_id, indicator_id, breakdown, value, qualifier, n_reporting, n_expected)
SELECT %(unit)s, %(period)s, indicator_id, breakdown, value, qualifier, n_reporting, n_expected
  FROM summed
ON CONFLICT (unit_id, period_id, indicator_id, breakdown) DO UPDATE
   SET value = excluded.value, qualifier = excluded.qualifier,
       n_reporting = excluded.n_reporting, n_expected = excluded.n_expected
 WHERE (r.value, r.qualifier, r.n_reporting, r.n_expected)
       IS DISTINCT FROM (excluded.value, excluded.qualifier, excluded.n_reporting,
                         excluded.n_expected)
"""  # noqa: S608  # constants of this module only

READ = f"""
WITH {MEMBERS}, {PARTS}, {SUMMED}
SELECT i.code, s.breakdown, s.value, s.qualifier, s.n_reporting, s.n_expected
  FROM summed s JOIN indicators_indicator i ON i.id = s.indicator_id
"""  # noqa: S608  # constants of this module only


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over units: None where no unit said anything; m of n units stand behind it."""

    value: Decimal | None
    qualifier: str
    n_reporting: int
    n_expected: int


Totals = dict[tuple[str, str], Total]


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in one period, with the day whose tree is used and the period's first day."""

    unit_id: int
    period_id: int
    start: object
    tree_on: object

    def parameters(self) -> dict[str, object]:
        """Return the values that the SQL of this module names."""
        return {
            "unit": self.unit_id,
            "period": self.period_id,
            "start": self.start,
            "tree_on": self.tree_on,
            "additive": list(ADDITIVE),
        }


def store_node(node: Node) -> None:
    """Recompute the stored sums of one node from what lies directly below; the caller locks it."""
    with connection.cursor() as cursor:
        cursor.execute(STORE, node.parameters())


def read_node(node: Node) -> Totals:
    """Return the sums of a node without storing them; this is how the root is read."""
    with connection.cursor() as cursor:
        cursor.execute(READ, node.parameters())
        return {(row[0], row[1]): Total(*row[2:]) for row in cursor.fetchall()}


# One statement that sums every node of a period straight from the submitted lines, over the whole
# subtree: an independent way to the same figures, for the nightly comparison.
RECONCILE = """
WITH RECURSIVE members AS (
    SELECT DISTINCT ON (c.descendant_id) c.descendant_id AS unit_id, c.ancestor_id
      FROM units_unitclosure c
      JOIN indicators_period p ON p.id = %(period)s
      JOIN reports_rollupnode n ON n.period_id = p.id AND n.unit_id = c.ancestor_id
     WHERE c.depth = 1 AND c.valid_from <= n.tree_on AND c.valid_to > p.start
     ORDER BY c.descendant_id, c.valid_from DESC
), subtree AS (
    SELECT n.unit_id AS node_id, n.unit_id FROM reports_rollupnode n WHERE n.period_id = %(period)s
    UNION ALL
    SELECT s.node_id, m.unit_id FROM subtree s JOIN members m ON m.ancestor_id = s.unit_id
), live AS (
    SELECT node_id, indicator_id, breakdown, sum(value) AS value FROM (
        SELECT t.node_id, l.indicator_id, l.breakdown,
               CASE WHEN i.kind = ANY(%(additive)s)
                    THEN CASE WHEN l.state IN ('value', 'zero') THEN l.value
                              WHEN l.state = 'nothing' THEN 0 END END AS value
          FROM subtree t
          JOIN reports_submission s ON s.unit_id = t.unit_id AND s.period_id = %(period)s
                                   AND s.state = 'accepted'
          JOIN reports_submissionline l ON l.submission_id = s.id
          JOIN indicators_indicator i ON i.id = l.indicator_id
        UNION ALL
        SELECT t.node_id, a.indicator_id, a.breakdown, a.delta
          FROM subtree t
          JOIN reports_adjustment a ON a.unit_id = t.unit_id AND a.period_id = %(period)s
    ) x GROUP BY node_id, indicator_id, breakdown
)
SELECT coalesce(live.node_id, r.unit_id), coalesce(live.indicator_id, r.indicator_id),
       coalesce(live.breakdown, r.breakdown), r.value, live.value
  FROM live FULL JOIN (SELECT * FROM reports_rollup WHERE period_id = %(period)s) r
    ON r.unit_id = live.node_id AND r.indicator_id = live.indicator_id
   AND r.breakdown = live.breakdown
 WHERE r.value IS DISTINCT FROM live.value
"""


def differences(period_id: int) -> list[tuple[int, int, str, Decimal | None, Decimal | None]]:
    """Return (unit, indicator, breakdown, stored, recomputed) wherever the two disagree."""
    with connection.cursor() as cursor:
        cursor.execute(RECONCILE, {"period": period_id, "additive": list(ADDITIVE)})
        return list(cursor.fetchall())


GRID = """
SELECT r.unit_id, r.indicator_id, r.breakdown, sum(r.value) AS value
  FROM reports_rollup r
 WHERE r.unit_id = ANY(%(units)s) AND r.period_id = ANY(%(periods)s)
   AND r.indicator_id = ANY(%(indicators)s)
 GROUP BY r.unit_id, r.indicator_id, r.breakdown
"""


def grid_over_periods(
    unit_ids: Iterable[int], period_ids: Iterable[int], indicator_ids: Iterable[int]
) -> list[tuple[int, int, str, Decimal | None]]:
    """Return (unit, indicator, breakdown, sum) of flows over several periods, for the grid."""
    with connection.cursor() as cursor:
        cursor.execute(
            GRID,
            {
                "units": list(unit_ids),
                "periods": list(period_ids),
                "indicators": list(indicator_ids),
            },
        )
        return list(cursor.fetchall())
