"""A year of a province's registers, written by the database itself."""

from __future__ import annotations

# Joint records are of two members of different communes: no unit that is asked holds both.
PICK = "(%(units)s::bigint[])[1 + ({0}) %% array_length(%(units)s::bigint[], 1)]"
NOW = "'2026-01-01'::timestamptz"

ACTIVITIES = f"""
INSERT INTO programs_activity (kind, title, title_key, unit_id, held_on, place, sessions, points,
       attendances, qualifier, materials, news, posts, cost, note, client_token, lock_version,
       is_demo, created_at, updated_at, removed_reason)
SELECT (ARRAY['propaganda', 'propaganda', 'propaganda', 'festival', 'forum', 'training', 'contest',
              'inspection', 'conference'])[1 + n %% 9],
       'Hoạt động ' || n, 'hoat dong ' || n, {PICK.format("n * 7919")},
       '2025-12-15'::date + (n * 31) %% 365, '', 1 + n %% 3, n %% 4, 10 + n %% 200,
       (ARRAY['exact', 'exact', 'exact', 'over', 'nearly'])[1 + n %% 5], n %% 50, n %% 3, n %% 5,
       (n %% 7) * 100000, '', '', 1, true, {NOW}, {NOW}, ''
  FROM generate_series(1, 100000) n
"""

ORGANISERS = """
INSERT INTO programs_activityparty (activity_id, unit_id, role)
SELECT id, unit_id, 'main' FROM programs_activity
"""

CO_ORGANISERS = """
WITH member AS (
    SELECT s.unit_id, row_number() OVER (ORDER BY s.unit_id) AS n, count(*) OVER () AS total
      FROM units_unitspan s WHERE s.kind = 'agency'
)
INSERT INTO programs_activityparty (activity_id, unit_id, role)
SELECT a.id, other.unit_id, 'co'
  FROM programs_activity a
  JOIN member m ON m.unit_id = a.unit_id
  JOIN member other ON other.n = 1 + (m.n + 1000) %% m.total
 WHERE a.id %% 20 = 0
"""

TYPES = f"""
WITH field AS (
    INSERT INTO programs_modelfield (code, name, is_sensitive, "order")
    VALUES ('bench', 'Lĩnh vực', false, 0) RETURNING id
)
INSERT INTO programs_modeltype (name, name_key, sort_key, field_id, host_kind, description, source,
       created_at)
SELECT 'Loại mẫu ' || n, 'loai mau ' || n, 'loai mau ' || n, field.id, 'residential', '', '', {NOW}
  FROM generate_series(1, 60) n, field
"""

SITES = f"""
WITH kind AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS total
      FROM programs_modeltype
)
INSERT INTO programs_modelsite (model_type_id, unit_id, name, name_key, sort_key, place, place_key,
       level, host_kind, state, launched_on, ended_on, note, lock_version, is_demo, created_at,
       updated_at, removed_reason)
SELECT kind.id, {PICK.format("g * 6151")}, 'Điểm ' || g, 'diem ' || g, 'diem ' || g, 'Ấp ' || g,
       'ap ' || g, (ARRAY['commune', 'commune', 'province'])[1 + g %% 3], 'residential',
       CASE WHEN g %% 25 = 0 THEN 'ended' ELSE 'active' END,
       '2025-03-01'::date + (g * 13) %% 600,
       CASE WHEN g %% 25 = 0 THEN '2025-03-01'::date + (g * 13) %% 600 + 90 END,
       '', 1, true, {NOW}, {NOW}, ''
  FROM generate_series(1, 50000) g JOIN kind ON kind.n = g %% kind.total
"""

OWNERS = """
INSERT INTO programs_siteparty (site_id, unit_id, role)
SELECT id, unit_id, 'owner' FROM programs_modelsite
"""

CO_OWNERS = """
WITH member AS (
    SELECT s.unit_id, row_number() OVER (ORDER BY s.unit_id) AS n, count(*) OVER () AS total
      FROM units_unitspan s WHERE s.kind = 'agency'
)
INSERT INTO programs_siteparty (site_id, unit_id, role)
SELECT a.id, other.unit_id, 'owner'
  FROM programs_modelsite a
  JOIN member m ON m.unit_id = a.unit_id
  JOIN member other ON other.n = 1 + (m.n + 1000) %% m.total
 WHERE a.id %% 20 = 0
"""

REPLICAS = """
UPDATE programs_modelsite SET replicated_from_id = id - 1
 WHERE id %% 4 = 0 AND id - 1 IN (SELECT id FROM programs_modelsite)
"""

TEAMS = """
INSERT INTO programs_siteteam (site_id, name, name_key, n_teams, members, qualifier, valid)
SELECT id, '', '', 1 + id %% 3, 5 + id %% 20,
       (ARRAY['exact', 'exact', 'over', 'nearly'])[1 + id %% 4], daterange(launched_on, ended_on)
  FROM programs_modelsite
"""

