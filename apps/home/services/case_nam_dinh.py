"""A real case: the models of Nam Định in 2022, recorded as sites, and the reports they fill.

Every figure comes from `reference/seed_facts.csv` (seed 001). The source gives no launch days and,
of some sites, no places: a note on the site says what is not the source's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from apps.accounts.models import User
from apps.desk.models import Job
from apps.home.services.case_parts import (
    CaseForm,
    Key,
    has_sites,
    indicator_e0,
    issuing_body,
    kinds_named,
    old_unit,
    report_the_year,
    say_in_words,
    year_of_case,
)
from apps.home.services.demo_reports import Cast
from apps.programs.models import ModelSite, ModelType
from apps.programs.rules import Amount, EquipmentKind, FundingSource, HostKind, Level
from apps.programs.services.site_details import (
    NewEquipment,
    NewFunding,
    add_equipment,
    add_funding,
    add_objective,
    add_protected,
)
from apps.programs.services.sites import NewSite, create_site
from apps.reports.services.documents import order_document
from apps.units.models import Unit
from apps.units.rules import UnitKind
from apps.units.services.loading import load_units
from apps.units.services.tree import NewUnit

CASE = "nam-dinh-2022"
SEED = "001_b111263dd852040e.txt"
SINCE = date(2020, 1, 1)
BEFORE, WITHIN = date(2021, 6, 30), date(2022, 6, 30)  # not new in the year 2022; new in it
ROOT, POLICE, FARMERS, TELECOM = "TINH-36-CU", "CA-36-CU", "ND-36-CU", "VT-36-CU"
LABOUR, PROSECUTORS, HOSPITAL = "LD-36-CU", "VKS-36-CU", "BV-36-CU"
COMMUNES = {
    "XT-36-CU": "Xã Xuân Tiến",
    "HB-36-CU": "Xã Hải Bắc",
    "LM-36-CU": "Xã Liên Minh",
    "YH-36-CU": "Xã Yên Hưng",
    "MT-36-CU": "Xã Mỹ Thành",
    "TH-36-CU": "Xã Trực Hùng",
    "NV-36-CU": "Xã Nam Vân",
    "PT-36-CU": "Xã Phúc Thắng",
    "GX-36-CU": "Xã Giao Xuân",
    "BL-36-CU": "Xã Bạch Long",
}
SAFE = ("XT-36-CU", "HB-36-CU", "LM-36-CU", "YH-36-CU", "MT-36-CU", "TH-36-CU", "NV-36-CU")
SEA = ("PT-36-CU", "GX-36-CU", "BL-36-CU")
THREE_SAFE, BELL = "Ba an toàn", "Tiếng kẻng an ninh"
FARM, COAST = (
    "Nông dân tự quản về ANTT",
    "Nông dân tự quản về ANTT và tham gia giữ gìn bình yên tuyến biển",
)
CAMERA, TRAFFIC = "Camera tự quản ANTT", "CLB Nông dân với an toàn giao thông"
CLUSTER = "Cụm cơ quan, doanh nghiệp an toàn về ANTT"
KINDS = (THREE_SAFE, BELL, FARM, COAST, CAMERA, TRAFFIC, CLUSTER)

OBJECTIVES = (
    "An toàn về địa bàn, nhà trạm",
    "An toàn về người lao động",
    "An toàn về tài sản, thiết bị",
)
PROTECTED = (
    ("Tổng đài Host", 1),
    ("Trạm chuyển mạch vệ tinh", 24),
    ("Trạm MSAN", 1),
    ("Trạm BTS", 500),
    ("Trạm BSC", 4),
)

NO_DAY = "Nguồn không nêu ngày ra mắt; ngày ở đây chỉ để biết có từ trước hay mới trong năm 2022."
NO_PLACE = "Nguồn không nêu nơi cụ thể."
NEW_FARM_SITES, NEW_FARM_MEMBERS = 24, 1000
CLUBS, CLUB_MEMBERS = 5, 300

# Asked is only what the source tells of a unit: where it is silent on members or on what is new,
# they are unknown.
EVERYBODY: tuple[Key, ...] = (("E2", ""),)
NEW: tuple[Key, ...] = (("E5", ""),)
PEOPLE: tuple[Key, ...] = (("E3", ""), ("E4", ""))
CAMERAS: tuple[Key, ...] = (("E13", ""), ("E14", ""))
ASKED: Mapping[str, tuple[Key, ...]] = {
    FARMERS: (*EVERYBODY, *NEW, *PEOPLE, *CAMERAS),
    "TH-36-CU": (*EVERYBODY, *PEOPLE),
    "YH-36-CU": (*EVERYBODY, *CAMERAS),
    **dict.fromkeys(SEA, (*EVERYBODY, *NEW)),
}
SOURCE_NOTE = (
    "Số liệu mô hình lấy từ một bài báo về phong trào của tỉnh Nam Định (tệp nguồn "
    f"{SEED}), ghi thành từng điểm trong sổ mô hình; báo cáo lấy số từ sổ. Số hội viên được nguồn "
    "nêu chung (“trên 1.000”, “gần 300”) nên chia đều cho các điểm, giữ chữ của nguồn."
)


def load_nam_dinh_2022(*, cast: Cast, at: datetime) -> Job:
    """Record the sites, let the year's reports take their figures from them, order the paper."""
    indicator_e0(f"{SEED}: 54")
    units = load_units(rows=list(_units()), by=None, at=at)
    if not has_sites(units):
        _record(units, cast.clerk, at)
    root, period = units[ROOT], year_of_case(2022)
    forms = [
        CaseForm(units[ROOT], (("E0", ""), ("E1", "")), {("E0", ""): "54"}),
        *(
            CaseForm(units[code], ASKED.get(code, EVERYBODY), {})
            for code in sorted(units.keys() - {ROOT, POLICE})
        ),
    ]
    report_the_year(case=CASE, root=root, period=period, forms=forms, cast=cast, at=at)
    issuing_body(root, SINCE, "Nam Định")
    say_in_words(root, period, SOURCE_NOTE, cast.reviewer, at)
    return order_document(root=root, period=period, incomplete_reason="", by=cast.reviewer, at=at)


