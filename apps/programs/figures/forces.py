"""What units themselves give: forces as of the window's end (A2 to A11), blocks they head (G9).

It stands here and not in the units app, because that lies below the registry of figures.
"""

from __future__ import annotations

from apps.programs.figures.statement import Branch, Measure

KINDS = """
    SELECT * FROM units_forcekind
     WHERE (valid_from IS NULL OR valid_from <= %(day)s)
       AND (valid_to IS NULL OR valid_to > %(day)s)
       AND (teams_code = ANY(%(codes)s) OR due_code = ANY(%(codes)s)
            OR members_code = ANY(%(codes)s) OR rating_code = ANY(%(codes)s))"""

# The last row of each unit and kind holds until the next one.
STOCKS = """
    SELECT DISTINCT ON (o.root_id, s.unit_id, s.kind_id) o.root_id, o.is_shared AS is_joint,
           s.id AS record_id, s.unit_id, s.kind_id, s.as_of AS happened_on, s.teams, s.teams_due,
           s.members
      FROM own o
      JOIN units_forcestock s ON s.unit_id = o.unit_id AND s.as_of <= %(day)s
                             AND s.kind_id IN (SELECT id FROM force_kinds)
     WHERE o.is_alive
     ORDER BY o.root_id, s.unit_id, s.kind_id, s.as_of DESC"""

FORCES = """
    SELECT s.root_id, s.record_id, s.is_joint, s.happened_on, told.code, told.value
      FROM stocks s
      JOIN force_kinds k ON k.id = s.kind_id
     CROSS JOIN LATERAL (VALUES (k.teams_code, s.teams), (k.due_code, s.teams_due),
                                (k.members_code, s.members)) AS told (code, value)
     WHERE told.code = ANY(%(codes)s) AND told.value IS NOT NULL"""

STOCK_TITLES = """
    SELECT f.record_id, concat_ws(' – ', k.name, u.name), ARRAY[s.unit_id], f.happened_on, f.value,
           'units:unit_forces', s.unit_id
      FROM found f
      JOIN units_forcestock s ON s.id = f.record_id
      JOIN units_forcekind k ON k.id = s.kind_id
      LEFT JOIN units_unitspan u ON u.unit_id = s.unit_id AND u.valid @> %(day)s"""

FORCE_BRANCH = Branch(
    parts={"force_kinds": KINDS, "stocks": STOCKS, "forces": FORCES},
    rows="forces",
    measures=(Measure("", "", "sum(value)"),),
    described=STOCK_TITLES,
    keys=("code",),
)

RATED = """
    SELECT o.root_id, o.is_shared AS is_joint, r.id AS record_id, r.unit_id, r.kind_id,
           (r.recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS happened_on,
           k.rating_code AS code, r.level AS breakdown, r.teams AS value
      FROM own o
      JOIN units_forcerating r ON r.unit_id = o.unit_id AND r.year = %(year)s
                              AND r.level <> 'chua_xep'
      JOIN force_kinds k ON k.id = r.kind_id AND k.rating_code = ANY(%(codes)s)
     WHERE o.is_alive"""

# Teams without a level are not rated yet; of a unit with teams none has a level not told of.
UNRATED = """
    SELECT s.root_id, s.is_joint, s.record_id, s.happened_on, k.rating_code AS code,
           greatest(s.teams - coalesce(r.teams, 0), 0) AS value
      FROM stocks s
      JOIN force_kinds k ON k.id = s.kind_id AND k.rating_code = ANY(%(codes)s)
      LEFT JOIN (SELECT root_id, unit_id, kind_id, sum(value) AS teams
                   FROM rated GROUP BY root_id, unit_id, kind_id) r
        ON r.root_id = s.root_id AND r.unit_id = s.unit_id AND r.kind_id = s.kind_id
     WHERE s.teams IS NOT NULL"""

RATINGS = """
    SELECT root_id, is_joint, record_id, happened_on, code, breakdown, value FROM rated
     UNION ALL
    SELECT u.root_id, false, u.record_id, u.happened_on, u.code, b.code, 0
      FROM unrated u
      JOIN indicators_indicator i ON i.code = u.code
      JOIN indicators_breakdown b ON b.indicator_id = i.id AND b.code <> 'chua_xep'"""

PARTS = {"force_kinds": KINDS, "stocks": STOCKS, "rated": RATED, "unrated": UNRATED}

UNRATED_BRANCH = Branch(
    parts=PARTS,
    rows="unrated",
    measures=(Measure("", "chua_xep", "sum(value)"),),
    described=STOCK_TITLES,
    keys=("code",),
)
RATING_BRANCH = Branch(
    parts=PARTS | {"ratings": RATINGS},
    rows="ratings",
    measures=(Measure("", "", "sum(value)"),),
    described="""
    SELECT f.record_id, concat_ws(' – ', k.name, u.name), ARRAY[r.unit_id], f.happened_on, f.value,
           'units:unit_forces', r.unit_id
      FROM found f
      JOIN units_forcerating r ON r.id = f.record_id
      JOIN units_forcekind k ON k.id = r.kind_id
      LEFT JOIN units_unitspan u ON u.unit_id = r.unit_id AND u.valid @> %(day)s""",
    keys=("code", "breakdown"),
)

# --- Emulation blocks: the members of those that the unit heads at the window's end -------------

MEMBERS = """
    SELECT o.root_id, o.is_shared AS is_joint, m.id AS record_id,
           lower(m.valid) AS happened_on
      FROM own o
      JOIN units_blockmember head ON head.unit_id = o.unit_id AND head.role = 'head'
                                 AND head.valid @> %(day)s
      JOIN units_block b ON b.id = head.block_id AND b.kind = 'emulation_block'
      JOIN units_blockmember m ON m.block_id = b.id AND m.valid @> %(day)s"""

BLOCK_BRANCH = Branch(
    parts={"members": MEMBERS},
    rows="members",
    measures=(Measure("G9", "", "count(*)"),),
    described="""
    SELECT f.record_id, concat_ws(' – ', u.name, b.name), ARRAY[m.unit_id], f.happened_on, f.value,
           NULL, NULL
      FROM found f
      JOIN units_blockmember m ON m.id = f.record_id
      JOIN units_block b ON b.id = m.block_id
      LEFT JOIN units_unitspan u ON u.unit_id = m.unit_id AND u.valid @> %(day)s""",
)
