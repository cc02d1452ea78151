"""Valid rows of the catalogue and its calendars."""

from datetime import date, timedelta

import factory

from apps.indicators.models import (
    AskedOf,
    Breakdown,
    Calendar,
    Comparison,
    DeadlineCascade,
    DeadlineStep,
    Holiday,
    Indicator,
    IndicatorAsk,
    IndicatorKind,
    Period,
    PeriodKind,
    Section,
    SubsetRule,
)


class SectionFactory(factory.django.DjangoModelFactory):
    """A part of the catalogue."""

    class Meta:
        model = Section

    code = factory.Sequence(lambda n: f"X{n}")
    name = "Phần thử"
    order = factory.Sequence(int)


class IndicatorFactory(factory.django.DjangoModelFactory):
    """A flow that somebody counts by hand."""

    class Meta:
        model = Indicator

    code = factory.Sequence(lambda n: f"{'XYZ'[n // 1000]}{n % 1000}")
    section = factory.SubFactory(SectionFactory)
    name = "Buổi tuần tra thử"
    measure_unit = "buổi"
    kind = IndicatorKind.FLOW
    order = factory.Sequence(int)


class BreakdownFactory(factory.django.DjangoModelFactory):
    """A part of an indicator."""

    class Meta:
        model = Breakdown

    indicator = factory.SubFactory(IndicatorFactory)
    code = factory.Sequence(lambda n: f"phan_{n}")
    name = "Phần"


class IndicatorAskFactory(factory.django.DjangoModelFactory):
    """A commune is asked once a month."""

    class Meta:
        model = IndicatorAsk

    indicator = factory.SubFactory(IndicatorFactory)
    asked_of = AskedOf.COMMUNE
    period_kind = PeriodKind.MONTH


class SubsetRuleFactory(factory.django.DjangoModelFactory):
    """One indicator counts a part of another."""

    class Meta:
        model = SubsetRule

    smaller = factory.SubFactory(IndicatorFactory)
    larger = factory.SubFactory(IndicatorFactory)
    message = "Số nhỏ không được lớn hơn số lớn."


class CalendarFactory(factory.django.DjangoModelFactory):
    """A calendar made by hand, without a rule."""

    class Meta:
        model = Calendar

    code = factory.Sequence(lambda n: f"lich-{n}")
    name = factory.Sequence(lambda n: f"Lịch thử {n}")


class PeriodFactory(factory.django.DjangoModelFactory):
    """A year of NĐ 09's form in a calendar of its own."""

    class Meta:
        model = Period

    calendar = factory.SubFactory(CalendarFactory)
    kind = PeriodKind.YEAR
    year = factory.Sequence(lambda n: 2000 + n % 200)
    number = 1
    start = factory.LazyAttribute(lambda o: date(o.year - 1, 12, 15))
    end = factory.LazyAttribute(lambda o: date(o.year, 12, 15))
    label = factory.LazyAttribute(lambda o: f"năm {o.year}")


class HolidayFactory(factory.django.DjangoModelFactory):
    """A day off."""

    class Meta:
        model = Holiday

    on = factory.Sequence(lambda n: date(2030, 1, 1) + timedelta(days=n))
    name = "Ngày nghỉ thử"


class DeadlineCascadeFactory(factory.django.DjangoModelFactory):
    """A rule without levels."""

    class Meta:
        model = DeadlineCascade

    code = factory.Sequence(lambda n: f"han-{n}")
    name = factory.Sequence(lambda n: f"Hạn thử {n}")
    comparison = Comparison.BY


class DeadlineStepFactory(factory.django.DjangoModelFactory):
    """The lowest level, two working days after the cut-off."""

    class Meta:
        model = DeadlineStep

    cascade = factory.SubFactory(DeadlineCascadeFactory)
    level = 1
    rule = "+2wd"
