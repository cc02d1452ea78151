"""Say in one SQL which units a user may see on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from apps.accounts.rules import TABLE, Permission, Role
from apps.units.rules import WHOLE_LINEAGE

# Own units and all below them; then what any police unit among these is in charge of, directly
# or through a block, and all below that (design: every unit and block has a dated police unit in
# charge that receives its reports, independent of the area).
_SCOPE = """
WITH own AS MATERIALIZED (
    SELECT DISTINCT c.descendant_id AS id
    FROM units_membership m
    JOIN units_unitclosure c ON c.ancestor_id = m.unit_id
    WHERE m.user_id = %s AND m.valid @> %s AND m.role = ANY(%s)
      AND c.valid_from <= %s AND c.valid_to > %s
), charged AS (
    SELECT p.unit_id AS id
    FROM units_policeincharge p JOIN own ON own.id = p.police_unit_id
    WHERE p.valid @> %s AND p.unit_id IS NOT NULL
    UNION
    SELECT b.unit_id
    FROM units_policeincharge p JOIN own ON own.id = p.police_unit_id
    JOIN units_blockmember b ON b.block_id = p.block_id AND b.valid @> %s
    WHERE p.valid @> %s
)
SELECT id FROM own
UNION
SELECT c.descendant_id
FROM charged JOIN units_unitclosure c ON c.ancestor_id = charged.id
WHERE c.valid_from <= %s AND c.valid_to > %s
"""

# Units that are no more and passed wholly into one of these, however many steps ago. One that was
# also divided has no single heir.
_INHERITED = f"""
WITH RECURSIVE seen AS ({_SCOPE}), gone AS (
    SELECT l.from_unit_id AS id
    FROM units_lineage l JOIN seen ON seen.id = l.to_unit_id
    WHERE l.kind = ANY(%s) AND l.effective_on <= %s
    UNION
    SELECT l.from_unit_id
    FROM units_lineage l JOIN gone ON gone.id = l.to_unit_id
    WHERE l.kind = ANY(%s)
)
SELECT id FROM gone
WHERE NOT EXISTS (SELECT FROM units_unitspan s WHERE s.unit_id = gone.id AND s.valid @> %s)
  AND NOT EXISTS (SELECT FROM units_lineage o WHERE o.from_unit_id = gone.id
                                                AND o.kind <> ALL(%s))
"""  # noqa: S608 constants of this module


def scope_sql(user_id: int | None, on: date, permission: Permission | None) -> RawSQL:
    """Return the ids in a user's scope as a subquery.

    An administrator's role opens no business rows by itself: he works in the Django admin.
    """
    params = _scope_params(user_id, on, permission)
    return RawSQL(_SCOPE, params, output_field=BigIntegerField())  # noqa: S611 constant text


def inherited_sql(user_id: int | None, on: date, permission: Permission | None) -> RawSQL:
    """Return the ids of ended units whose heir is in a user's scope, as a subquery."""
    kinds = [kind.value for kind in WHOLE_LINEAGE]
    params = (*_scope_params(user_id, on, permission), kinds, on, kinds, on, kinds)
    return RawSQL(_INHERITED, params, output_field=BigIntegerField())  # noqa: S611 constant text


def _scope_params(
    user_id: int | None, on: date, permission: Permission | None
) -> tuple[object, ...]:
    roles = [
        role.value
        for role in Role
        if (permission in TABLE[role] if permission else role is not Role.ADMIN)
    ]
    return (user_id, on, roles, *[on] * 7)
