"""Valid rows of the reporting engine: ReportFactory() makes a whole small province around it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory

from apps.accounts.models import User
from apps.reports.models import (
    Cell,
    Event,
    Obligation,
    Remark,
    Report,
    Submission,
    SubmissionLine,
    TemplateLine,
)
from apps.reports.models.review import EventKind
from apps.reports.rules import CellFigure, read_cell
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.report_forms import LOCAL, PUBLISHED, month, monthly_version
from tests.factories.units import MembershipFactory, PoliceInChargeFactory, UnitFactory


def province() -> Unit:
    """Return the province, made once in a test, with its police in charge of it."""
    root = Unit.objects.filter(code="TINH").first()
    if root is None:
        root = UnitFactory(code="TINH", name="Tỉnh Đồng Tháp", kind=UnitKind.PROVINCE)
        police = UnitFactory(
            code="CAT", name="Công an tỉnh Đồng Tháp", kind=UnitKind.POLICE_PROVINCE, parent=root
        )
        PoliceInChargeFactory(unit=root, police_unit=police)
    return root


def provincial_police() -> Unit:
    """Return the province's police."""
    province()
    return Unit.objects.get(code="CAT")


class ObligationFactory(factory.django.DjangoModelFactory):
    """A new commune owes tháng 11/2026; its police fill in, the province's police receive."""

    class Meta:
        model = Obligation

    class Params:
        serial = factory.Sequence(int)

    version = factory.LazyFunction(monthly_version)
    template = factory.SelfAttribute("version.template")
    period = factory.LazyFunction(lambda: month(2026, 11))
    root = factory.LazyFunction(province)
    unit = factory.LazyAttribute(
        lambda o: UnitFactory(name=f"Xã Tân Thạnh {o.serial}", kind=UnitKind.COMMUNE, parent=o.root)
    )
    filler = factory.LazyAttribute(lambda o: police_of(o.unit, o.serial))
    consolidator = factory.LazyFunction(provincial_police)
    tree_on = factory.LazyAttribute(lambda o: o.period.end)
    covered_from = factory.LazyAttribute(lambda o: o.period.start)
    covered_to = factory.LazyAttribute(lambda o: o.period.end)
    opens_at = factory.LazyAttribute(lambda o: _day(o.period.end, 1))
    due_at = factory.LazyAttribute(lambda o: _day(o.period.end, 21))


def police_of(commune: Unit, serial: int) -> Unit:
    """Return the commune's police, made when it has none."""
    known = commune_police(commune)
    if known is not None:
        return known
    police: Unit = UnitFactory(
        name=f"Công an xã Tân Thạnh {serial}",
        kind=UnitKind.POLICE_COMMUNE,
        parent=provincial_police(),
    )
    PoliceInChargeFactory(unit=commune, police_unit=police)
    return police


def commune_police(commune: Unit) -> Unit | None:
    """Return the police in charge of a commune, if there is one."""
    return Unit.objects.filter(pk__in=commune.police_in_charge.values("police_unit_id")).first()


def _day(end: date, day: int) -> datetime:
    return datetime(end.year, end.month, day, tzinfo=LOCAL)


class ReportFactory(factory.django.DjangoModelFactory):
    """An empty report; obligation__… reaches what is owed."""

    class Meta:
        model = Report

    obligation = factory.SubFactory(ObligationFactory)


class CellFactory(factory.django.DjangoModelFactory):
    """A cell with 12 in F1; code=, breakdown=, text= choose another."""

    class Meta:
        model = Cell

    class Params:
        code = "F1"
        breakdown = ""
        text = "12"

    report = factory.SubFactory(ReportFactory)
    line = factory.LazyAttribute(lambda o: line_of(o.report, o.code, o.breakdown))
    state = factory.LazyAttribute(lambda o: _reading(o).state)
    value = factory.LazyAttribute(lambda o: _reading(o).value)
    qualifier = factory.LazyAttribute(lambda o: _reading(o).qualifier)
    updated_at = PUBLISHED
    updated_by = factory.SubFactory(UserFactory)


def _reading(resolver: Any) -> Any:
    return read_cell(resolver.text, decimals=resolver.line.indicator.decimals)


def line_of(report: Report, code: str, breakdown: str = "") -> TemplateLine:
    """Return a line of a report's form."""
    return TemplateLine.objects.get(
        version_id=report.obligation.version_id, indicator__code=code, breakdown=breakdown
    )


GOOD = {
    ("A2", ""): "34",
    ("A2d", ""): "34",
    ("B1", "buoi"): "640",
    ("B1", "diem"): "2.580",
    ("B2", ""): "hơn 24.780",
    ("F1", ""): "4.250",
    ("F2", ""): "gần 3.200",
    ("F7c", ""): "1,25",
}


