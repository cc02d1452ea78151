"""A small province to review and consolidate: units, a form, two periods, people, shortcuts.

root ─┬─ communes A (with organisations a1, a2) and B (a leaf)
      ├─ front, an organisation directly under the province
      └─ province police ── commune police A, B
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.indicators.models import (
    Breakdown,
    Calendar,
    DeadlineCascade,
    DeadlineStep,
    Indicator,
    Period,
    Section,
    SubsetRule,
)
from apps.indicators.rules import period_label, window
from apps.reports.models import Assignment, Report, Submission
from apps.reports.rules import Reading
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
from tests.factories.accounts import UserFactory
from tests.factories.units import MembershipFactory, PoliceInChargeFactory, UnitFactory

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 9, 10, 9, 0, tzinfo=HANOI)
SINCE = date(2025, 7, 1)

Said = dict[tuple[str, str] | str, str | int | Decimal | Reading]

CATALOGUE = (
    ("A1", "A", "flow", "Văn bản lãnh đạo, chỉ đạo đã ban hành", "văn bản"),
    ("B1", "B", "flow", "Buổi, điểm tuyên truyền", "buổi"),
    ("C6", "C", "yearly", "Đơn vị đăng ký đạt An toàn về ANTT", "đơn vị"),
    ("E1", "E", "distinct", "Loại mô hình đang duy trì", "loại"),
    ("E2", "E", "stock", "Điểm mô hình đang hoạt động", "điểm"),
    ("E9", "E", "class", "Xếp loại hiệu quả mô hình", "mô hình"),
    ("F1", "F", "flow", "Tin nhân dân cung cấp", "tin"),
    ("F2", "F", "flow", "Tin có giá trị", "tin"),
)
PARTS = {"B1": ("diem", "buoi"), "E9": ("tot", "yeu")}
FULL: Said = {
    "A1": 2,
    ("B1", "diem"): 10,
    ("B1", "buoi"): 4,
    "C6": 3,
    "E1": 5,
    "E2": 7,
    ("E9", "tot"): 1,
    ("E9", "yeu"): 0,
    "F1": 100,
    "F2": 40,
}


def reading(said: str | int | Decimal | Reading) -> Reading:
    """Turn 0, 12, "hơn 12"-like Readings or state words into a Reading."""
    if isinstance(said, Reading):
        return said
    if isinstance(said, str):
        return Reading(said)
    return Reading("value", Decimal(said)) if said else Reading("zero", Decimal(0))


def over(value: int) -> Reading:
    return Reading("value", Decimal(value), "over")


def nearly(value: int) -> Reading:
    return Reading("value", Decimal(value), "nearly")


def make_catalogue() -> dict[str, Indicator]:
    """Make a little catalogue with every kind of indicator and one rate."""
    made = {}
    for order, (code, section, kind, name, unit) in enumerate(CATALOGUE, start=1):
        home, _ = Section.objects.get_or_create(
            code=section, defaults={"name": f"Phần {section}", "order": ord(section)}
        )
        made[code] = Indicator.objects.create(
            code=code, section=home, name=name, measure_unit=unit, kind=kind, order=order
        )
        for place, part in enumerate(PARTS.get(code, ()), start=1):
            Breakdown.objects.create(indicator=made[code], code=part, name=part, order=place)
    made["RF2"] = Indicator.objects.create(
        code="RF2",
        section=made["F2"].section,
        name="Tỷ lệ tin có giá trị",
        measure_unit="%",
        decimals=1,
        kind="ratio",
        numerator="F2",
        denominator="F1",
        order=90,
    )
    SubsetRule.objects.create(smaller=made["F2"], larger=made["F1"], message="F2 không vượt quá F1")
    return made


def make_period(calendar: Calendar, kind: str, year: int, number: int) -> Period:
    start, end = window(calendar.code, kind, year, number)
    label = period_label(kind, year, number)
    row, _ = Period.objects.get_or_create(
        calendar=calendar,
        kind=kind,
        year=year,
        number=number,
        defaults={"start": start, "end": end, "label": label},
    )
    return row


@dataclass
class World:
    """Everything a test needs; `make_world` fills it."""

    root: Unit
    police: Unit
    commune_a: Unit
    commune_b: Unit
    police_a: Unit
    police_b: Unit
    org_1: Unit
    org_2: Unit
    front: Unit
    indicators: dict[str, Indicator]
    calendar: Calendar
    cascade: DeadlineCascade
    period: Period
    clerk: User
    reviewer: User
    people: dict[str, User] = field(default_factory=dict)

    def report(self, unit: Unit, period: Period | None = None) -> Report:
        return Report.objects.select_related("obligation__version", "obligation__period").get(
            obligation__unit=unit, obligation__period=period or self.period
        )

    def fill(
        self, unit: Unit, said: Said, period: Period | None = None, by: User | None = None
    ) -> Report:
        """Write figures; lines not named get FULL's; a number is a value, a word is a state."""
        report = self.report(unit, period)
        lines = {
            (line.indicator.code, line.breakdown): line.pk
            for line in report.obligation.version.lines.select_related("indicator")
        }
        wanted = {
            (key if isinstance(key, tuple) else (key, "")): reading(value)
            for key, value in (FULL | said).items()
        }
        known = {cell.line_id: cell.lock_version for cell in report.cells.all()}
        entries = [
            Entry(lines[key], value, known.get(lines[key], 0)) for key, value in wanted.items()
        ]
        save_block(report=report, entries=entries, by=by or self.clerk, at=AT)
        return report

    def send(
        self, unit: Unit, said: Said, period: Period | None = None, at: datetime = AT
    ) -> Submission:
        report = self.fill(unit, said, period)
        number = report.submissions.count()
        return submit_report(
            report=report, client_token=f"t{report.pk}-{number}", by=self.clerk, at=at
        ).submission

    def accept(self, unit: Unit, said: Said, period: Period | None = None) -> Submission:
        """Fill, send and accept a report."""
        sent = self.send(unit, said, period)
        accept_report(report=sent.report, looked_at=sent, by=self.reviewer, at=AT)
        return sent

    def open(self, period: Period) -> Period:
        open_period_reports(period=period, by=None, at=datetime(2027, 1, 5, tzinfo=HANOI))
        return period


