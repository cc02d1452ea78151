"""The counts of the registers as one writes them by hand: a plain statement for each figure.

They may be plain because the bench's world is: no unit holds a record twice, none was merged.
"""

from __future__ import annotations

# Own units of those asked, and whole subtrees; PostgreSQL leaves out the one that is not used.
PREFIX = """
WITH own AS (
    SELECT id AS root_id, id AS unit_id FROM unnest(%(units)s::bigint[]) u (id)
     UNION ALL
    SELECT c.ancestor_id, c.descendant_id
      FROM units_unitclosure c
      JOIN units_unitspan r ON r.unit_id = c.ancestor_id AND r.valid @> %(day)s
      JOIN units_unitspan s ON s.unit_id = c.descendant_id AND s.valid @> %(day)s
     WHERE c.ancestor_id = ANY(%(units)s) AND c.valid_from <= %(day)s AND c.valid_to > %(day)s
       AND (r.kind = 'province' AND s.kind IN ('police_province', 'police_department')
            OR r.kind = 'commune' AND s.kind = 'residential_area')
     UNION ALL
    SELECT unit_id, police_unit_id FROM units_policeincharge
     WHERE unit_id = ANY(%(units)s) AND valid @> %(day)s
), tree AS (
    SELECT ancestor_id AS root_id, descendant_id AS unit_id FROM units_unitclosure
     WHERE ancestor_id = ANY(%(units)s) AND valid_from <= %(day)s AND valid_to > %(day)s
)
"""

OPERATING = "s.launched_on <= %(day)s AND (s.ended_on IS NULL OR s.ended_on > %(day)s)"


def _during(column: str) -> str:
    return f"{column} >= %(start)s AND {column} < %(end)s"


def _activity(value: str, only: str = "true", more: str = "") -> str:
    return f"""
SELECT o.root_id, coalesce(sum({value}) FILTER (WHERE {_during("a.held_on")} AND {only}), 0)
  FROM own o
  JOIN programs_activityparty p ON p.unit_id = o.unit_id
  JOIN programs_activity a ON a.id = p.activity_id AND a.removed_at IS NULL
                          AND a.held_on < %(end)s
  {more}
 GROUP BY o.root_id
"""


def _festival(value: str, *kinds: str) -> str:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return _activity(
        value,
        f"a.kind = 'festival' AND s.kind IN ({listed})",
        "JOIN units_unitspan s ON s.unit_id = a.unit_id AND s.valid @> a.held_on",
    )


def _site(value: str, more: str = "") -> str:
    return f"""
SELECT o.root_id, coalesce({value}, 0)
  FROM own o
  JOIN programs_siteparty p ON p.unit_id = o.unit_id AND p.role = 'owner'
  JOIN programs_modelsite s ON s.id = p.site_id AND s.removed_at IS NULL
                           AND s.launched_on < %(end)s
  {more}
 GROUP BY o.root_id
"""


def _moved(only: str) -> str:
    return _site(
        f"count(*) FILTER (WHERE {only})",
        "LEFT JOIN programs_sitemove m ON m.site_id = s.id AND " + _during('m."on"'),
    )


def _tree(value: str) -> str:
    return f"""
SELECT t.root_id, {value}
  FROM tree t
  JOIN programs_siteparty p ON p.unit_id = t.unit_id AND p.role = 'owner'
  JOIN programs_modelsite s ON s.id = p.site_id AND s.removed_at IS NULL
                           AND s.launched_on < %(end)s
 GROUP BY t.root_id
"""


def _of_tree(table: str, unit: str, day: str, only: str) -> str:
    """Count rows of a subtree, 0 where it has sites and no such row."""
    return f"""
SELECT root_id, sum(n) FROM (
    SELECT t.root_id, count(*) AS n
      FROM tree t JOIN {table} x ON x.{unit} = t.unit_id AND {_during("x." + day)} AND {only}
     GROUP BY t.root_id
     UNION ALL
    SELECT DISTINCT t.root_id, 0
      FROM tree t
      JOIN programs_siteparty p ON p.unit_id = t.unit_id AND p.role = 'owner'
      JOIN programs_modelsite s ON s.id = p.site_id AND s.removed_at IS NULL
                               AND s.launched_on < %(end)s
) counted GROUP BY root_id
"""


