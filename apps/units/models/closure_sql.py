"""Hold the one statement that writes the closure."""

# A link counts only while the unit, its parent and the link itself are all alive; a path's days
# are the intersection of its links' days. Pieces that touch are joined by range_agg. Rows that
# stay are not touched, so a small change of a large tree writes little. A cycle or a tree deeper
# than MAX_DEPTH breaks a CHECK of the table, which the service turns into a message.
REBUILD_CLOSURE = """
WITH RECURSIVE alive AS MATERIALIZED (
    SELECT unit_id, unnest(range_agg(valid)) AS valid
    FROM units_unitspan
    GROUP BY unit_id
), edge AS MATERIALIZED (
    SELECT p.unit_id, p.parent_id, p.valid * u.valid * a.valid AS valid
    FROM units_unitparent p
    JOIN alive u ON u.unit_id = p.unit_id AND u.valid && p.valid
    JOIN alive a ON a.unit_id = p.parent_id AND a.valid && p.valid
    WHERE NOT isempty(p.valid * u.valid * a.valid)
), path AS (
    SELECT unit_id AS ancestor_id, unit_id AS descendant_id, 0 AS depth, valid
    FROM alive
    UNION ALL
    SELECT e.parent_id, p.descendant_id, p.depth + 1, p.valid * e.valid
    FROM path p
    JOIN edge e ON e.unit_id = p.ancestor_id AND e.valid && p.valid
    WHERE p.depth <= %(max_depth)s
), joined AS (
    SELECT ancestor_id, descendant_id, depth, unnest(range_agg(valid)) AS valid
    FROM path
    GROUP BY ancestor_id, descendant_id, depth
), fresh AS MATERIALIZED (
    SELECT ancestor_id, descendant_id, depth, lower(valid) AS valid_from,
           coalesce(upper(valid), %(end)s) AS valid_to
    FROM joined
), gone AS (
    DELETE FROM units_unitclosure c
    WHERE NOT EXISTS (
        SELECT FROM fresh f
        WHERE f.ancestor_id = c.ancestor_id AND f.descendant_id = c.descendant_id
          AND f.valid_from = c.valid_from
    )
)
INSERT INTO units_unitclosure AS c (ancestor_id, descendant_id, depth, valid_from, valid_to)
SELECT f.ancestor_id, f.descendant_id, f.depth, f.valid_from, f.valid_to
FROM fresh f
LEFT JOIN units_unitclosure o USING (ancestor_id, descendant_id, valid_from)
WHERE o.depth IS DISTINCT FROM f.depth OR o.valid_to IS DISTINCT FROM f.valid_to
ORDER BY (f.ancestor_id = f.descendant_id AND f.depth > 0) DESC, f.depth
ON CONFLICT (ancestor_id, descendant_id, valid_from)
DO UPDATE SET depth = EXCLUDED.depth, valid_to = EXCLUDED.valid_to
"""
