"""Who owes what: the units that an assignment means in a period, and what is still to be opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from apps.indicators.models import Period
from apps.reports.models import Assignment, Template, TemplateVersion
from apps.reports.models.templates import VersionState


@dataclass(frozen=True, slots=True)
class Debtor:
    """A unit that owes a report, for which days, who fills it in and who receives it."""

    unit_id: int
    covered_from: date
    covered_to: date
    filler_id: int
    consolidator_id: int


# The root's own days decide which day's tree the period uses; a unit is asked for the part of the
# period in which it was alive. A commune's report is filled in by its police and received by the
# police in charge of the root; every other unit fills in its own (design.md section 5).
DEBTORS = """
WITH root AS (
    SELECT %(root)s::bigint AS id,
           least(%(end)s::date, max(coalesce(upper(valid), 'infinity'))) AS until
      FROM units_unitspan WHERE unit_id = %(root)s AND valid && daterange(%(start)s, %(end)s)
), target AS (
    SELECT s.unit_id, s.kind,
           greatest(%(start)s::date, min(c.valid_from)) AS covered_from,
           least(root.until, max(c.valid_to)) AS covered_to
      FROM root
      JOIN units_unitclosure c ON c.ancestor_id = root.id
       AND c.valid_from < root.until AND c.valid_to > %(start)s
      JOIN LATERAL (
          SELECT unit_id, kind FROM units_unitspan
           WHERE unit_id = c.descendant_id AND valid && daterange(%(start)s, %(end)s)
           ORDER BY valid DESC LIMIT 1) s ON true
     WHERE (%(kind)s <> '' AND s.kind = %(kind)s)
        OR s.unit_id = %(unit)s
        OR (%(heads)s AND s.unit_id IN (
               SELECT unit_id FROM units_blockmember
                WHERE role = 'head' AND valid @> (root.until - 1)))
     GROUP BY s.unit_id, s.kind, root.until
), charged AS (
    SELECT t.*, p.police_unit_id AS police_id, r.police_unit_id AS top_id
      FROM target t
      LEFT JOIN units_policeincharge p ON p.unit_id = t.unit_id AND p.valid @> (t.covered_to - 1)
      LEFT JOIN units_policeincharge r ON r.unit_id = %(root)s AND r.valid @> (t.covered_to - 1)
)
SELECT unit_id, covered_from, covered_to,
       CASE WHEN kind IN ('commune', 'province') THEN coalesce(police_id, unit_id) ELSE unit_id END,
       CASE WHEN kind IN ('commune', 'province') THEN coalesce(top_id, police_id, %(root)s)
            ELSE coalesce(police_id, top_id, %(root)s) END
  FROM charged
 WHERE covered_from < covered_to
 ORDER BY charged.unit_id
"""


def debtors(assignment: Assignment, period: Period) -> list[Debtor]:
    """Return the units that owe an assignment's template in a period, one SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            DEBTORS,
            {
                "root": assignment.within_id,
                "start": period.start,
                "end": period.end,
                "kind": assignment.unit_kind,
                "unit": assignment.unit_id or 0,
                "heads": assignment.of_block_heads,
            },
        )
        return [Debtor(*row) for row in cursor.fetchall()]


def tree_day(root_id: int, period: Period) -> date:
    """Return the day whose tree a period uses: its cut-off, or the province's last day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(%s::date, max(coalesce(upper(valid), 'infinity'))) - 1"
            "  FROM units_unitspan WHERE unit_id = %s AND valid && daterange(%s, %s)",
            [period.end, root_id, period.start, period.end],
        )
        row = cursor.fetchone()
    day: date = row[0]
    return day


def version_for(template: Template, period: Period) -> TemplateVersion | None:
    """Return the published version that a period uses: the latest in force on its first day."""
    return (
        template.versions.filter(state=VersionState.PUBLISHED, effective_on__lte=period.start)
        .order_by("-effective_on", "-number")
        .select_related("cascade")
        .first()
    )


def assignments_in(period: Period) -> list[Assignment]:
    """Return who owes something in a period: assignments whose days meet it."""
    return list(
        Assignment.objects.filter(
            template__calendar_id=period.calendar_id,
            template__period_kind=period.kind,
            template__is_active=True,
            valid__overlap=(period.start, period.end),
        )
        .select_related("template", "within")
        .order_by("pk")
    )