def _force(code: str, column: str) -> str:
    names = {"teams": "teams_code", "teams_due": "due_code", "members": "members_code"}
    return f"""
SELECT o.root_id, sum(s.{column})
  FROM own o
  JOIN (SELECT DISTINCT ON (f.unit_id, f.kind_id) f.unit_id, f.{column}
          FROM units_forcestock f JOIN units_forcekind k ON k.id = f.kind_id
         WHERE f.as_of <= %(day)s AND k.{names[column]} = '{code}'
           AND (k.valid_to IS NULL OR k.valid_to > %(day)s)
         ORDER BY f.unit_id, f.kind_id, f.as_of DESC) s ON s.unit_id = o.unit_id
 GROUP BY o.root_id
"""


FORCE_RATINGS = """
SELECT root_id, sum(teams), level FROM (
    SELECT o.root_id, r.level, r.teams
      FROM own o
      JOIN units_forcerating r ON r.unit_id = o.unit_id AND r.year = %(year)s
      JOIN units_forcekind k ON k.id = r.kind_id AND k.rating_code = 'A11'
     UNION ALL
    SELECT o.root_id, b.code, CASE WHEN b.code = 'chua_xep' THEN s.teams - coalesce(
               (SELECT sum(r.teams) FROM units_forcerating r
                 WHERE r.unit_id = s.unit_id AND r.kind_id = s.kind_id AND r.year = %(year)s), 0)
               ELSE 0 END
      FROM own o
      JOIN (SELECT DISTINCT ON (f.unit_id, f.kind_id) f.unit_id, f.kind_id, f.teams
              FROM units_forcestock f
              JOIN units_forcekind k ON k.id = f.kind_id AND k.rating_code = 'A11'
             WHERE f.as_of <= %(day)s
             ORDER BY f.unit_id, f.kind_id, f.as_of DESC) s ON s.unit_id = o.unit_id
     CROSS JOIN indicators_breakdown b
      JOIN indicators_indicator i ON i.id = b.indicator_id AND i.code = 'A11'
) told GROUP BY root_id, level
"""

SITE_RATINGS = f"""
SELECT o.root_id, count(*) FILTER (WHERE {OPERATING} AND coalesce(r.level_id, 0) = l.id), l.code
  FROM own o
  JOIN programs_siteparty p ON p.unit_id = o.unit_id AND p.role = 'owner'
  JOIN programs_modelsite s ON s.id = p.site_id AND s.removed_at IS NULL
                           AND s.launched_on < %(end)s
  LEFT JOIN programs_siterating r ON r.site_id = s.id AND r.year = %(year)s
 CROSS JOIN (SELECT id, code FROM programs_ratinglevel UNION ALL SELECT 0, 'chua_xep') l
 GROUP BY o.root_id, l.code
"""

COORDINATION = """
SELECT o.root_id, count(*) FILTER (WHERE g.valid_from <= %(day)s
                                     AND (g.valid_to IS NULL OR g.valid_to > %(day)s))
  FROM own o
  JOIN programs_program g ON g.unit_id = o.unit_id AND g.kind = 'coordination'
                         AND g.state <> 'draft'
 GROUP BY o.root_id
"""

BLOCK_MEMBERS = """
SELECT o.root_id, count(*)
  FROM own o
  JOIN units_blockmember h ON h.unit_id = o.unit_id AND h.role = 'head' AND h.valid @> %(day)s
  JOIN units_block b ON b.id = h.block_id AND b.kind = 'emulation_block'
  JOIN units_blockmember m ON m.block_id = b.id AND m.valid @> %(day)s
 GROUP BY o.root_id
"""

PLACES = "CASE WHEN a.points > 0 THEN a.points ELSE 1 END"
BANDS = {
    "tinh": ("province", "police_province", "police_department"),
    "xa": ("commune", "police_commune"),
    "khu_dan_cu": ("residential_area",),
    "co_quan": ("agency", "enterprise", "school", "hospital", "mass_organisation"),
}
TEAMS = "LEFT JOIN programs_siteteam d ON d.site_id = s.id AND d.valid @> %(day)s"
LAUNCHED = _during("s.launched_on")

