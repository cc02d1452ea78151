"""A province with sites of models for benchmarks: the same units, few or many sites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.core.text import search_key, sort_key
from apps.programs.models import ModelField, ModelType
from apps.units.models import Unit
from apps.units.rules import UnitKind
from apps.units.services.loading import load_units
from apps.units.services.tree import NewUnit
from tests.bench.province import officer

SINCE = date(2015, 1, 1)
N_COMMUNES, N_AREAS = 100, 9
N_TYPES = 200

_SITES = """
INSERT INTO programs_modelsite (model_type_id, unit_id, name, name_key, sort_key, place, place_key,
  level, host_kind, state, launched_on, last_news_on, note, lock_version, is_demo,
  created_at, updated_at, removed_reason)
SELECT t.id, u.id, t.name || ' ' || n, t.name_key || ' ' || n,
  t.sort_key || '1' || lpad(n::text, 8, '0'),
  'Nơi ' || n, 'noi ' || n, (ARRAY['province','commune','commune'])[1 + n %% 3], 'residential',
  (ARRAY['active','active','active','pilot','consolidating'])[1 + n %% 5],
  DATE '2018-01-01' + n %% 2800, DATE '2024-01-01' + n %% 800, '', 1, false, now(), now(), ''
FROM generate_series(1, %s) n
JOIN (SELECT id, name, name_key, sort_key, row_number() OVER (ORDER BY id) - 1 AS i
      FROM programs_modeltype WHERE source = 'bench') t ON t.i = (n * 97) %% %s
JOIN (SELECT unit_id AS id, row_number() OVER (ORDER BY unit_id) - 1 AS i
      FROM units_unitspan WHERE kind IN ('commune', 'residential_area')) u
  ON u.i = (n * 389) %% %s
"""


@dataclass(frozen=True, slots=True)
class Register:
    """What was built: the unit in charge of all, and its officer."""

    police: Unit
    reviewer: User
    communes: list[Unit]


def build_units() -> Register:
    """Build communes with residential areas, kinds of models, and the province's officer."""
    at = timezone.now()
    rows = [
        NewUnit("R", "Tỉnh Mẫu", UnitKind.PROVINCE, SINCE, police_code="P"),
        NewUnit("P", "Công an tỉnh Mẫu", UnitKind.POLICE_PROVINCE, SINCE, parent_code="R"),
    ]
    for number in range(N_COMMUNES):
        code = f"X{number}"
        rows.append(
            NewUnit(
                code,
                f"Xã Tân Mỹ {number}",
                UnitKind.COMMUNE,
                SINCE,
                parent_code="R",
                police_code="P",
            )
        )
        rows += [
            NewUnit(
                f"{code}-{area}",
                f"Ấp {area} xã Tân Mỹ {number}",
                UnitKind.RESIDENTIAL_AREA,
                SINCE,
                parent_code=code,
            )
            for area in range(N_AREAS)
        ]
    units = load_units(rows=rows, by=None, at=at)
    _add_types()
    return Register(
        police=units["P"],
        reviewer=officer("tonghop", units["P"], Role.REVIEWER),
        communes=[units[f"X{number}"] for number in range(N_COMMUNES)],
    )


def fill_sites(count: int) -> None:
    """Write so many sites with their owners, teams and launches, in four statements."""
    units = N_COMMUNES * (N_AREAS + 1)
    with connection.cursor() as cursor:
        cursor.execute(_SITES, [count, N_TYPES, units])
        cursor.execute(
            "INSERT INTO programs_siteparty (site_id, unit_id, role)"
            " SELECT id, unit_id, 'owner' FROM programs_modelsite"
        )
        cursor.execute(
            "INSERT INTO programs_siteteam (site_id, name, name_key, n_teams, members, qualifier,"
            " valid) SELECT id, '', '', 1, 3 + id %% 20, 'exact', daterange(launched_on, NULL)"
            " FROM programs_modelsite",
            [],
        )
        cursor.execute("VACUUM ANALYZE")  # as autovacuum does soon after so many new rows


def _add_types() -> None:
    """Write kinds of models with names of several words."""
    first = (
        "Camera",
        "Tổ",
        "Dòng họ",
        "Cổng trường",
        "Tiếng kẻng",
        "Zalo",
        "Đèn đường",
        "Thắp sáng",
    )
    second = ("an ninh", "tự quản", "không ma túy", "an toàn", "bình yên")
    third = ("nông thôn", "đô thị", "biên giới", "trường học", "chợ")
    names = [f"{a} {b} {c}" for a in first for b in second for c in third][:N_TYPES]
    field = ModelField.objects.create(code="bench", name="Lĩnh vực đo")
    ModelType.objects.bulk_create(
        ModelType(
            name=name,
            name_key=search_key(name),
            sort_key=sort_key(name),
            field=field,
            host_kind="residential",
            source="bench",
            created_at=timezone.now(),
        )
        for name in names
    )
