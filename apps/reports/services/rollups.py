"""Keep the sums right: mark what changed, recompute node by node, compare every night."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from apps.audit.services import record_action
from apps.indicators.models import Period
from apps.reports.models import Reconciliation, Rollup, RollupNode
from apps.reports.queries.sums import Node, differences, store_node

# The node whose stored sums hold a unit's own figures: the unit itself when it has units below or
# already is a node, else its parent; the root is summed when read and has no node. Nodes are
# locked from the deepest up, as the recomputation does, so that the two cannot deadlock.
MARK = """
WITH own AS (
    SELECT DISTINCT ON (c.descendant_id) c.descendant_id AS unit_id, c.ancestor_id AS parent_id
      FROM units_unitclosure c
     WHERE c.depth = 1 AND c.descendant_id = ANY(%(units)s)
       AND c.valid_from <= %(tree_on)s AND c.valid_to > %(start)s
     ORDER BY c.descendant_id, c.valid_from DESC
), node AS (
    SELECT DISTINCT CASE WHEN EXISTS (
               SELECT 1 FROM units_unitclosure k
                WHERE k.depth = 1 AND k.ancestor_id = own.unit_id
                  AND k.valid_from <= %(tree_on)s AND k.valid_to > %(start)s)
             OR EXISTS (
               SELECT 1 FROM reports_rollupnode n
                WHERE n.unit_id = own.unit_id AND n.period_id = %(period)s)
           THEN own.unit_id ELSE own.parent_id END AS unit_id
      FROM own
)
INSERT INTO reports_rollupnode AS n (unit_id, period_id, tree_on, is_dirty, dirtied_at)
SELECT node.unit_id, %(period)s, %(tree_on)s::date, true, %(at)s::timestamptz
  FROM node
  JOIN LATERAL (
       SELECT max(up.depth) AS depth FROM units_unitclosure up
        WHERE up.descendant_id = node.unit_id
          AND up.valid_from <= %(tree_on)s AND up.valid_to > %(start)s) place ON place.depth > 0
 ORDER BY place.depth DESC, node.unit_id
ON CONFLICT (unit_id, period_id) DO UPDATE
   SET is_dirty = true, dirtied_at = excluded.dirtied_at, tree_on = excluded.tree_on
"""

DEEPEST_DIRTY = """
SELECT n.id, n.unit_id, n.tree_on,
       (SELECT max(c.depth) FROM units_unitclosure c
         WHERE c.descendant_id = n.unit_id AND c.valid_from <= n.tree_on
           AND c.valid_to > n.tree_on) AS depth
  FROM reports_rollupnode n
 WHERE n.period_id = %s AND n.is_dirty
 ORDER BY depth DESC NULLS LAST, n.id
 LIMIT 1
   FOR UPDATE OF n SKIP LOCKED
"""


@transaction.atomic
def mark_changed(
    *, unit_ids: Iterable[int], period: Period, tree_on: date, by: Any, at: datetime
) -> None:
    """Mark the nodes above these units as no longer right; one statement, no audit of its own."""
    _mark(unit_ids, period.pk, period.start, tree_on, at)


def _mark(
    unit_ids: Iterable[int], period_id: int, start: date, tree_on: date, at: datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            MARK,
            {
                "units": list(unit_ids),
                "period": period_id,
                "start": start,
                "tree_on": tree_on,
                "at": at,
            },
        )


def recompute_dirty(*, period: Period, at: datetime) -> int:
    """Recompute every node of a period that is marked, deepest first; return how many."""
    done = 0
    while _recompute_deepest(period=period, at=at):
        done += 1
    return done


@transaction.atomic
def _recompute_deepest(*, period: Period, at: datetime) -> bool:
    """Recompute one node under its row lock, then mark the node above it."""
    with connection.cursor() as cursor:
        cursor.execute(DEEPEST_DIRTY, [period.pk])
        row = cursor.fetchone()
    if row is None:
        return False
    node_id, unit_id, tree_on, _depth = row
    store_node(Node(unit_id, period.pk, period.start, tree_on))
    RollupNode.objects.filter(pk=node_id).update(is_dirty=False, computed_at=at)
    _mark_parent(unit_id, period, tree_on, at)
    return True


def _mark_parent(unit_id: int, period: Period, tree_on: date, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ancestor_id FROM units_unitclosure WHERE depth = 1 AND descendant_id = %s"
            " AND valid_from <= %s AND valid_to > %s ORDER BY valid_from DESC LIMIT 1",
            [unit_id, tree_on, period.start],
        )
        row = cursor.fetchone()
    if row:
        _mark([row[0]], period.pk, period.start, tree_on, at)


def periods_to_recompute() -> list[Period]:
    """Return the periods that have a node marked as changed."""
    marked = RollupNode.objects.filter(is_dirty=True).values("period_id").distinct()
    return list(Period.objects.filter(pk__in=marked).order_by("pk"))


def periods_in_use() -> list[Period]:
    """Return the periods that have stored sums, for the nightly comparison."""
    used = RollupNode.objects.values("period_id").distinct()
    return list(Period.objects.filter(pk__in=used).order_by("pk"))


@transaction.atomic
def reconcile_period(*, period: Period, at: datetime, by: Any = None) -> Reconciliation:
    """Compare the stored sums with one independent statement; raise the alarm, repair nothing."""
    found = differences(period.pk)
    row = Reconciliation.objects.create(
        period=period,
        ran_at=at,
        n_rows=Rollup.objects.filter(period=period).count(),
        n_differences=len(found),
        detail=[[str(part) if part is not None else None for part in line] for line in found[:200]],
    )
    record_action(
        action="reports.reconciled", by=by, at=at, target=row, detail={"differences": len(found)}
    )
    return row