def _units() -> Iterator[NewUnit]:
    def row(code: str, name: str, kind: UnitKind) -> NewUnit:
        return old_unit(code, name, kind, SINCE, parent=ROOT, police=POLICE)

    yield old_unit(ROOT, "Tỉnh Nam Định", UnitKind.PROVINCE, SINCE, police=POLICE)
    yield old_unit(POLICE, "Công an tỉnh", UnitKind.POLICE_PROVINCE, SINCE, parent=ROOT)
    yield row(FARMERS, "Hội Nông dân tỉnh", UnitKind.MASS_ORGANISATION)
    yield row(TELECOM, "Viễn thông Nam Định", UnitKind.ENTERPRISE)
    yield row(LABOUR, "Liên đoàn Lao động tỉnh", UnitKind.MASS_ORGANISATION)
    yield row(PROSECUTORS, "Viện Kiểm sát nhân dân tỉnh", UnitKind.AGENCY)
    yield row(HOSPITAL, "Bệnh viện Đa khoa tỉnh", UnitKind.HOSPITAL)
    for code, name in COMMUNES.items():
        yield row(code, name, UnitKind.COMMUNE)


def _record(units: Mapping[str, Unit], by: User, at: datetime) -> None:
    kinds = kinds_named(*KINDS)
    for new in _sites(units, kinds):
        create_site(new=new, by=by, at=at)
    village = units["YH-36-CU"]
    camera = NewSite(
        model_type=kinds[CAMERA],
        unit=village,
        level=Level.COMMUNE,
        host_kind=HostKind.RESIDENTIAL,
        launched_on=BEFORE,
        owners=(units[FARMERS], village),
        note=NO_DAY,
    )
    _equip(create_site(new=camera, by=by, at=at), by, at)
    telecom = replace(
        camera,
        model_type=kinds[THREE_SAFE],
        unit=units[TELECOM],
        level=Level.PROVINCE,
        host_kind=HostKind.ENTERPRISE,
        owners=(),
    )
    _describe(create_site(new=telecom, by=by, at=at), by, at)