def make_units() -> dict[str, Unit]:
    """Make the tree."""
    valid = DateRange(SINCE, None)
    root = UnitFactory(code="T82", name="Tỉnh Đồng Tháp", kind=UnitKind.PROVINCE, valid=valid)
    police = UnitFactory(
        code="CAT", name="Công an tỉnh", kind=UnitKind.POLICE_PROVINCE, parent=root
    )
    PoliceInChargeFactory(unit=root, police_unit=police)
    made: dict[str, Any] = {"root": root, "police": police}
    for letter, name in (("a", "Mỹ Hòa"), ("b", "Tân Thạnh")):
        station = UnitFactory(
            code=f"CAX{letter}",
            name=f"Công an xã {name}",
            kind=UnitKind.POLICE_COMMUNE,
            parent=police,
        )
        made[f"police_{letter}"] = station
        made[f"commune_{letter}"] = UnitFactory(
            code=f"X{letter}",
            name=f"Xã {name}",
            kind=UnitKind.COMMUNE,
            parent=root,
            police=station,
        )
    for number, name in ((1, "Trường THPT Mỹ Hòa"), (2, "Bệnh viện Mỹ Hòa")):
        made[f"org_{number}"] = UnitFactory(
            code=f"DV{number}",
            name=name,
            kind=UnitKind.AGENCY,
            parent=made["commune_a"],
            police=made["police_a"],
        )
    made["front"] = UnitFactory(
        code="MT", name="Ủy ban MTTQ tỉnh", kind=UnitKind.AGENCY, parent=root, police=police
    )
    return made


def make_world() -> World:
    """Make the province with one quarter opened for all; nobody has written anything yet."""
    units, indicators = make_units(), make_catalogue()
    calendar = Calendar.objects.create(code="nd09", name="NĐ 09/2019")
    cascade = DeadlineCascade.objects.create(code="thu", name="Hạn thử", comparison="before")
    DeadlineStep.objects.create(cascade=cascade, level=1, rule="16")
    world = World(
        **units,
        indicators=indicators,
        calendar=calendar,
        cascade=cascade,
        period=make_period(calendar, "quarter", 2026, 3),
        clerk=UserFactory(username="can.bo", full_name="Lê Thị Lan"),
        reviewer=person("tiep.nhan", units["police"], Role.REVIEWER),
    )
    for code, kind, asked_of in (
        ("xa", UnitKind.COMMUNE, "commune"),
        ("co-quan", UnitKind.AGENCY, "organisation"),
    ):
        add_template(world, f"{code}-quy", kind, asked_of, "quarter")
    world.open(world.period)
    return world


def person(username: str, unit: Unit, role: Role) -> User:
    """Make a user with one post."""
    user = UserFactory(username=username, full_name=f"Người {username}")
    MembershipFactory(user=user, unit=unit, role=role.value)
    return user


def add_template(
    world: World, code: str, unit_kind: str, asked_of: str, period_kind: str
) -> Assignment:
    """Publish a form with every line of the catalogue and assign it to a kind of unit."""
    lines = [
        (indicator, part)
        for name, indicator in world.indicators.items()
        if indicator.kind != "ratio"
        for part in PARTS.get(name, ("",))
    ]
    draft = TemplateDraft(
        code=code,
        name=f"Báo cáo {code}",
        asked_of=asked_of,
        period_kind=period_kind,
        calendar=world.calendar,
        cascade=world.cascade,
        effective_on=date(2022, 1, 1),
    )
    version = create_template(draft=draft, lines=lines, by=None, at=AT)
    publish_version(version=version, by=None, at=AT)
    assignment = Assignment(
        template=version.template,
        within=world.root,
        unit_kind=unit_kind,
        valid=DateRange(SINCE, None),
    )
    return assign_template(assignment=assignment, by=None, at=AT)
