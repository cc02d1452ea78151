"""Say in one SQL which units a user may see on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from apps.accounts.rules import TABLE, Permission, Role

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


def scope_sql(user_id: int | None, on: date, permission: Permission | None) -> RawSQL:
    """Return the ids in a user's scope as a subquery.

    An administrator's role opens no business rows by itself: he works in the Django admin.
    """
    roles = [
        role.value
        for role in Role
        if (permission in TABLE[role] if permission else role is not Role.ADMIN)
    ]
    params = (user_id, on, roles, *[on] * 7)
    return RawSQL(_SCOPE, params, output_field=BigIntegerField())  # noqa: S611 constant text