def _equip(site: ModelSite, by: User, at: datetime) -> None:
    item = NewEquipment(EquipmentKind.CAMERA, 56, WITHIN)
    add_equipment(site=site, item=item, by=by, at=at)
    money = NewFunding(FundingSource.SOCIAL, Decimal(28_000_000), WITHIN, "Nguồn không nêu ngày.")
    add_funding(site=site, funding=money, by=by, at=at)


def _describe(site: ModelSite, by: User, at: datetime) -> None:
    """Write the three aims of the telecom company's model and what it guards."""
    for aim in OBJECTIVES:
        add_objective(site=site, text=aim, by=by, at=at)
    for kind, quantity in PROTECTED:
        add_protected(site=site, kind=kind, quantity=quantity, by=by, at=at)


def _sites(units: Mapping[str, Unit], kinds: Mapping[str, ModelType]) -> Iterator[NewSite]:
    """Yield the sites in which nobody has things or money: the union's, and those of agencies."""
    union = units[FARMERS]
    plain = NewSite(
        model_type=kinds[FARM],
        unit=union,
        level=Level.COMMUNE,
        host_kind=HostKind.MASS_ORGANISATION,
        launched_on=BEFORE,
        note=NO_DAY,
    )
    for code in SAFE:
        owners = (union, units[code])
        yield replace(plain, model_type=kinds[THREE_SAFE], unit=units[code], owners=owners)
    bell = replace(
        plain, model_type=kinds[BELL], unit=units["TH-36-CU"], owners=(union, units["TH-36-CU"])
    )
    for number in range(1, 26):
        yield replace(
            bell,
            host_kind=HostKind.RESIDENTIAL,
            place=f"Chi hội {number}",
            n_teams=1,
            members=3,
            note=f"{NO_DAY} 75 thành viên ở 25 chi hội, nguồn nêu số chung: chia đều.",
        )
    yield from _coast(plain, units, kinds[COAST])
    yield from _farm(plain)
    yield from _clubs(replace(plain, model_type=kinds[TRAFFIC], launched_on=WITHIN))
    yield from _agencies(plain, units, kinds)


def _coast(plain: NewSite, units: Mapping[str, Unit], kind: ModelType) -> Iterator[NewSite]:
    """Yield the four of the sea border; three communes are named."""
    coast = replace(
        plain, model_type=kind, host_kind=HostKind.BORDER_SEA, launched_on=WITHIN, note=NO_DAY
    )
    for code in SEA:
        yield replace(coast, unit=units[code], owners=(plain.unit, units[code]))
    yield replace(coast, place="Điểm thứ tư", note=f"{NO_DAY} {NO_PLACE}")


def _farm(plain: NewSite) -> Iterator[NewSite]:
    """Yield the 37 of the union: 24 of them are new, with over 1.000 members together."""
    for number in range(1, 38):
        place, note = f"Điểm {number}", f"{NO_DAY} {NO_PLACE}"
        if number > NEW_FARM_SITES:
            yield replace(plain, place=place, note=note)
            continue
        members = NEW_FARM_MEMBERS // NEW_FARM_SITES
        members += number <= NEW_FARM_MEMBERS % NEW_FARM_SITES
        yield replace(
            plain,
            place=place,
            launched_on=WITHIN,
            members=members,
            qualifier=Amount.OVER,
            note=f"{note} Trên 1.000 hội viên ở 24 điểm mới, nguồn nêu số chung: chia đều.",
        )


def _clubs(plain: NewSite) -> Iterator[NewSite]:
    for number in range(1, CLUBS + 1):
        yield replace(
            plain,
            place=f"CLB {number} (huyện Nghĩa Hưng, Ý Yên)",
            members=CLUB_MEMBERS // CLUBS,
            qualifier=Amount.NEARLY,
            note=f"{NO_DAY} Gần 300 thành viên ở 5 câu lạc bộ, nguồn nêu số chung: chia đều.",
        )


def _agencies(
    plain: NewSite, units: Mapping[str, Unit], kinds: Mapping[str, ModelType]
) -> Iterator[NewSite]:
    neighbours = (units[LABOUR], units[PROSECUTORS], units[HOSPITAL])
    yield replace(
        plain,
        model_type=kinds[CLUSTER],
        unit=units[LABOUR],
        level=Level.PROVINCE,
        host_kind=HostKind.CLUSTER,
        owners=neighbours,
    )
