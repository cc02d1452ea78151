"""The forms of the province to try: by who is asked, for each kind of period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from apps.indicators.models import (
    AskedOf,
    Calendar,
    DeadlineCascade,
    DeadlineStep,
    Indicator,
    PeriodKind,
)
from apps.indicators.queries import catalogue
from apps.reports.models import Assignment, Template
from apps.reports.services.templates import (
    TemplateDraft,
    assign_template,
    create_template,
    publish_version,
)
from apps.units.models import Unit
from apps.units.rules import UnitKind

EFFECTIVE_ON = date(2024, 12, 15)

# An organisation is asked at most 20 lines: what seldom happens there is left to its commune.
LEFT_OUT_OF_ORGANISATIONS = frozenset({"E3", "E6", "E7", "E8", "E14", "B9"})


@dataclass(frozen=True, slots=True)
class Form:
    """One family of forms: who is asked, which kinds of unit owe it, which groups it splits."""

    code: str
    name: str
    asked_of: str
    kinds: tuple[UnitKind, ...]
    groups: frozenset[str] | None = None
    left_out: frozenset[str] = frozenset()
    of_block_heads: bool = False


FORMS = (
    Form("xa", "Báo cáo của xã, phường", AskedOf.COMMUNE, (UnitKind.COMMUNE,)),
    Form(
        "co-quan",
        "Báo cáo của cơ quan, doanh nghiệp, bệnh viện",
        AskedOf.ORGANISATION,
        (UnitKind.AGENCY, UnitKind.ENTERPRISE, UnitKind.HOSPITAL),
        frozenset({"can_bo", "nguoi_lao_dong"}),
        LEFT_OUT_OF_ORGANISATIONS,
    ),
    Form(
        "truong-hoc",
        "Báo cáo của cơ sở giáo dục",
        AskedOf.ORGANISATION,
        (UnitKind.SCHOOL,),
        frozenset({"can_bo", "hoc_sinh"}),
        LEFT_OUT_OF_ORGANISATIONS,
    ),
    Form(
        "doan-the",
        "Báo cáo của tổ chức chính trị - xã hội",
        AskedOf.MASS_ORGANISATION,
        (UnitKind.MASS_ORGANISATION,),
    ),
    Form(
        "khoi-truong",
        "Báo cáo của khối trưởng khối thi đua",
        AskedOf.BLOCK_HEAD,
        (),
        of_block_heads=True,
    ),
    Form("tinh", "Phần số liệu của tỉnh", AskedOf.PROVINCE, (UnitKind.PROVINCE,)),
)
KINDS = (
    PeriodKind.MONTH,
    PeriodKind.QUARTER,
    PeriodKind.HALF_YEAR,
    PeriodKind.NINE_MONTHS,
    PeriodKind.YEAR,
)


def build_templates(*, root: Unit, at: datetime) -> None:
    """Publish and assign every form that asks at least one line; twice changes nothing."""
    calendar = Calendar.objects.get(code="nd09")
    for form in FORMS:
        cascade = _cascade(form)
        for kind in KINDS:
            _build(form, kind, calendar, cascade, root, at)


def _build(
    form: Form, kind: str, calendar: Calendar, cascade: DeadlineCascade, root: Unit, at: datetime
) -> None:
    lines = form_lines(form, kind)
    if not lines:
        return
    code = f"{form.code}-{kind}".replace("_", "-")
    template = Template.objects.filter(code=code).first()
    if template is None:
        draft = TemplateDraft(code, form.name, form.asked_of, kind, calendar, cascade, EFFECTIVE_ON)
        version = create_template(draft=draft, lines=lines, by=None, at=at)
        template = publish_version(version=version, by=None, at=at).template
    days = DateRange(EFFECTIVE_ON, None)
    targets = [Assignment(unit_kind=kind) for kind in form.kinds]
    if form.of_block_heads:
        targets.append(Assignment(of_block_heads=True))
    for target in targets:
        target.template, target.within, target.valid = template, root, days
        assign_template(assignment=target, by=None, at=at)


def form_lines(form: Form, kind: str) -> list[tuple[Indicator, str]]:
    """Return the lines of a form: rates are computed, parts that cannot be added stand apart."""
    lines: list[tuple[Indicator, str]] = []
    for indicator in catalogue(form.asked_of, kind):
        if indicator.is_computed or indicator.code in form.left_out:
            continue
        parts = [part.code for part in sorted(indicator.breakdowns.all(), key=lambda p: p.order)]
        if indicator.code in {"C5", "C5d"} and form.groups is not None:
            parts = [part for part in parts if part in form.groups]
        stands_apart = not indicator.total_of_breakdowns or indicator.kind == "class"
        lines += [(indicator, part) for part in (parts if stands_apart and parts else [""])]
    return lines


def _cascade(form: Form) -> DeadlineCascade:
    """Return the deadlines of the province to try; the province sets its own (editable)."""
    is_member = form.asked_of not in {AskedOf.COMMUNE, AskedOf.PROVINCE}
    code = "minh-hoa-don-vi" if is_member else "minh-hoa-xa"
    steps = ("+2wd", "+3wd", "+5wd") if is_member else ("+3wd", "+5wd")
    cascade, is_new = DeadlineCascade.objects.get_or_create(
        code=code,
        defaults={
            "name": "Minh họa: đơn vị thành viên" if is_member else "Minh họa: xã, phường",
            "comparison": "by",
            "meaning": "ngày làm việc sau ngày chốt số liệu",
            "source": "Ví dụ; mỗi tỉnh tự quy định (NĐ 09/2019/NĐ-CP Điều 8.5, 13)",
            "is_verified": False,
        },
    )
    if is_new:
        DeadlineStep.objects.bulk_create(
            DeadlineStep(cascade=cascade, level=level, rule=rule)
            for level, rule in enumerate(steps, start=1)
        )
    return cascade
