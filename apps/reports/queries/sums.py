"""The one SQL that sums a node: own figures + figures of the units below + signed adjustments.

Additive kinds (flow, stock, yearly, and the parts of a class) are added over units. A `distinct`
figure is never added: a node has the one it counted itself, or the one of the only unit that was
asked. Text has no total; rates are divided last, from these sums (design.md section 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

ADDITIVE = ("flow", "stock", "yearly", "class")

# Units directly below a node in the tree of the period: a unit that moved or closed inside the
# period belongs to the node where it was last. An inner unit has a node, that is, sums of its own.
BELOW = """
below AS (
    SELECT c.descendant_id AS unit_id,
           EXISTS (SELECT 1 FROM reports_rollupnode n
                    WHERE n.unit_id = c.descendant_id AND n.period_id = %(period)s) AS is_inner
      FROM units_unitclosure c
     WHERE c.ancestor_id = %(unit)s AND c.depth = 1
       AND c.valid_from <= %(tree_on)s AND c.valid_to > %(start)s
       AND NOT EXISTS (SELECT 1 FROM units_unitclosure later
                        WHERE later.descendant_id = c.descendant_id AND later.depth = 1
                          AND later.valid_from > c.valid_from
                          AND later.valid_from <= %(tree_on)s)
), direct AS (
    SELECT %(unit)s::bigint AS unit_id
    UNION ALL SELECT unit_id FROM below WHERE NOT is_inner
)"""

SAID = """CASE WHEN l.state IN ('value', 'zero') THEN l.value WHEN l.state = 'nothing' THEN 0 END"""
REPORTS = "(l.state IN ('value', 'zero', 'nothing', 'not_applicable'))::int"

# A report that is excused counts as expected once it is accepted, so m of n never exceeds n.
COUNTED = """(o.state = 'expected' OR EXISTS (
               SELECT 1 FROM reports_report r JOIN reports_submission s ON s.report_id = r.id
                WHERE r.obligation_id = o.id AND s.state = 'accepted'))"""

PARTS = f"""
parts AS (
    SELECT d.unit_id AS part_id, l.indicator_id, l.breakdown, {SAID} AS value, l.qualifier,
           {REPORTS} AS n_reporting, 0 AS n_expected
      FROM direct d
      JOIN reports_submission s ON s.unit_id = d.unit_id AND s.period_id = %(period)s
                               AND s.state = 'accepted'
      JOIN reports_submissionline l ON l.submission_id = s.id
    UNION ALL
    SELECT d.unit_id, t.indicator_id, t.breakdown, NULL, 'exact', 0, count(*)::int
      FROM direct d
      JOIN reports_obligation o ON o.unit_id = d.unit_id AND o.period_id = %(period)s
                               AND {COUNTED}
      JOIN reports_templateline t ON t.version_id = o.version_id
     GROUP BY d.unit_id, t.indicator_id, t.breakdown
    UNION ALL
    SELECT b.unit_id, r.indicator_id, r.breakdown, r.value, r.qualifier, r.n_reporting,
           r.n_expected
      FROM below b
      JOIN reports_rollup r ON r.unit_id = b.unit_id AND r.period_id = %(period)s
     WHERE b.is_inner
    UNION ALL
    SELECT d.unit_id, a.indicator_id, a.breakdown, a.delta, 'exact', 0, 0
      FROM direct d
      JOIN reports_adjustment a ON a.unit_id = d.unit_id AND a.period_id = %(period)s
)"""  # noqa: S608  # constants of this module only

# `owner` is the unit whose sum it is: its own distinct count goes before what is below it. A sum is
# as weak as its weakest part.
AGGREGATES = """
           CASE WHEN i.kind = ANY(%(additive)s) THEN sum(p.value)
                WHEN i.kind = 'distinct' THEN
                     coalesce(max(p.value) FILTER (WHERE p.part_id = {owner}),
                              CASE WHEN sum(p.n_expected) = 1 THEN max(p.value) END)
           END AS value,
           CASE WHEN NOT i.kind = ANY(%(additive)s)
                THEN coalesce(max(p.qualifier) FILTER (WHERE p.part_id = {owner}
                                                         AND p.value IS NOT NULL),
                              CASE WHEN sum(p.n_expected) = 1
                                   THEN max(p.qualifier) FILTER (WHERE p.value IS NOT NULL) END,
                              'exact')
                WHEN bool_or(p.qualifier = 'about')
                  OR (bool_or(p.qualifier = 'over') AND bool_or(p.qualifier = 'nearly'))
                THEN 'about'
                WHEN bool_or(p.qualifier = 'over') THEN 'over'
                WHEN bool_or(p.qualifier = 'nearly') THEN 'nearly'
                ELSE 'exact' END AS qualifier,
           sum(p.n_reporting)::int AS n_reporting, sum(p.n_expected)::int AS n_expected"""

# Records of registers that several accepted figures of the period hold: `joint` are those figures,
# `up` climbs from each unit that has one to the part of this node it belongs to, as BELOW does.
# The parts are sums in which a record stands once (an inner unit) or once for each version (a unit
# itself); the node has it once. With one value for all this is value × (number of parts − 1).
TREE_ON = """coalesce(CASE WHEN c.ancestor_id <> %(unit)s THEN n.tree_on END, %(tree_on)s)"""
SHARED = f"""
joint AS MATERIALIZED (
    SELECT * FROM (
        SELECT s.unit_id, j.submission_id, j.indicator_id, j.breakdown, j.register, j.record_id,
               j.value,
               count(*) OVER (PARTITION BY j.indicator_id, j.breakdown, j.register,
                                           j.record_id) AS n_figures
          FROM reports_jointshare j
          JOIN reports_submission s ON s.id = j.submission_id AND s.period_id = %(period)s
                                   AND s.state = 'accepted'
          JOIN indicators_indicator i ON i.id = j.indicator_id AND i.kind = ANY(%(additive)s)
    ) known WHERE n_figures > 1
), up AS (
    SELECT DISTINCT unit_id AS holder_id, unit_id AS part_id FROM joint
    UNION
    SELECT up.holder_id, c.ancestor_id
      FROM up
      JOIN units_unitclosure c ON c.descendant_id = up.part_id AND c.depth = 1
      LEFT JOIN reports_rollupnode n ON n.unit_id = c.ancestor_id AND n.period_id = %(period)s
     WHERE up.part_id <> %(unit)s AND (n.id IS NOT NULL OR c.ancestor_id = %(unit)s)
       AND c.valid_from <= {TREE_ON} AND c.valid_to > %(start)s
       AND NOT EXISTS (SELECT 1 FROM units_unitclosure later
                        WHERE later.descendant_id = c.descendant_id AND later.depth = 1
                          AND later.valid_from > c.valid_from AND later.valid_from <= {TREE_ON})
), held AS (
    SELECT j.indicator_id, j.breakdown, j.register, j.record_id, max(j.value) AS value
      FROM joint j
      JOIN up ON up.holder_id = j.unit_id
      JOIN (SELECT unit_id, is_inner FROM below UNION ALL SELECT %(unit)s::bigint, false) part
        ON part.unit_id = up.part_id
       AND (part.unit_id <> %(unit)s OR up.holder_id = %(unit)s)
     GROUP BY j.indicator_id, j.breakdown, j.register, j.record_id, part.unit_id,
              CASE WHEN part.is_inner THEN 0 ELSE j.submission_id END
), shared AS (
    SELECT indicator_id, breakdown, register, record_id, count(*) AS n_parts,
           max(value) - sum(value) AS value
      FROM held GROUP BY indicator_id, breakdown, register, record_id HAVING count(*) > 1
)"""  # noqa: S608  # constants of this module only

SUMMED = f"""
summed AS (
    SELECT p.indicator_id, p.breakdown, {AGGREGATES.format(owner="%(unit)s")}
      FROM (SELECT * FROM parts
            UNION ALL
            SELECT NULL, indicator_id, breakdown, value, 'exact', 0, 0 FROM shared) p
      JOIN indicators_indicator i ON i.id = p.indicator_id
     GROUP BY p.indicator_id, p.breakdown, i.kind
)"""  # noqa: S608  # constants of this module only

STORE = f"""
WITH RECURSIVE {BELOW}, {PARTS}, {SHARED}, {SUMMED},
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
WITH RECURSIVE {BELOW}, {PARTS}, {SHARED}, {SUMMED}
SELECT i.code, s.breakdown, s.value, s.qualifier, s.n_reporting, s.n_expected
  FROM summed s JOIN indicators_indicator i ON i.id = s.indicator_id
