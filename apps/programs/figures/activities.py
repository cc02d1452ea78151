"""What activities give: B1 to B10, A12 and A14. Every organiser counts an activity."""

from __future__ import annotations

from apps.programs.figures.statement import Branch, Measure
from apps.programs.rules import ActivityKind

HELD = """
    SELECT o.root_id, a.id AS record_id, a.held_on AS happened_on, a.kind, a.unit_id, a.sessions,
           a.points, a.attendances, a.qualifier, a.materials, a.news, a.posts, a.cost,
           bool_or(o.is_shared) AS is_shared, count(*) AS n_own
      FROM own o
      JOIN programs_activityparty p ON p.unit_id = o.unit_id
      JOIN programs_activity a ON a.id = p.activity_id AND a.removed_at IS NULL
                              AND a.held_on >= %(start)s AND a.held_on < %(end)s
     GROUP BY o.root_id, a.id"""

ORGANISERS = """
    SELECT activity_id, count(*) AS n
      FROM programs_activityparty
     WHERE activity_id IN (SELECT record_id FROM held)
     GROUP BY activity_id HAVING count(*) > 1"""

ACTIVITIES = """
    SELECT h.*, h.is_shared OR h.n_own < coalesce(n.n, 1) AS is_joint
      FROM held h LEFT JOIN organisers n ON n.activity_id = h.record_id"""

# A festival is of the level of its main organiser on the day (B7: tinh, xa, khu_dan_cu, co_quan).
FESTIVALS = """
    SELECT a.*, greatest(a.points, 1) AS places,
           CASE WHEN s.kind IN ('province', 'police_province', 'police_department') THEN 'tinh'
                WHEN s.kind IN ('commune', 'police_commune') THEN 'xa'
                WHEN s.kind = 'residential_area' THEN 'khu_dan_cu'
                ELSE 'co_quan' END AS level
      FROM activities a
      LEFT JOIN units_unitspan s ON s.unit_id = a.unit_id AND s.valid @> a.happened_on
     WHERE a.kind = 'festival'"""

ACTIVE = """
    SELECT DISTINCT o.root_id, true AS is_known
      FROM own o
     WHERE EXISTS (SELECT FROM programs_activityparty p
                     JOIN programs_activity a ON a.id = p.activity_id
                    WHERE p.unit_id = o.unit_id AND a.removed_at IS NULL
                      AND a.held_on < %(end)s)"""

DESCRIBED = """
    SELECT f.record_id, a.title,
           ARRAY(SELECT p.unit_id FROM programs_activityparty p
                  WHERE p.activity_id = a.id ORDER BY p.unit_id),
           f.happened_on, f.value, 'programs:activity', a.id
      FROM found f JOIN programs_activity a ON a.id = f.record_id"""

PARTS = {"held": HELD, "organisers": ORGANISERS, "activities": ACTIVITIES, "active": ACTIVE}
LEVELS = ("tinh", "xa", "khu_dan_cu", "co_quan")


def _of(kind: ActivityKind, code: str, column: str, breakdown: str = "") -> Measure:
    """Sum a column over one kind of activity; numbers of people may be inexact."""
    people = ("qualifier", column) if column == "attendances" else ("", "")
    return Measure(code, breakdown, f"sum({column})", f"kind = '{kind.value}'", *people)


def _by_level(code: str, column: str, *people: str) -> tuple[Measure, ...]:
    conditions = {"": "", **{level: f"level = '{level}'" for level in LEVELS}}
    return tuple(
        Measure(code, level, f"sum({column})", only, *people) for level, only in conditions.items()
    )


ACTIVITY_BRANCH = Branch(
    parts=PARTS,
    rows="activities",
    measures=(
        _of(ActivityKind.TRAINING, "A12", "attendances"),
        _of(ActivityKind.INSPECTION, "A14", "sessions"),
        _of(ActivityKind.PROPAGANDA, "B1", "sessions", "buoi"),
        _of(ActivityKind.PROPAGANDA, "B1", "points", "diem"),
        _of(ActivityKind.PROPAGANDA, "B2", "attendances"),
        Measure("B3", "", "sum(materials)"),
        Measure("B4", "", "sum(news)"),
        Measure("B5", "", "sum(posts)"),
        _of(ActivityKind.FORUM, "B6", "sessions"),
        _of(ActivityKind.CONTEST, "B10", "sessions"),
    ),
    described=DESCRIBED,
    known="active",
)
FESTIVAL_BRANCH = Branch(
    parts=PARTS | {"festivals": FESTIVALS},
    rows="festivals",
    measures=(
        *_by_level("B7", "places"),
        *_by_level("B8", "attendances", "qualifier", "attendances"),
        Measure("B9", "", "sum(cost)"),
    ),
    described=DESCRIBED,
    known="active",
)
