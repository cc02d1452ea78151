"""A real case: the 2022 report of Đồng Tháp, from the figures that one newspaper article gives.

Every figure comes from `reference/seed_facts.csv` (seed 002) with the article's own qualifier;
nothing is added, and what the article does not split is not split here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from apps.desk.models import Job
from apps.home.services.case_dong_thap_plan import record_heir, record_plan, record_referrals
from apps.home.services.case_parts import (
    CaseForm,
    indicator_e0,
    issuing_body,
    old_unit,
    report_the_year,
    say_in_words,
    year_of_case,
)
from apps.home.services.demo_reports import Cast
from apps.reports.services.documents import order_document
from apps.units.models import Unit
from apps.units.rules import UnitKind
from apps.units.services.loading import load_units

CASE = "dong-thap-2022"
SEED = "002_29e78dddd072145a.txt"
SINCE = date(2021, 12, 15)
ROOT, POLICE, FRONT = "TINH-87-CU", "CA-87-CU", "MTTQ-87-CU"
QUALIFIER_WORDS = {"over": "hơn ", "nearly": "gần ", "exact": ""}
SOURCE_NOTE = (
    "Số liệu lấy nguyên từ một bài báo về phong trào năm 2022 của tỉnh Đồng Tháp (tệp nguồn "
    f"{SEED}), giữ nguyên các chữ “hơn”, “trên”, “gần” của nguồn."
)

# The article's subject → who reported it, and the line where it stands.
LINES: dict[tuple[str, str], tuple[str, str, str]] = {
    ("B1", "Công an tỉnh: điểm tuyên truyền"): (POLICE, "B1", "diem"),
    ("B2", "Công an tỉnh: lượt người dự"): (POLICE, "B2", ""),
    ("F1", "tin báo nhân dân cung cấp"): (POLICE, "F1", ""),
    ("F2", "tin có giá trị"): (POLICE, "F2", ""),
    ("B1", "Ủy ban MTTQ tỉnh và các tổ chức thành viên: buổi tuyên truyền"): (FRONT, "B1", "buoi"),
    ("B2", "Ủy ban MTTQ tỉnh và các tổ chức thành viên: lượt người dự"): (FRONT, "B2", ""),
    ("E1 or E2", "mô hình đang duy trì"): (ROOT, "E0", ""),
    ("E12a", "đề nghị Bộ Công an nhân rộng toàn quốc"): (ROOT, "E12a", ""),
    ("E12b", "giới thiệu gửi Bộ Công an là điển hình"): (ROOT, "E12b", ""),
    ("C0", "tập thể, cá nhân đăng ký thi đua"): (ROOT, "C0", ""),
    ("G1", "tập thể, cá nhân được đề nghị khen thưởng"): (ROOT, "G1", ""),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the article: who reported it, its line, the text as it would be typed."""

    unit_code: str
    code: str
    breakdown: str
    text: str


def load_dong_thap_2022(*, facts_file: Path, cast: Cast, at: datetime) -> Job:
    """Build the case through the services that the pages use; return the job of its document."""
    facts = list(read_facts(facts_file))
    indicator_e0(f"{SEED}: 90")
    units = _units(at)
    root, period = units[ROOT], year_of_case(2022)
    record_heir(root=root, by=cast.reviewer, at=at)
    record_referrals(root=root, by=cast.reviewer, at=at)
    record_plan(root=root, recipients=[units[POLICE], units[FRONT]], by=cast.reviewer)
    forms = [_form(unit, [f for f in facts if f.unit_code == code]) for code, unit in units.items()]
    report_the_year(case=CASE, root=root, period=period, forms=forms, cast=cast, at=at)
    issuing_body(root, SINCE, "Đồng Tháp")
    say_in_words(root, period, SOURCE_NOTE, cast.reviewer, at)
    return order_document(root=root, period=period, incomplete_reason="", by=cast.reviewer, at=at)


def read_facts(facts_file: Path) -> Iterator[Fact]:
    """Read the article's 2022 figures; a fact without a known place is an error, not a gap."""
    with facts_file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["seed"] != SEED or row["year"] != "2022":
                continue
            unit_code, code, breakdown = LINES[(row["indicator"], row["subject"])]
            yield Fact(unit_code, code, breakdown, QUALIFIER_WORDS[row["qualifier"]] + row["value"])


def _units(at: datetime) -> dict[str, Unit]:
    front = "Ủy ban MTTQ tỉnh và các tổ chức thành viên"
    province, office, union = (
        UnitKind.PROVINCE,
        UnitKind.POLICE_PROVINCE,
        UnitKind.MASS_ORGANISATION,
    )
    rows = [
        old_unit(ROOT, "Tỉnh Đồng Tháp", province, SINCE, police=POLICE),
        old_unit(POLICE, "Công an tỉnh", office, SINCE, parent=ROOT),
        old_unit(FRONT, front, union, SINCE, parent=ROOT, police=POLICE),
    ]
    return load_units(rows=rows, by=None, at=at)


def _form(unit: Unit, facts: list[Fact]) -> CaseForm:
    typed = {(fact.code, fact.breakdown): fact.text for fact in facts}
    return CaseForm(unit, list(typed), typed)
