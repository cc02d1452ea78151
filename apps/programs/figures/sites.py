"""What sites of models give: E2 to E9, E13 and E14. Every owner counts a site."""

from __future__ import annotations

from apps.programs.figures.statement import Branch, Measure

SITES = """
    SELECT o.root_id, s.id AS record_id, s.launched_on, s.replicated_from_id,
           bool_or(o.is_alive) AND s.launched_on <= %(day)s
               AND (s.ended_on IS NULL OR s.ended_on > %(day)s) AS is_operating,
           bool_or(o.is_shared) AS is_shared, count(*) AS n_own
      FROM own o
      JOIN programs_siteparty p ON p.unit_id = o.unit_id AND p.role = 'owner'
      JOIN programs_modelsite s ON s.id = p.site_id AND s.removed_at IS NULL
     GROUP BY o.root_id, s.id"""

OWNERS = """
    SELECT site_id, count(*) AS n
      FROM programs_siteparty
     WHERE role = 'owner' AND site_id IN (SELECT record_id FROM own_sites)
     GROUP BY site_id HAVING count(*) > 1"""

KEPT = """
    SELECT s.*, s.launched_on AS happened_on, s.is_shared OR s.n_own < coalesce(n.n, 1) AS is_joint
      FROM own_sites s LEFT JOIN owners n ON n.site_id = s.record_id"""

OPERATING = "SELECT * FROM sites WHERE is_operating"
LAUNCHED = "SELECT DISTINCT root_id, true AS is_known FROM sites WHERE launched_on < %(end)s"

TEAMS = """
    SELECT s.root_id, s.record_id, s.is_joint, s.happened_on, t.n_teams, t.members, t.qualifier
      FROM operating s
      LEFT JOIN programs_siteteam t ON t.site_id = s.record_id AND t.valid @> %(day)s"""

CAMERAS = """
    SELECT s.root_id, s.record_id, s.is_joint, s.happened_on, e.quantity
      FROM operating s
      JOIN programs_siteequipment e ON e.site_id = s.record_id AND e.kind = 'camera'
                                   AND e.valid @> %(day)s"""

GIFTS = """
    SELECT s.root_id, s.record_id, s.is_joint, f.received_on AS happened_on, f.amount
      FROM sites s
      JOIN programs_sitefunding f ON f.site_id = s.record_id AND f.source = 'social'
                                 AND f.received_on >= %(start)s AND f.received_on < %(end)s"""

MOVES = """
    SELECT s.root_id, s.record_id, s.is_joint, m."on" AS happened_on, m.from_state, m.to_state
      FROM sites s
      JOIN programs_sitemove m ON m.site_id = s.record_id
                              AND m."on" >= %(start)s AND m."on" < %(end)s"""

RATINGS = """
    SELECT s.root_id, s.record_id, s.is_joint, s.happened_on,
           coalesce(l.code, 'chua_xep') AS breakdown
      FROM operating s
      LEFT JOIN programs_siterating r ON r.site_id = s.record_id AND r.year = %(year)s
      LEFT JOIN programs_ratinglevel l ON l.id = r.level_id"""

LEVELS = """
    SELECT k.root_id, l.code AS breakdown, true AS is_known
      FROM launched k
     CROSS JOIN (SELECT code FROM programs_ratinglevel UNION SELECT 'chua_xep') l"""

DESCRIBED = """
    SELECT f.record_id, concat_ws(', ', s.name, nullif(s.place, '')),
           ARRAY(SELECT p.unit_id FROM programs_siteparty p
                  WHERE p.site_id = s.id AND p.role = 'owner' ORDER BY p.unit_id),
           f.happened_on, f.value, 'programs:site', s.id
      FROM found f JOIN programs_modelsite s ON s.id = f.record_id"""

PARTS = {
    "own_sites": SITES,
    "owners": OWNERS,
    "sites": KEPT,
    "operating": OPERATING,
    "launched": LAUNCHED,
}
LAUNCHED_IN_WINDOW = "launched_on >= %(start)s AND launched_on < %(end)s"


def _branch(name: str, rows: str, *measures: Measure) -> Branch:
    return Branch(PARTS | {name: rows}, name, measures, DESCRIBED, known="launched")


SITE_BRANCH = Branch(
    parts=PARTS,
    rows="sites",
    measures=(
        Measure("E2", "", "count(*)", "is_operating"),
        Measure("E5", "", "count(*)", LAUNCHED_IN_WINDOW),
        Measure("E6", "", "count(*)", f"replicated_from_id IS NOT NULL AND {LAUNCHED_IN_WINDOW}"),
    ),
    described=DESCRIBED,
    known="launched",
)
TEAM_BRANCH = _branch(
    "teams",
    TEAMS,
    Measure("E3", "", "sum(n_teams)"),
    Measure("E4", "", "sum(members)", doubt="qualifier", told="members"),
)
CAMERA_BRANCH = _branch("cameras", CAMERAS, Measure("E13", "", "sum(quantity)"))
GIFT_BRANCH = _branch("gifts", GIFTS, Measure("E14", "", "sum(amount)"))
MOVE_BRANCH = _branch(
    "moves",
    MOVES,
    Measure("E7", "", "count(*)", "from_state = 'consolidating' AND to_state = 'active'"),
    Measure("E8", "", "count(*)", "to_state = 'ended'"),
)
RATING_BRANCH = Branch(
    parts=PARTS | {"ratings": RATINGS, "levels": LEVELS},
    rows="ratings",
    measures=(Measure("E9", "", "count(*)"),),
    described=DESCRIBED,
    known="levels",
    keys=("breakdown",),
)
