"""The province to try: Đồng Tháp with its 102 communes, their police, member units and blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from apps.units.models import Area, Block, Unit
from apps.units.rules import BlockKind, BlockRole, UnitKind
from apps.units.services.blocks import create_block, join_block
from apps.units.services.loading import load_units
from apps.units.services.tree import NewUnit, set_police_in_charge

PROVINCE_CODE = "82"
SINCE = date(2025, 7, 1)  # two levels since that day; the province of before is another unit
ROOT, POLICE = "TINH-82", "CA-82"
MOVEMENT_OFFICE, BLOCK_OFFICE = "CA-82-PT", "CA-82-KT"
COMMUNES_WITH_MEMBERS = 6

PROVINCIAL_MEMBERS = (
    ("CQ-82-1", "Cơ quan minh họa số 1", UnitKind.AGENCY),
    ("CQ-82-2", "Cơ quan minh họa số 2", UnitKind.AGENCY),
    ("NH-82-1", "Ngân hàng minh họa số 1", UnitKind.ENTERPRISE),
    ("DN-82-1", "Công ty minh họa số 1", UnitKind.ENTERPRISE),
    ("DN-82-2", "Công ty minh họa số 2", UnitKind.ENTERPRISE),
    ("TR-82-1", "Trường đại học minh họa", UnitKind.SCHOOL),
    ("BV-82-1", "Bệnh viện đa khoa minh họa", UnitKind.HOSPITAL),
    ("BV-82-2", "Bệnh viện sản nhi minh họa", UnitKind.HOSPITAL),
    ("MT-82", "Ủy ban MTTQ Việt Nam tỉnh (minh họa)", UnitKind.MASS_ORGANISATION),
    ("ND-82", "Hội Nông dân tỉnh (minh họa)", UnitKind.MASS_ORGANISATION),
    ("PN-82", "Hội Liên hiệp Phụ nữ tỉnh (minh họa)", UnitKind.MASS_ORGANISATION),
    ("TN-82", "Đoàn Thanh niên tỉnh (minh họa)", UnitKind.MASS_ORGANISATION),
)
COMMUNE_MEMBERS = (
    ("TH", "Trường trung học cơ sở minh họa {place}", UnitKind.SCHOOL),
    ("DN", "Công ty minh họa {place}", UnitKind.ENTERPRISE),
    ("CQ", "Trung tâm dịch vụ công minh họa {place}", UnitKind.AGENCY),
    ("YT", "Trạm y tế minh họa {place}", UnitKind.HOSPITAL),
    ("AP", "Ấp minh họa {place}", UnitKind.RESIDENTIAL_AREA),
)
BLOCKS = (
    (
        "KHOI-1",
        "Khối thi đua 1 (minh họa)",
        BLOCK_OFFICE,
        ("NH-82-1", "CQ-82-1", "DN-82-1", "TR-82-1", "BV-82-1", "PN-82", "TN-82"),
    ),
    (
        "KHOI-2",
        "Khối thi đua 2 (minh họa)",
        MOVEMENT_OFFICE,
        ("CQ-82-2", "DN-82-2", "BV-82-2", "ND-82", "MT-82"),
    ),
)


@dataclass(frozen=True, slots=True)
class Province:
    """The units of the province to try."""

    root: Unit
    police: Unit
    units: dict[str, Unit]
    commune_codes: tuple[str, ...]


def build_province(*, at: datetime, n_communes: int | None = None) -> Province:
    """Create the units once; a second call returns the same ones; tests take a few communes."""
    communes = list(
        Area.objects.communes_of(PROVINCE_CODE)
        .alive_on(SINCE)
        .order_by("sort_key", "pk")[:n_communes]
    )
    root_area = Area.objects.provinces().alive_on(SINCE).get(code=PROVINCE_CODE)
    units = load_units(rows=list(_rows(root_area, communes)), by=None, at=at)
    blocks_at = SINCE
    for code, name, office, members in BLOCKS:
        if not Block.objects.filter(code=code).exists():
            _build_block(code, name, units[office], [units[m] for m in members], blocks_at, at)
    return Province(
        root=units[ROOT],
        police=units[POLICE],
        units=units,
        commune_codes=tuple(commune_code(area) for area in communes),
    )


def commune_code(area: Area) -> str:
    """Return the code of the unit that stands for a commune."""
    return f"XA-{area.code}"


def _rows(root_area: Area, communes: list[Area]) -> Iterator[NewUnit]:
    yield _unit(ROOT, root_area.name, UnitKind.PROVINCE, area=root_area, police=POLICE)
    yield _unit(POLICE, "Công an tỉnh Đồng Tháp", UnitKind.POLICE_PROVINCE, parent=ROOT)
    for code, name in (
        (MOVEMENT_OFFICE, "Bộ phận phong trào, Công an tỉnh (minh họa)"),
        (BLOCK_OFFICE, "Bộ phận theo dõi khối thi đua, Công an tỉnh (minh họa)"),
    ):
        yield _unit(code, name, UnitKind.POLICE_DEPARTMENT, parent=POLICE)
    for code, name, kind in PROVINCIAL_MEMBERS:
        yield _unit(code, name, kind, parent=ROOT, police=POLICE)
    for number, area in enumerate(communes):
        yield from _commune_rows(area, with_members=number < COMMUNES_WITH_MEMBERS)


def _commune_rows(area: Area, *, with_members: bool) -> Iterator[NewUnit]:
    kind, _, place = area.name.partition(" ")
    police = f"CA-{area.code}"
    yield _unit(
        police, f"Công an {kind.lower()} {place}", UnitKind.POLICE_COMMUNE, parent=POLICE, area=area
    )
    yield _unit(
        commune_code(area), area.name, UnitKind.COMMUNE, parent=ROOT, police=police, area=area
    )
    if with_members:
        for prefix, name, member_kind in COMMUNE_MEMBERS:
            yield _unit(
                f"{prefix}-{area.code}",
                name.format(place=place),
                member_kind,
                parent=commune_code(area),
                police=police,
                area=area,
            )


def _unit(
    code: str,
    name: str,
    kind: UnitKind,
    *,
    parent: str = "",
    police: str = "",
    area: Area | None = None,
) -> NewUnit:
    return NewUnit(
        code=code,
        name=name,
        kind=kind,
        valid_from=SINCE,
        parent_code=parent,
        police_code=police,
        area=area,
        is_demo=True,
    )


def _build_block(
    code: str, name: str, office: Unit, members: list[Unit], on: date, at: datetime
) -> None:
    block = create_block(
        code=code, name=name, kind=BlockKind.EMULATION_BLOCK, by=None, at=at, is_demo=True
    )
    set_police_in_charge(of=block, police_unit=office, on=on, by=None, at=at)
    for number, unit in enumerate(members):
        role = (BlockRole.HEAD, BlockRole.DEPUTY)[number] if number < 2 else BlockRole.MEMBER
        join_block(block=block, unit=unit, role=role, on=on, by=None, at=at)
