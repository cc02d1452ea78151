"""A real case: models, exemplars and forces of the city of Thanh Hóa in 2022 (seed 004).

The city was a district-level unit of its time. The article is of August 2022 and gives no other
days; what it says of the ward's three models and of the forces holds on its day.
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
from apps.programs.rules import ExemplarState, Level
from apps.programs.services.exemplars import (
    ExemplarStep,
    NewExemplar,
    choose_exemplar,
    move_exemplar,
)
from apps.programs.services.sites import NewSite, create_site
from apps.reports.services.documents import order_document
from apps.units.models import ForceKind, Unit
from apps.units.rules import UnitKind
from apps.units.services.forces import NewStock, record_stock
from apps.units.services.loading import load_units
from apps.units.services.tree import NewUnit

CASE = "thanh-hoa-2022"
SEED = "004_b5ce518e6662cad6.txt"
SINCE, LAUNCHED, ARTICLE = date(2020, 1, 1), date(2021, 6, 30), date(2022, 8, 1)
ROOT, POLICE, CITY = "TINH-38-CU", "CA-38-CU", "TP-38-CU"
LAM_SON, QUANG_THANG, DONG_VINH = "LS-38-CU", "QT-38-CU", "DV-38-CU"
OF_WARD = (
    "Quản lý, cảm hóa, giáo dục người được tha tù, đặc xá",
    "Tổ xung kích cứu hộ cứu nạn và hướng dẫn giao thông trước cổng trường",
    "Camera giám sát an ninh thông minh",
)
ZALO = "Ứng dụng mạng Zalo trong công tác tiếp nhận thông tin về ANTT và phòng chống tội phạm"
NO_DAY = "Nguồn không nêu ngày ra mắt; ngày ở đây chỉ để biết có từ trước năm 2022."
ZALO_DAY = "Nguồn nêu ra mắt tháng 8/2022, không nêu ngày."
MOVEMENT, ORDER = "phong trào toàn dân bảo vệ ANTQ", "trật tự đô thị"
EXEMPLARS = (
    (QUANG_THANG, f"{MOVEMENT} và {ORDER}"),
    (DONG_VINH, MOVEMENT),
    (LAM_SON, ORDER),
)
# Kind of force → teams, teams due, members, as the article counts them in the whole city.
FORCES: Mapping[str, tuple[int | None, int | None, int | None]] = {
    "ban-chi-dao": (34, 34, 664),
    "to-tu-quan": (2241, None, 100468),
    "ban-bao-ve-dan-pho": (30, None, 552),
    "bao-ve-co-quan": (None, None, 1192),
}
OF_FORCES = (("A2", ""), ("A2d", ""), ("A3", ""), ("A6", ""), ("A7", ""), ("A8", ""))
OF_MODELS = (("E2", ""), ("E5", ""))
SOURCE_NOTE = (
    "Mô hình, điển hình và lực lượng lấy từ một bài báo tháng 8/2022 về thành phố Thanh Hóa (tệp "
    f"nguồn {SEED}), ghi vào sổ; báo cáo lấy số từ sổ. Phường Lam Sơn có ba "
    "mô hình và thêm một mô hình ra mắt tháng 8/2022. Ban bảo vệ dân phố là loại lực lượng đã bãi "
    "bỏ từ 01/7/2024; thành phố là cấp huyện của thời đó."
)


def load_thanh_hoa_2022(*, cast: Cast, at: datetime) -> Job:
    """Record the ward's sites, the city's exemplars and forces; report the year from them."""
    units = load_units(rows=list(_units()), by=None, at=at)
    if not has_sites(units):
        for new in _sites(units[LAM_SON]):
            create_site(new=new, by=cast.clerk, at=at)
        _choose(units, cast.reviewer, at)
        _count_forces(units[CITY], cast.clerk, at)
    root, period = units[ROOT], year_of_case(2022)
    forms = [
        CaseForm(units[CITY], OF_FORCES, {}),
        CaseForm(units[LAM_SON], OF_MODELS, {}),
    ]
    report_the_year(case=CASE, root=root, period=period, forms=forms, cast=cast, at=at)
    issuing_body(root, SINCE, "Thanh Hóa")
    say_in_words(root, period, SOURCE_NOTE, cast.reviewer, at)
    return order_document(root=root, period=period, incomplete_reason="", by=cast.reviewer, at=at)


def _units() -> Iterator[NewUnit]:
    yield old_unit(ROOT, "Tỉnh Thanh Hóa", UnitKind.PROVINCE, SINCE, police=POLICE)
    yield old_unit(POLICE, "Công an tỉnh", UnitKind.POLICE_PROVINCE, SINCE, parent=ROOT)
    city = "UBND thành phố Thanh Hóa (cấp huyện)"
    yield old_unit(CITY, city, UnitKind.AGENCY, SINCE, parent=ROOT, police=POLICE)
    for code, name in (
        (LAM_SON, "Phường Lam Sơn"),
        (QUANG_THANG, "Phường Quảng Thắng"),
        (DONG_VINH, "Xã Đông Vinh"),
    ):
        yield old_unit(code, name, UnitKind.COMMUNE, SINCE, parent=CITY, police=POLICE)


def _sites(ward: Unit) -> Iterator[NewSite]:
    kinds = kinds_named(*OF_WARD, ZALO)
    for name, kind in kinds.items():
        is_new = name == ZALO
        yield NewSite(
            model_type=kind,
            unit=ward,
            level=Level.COMMUNE,
            host_kind=kind.host_kind,
            launched_on=ARTICLE if is_new else LAUNCHED,
            note=ZALO_DAY if is_new else NO_DAY,
        )


def _choose(units: Mapping[str, Unit], by: User, at: datetime) -> None:
    """Note the three that the city chose to build up as examples."""
    for code, field in EXEMPLARS:
        new = NewExemplar(units[code], units[CITY], field, ARTICLE)
        exemplar = choose_exemplar(new=new, by=by, at=at)
        step = ExemplarStep(ExemplarState.BUILDING, ARTICLE)
        move_exemplar(exemplar=exemplar, step=step, by=by, at=at)


def _count_forces(city: Unit, by: User, at: datetime) -> None:
    kinds = {kind.code: kind for kind in ForceKind.objects.filter(code__in=FORCES)}
    for code, (teams, due, members) in FORCES.items():
        stock = NewStock(
            as_of=ARTICLE, teams=teams, teams_due=due, members=members, note=f"Nguồn: {SEED}"
        )
        record_stock(unit=city, kind=kinds[code], stock=stock, by=by, at=at)
