"""Whose records count for a unit that is asked: its own units, or its whole subtree."""

from __future__ import annotations

ASKED = "unnest(%(units)s::bigint[]) AS asked (id)"
# The same for a single unit. PostgreSQL must see that it is one: planning without the day it takes
# few spans to be alive on it, and would start from all police in charge instead of from the unit.
ONE_ASKED = "(SELECT (%(units)s::bigint[])[1] AS id) AS asked"

# A province also counts what its police headquarters and departments did, a commune what its
# residential areas and the police unit in charge of it did. Police in charge of several communes
# count for each of them: what they did is then a joint record.
_OWN = """
    SELECT id AS root_id, id AS unit_id, false AS is_shared
      FROM {asked}
     UNION
    SELECT c.ancestor_id, c.descendant_id, false
      FROM {asked}
      JOIN units_unitspan root ON root.unit_id = asked.id AND root.valid @> %(day)s
                              AND root.kind IN ('province', 'commune')
      JOIN units_unitclosure c ON c.ancestor_id = asked.id
                              AND c.valid_from <= %(day)s AND c.valid_to > %(day)s
      JOIN units_unitspan part ON part.unit_id = c.descendant_id AND part.valid @> %(day)s
                              AND part.kind IN ('police_province', 'police_department',
                                                'residential_area')
     WHERE root.kind = 'province' AND part.kind IN ('police_province', 'police_department')
        OR root.kind = 'commune' AND part.kind = 'residential_area'
     UNION
    SELECT p.unit_id, p.police_unit_id,
           EXISTS (SELECT FROM units_policeincharge other
                     JOIN units_unitspan place ON place.unit_id = other.unit_id
                                              AND place.valid @> %(day)s AND place.kind = 'commune'
                    WHERE other.police_unit_id = p.police_unit_id AND other.unit_id <> p.unit_id
                      AND other.valid @> %(day)s)
      FROM {asked}
      JOIN units_policeincharge p ON p.unit_id = asked.id AND p.valid @> %(day)s
      JOIN units_unitspan root ON root.unit_id = p.unit_id AND root.valid @> %(day)s
                              AND root.kind = 'commune'
      JOIN units_unitspan part ON part.unit_id = p.police_unit_id AND part.valid @> %(day)s
                              AND part.kind = 'police_commune'"""

_TREE = """
    SELECT id AS root_id, id AS unit_id FROM {asked}
     UNION
    SELECT c.ancestor_id, c.descendant_id
      FROM {asked}
      JOIN units_unitclosure c ON c.ancestor_id = asked.id
                              AND c.valid_from <= %(day)s AND c.valid_to > %(day)s"""

OWN, OWN_OF_ONE = _OWN.format(asked=ASKED), _OWN.format(asked=ONE_ASKED)
TREE, TREE_OF_ONE = _TREE.format(asked=ASKED), _TREE.format(asked=ONE_ASKED)

# The same units as one whole, so that a record of several of them is there once.
OWN_TOGETHER = f"SELECT DISTINCT 0::bigint AS root_id, unit_id, false AS is_shared FROM ({OWN}) o"  # noqa: S608
TREE_TOGETHER = f"SELECT DISTINCT 0::bigint AS root_id, unit_id FROM ({TREE}) t"  # noqa: S608
