"""Whose records count for a unit that is asked: its own units, or its whole subtree.

Units are taken as they stand on the window's last day. One that ended inside the window still
gives what it did to whom it stood under at its end; of what there is on the last day it has
nothing (`is_alive` is false).
"""

from __future__ import annotations

ASKED = "unnest(%(units)s::bigint[]) AS asked (id)"
# The same for a single unit. PostgreSQL must see that it is one: planning without the day it takes
# few spans to be alive on it, and would start from all police in charge instead of from the unit.
ONE_ASKED = "(SELECT (%(units)s::bigint[])[1] AS id) AS asked"


def _lives(unit: str) -> str:
    """Return the SQL for whether a unit exists on the window's last day."""
    return (
        "EXISTS (SELECT FROM units_unitspan alive"
        f" WHERE alive.unit_id = {unit} AND alive.valid @> %(day)s)"
    )


def _ended(day: str) -> str:
    """Return the SQL for whether an end lies inside the window."""
    return f"{day} > %(start)s AND {day} <= %(day)s"


# A province also counts what its police headquarters and departments did, a commune what its
# residential areas and the police unit in charge of it did. Police in charge of several communes
# count for each of them: what they did is then a joint record.
_OWN = f"""
    SELECT asked.id AS root_id, asked.id AS unit_id, false AS is_shared,
           {_lives("asked.id")} AS is_alive
      FROM {{asked}}
     UNION
    SELECT c.ancestor_id, c.descendant_id, false, true
      FROM {{asked}}
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
                      AND other.valid @> %(day)s), true
      FROM {{asked}}
      JOIN units_policeincharge p ON p.unit_id = asked.id AND p.valid @> %(day)s
      JOIN units_unitspan root ON root.unit_id = p.unit_id AND root.valid @> %(day)s
                              AND root.kind = 'commune'
      JOIN units_unitspan part ON part.unit_id = p.police_unit_id AND part.valid @> %(day)s
                              AND part.kind = 'police_commune'
     UNION
    SELECT asked.id, gone.unit_id, gone.is_shared, false
      FROM {{asked}}
     CROSS JOIN LATERAL (
           SELECT c.descendant_id AS unit_id, false AS is_shared, false AS was_in_charge
             FROM units_unitclosure c
            WHERE c.ancestor_id = asked.id AND {_ended("c.valid_to")}
            UNION ALL
           SELECT p.police_unit_id,
                  EXISTS (SELECT FROM units_policeincharge other
                           WHERE other.police_unit_id = p.police_unit_id
                             AND other.unit_id <> p.unit_id
                             AND upper(other.valid) = upper(p.valid)), true
             FROM units_policeincharge p
            WHERE p.unit_id = asked.id AND {_ended("upper(p.valid)")}) gone
      JOIN units_unitspan root ON root.unit_id = asked.id AND root.valid @> %(day)s
      JOIN units_unitspan part ON part.unit_id = gone.unit_id AND {_ended("upper(part.valid)")}
                              AND (part.kind = 'police_commune') = gone.was_in_charge
     WHERE (root.kind = 'province' AND part.kind IN ('police_province', 'police_department')
            OR root.kind = 'commune' AND part.kind IN ('police_commune', 'residential_area'))
       AND NOT {_lives("gone.unit_id")}"""  # noqa: S608

_TREE = f"""
    SELECT asked.id AS root_id, asked.id AS unit_id, {_lives("asked.id")} AS is_alive
      FROM {{asked}}
     UNION
    SELECT c.ancestor_id, c.descendant_id, true
      FROM {{asked}}
      JOIN units_unitclosure c ON c.ancestor_id = asked.id AND c.depth > 0
                              AND c.valid_from <= %(day)s AND c.valid_to > %(day)s
     UNION
    SELECT c.ancestor_id, c.descendant_id, false
      FROM {{asked}}
      JOIN units_unitclosure c ON c.ancestor_id = asked.id AND c.depth > 0
                              AND {_ended("c.valid_to")}
     WHERE NOT {_lives("c.descendant_id")}"""  # noqa: S608

OWN, OWN_OF_ONE = _OWN.format(asked=ASKED), _OWN.format(asked=ONE_ASKED)
TREE, TREE_OF_ONE = _TREE.format(asked=ASKED), _TREE.format(asked=ONE_ASKED)

# The same units as one whole, so that a record of several of them is there once.
OWN_TOGETHER = (
    "SELECT DISTINCT 0::bigint AS root_id, unit_id, false AS is_shared, is_alive"  # noqa: S608
    f" FROM ({OWN}) o"
)
TREE_TOGETHER = f"SELECT DISTINCT 0::bigint AS root_id, unit_id, is_alive FROM ({TREE}) t"  # noqa: S608