EQUIPMENT = """
INSERT INTO programs_siteequipment (site_id, kind, name, quantity, valid)
SELECT id, CASE WHEN id %% 4 = 0 THEN 'bell' ELSE 'camera' END, '', 1 + id %% 8,
       daterange(launched_on, NULL)
  FROM programs_modelsite WHERE id %% 2 = 0
"""

FUNDING = """
INSERT INTO programs_sitefunding (site_id, source, amount, received_on, note)
SELECT id, CASE WHEN id %% 3 = 0 THEN 'state' ELSE 'social' END, 1000000 + id, launched_on + 20, ''
  FROM programs_modelsite WHERE id %% 3 <> 1
"""

MOVES = """
INSERT INTO programs_sitemove (site_id, from_state, to_state, "on", reason, document_number, at)
SELECT id, 'draft', 'active', launched_on, '', '', launched_on FROM programs_modelsite
 UNION ALL
SELECT id, 'active', 'ended', ended_on, 'Hết nhiệm vụ', '', ended_on
  FROM programs_modelsite WHERE ended_on IS NOT NULL
 UNION ALL
SELECT id, 'consolidating', 'active', launched_on + 60, 'Đã củng cố', '', launched_on
  FROM programs_modelsite WHERE id %% 30 = 1
"""

RATINGS = """
INSERT INTO programs_siterating (site_id, year, level_id, note, rated_at)
SELECT s.id, 2026, l.id, '', '2026-12-01'
  FROM programs_modelsite s
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM programs_ratinglevel) l
    ON l.n = 1 + s.id %% 3
 WHERE s.id %% 5 <> 0
"""

PROGRAMS = f"""
INSERT INTO programs_program (kind, title, title_key, number, issued_on, issuer, level, unit_id,
       valid_from, valid_to, summary, state, lock_version, is_demo, created_at, sent_at)
SELECT CASE WHEN n %% 3 = 0 THEN 'plan' ELSE 'coordination' END, 'Quy chế ' || n, 'quy che ' || n,
       n || '/QCPH', '2025-01-01'::date + n %% 400, 'Tỉnh', 'province', {PICK.format("n * 4391")},
       '2025-01-01'::date + n %% 400, CASE WHEN n %% 7 = 0 THEN '2026-06-01'::date END, '', 'sent',
       1, true, {NOW}, {NOW}
  FROM generate_series(1, 2000) n
"""

EXEMPLARS = f"""
INSERT INTO programs_exemplar (unit_id, chooser_id, field, state, chosen_on, building_on, closed_on,
       recogniser, document_number, reason, is_demo, created_at)
SELECT {PICK.format("n * 11")}, {PICK.format("n * 331")}, 'Phong trào', 'recognised', '2026-01-05',
       '2026-02-05', '2026-03-05', 'Tỉnh', '', '', true, {NOW}
  FROM generate_series(1, 1000) n
"""

REFERRALS = f"""
INSERT INTO programs_ministryreferral (kind, unit_id, site_id, sent_on, document_number, note,
       is_demo, created_at)
SELECT CASE WHEN id %% 2 = 0 THEN 'proposal' ELSE 'introduction' END, unit_id, id, '2026-05-05', '',
       '', true, {NOW}
  FROM programs_modelsite WHERE id %% 200 = 0
"""

STOCKS = f"""
INSERT INTO units_forcestock (unit_id, kind_id, as_of, teams, teams_due, members, is_unchanged,
       note, is_demo, recorded_at)
SELECT u.id, k.id, d.day, 1 + u.id %% 9, 10, 5 + u.id %% 40, false, '', true, {NOW}
  FROM unnest(%(units)s::bigint[]) u (id), units_forcekind k,
       (VALUES ('2025-06-01'::date), ('2026-06-01'::date)) d (day)
 WHERE (u.id + k.id) %% 2 = 0
"""

FORCE_RATINGS = f"""
INSERT INTO units_forcerating (unit_id, kind_id, year, level, teams, recorded_at)
SELECT s.unit_id, s.kind_id, 2026, 'hoan_thanh_tot', 1, {NOW}
  FROM units_forcestock s JOIN units_forcekind k ON k.id = s.kind_id AND k.rating_code <> ''
 WHERE s.as_of = '2026-06-01' AND s.unit_id %% 3 = 0
"""

ROWS = (
    ACTIVITIES,
    ORGANISERS,
    CO_ORGANISERS,
    TYPES,
    SITES,
    OWNERS,
    CO_OWNERS,
    REPLICAS,
    TEAMS,
    EQUIPMENT,
    FUNDING,
    MOVES,
    RATINGS,
    PROGRAMS,
    EXEMPLARS,
    REFERRALS,
    STOCKS,
    FORCE_RATINGS,
)
