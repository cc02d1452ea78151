"""A real case: the 2022 report of Đồng Tháp, from the figures that one newspaper article gives.

Every figure comes from `reference/seed_facts.csv` (seed 002) with the article's own qualifier;
nothing is added, and what the article does not split is not split here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db.backends.postgresql.psycopg_any import DateRange

from apps.accounts.models import User
from apps.desk.models import Job
from apps.home.services.demo_reports import Cast
from apps.indicators.models import (
    AskedOf,
    Calendar,
    DeadlineCascade,
    Indicator,
    Period,
    PeriodKind,
    Section,
)
from apps.papers.models import IssuingBody
from apps.reports.models import Assignment, Obligation, Report, Template
from apps.reports.models.entry import CellSource
from apps.reports.queries.forms import form_rows
from apps.reports.rules import read_cell
from apps.reports.services.consolidation import Words, save_consolidation_text
from apps.reports.services.documents import order_document
from apps.reports.services.entry import Entry, save_block
from apps.reports.services.obligations import open_period_reports
from apps.reports.services.review import accept_report
from apps.reports.services.submission import submit_report
from apps.reports.services.templates import (
    TemplateDraft,
    assign_template,
    create_template,
    publish_version,
)
from apps.units.models import Unit
from apps.units.rules import UnitKind
from apps.units.services.loading import load_units
from apps.units.services.tree import NewUnit

CASES = ("dong-thap-2022",)
SEED = "002_29e78dddd072145a.txt"
WINDOW = (date(2021, 12, 15), date(2022, 12, 15))  # NĐ 09/2019/NĐ-CP Điều 12: the year 2022
LAST_DAY = date(2025, 7, 1)  # the province of before existed up to 30/06/2025
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
    _indicator_e0()
    units = _units(at)
    period = Period.objects.get(
        calendar__code="nd09", kind=PeriodKind.YEAR, year=2022, start=WINDOW[0], end=WINDOW[1]
    )
    for code, unit in units.items():
        _template(code, unit, units[ROOT], [fact for fact in facts if fact.unit_code == code], at)
    open_period_reports(period=period, by=cast.clerk, at=at)
    for obligation in Obligation.objects.filter(root=units[ROOT], period=period).order_by("pk"):
        mine = [fact for fact in facts if units[fact.unit_code].pk == obligation.unit_id]
        _report(obligation.report, mine, cast, at)
    _issuing_body(units[ROOT])
    _words(units[ROOT], period, cast.reviewer, at)
    return order_document(
        root=units[ROOT], period=period, incomplete_reason="", by=cast.reviewer, at=at
    )


def read_facts(facts_file: Path) -> Iterator[Fact]:
    """Read the article's 2022 figures; a fact without a known place is an error, not a gap."""
    with facts_file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["seed"] != SEED or row["year"] != "2022":
                continue
            unit_code, code, breakdown = LINES[(row["indicator"], row["subject"])]
            yield Fact(unit_code, code, breakdown, QUALIFIER_WORDS[row["qualifier"]] + row["value"])


def _indicator_e0() -> Indicator:
    """Return the indicator for models of which a source does not say whether types or sites."""
    indicator, _ = Indicator.objects.get_or_create(
        code="E0",
        defaults={
            "section": Section.objects.get(code="E"),
            "order": 0,
            "measure_unit": "mô hình",
            "name": "Mô hình đang duy trì (chung, khi nguồn không nói loại hay điểm)",
            "kind": "stock",
            "source_register": "manual",
            "is_default_on": False,
            "evidence": f"{SEED}: 90",
            "is_verified": False,
            "mark": "nguồn không nói rõ là loại hay điểm mô hình",
        },
    )
    return indicator


def _units(at: datetime) -> dict[str, Unit]:
    def row(code: str, name: str, kind: UnitKind, parent: str, police: str) -> NewUnit:
        return NewUnit(
            code=code,
            name=name,
            kind=kind,
            valid_from=WINDOW[0],
            valid_to=LAST_DAY,
            parent_code=parent,
            police_code=police,
        )

    return load_units(
        rows=[
            row(ROOT, "Tỉnh Đồng Tháp", UnitKind.PROVINCE, "", POLICE),
            row(POLICE, "Công an tỉnh", UnitKind.POLICE_PROVINCE, ROOT, ""),
            row(
                FRONT,
                "Ủy ban MTTQ tỉnh và các tổ chức thành viên",
                UnitKind.MASS_ORGANISATION,
                ROOT,
                POLICE,
            ),
        ],
        by=None,
        at=at,
    )


def _template(code: str, unit: Unit, root: Unit, facts: list[Fact], at: datetime) -> None:
    slug = f"dong-thap-2022-{code.lower()}"
    template = Template.objects.filter(code=slug).first()
    if template is None:
        indicators = {i.code: i for i in Indicator.objects.filter(code__in=[f.code for f in facts])}
        draft = TemplateDraft(
            slug,
            "Báo cáo năm 2022 (theo bài báo nguồn)",
            AskedOf.PROVINCE,
            PeriodKind.YEAR,
            Calendar.objects.get(code="nd09"),
            DeadlineCascade.objects.get(code="nd09-gov"),
            WINDOW[0],
        )
        version = create_template(
            draft=draft, lines=[(indicators[f.code], f.breakdown) for f in facts], by=None, at=at
        )
        template = publish_version(version=version, by=None, at=at).template
    assignment = Assignment(template=template, within=root, unit=unit, valid=DateRange(*WINDOW))
    assign_template(assignment=assignment, by=None, at=at)


def _report(report: Report, facts: list[Fact], cast: Cast, at: datetime) -> None:
    if not report.is_open:
        return
    typed: Mapping[tuple[str, str], str] = {(f.code, f.breakdown): f.text for f in facts}
    entries = [
        Entry(
            row.line.line_id,
            read_cell(typed[(row.line.code, row.line.breakdown)], decimals=row.line.decimals),
            row.lock_version,
            source=CellSource.SOURCE,
        )
        for row in form_rows(report)
    ]
    save_block(report=report, entries=entries, by=cast.clerk, at=at)
    receipt = submit_report(
        report=report, client_token=f"dong-thap-2022-{report.pk}", by=cast.leader, at=at
    )
    accept_report(
        report=report, looked_at=receipt.submission, by=cast.reviewer, at=at + timedelta(seconds=1)
    )


def _issuing_body(root: Unit) -> IssuingBody:
    body, _ = IssuingBody.objects.get_or_create(
        unit=root,
        valid=DateRange(WINDOW[0], LAST_DAY),
        defaults={
            "superior_name": "UBND TỈNH ĐỒNG THÁP",
            "name": "Ủy ban nhân dân tỉnh Đồng Tháp",
            "committee_name": "Ban Chỉ đạo 138",
            "place": "Đồng Tháp",
            "symbol": "BC-BCĐ",
            "signer_title": "TM. BAN CHỈ ĐẠO\nTRƯỞNG BAN",
            "signer_name": "",
            "recipients": "Bộ Công an (V05)\nThường trực Tỉnh ủy\nChủ tịch UBND tỉnh",
        },
    )
    return body


def _words(root: Unit, period: Period, by: User, at: datetime) -> None:
    words = Words(part="tinh_hinh", body=SOURCE_NOTE, base=0)
    save_consolidation_text(root=root, period=period, words=words, by=by, at=at)