STATEMENTS: dict[tuple[str, str], str] = {
    ("A2", ""): _force("A2", "teams"),
    ("A2d", ""): _force("A2d", "teams_due"),
    ("A3", ""): _force("A3", "members"),
    ("A4", ""): _force("A4", "teams"),
    ("A5", ""): _force("A5", "members"),
    ("A6", ""): _force("A6", "teams"),
    ("A7", ""): _force("A7", "members"),
    ("A8", ""): _force("A8", "members"),
    ("A9", ""): _force("A9", "teams"),
    ("A10", ""): _force("A10", "teams"),
    ("A11", ""): FORCE_RATINGS,
    ("A12", ""): _activity("a.attendances", "a.kind = 'training'"),
    ("A13", ""): COORDINATION,
    ("A14", ""): _activity("a.sessions", "a.kind = 'inspection'"),
    ("B1", "buoi"): _activity("a.sessions", "a.kind = 'propaganda'"),
    ("B1", "diem"): _activity("a.points", "a.kind = 'propaganda'"),
    ("B2", ""): _activity("a.attendances", "a.kind = 'propaganda'"),
    ("B3", ""): _activity("a.materials"),
    ("B4", ""): _activity("a.news"),
    ("B5", ""): _activity("a.posts"),
    ("B6", ""): _activity("a.sessions", "a.kind = 'forum'"),
    ("B7", ""): _activity(PLACES, "a.kind = 'festival'"),
    **{("B7", band): _festival(PLACES, *kinds) for band, kinds in BANDS.items()},
    ("B8", ""): _activity("a.attendances", "a.kind = 'festival'"),
    **{("B8", band): _festival("a.attendances", *kinds) for band, kinds in BANDS.items()},
    ("B9", ""): _activity("a.cost", "a.kind = 'festival'"),
    ("B10", ""): _activity("a.sessions", "a.kind = 'contest'"),
    ("E1", ""): _tree(f"count(DISTINCT s.model_type_id) FILTER (WHERE {OPERATING})"),
    ("E2", ""): _site(f"count(*) FILTER (WHERE {OPERATING})"),
    ("E3", ""): _site(f"sum(d.n_teams) FILTER (WHERE {OPERATING})", TEAMS),
    ("E4", ""): _site(f"sum(d.members) FILTER (WHERE {OPERATING})", TEAMS),
    ("E5", ""): _site(f"count(*) FILTER (WHERE {LAUNCHED})"),
    ("E6", ""): _site(f"count(s.replicated_from_id) FILTER (WHERE {LAUNCHED})"),
    ("E7", ""): _moved("m.from_state = 'consolidating' AND m.to_state = 'active'"),
    ("E8", ""): _moved("m.to_state = 'ended'"),
    ("E9", ""): SITE_RATINGS,
    ("E10", ""): _tree(
        f"count(DISTINCT s.model_type_id) FILTER (WHERE {OPERATING} AND s.level = 'province')"
    ),
    ("E11", "tap_the"): _of_tree(
        "programs_exemplar", "chooser_id", "closed_on", "x.state = 'recognised'"
    ),
    ("E12a", ""): _of_tree(
        "programs_ministryreferral", "unit_id", "sent_on", "x.kind = 'proposal'"
    ),
    ("E12b", ""): _of_tree(
        "programs_ministryreferral", "unit_id", "sent_on", "x.kind = 'introduction'"
    ),
    ("E13", ""): _site(
        f"sum(e.quantity) FILTER (WHERE {OPERATING})",
        "LEFT JOIN programs_siteequipment e ON e.site_id = s.id AND e.kind = 'camera'"
        " AND e.valid @> %(day)s",
    ),
    ("E14", ""): _site(
        "sum(f.amount)",
        "LEFT JOIN programs_sitefunding f ON f.site_id = s.id AND f.source = 'social' AND "
        + _during("f.received_on"),
    ),
    ("G9", ""): BLOCK_MEMBERS,
}