def filled(report: Report, texts: dict[tuple[str, str], str] | None = None) -> Report:
    """Fill a report with figures that can be submitted; texts= overrides some of them."""
    user = UserFactory()
    for (code, breakdown), text in (GOOD | (texts or {})).items():
        CellFactory(report=report, code=code, breakdown=breakdown, text=text, updated_by=user)
    report.state = "draft"
    report.save(update_fields=["state"])
    return report


class SubmissionFactory(factory.django.DjangoModelFactory):
    """A waiting version without lines; `sent` makes one with lines."""

    class Meta:
        model = Submission

    report = factory.SubFactory(ReportFactory, state="submitted")
    unit = factory.SelfAttribute("report.obligation.unit")
    period = factory.SelfAttribute("report.obligation.period")
    number = 1
    content_hash = "0" * 64
    client_token = factory.Sequence(lambda n: f"token-{n:08d}")
    receipt_code = factory.Sequence(lambda n: f"AAAA-BBBB-{n:04d}")
    submitted_at = datetime(2026, 11, 17, 9, 0, tzinfo=LOCAL)
    submitted_by = factory.SubFactory(UserFactory)
    decided_at = factory.LazyAttribute(lambda o: None if o.state == "waiting" else o.submitted_at)
    state = "waiting"


def sent(report: Report, figures: dict[str, CellFigure], state: str = "accepted") -> Submission:
    """Return a version of a report with these figures; the other lines are missing."""
    submission: Submission = SubmissionFactory(report=report, state=state)
    report.state = {"accepted": "accepted", "waiting": "submitted"}.get(state, "returned")
    report.save(update_fields=["state"])
    owed = report.obligation
    owed.first_submitted_at = owed.due_at - timedelta(days=1)
    owed.save(update_fields=["first_submitted_at"])
    lines = TemplateLine.objects.filter(version_id=report.obligation.version_id)
    for line in lines.select_related("indicator"):
        known = figures.get(line.indicator.code, CellFigure())
        SubmissionLine.objects.create(
            submission=submission,
            line=line,
            indicator=line.indicator,
            breakdown=line.breakdown,
            state=known.state,
            value=known.value,
            qualifier=known.qualifier,
            note=known.note,
            source="typed",
        )
    return submission


def said(value: int | str, qualifier: str = "exact") -> CellFigure:
    """Return a figure from a number."""
    number = Decimal(value)
    return CellFigure("value", number, qualifier) if number else CellFigure("zero", number)


def earlier(report: Report, year: int, number: int, figures: dict[str, CellFigure]) -> Submission:
    """Return what the same unit sent, accepted, for another month."""
    owed = report.obligation
    before = ReportFactory(
        obligation__unit=owed.unit,
        obligation__filler=owed.filler,
        obligation__version=owed.version,
        obligation__period=month(year, number),
    )
    return sent(before, figures)


class RemarkFactory(factory.django.DjangoModelFactory):
    """A remark on F1 of a returned version."""

    class Meta:
        model = Remark

    submission = factory.SubFactory(SubmissionFactory, state="returned", report__state="returned")
    report = factory.SelfAttribute("submission.report")
    line = factory.LazyAttribute(lambda o: line_of(o.report, "F1"))
    text = "Số tin giảm mạnh, kiểm tra lại sổ."
    made_at = datetime(2026, 11, 17, 15, 0, tzinfo=LOCAL)
    made_by = factory.SubFactory(UserFactory)


def returned(report: Report, reason: str = "Số liệu chưa khớp sổ.") -> Remark:
    """Return a report to its unit with a reason and one remark on F1."""
    remark: Remark = RemarkFactory(submission__report=report, submission__state="returned")
    report.state = "returned"
    report.save(update_fields=["state"])
    Event.objects.create(
        report=report,
        kind=EventKind.RETURNED,
        submission=remark.submission,
        text=reason,
        at=remark.made_at,
        by=remark.made_by,
    )
    return remark


def person_at(unit: Unit, role: str, **kwargs: Any) -> User:
    """Return somebody with a role in a unit."""
    user: User = UserFactory(**kwargs)
    MembershipFactory(user=user, unit=unit, role=role)
    return user


def clerk_of(report: Report) -> User:
    """Return a clerk of the unit that fills the report in."""
    return person_at(report.obligation.filler, "clerk")


def leader_of(report: Report) -> User:
    """Return the leader of the unit that fills the report in."""
    return person_at(report.obligation.filler, "leader")


def reviewer_of(report: Report) -> User:
    """Return an officer of the unit that receives the report."""
    return person_at(report.obligation.consolidator, "reviewer")
