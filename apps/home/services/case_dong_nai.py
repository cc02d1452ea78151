"""A real case: models and a force of an emulation block of Đồng Nai, 2023 (seed 000).

The source names ten of the block's 18 members; the ten are there. It gives no launch days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from apps.accounts.models import User
from apps.desk.models import Job
from apps.home.services.case_parts import (
    CaseForm,
    has_sites,
    issuing_body,
    kinds_named,
    old_unit,
    report_the_year,
    say_in_words,
    year_of_case,
)
from apps.home.services.demo_reports import Cast
from apps.programs.models import ModelType
from apps.programs.rules import Level
from apps.programs.services.sites import NewSite, create_site
from apps.reports.services.documents import order_document
from apps.units.models import Block, ForceKind, Unit
from apps.units.rules import BlockKind, BlockRole, UnitKind
from apps.units.services.blocks import create_block, join_block
from apps.units.services.forces import NewStock, record_stock
from apps.units.services.loading import load_units
from apps.units.services.tree import NewUnit, set_police_in_charge

CASE = "dong-nai-2023"
SEED = "000_55d152dd0f4f6af6.txt"
SINCE, LAUNCHED, AS_OF = date(2020, 1, 1), date(2022, 6, 30), date(2023, 12, 1)
ROOT, POLICE, ECONOMY = "TINH-75-CU", "CA-75-CU", "CA-75-CU-PA04"
BANK, UNIVERSITY, WOMEN, RADIO, FOOD = "NH-75-CU", "DH-75-CU", "PN-75-CU", "PT-75-CU", "TP-75-CU"
GENERAL, CHILDREN, UNITED = "BV-75-CU-1", "BV-75-CU-2", "BV-75-CU-3"
WARD = "BL-75-CU"
AGENCY, UNION, ENTERPRISE = UnitKind.AGENCY, UnitKind.MASS_ORGANISATION, UnitKind.ENTERPRISE
MEMBERS = (  # the head first
    (BANK, "Ngân hàng Nhà nước chi nhánh tỉnh Đồng Nai", AGENCY),
    (UNIVERSITY, "Trường Đại học Lạc Hồng", UnitKind.SCHOOL),
    (WOMEN, "Hội Liên hiệp Phụ nữ tỉnh", UNION),
    ("TN-75-CU", "Tỉnh đoàn Đồng Nai", UNION),
    ("VH-75-CU", "Sở Văn hóa, Thể thao và Du lịch", AGENCY),
    ("LD-75-CU", "Liên đoàn Lao động tỉnh", UNION),
    (RADIO, "Đài Phát thanh - Truyền hình Đồng Nai", AGENCY),
    (GENERAL, "Bệnh viện Đa khoa Đồng Nai", UnitKind.HOSPITAL),
    (FOOD, "Tổng công ty Công nghiệp thực phẩm Đồng Nai", ENTERPRISE),
    ("CS-75-CU", "Công ty TNHH MTV Tổng công ty Cao su Đồng Nai", ENTERPRISE),
)
OTHERS = (
    (CHILDREN, "Bệnh viện Nhi đồng Đồng Nai", UnitKind.HOSPITAL),
    (UNITED, "Bệnh viện Đa khoa Thống Nhất", UnitKind.HOSPITAL),
    (WARD, "Phường Bửu Long", UnitKind.COMMUNE),
)
DORMITORY = "Khu nội trú sinh viên an toàn, văn minh, không có tội phạm và tệ nạn xã hội"
LODGING, TEAMS = "Nhà trọ văn minh (cho sinh viên)", "Tổ an ninh nội bộ"
WARDS = "Tự phòng, tự quản, tự bảo vệ tại bệnh viện"
OF_WOMEN = (
    "Tổ phụ nữ không có con em vi phạm tệ nạn xã hội",
    "Tổ phụ nữ tôn giáo",
    "Tổ phụ nữ dân tộc",
)
NO_DAY = "Nguồn không nêu ngày ra mắt; ngày ở đây chỉ để biết có từ trước năm 2023."
MILITARY = "ban-chi-huy-quan-su"
# Asked is only what the source tells of a unit: of teams it speaks at the broadcaster alone.
SITES, TEAMS_TOO = (("E2", ""),), (("E2", ""), ("E3", ""))
SOURCE_NOTE = (
    "Mô hình và lực lượng lấy từ một bài báo về Khối thi đua 1 của tỉnh Đồng Nai (tệp nguồn "
    f"{SEED}), ghi vào sổ; báo cáo lấy số từ sổ. Nguồn nêu khối có 18 thành viên và gọi tên mười."
)


def load_dong_nai_2023(*, cast: Cast, at: datetime) -> Job:
    """Record block, sites and the military command of a company; report the year from them."""
    units = load_units(rows=list(_units()), by=None, at=at)
    if not has_sites(units):
        _build_block(units, at)
        for new in _sites(units):
            create_site(new=new, by=cast.clerk, at=at)
        _record_command(units[FOOD], cast.clerk, at)
    root, period = units[ROOT], year_of_case(2023)
    owners = (UNIVERSITY, WOMEN, GENERAL, CHILDREN, UNITED, WARD)
    forms = [
        CaseForm(units[ROOT], (("E1", ""),), {}),
        CaseForm(units[RADIO], TEAMS_TOO, {}),
        *(CaseForm(units[code], SITES, {}) for code in owners),
    ]
    report_the_year(case=CASE, root=root, period=period, forms=forms, cast=cast, at=at)
    issuing_body(root, SINCE, "Đồng Nai")
    say_in_words(root, period, SOURCE_NOTE, cast.reviewer, at)
    return order_document(root=root, period=period, incomplete_reason="", by=cast.reviewer, at=at)


def _units() -> Iterator[NewUnit]:
    yield old_unit(ROOT, "Tỉnh Đồng Nai", UnitKind.PROVINCE, SINCE, police=POLICE)
    yield old_unit(POLICE, "Công an tỉnh", UnitKind.POLICE_PROVINCE, SINCE, parent=ROOT)
    yield old_unit(
        ECONOMY, "Phòng An ninh kinh tế", UnitKind.POLICE_DEPARTMENT, SINCE, parent=POLICE
    )
    for code, name, kind in (*MEMBERS, *OTHERS):
        yield old_unit(code, name, kind, SINCE, parent=ROOT, police=POLICE)


def _build_block(units: Mapping[str, Unit], at: datetime) -> Block:
    block = create_block(
        code="KHOI-75-CU-1",
        name="Khối thi đua 1 (Đồng Nai, 2023)",
        kind=BlockKind.EMULATION_BLOCK,
        by=None,
        at=at,
    )
    set_police_in_charge(of=block, police_unit=units[ECONOMY], on=SINCE, by=None, at=at)
    for code, _name, _kind in MEMBERS:
        role = BlockRole.HEAD if code == BANK else BlockRole.MEMBER
        join_block(block=block, unit=units[code], role=role, on=SINCE, by=None, at=at)
    return block


def _sites(units: Mapping[str, Unit]) -> Iterator[NewSite]:
    kinds = kinds_named(DORMITORY, LODGING, TEAMS, WARDS, *OF_WOMEN)
    yield _site(kinds[DORMITORY], units[UNIVERSITY])
    yield _site(kinds[LODGING], units[WARD], owners=(units[UNIVERSITY], units[WARD]))
    for name in OF_WOMEN:
        yield _site(kinds[name], units[WOMEN])
    for code in (GENERAL, CHILDREN, UNITED):
        yield _site(kinds[WARDS], units[code])
    yield _site(kinds[TEAMS], units[RADIO], n_teams=6)


def _site(
    kind: ModelType, unit: Unit, *, owners: tuple[Unit, ...] = (), n_teams: int = 0
) -> NewSite:
    return NewSite(
        model_type=kind,
        unit=unit,
        level=Level.PROVINCE,
        host_kind=kind.host_kind,
        launched_on=LAUNCHED,
        owners=owners,
        n_teams=n_teams,
        note=NO_DAY,
    )


def _record_command(company: Unit, by: User, at: datetime) -> None:
    """Record the company's military command: people, but not guards (A8)."""
    kind = ForceKind.objects.get(code=MILITARY)
    stock = NewStock(as_of=AS_OF, teams=1, members=66, note=f"Nguồn: {SEED}")
    record_stock(unit=company, kind=kind, stock=stock, by=by, at=at)
