"""What real cases are built from: units of before 01/07/2025, forms of one unit, sites, words.

A case is built once: units, forms and reports that are there stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from apps.accounts.models import User
from apps.core.text import search_key
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
from apps.programs.models import ModelType, SiteParty
from apps.programs.queries.types import types_by_key
from apps.reports.models import Assignment, Obligation, Report, Template
from apps.reports.models.entry import CellSource
from apps.reports.queries.forms import form_rows
from apps.reports.rules import read_cell
from apps.reports.services.consolidation import Words, save_consolidation_text
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
from apps.units.services.tree import NewUnit

LAST_DAY = date(2025, 7, 1)  # provinces and communes of before existed up to 30/06/2025
CASE_CALENDAR = "nd09"

Key = tuple[str, str]  # indicator, breakdown


@dataclass(frozen=True, slots=True)
class CaseForm:
    """What one unit is asked for the year, and what of it is typed; registers fill the rest."""

    unit: Unit
    lines: Sequence[Key]
    typed: Mapping[Key, str]


def old_unit(
    code: str, name: str, kind: UnitKind, since: date, *, parent: str = "", police: str = ""
) -> NewUnit:
    """Return a unit of the time before the two levels."""
    return NewUnit(
        code=code,
        name=name,
        kind=kind,
        valid_from=since,
        valid_to=LAST_DAY,
        parent_code=parent,
        police_code=police,
    )


def year_of_case(year: int) -> Period:
    """Return the year of reports (15/12 to 14/12, NĐ 09/2019/NĐ-CP Điều 12)."""
    return Period.objects.get(calendar__code=CASE_CALENDAR, kind=PeriodKind.YEAR, year=year)


def report_the_year(
    *, case: str, root: Unit, period: Period, forms: Sequence[CaseForm], cast: Cast, at: datetime
) -> None:
    """Ask every unit of a case for its year, fill what is typed, submit and accept."""
    for form in forms:
        _ask(case, root, period, form, at)
    open_period_reports(period=period, by=cast.clerk, at=at)
    by_unit = {form.unit.pk: form for form in forms}
    for owed in Obligation.objects.filter(root=root, period=period).order_by("pk"):
        _fill_and_accept(case, owed.report, by_unit[owed.unit_id].typed, cast, at)


def _ask(case: str, root: Unit, period: Period, form: CaseForm, at: datetime) -> None:
    slug = f"{case}-{form.unit.code.lower()}"
    template = Template.objects.filter(code=slug).first()
    if template is None:
        codes = [code for code, _ in form.lines]
        indicators = {i.code: i for i in Indicator.objects.filter(code__in=codes)}
        draft = TemplateDraft(
            slug,
            f"Báo cáo năm {period.year} (theo bài báo nguồn)",
            AskedOf.PROVINCE,
            PeriodKind.YEAR,
            Calendar.objects.get(code=CASE_CALENDAR),
            DeadlineCascade.objects.get(code="nd09-gov"),
            period.start,
        )
        lines = [(indicators[code], part) for code, part in form.lines]
        version = create_template(draft=draft, lines=lines, by=None, at=at)
        template = publish_version(version=version, by=None, at=at).template
    days = DateRange(period.start, period.end)
    assignment = Assignment(template=template, within=root, unit=form.unit, valid=days)
    assign_template(assignment=assignment, by=None, at=at)


def _fill_and_accept(
    case: str, report: Report, typed: Mapping[Key, str], cast: Cast, at: datetime
) -> None:
    if not report.is_open:
        return
    entries = [
        Entry(
            row.line.line_id,
            read_cell(typed[(row.line.code, row.line.breakdown)], decimals=row.line.decimals),
            row.lock_version,
            source=CellSource.SOURCE,
        )
        for row in form_rows(report)
        if (row.line.code, row.line.breakdown) in typed
    ]
    save_block(report=report, entries=entries, by=cast.clerk, at=at)
    token = f"{case}-{report.pk}"
    receipt = submit_report(report=report, client_token=token, by=cast.leader, at=at)
    accepted_at = at + timedelta(seconds=1)
    accept_report(report=report, looked_at=receipt.submission, by=cast.reviewer, at=accepted_at)


def indicator_e0(evidence: str) -> Indicator:
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
            "evidence": evidence,
            "is_verified": False,
            "mark": "nguồn không nói rõ là loại hay điểm mô hình",
        },
    )
    return indicator


def issuing_body(root: Unit, since: date, place: str) -> IssuingBody:
    """Return who issues a case's paper: the province's committee of that time."""
    body, _ = IssuingBody.objects.get_or_create(
        unit=root,
        valid=DateRange(since, LAST_DAY),
        defaults={
            "superior_name": f"UBND TỈNH {place.upper()}",
            "name": f"Ủy ban nhân dân tỉnh {place}",
            "committee_name": "Ban Chỉ đạo 138",
            "place": place,
            "symbol": "BC-BCĐ",
            "signer_title": "TM. BAN CHỈ ĐẠO\nTRƯỞNG BAN",
            "signer_name": "",
            "recipients": "Bộ Công an (V05)\nThường trực Tỉnh ủy\nChủ tịch UBND tỉnh\nLưu: VT",
        },
    )
    return body


def kinds_named(*names: str) -> dict[str, ModelType]:
    """Return kinds of models by the names that sources give."""
    by_key = types_by_key(names)
    return {name: by_key[search_key(name)] for name in names}


def has_sites(units: Mapping[str, Unit]) -> bool:
    """Say whether a case's sites have been recorded before."""
    return SiteParty.objects.filter(unit__in=units.values()).exists()


def say_in_words(root: Unit, period: Period, text: str, by: User, at: datetime) -> None:
    """Say in the report's first part where its figures come from."""
    words = Words(part="tinh_hinh", body=text, base=0)
    save_consolidation_text(root=root, period=period, words=words, by=by, at=at)