"""  # noqa: S608  # constants of this module only

# The same parts, each unit's own: what stands behind a total, one step down.
READ_PARTS = f"""
WITH {BELOW}, {PARTS}
SELECT p.part_id, i.code, p.breakdown, {AGGREGATES.format(owner="p.part_id")}
  FROM parts p JOIN indicators_indicator i ON i.id = p.indicator_id
 {{only}}
 GROUP BY p.part_id, i.code, p.breakdown, i.kind
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
    start: date
    tree_on: date

    def parameters(self) -> dict[str, Any]:
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


# The records behind the last SQL's correction, for the page that shows a total with its parts.
READ_SHARED = f"""
WITH RECURSIVE {BELOW}, {SHARED}
SELECT i.code, s.breakdown, s.register, s.record_id, s.n_parts, s.value
  FROM shared s JOIN indicators_indicator i ON i.id = s.indicator_id
 WHERE s.indicator_id = ANY(%(indicators)s)
 ORDER BY i.code, s.breakdown, s.register, s.record_id
"""  # noqa: S608  # constants of this module only


@dataclass(frozen=True, slots=True)
class SharedRecord:
    """A record that several parts of a node hold, with what the node takes off to count it once."""

    code: str
    breakdown: str
    register: str
    record_id: int
    n_parts: int
    value: Decimal


