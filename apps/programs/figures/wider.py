"""What is counted over a whole subtree or over papers: A13, E1, E10, E11, E12a and E12b."""

from __future__ import annotations

from apps.programs.figures.statement import Branch, Measure

# --- Coordination programmes: the unit that follows one and every party counts it -------------

COORDINATION = """
    SELECT g.id AS record_id, party.unit_id, g.issued_on,
           g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(day)s) AS is_in_force
      FROM programs_program g
      JOIN (SELECT id AS program_id, unit_id FROM programs_program
             UNION SELECT program_id, unit_id FROM programs_programparty) party
        ON party.program_id = g.id
     WHERE g.kind = 'coordination' AND g.state <> 'draft'"""

OWN_COORDINATION = """
    SELECT o.root_id, c.record_id, c.issued_on AS happened_on,
           c.is_in_force AND bool_or(o.is_alive) AS is_in_force,
           bool_or(o.is_shared) OR count(*) < (SELECT count(*) FROM coordination every
                                                WHERE every.record_id = c.record_id) AS is_joint
      FROM own o JOIN coordination c ON c.unit_id = o.unit_id
     GROUP BY o.root_id, c.record_id, c.issued_on, c.is_in_force"""

COORDINATION_BRANCH = Branch(
    parts={"coordination": COORDINATION, "own_coordination": OWN_COORDINATION},
    rows="own_coordination",
    measures=(Measure("A13", "", "count(*)", "is_in_force"),),
    described="""
    SELECT f.record_id, concat_ws(' ', nullif(g.number, ''), g.title),
           ARRAY(SELECT c.unit_id FROM coordination c
                  WHERE c.record_id = g.id ORDER BY c.unit_id),
           f.happened_on, f.value, 'programs:program', g.id
      FROM found f JOIN programs_program g ON g.id = f.record_id""",
)

# --- Kinds of models: each counted once in a subtree, under the name it was merged into --------

KIND_OF = """
    SELECT id AS type_id, id AS target_id FROM programs_modeltype WHERE merged_into_id IS NULL
     UNION ALL
    SELECT t.id, k.target_id
      FROM programs_modeltype t JOIN kind_of k ON t.merged_into_id = k.type_id"""

TREE_SITES = """
    SELECT p.unit_id, k.target_id, s.launched_on, s.level,
           s.launched_on <= %(day)s AND (s.ended_on IS NULL OR s.ended_on > %(day)s)
               AS is_operating
      FROM programs_siteparty p
      JOIN programs_modelsite s ON s.id = p.site_id AND s.removed_at IS NULL
                               AND s.launched_on < %(end)s
      JOIN kind_of k ON k.type_id = s.model_type_id
     WHERE p.role = 'owner' AND p.unit_id IN (SELECT unit_id FROM tree)"""

TREE_LAUNCHED = """
    SELECT DISTINCT t.root_id, true AS is_known
      FROM tree t WHERE t.unit_id IN (SELECT unit_id FROM tree_sites)"""

KINDS = """
    SELECT t.root_id, s.target_id AS record_id, false AS is_joint,
           min(s.launched_on) AS happened_on, bool_or(s.level = 'province') AS is_of_province
      FROM tree t JOIN tree_sites s ON s.unit_id = t.unit_id
     WHERE s.is_operating AND t.is_alive
     GROUP BY t.root_id, s.target_id"""

TREE_PARTS = {"kind_of": KIND_OF, "tree_sites": TREE_SITES, "tree_launched": TREE_LAUNCHED}

KIND_BRANCH = Branch(
    parts=TREE_PARTS | {"kinds": KINDS},
    rows="kinds",
    measures=(
        Measure("E1", "", "count(*)"),
        Measure("E10", "", "count(*)", "is_of_province"),
    ),
    described="""
    SELECT f.record_id, m.name,
           ARRAY(SELECT DISTINCT s.unit_id FROM tree_sites s
                   JOIN tree t ON t.unit_id = s.unit_id AND t.is_alive
                  WHERE s.target_id = m.id AND s.is_operating ORDER BY s.unit_id),
           f.happened_on, f.value, 'programs:type', m.id
      FROM found f JOIN programs_modeltype m ON m.id = f.record_id""",
    known="tree_launched",
)

# --- Exemplars and referrals to the ministry, of whoever chose or sent them in the subtree -----

EXEMPLARS = """
    SELECT t.root_id, x.id AS record_id, false AS is_joint, x.closed_on AS happened_on
      FROM tree t
      JOIN programs_exemplar x ON x.chooser_id = t.unit_id AND x.state = 'recognised'
                              AND x.closed_on >= %(start)s AND x.closed_on < %(end)s
      LEFT JOIN programs_modelsite s ON s.id = x.site_id
     WHERE s.removed_at IS NULL"""

# Persons are not kept in this register: nothing is said of ca_nhan, nor of the total.
EXEMPLAR_BRANCH = Branch(
    parts=TREE_PARTS | {"exemplars": EXEMPLARS},
    rows="exemplars",
    measures=(Measure("E11", "tap_the", "count(*)"),),
    described="""
    SELECT f.record_id, concat_ws(' – ', coalesce(s.name, u.name), x.field),
           ARRAY[x.chooser_id], f.happened_on, f.value, 'programs:exemplar', x.id
      FROM found f
      JOIN programs_exemplar x ON x.id = f.record_id
      LEFT JOIN programs_modelsite s ON s.id = x.site_id
      LEFT JOIN units_unitspan u ON u.unit_id = x.unit_id AND u.valid @> x.closed_on""",
    known="tree_launched",
)

REFERRALS = """
    SELECT t.root_id, f.id AS record_id, false AS is_joint, f.sent_on AS happened_on, f.kind
      FROM tree t
      JOIN programs_ministryreferral f ON f.unit_id = t.unit_id
                                      AND f.sent_on >= %(start)s AND f.sent_on < %(end)s
      LEFT JOIN programs_modelsite s ON s.id = f.site_id
     WHERE s.removed_at IS NULL"""

REFERRAL_BRANCH = Branch(
    parts=TREE_PARTS | {"referrals": REFERRALS},
    rows="referrals",
    measures=(
        Measure("E12a", "", "count(*)", "kind = 'proposal'"),
        Measure("E12b", "", "count(*)", "kind = 'introduction'"),
    ),
    described="""
    SELECT f.record_id, concat_ws(' – ', coalesce(s.name, m.name), nullif(r.document_number, '')),
           ARRAY[r.unit_id], f.happened_on, f.value,
           CASE WHEN s.id IS NULL THEN 'programs:type' ELSE 'programs:site' END,
           coalesce(s.id, m.id)
      FROM found f
      JOIN programs_ministryreferral r ON r.id = f.record_id
      LEFT JOIN programs_modelsite s ON s.id = r.site_id
      LEFT JOIN programs_modeltype m ON m.id = r.model_type_id""",
    known="tree_launched",
)
