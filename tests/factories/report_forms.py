"""Make the form that reports fill in: a small catalogue, a calendar, a published version."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import factory

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
from apps.reports.models import NarrativePart, Template, TemplateLine, TemplateVersion

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
PUBLISHED = datetime(2025, 12, 1, 8, 0, tzinfo=LOCAL)

# Each row: its code, its section, its name, what it counts, its kind, its parts.
CATALOGUE = (
    ("A2", "A", "Ban Chỉ đạo đã được kiện toàn", "ban", "stock", ()),
    ("A2d", "A", "Ban Chỉ đạo phải có", "ban", "stock", ()),
    ("B1", "B", "Buổi, điểm tuyên truyền", "buổi", "flow", ("buoi", "diem")),
    ("B2", "B", "Lượt người dự tuyên truyền", "lượt người", "flow", ()),
    ("F1", "F", "Tin nhân dân cung cấp", "tin", "flow", ()),
    ("F2", "F", "Tin có giá trị", "tin", "flow", ()),
    ("F7c", "F", "Vật liệu nổ giao nộp", "kg", "flow", ()),
)
SECTIONS = {"A": "Lãnh đạo, lực lượng", "B": "Tuyên truyền", "F": "Tin báo, kết quả"}
BREAKDOWNS = {"buoi": "buổi", "diem": "điểm"}
RULES = (("F2", "F1"), ("A2", "A2d"))


def catalogue() -> dict[str, Indicator]:
    """Return a small catalogue, made once in a test."""
    found = Indicator.objects.in_bulk([row[0] for row in CATALOGUE], field_name="code")
    if found:
        return found
    sections = {
        code: Section.objects.create(code=code, name=name, order=order)
        for order, (code, name) in enumerate(SECTIONS.items())
    }
    for order, (code, section, name, unit, kind, parts) in enumerate(CATALOGUE):
        indicator = Indicator.objects.create(
            code=code,
            section=sections[section],
            name=name,
            measure_unit=unit,
            kind=kind,
            decimals=2 if unit == "kg" else 0,
            order=order,
            rule_text=f"Cách đếm {name.lower()}.",
        )
        for part in parts:
            Breakdown.objects.create(indicator=indicator, code=part, name=BREAKDOWNS[part])
        found[code] = indicator
    for smaller, larger in RULES:
        SubsetRule.objects.create(
            smaller=found[smaller], larger=found[larger], message=f"{smaller} ≤ {larger}"
        )
    return found


def calendar() -> Calendar:
    """Return the calendar of NĐ 09, made once in a test."""
    return Calendar.objects.get_or_create(code="nd09", defaults={"name": "Lịch NĐ 09"})[0]


def month(year: int, number: int) -> Period:
    """Return one month of that calendar: from the 15th to the 14th."""
    start, end = window("nd09", "month", year, number)
    return Period.objects.get_or_create(
        calendar=calendar(),
        kind="month",
        year=year,
        number=number,
        defaults={"start": start, "end": end, "label": period_label("month", year, number)},
    )[0]


def cascade() -> DeadlineCascade:
    """Return a deadline: by the 20th of the period's last month."""
    found, is_new = DeadlineCascade.objects.get_or_create(
        code="thang", defaults={"name": "Hạn tháng", "comparison": "by"}
    )
    if is_new:
        DeadlineStep.objects.create(cascade=found, level=1, rule="20")
    return found


class TemplateVersionFactory(factory.django.DjangoModelFactory):
    """A published monthly form of communes; lines= takes (code, breakdown) pairs."""

    class Meta:
        model = TemplateVersion

    effective_on = date(2020, 1, 1)
    cascade = factory.LazyFunction(cascade)

    @classmethod
    def _create(cls, model_class: type[TemplateVersion], *args: Any, **kwargs: Any) -> Any:
        lines = kwargs.pop("lines", None) or default_lines()
        if "template" not in kwargs:
            kwargs["template"] = Template.objects.get_or_create(
                code="xa-thang",
                defaults={
                    "name": "Báo cáo tháng của xã",
                    "asked_of": "commune",
                    "period_kind": "month",
                    "calendar": calendar(),
                },
            )[0]
        kwargs.setdefault("number", kwargs["template"].versions.count() + 1)
        version: TemplateVersion = super()._create(model_class, *args, **kwargs)
        indicators = catalogue() | {i.code: i for i in Indicator.objects.all()}
        for order, (code, breakdown) in enumerate(lines, start=1):
            TemplateLine.objects.create(
                version=version, indicator=indicators[code], breakdown=breakdown, order=order
            )
        for order, (code, title) in enumerate((("uu_diem", "Ưu điểm"), ("ton_tai", "Tồn tại"))):
            NarrativePart.objects.create(version=version, code=code, title=title, order=order)
        version.state, version.published_at = "published", PUBLISHED
        version.save()
        return version


def default_lines() -> list[tuple[str, str]]:
    """Return every indicator once, B1 by its parts."""
    lines = []
    for code, _section, _name, _unit, _kind, parts in CATALOGUE:
        lines += [(code, part) for part in parts] or [(code, "")]
    return lines


def monthly_version() -> TemplateVersion:
    """Return the published form, made once in a test."""
    known = TemplateVersion.objects.filter(template__code="xa-thang").order_by("number").last()
    return known or TemplateVersionFactory()