def read_shared(node: Node, indicator_ids: Iterable[int]) -> list[SharedRecord]:
    """Return the records that stand in several parts of a node's sums of some indicators."""
    parameters = node.parameters() | {"indicators": list(indicator_ids)}
    with connection.cursor() as cursor:
        cursor.execute(READ_SHARED, parameters)
        return [SharedRecord(*row) for row in cursor.fetchall()]


def read_parts(node: Node) -> dict[int, Totals]:
    """Return what a node's sums are made of: itself and each unit below it, with its figures."""
    return _parts(READ_PARTS.format(only=""), node.parameters())


def read_parts_of(node: Node, indicator_ids: Iterable[int]) -> dict[int, Totals]:
    """Return the same for a few indicators."""
    only = "WHERE p.indicator_id = ANY(%(indicators)s)"
    parameters = node.parameters() | {"indicators": list(indicator_ids)}
    return _parts(READ_PARTS.format(only=only), parameters)


def _parts(sql: str, parameters: dict[str, Any]) -> dict[int, Totals]:
    found: dict[int, Totals] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for unit_id, code, breakdown, *total in cursor.fetchall():
            found.setdefault(unit_id, {})[(code, breakdown)] = Total(*total)
    return found


# One statement that sums every node of a period straight from the submitted lines, over the whole
# subtree: another way to the same figures, for the nightly comparison.
RECONCILE = f"""
WITH RECURSIVE members AS (
    SELECT n.unit_id AS ancestor_id, c.descendant_id AS unit_id
      FROM reports_rollupnode n
      JOIN indicators_period p ON p.id = n.period_id
      JOIN units_unitclosure c ON c.ancestor_id = n.unit_id AND c.depth = 1
       AND c.valid_from <= n.tree_on AND c.valid_to > p.start
     WHERE n.period_id = %(period)s
       AND NOT EXISTS (SELECT 1 FROM units_unitclosure later
                        WHERE later.descendant_id = c.descendant_id AND later.depth = 1
                          AND later.valid_from > c.valid_from AND later.valid_from <= n.tree_on)
), subtree AS (
    SELECT n.unit_id AS node_id, n.unit_id FROM reports_rollupnode n WHERE n.period_id = %(period)s
    UNION ALL
    SELECT s.node_id, m.unit_id FROM subtree s JOIN members m ON m.ancestor_id = s.unit_id
), parts AS (
    SELECT t.node_id, t.unit_id AS part_id, l.indicator_id, l.breakdown, {SAID} AS value,
           l.qualifier, {REPORTS} AS n_reporting, 0 AS n_expected
      FROM subtree t
      JOIN reports_submission s ON s.unit_id = t.unit_id AND s.period_id = %(period)s
                               AND s.state = 'accepted'
      JOIN reports_submissionline l ON l.submission_id = s.id
    UNION ALL
    SELECT t.node_id, t.unit_id, a.indicator_id, a.breakdown, a.delta, 'exact', 0, 0
      FROM subtree t
      JOIN reports_adjustment a ON a.unit_id = t.unit_id AND a.period_id = %(period)s
    UNION ALL
    SELECT t.node_id, t.unit_id, tl.indicator_id, tl.breakdown, NULL, 'exact', 0, 1
      FROM subtree t
      JOIN reports_obligation o ON o.unit_id = t.unit_id AND o.period_id = %(period)s
                               AND {COUNTED}
      JOIN reports_templateline tl ON tl.version_id = o.version_id
    UNION ALL
    SELECT node_id, NULL, indicator_id, breakdown, max(value) - sum(value), 'exact', 0, 0
      FROM (SELECT t.node_id, j.*
              FROM reports_jointshare j
              JOIN reports_submission s ON s.id = j.submission_id AND s.period_id = %(period)s
                                       AND s.state = 'accepted'
              JOIN subtree t ON t.unit_id = s.unit_id
              JOIN indicators_indicator i ON i.id = j.indicator_id AND i.kind = ANY(%(additive)s)
           ) held
     GROUP BY node_id, indicator_id, breakdown, register, record_id HAVING count(*) > 1
), live AS (
    SELECT p.node_id, p.indicator_id, p.breakdown, {AGGREGATES.format(owner="p.node_id")}
      FROM parts p JOIN indicators_indicator i ON i.id = p.indicator_id
     GROUP BY p.node_id, p.indicator_id, p.breakdown, i.kind
)
SELECT coalesce(live.node_id, r.unit_id), coalesce(live.indicator_id, r.indicator_id),
       coalesce(live.breakdown, r.breakdown),
       concat_ws(' ', r.qualifier, r.value, r.n_reporting || '/' || r.n_expected),
       concat_ws(' ', live.qualifier, live.value, live.n_reporting || '/' || live.n_expected)
  FROM live FULL JOIN (SELECT * FROM reports_rollup WHERE period_id = %(period)s) r
    ON r.unit_id = live.node_id AND r.indicator_id = live.indicator_id
   AND r.breakdown = live.breakdown
 WHERE (r.value, r.qualifier, r.n_reporting, r.n_expected)
       IS DISTINCT FROM (live.value, live.qualifier, live.n_reporting, live.n_expected)
 ORDER BY 1, 2, 3
"""  # noqa: S608  # constants of this module only


def differences(period_id: int) -> list[tuple[int, int, str, str, str]]:
    """Return (unit, indicator, breakdown, stored, recomputed) wherever the two disagree.

    Stored and recomputed are written as "exact 1250.00 3/5": qualifier, value, reporting/expected.
    """
    with connection.cursor() as cursor:
        cursor.execute(RECONCILE, {"period": period_id, "additive": list(ADDITIVE)})
        return list(cursor.fetchall())
