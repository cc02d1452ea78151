"""Targets are held against sums of accepted figures of the units that a programme went to."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.indicators.models import Indicator, PeriodKind
from apps.programs.models import Program, ProgramTarget
from apps.programs.queries.targets import (
    TargetPart,
    Units,
    latest_progress,
    periods_for,
    shown_figures,
    target_progress,
    targets_of,
)
from apps.programs.rules import TargetSign
from apps.reports.rules import Reading
from apps.reports.services.program_reviews import open_program_reviews
from apps.reports.services.review import reopen_report
from apps.units.models import Unit
from tests.factories.indicators import IndicatorAskFactory, IndicatorFactory
from tests.factories.programs import (
    ActivityFactory,
    ActivityPartyFactory,
    ProgramFactory,
    ProgramTargetFactory,
    SiteFactory,
    SitePartyFactory,
)
from tests.reports.world import AT, HANOI, World, make_period, make_world, nearly, over

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 20)


@pytest.fixture
def world() -> World:
    made = make_world()
    for code in ("F1", "F2", "B1"):
        IndicatorAskFactory(indicator=made.indicators[code], period_kind=PeriodKind.QUARTER)
    return made


@pytest.fixture
def program(world: World) -> Program:
    made: Program = ProgramFactory(
        unit=world.root, valid_from=date(2026, 7, 1), valid_to=date(2027, 1, 1)
    )
    return made


def target(program: Program, world: World, code: str, sign: str, value: int) -> ProgramTarget:
    made: ProgramTarget = ProgramTargetFactory(
        program=program, indicator=world.indicators[code], sign=sign, value=value
    )
    return made


def held(program: Program, world: World, *units: Unit, are_all: bool = True) -> TargetPart:
    names = {unit.pk: unit.spans.get().name for unit in units}
    rows = target_progress(targets_of(program), Units(names, are_all), world.period)
    return rows[0].parts[0]


def test_rate_is_sum_over_sum_and_names_who_is_below_and_who_is_left_out(
    world: World, program: Program
) -> None:
    target(program, world, "RF2", TargetSign.MORE_THAN, 80)
    world.accept(world.commune_a, {"F1": 100, "F2": 90})
    world.accept(world.commune_b, {"F1": 20, "F2": 1})

    part = held(program, world, world.commune_a, world.commune_b, world.front)

    # 91/120 = 75,83 %; the average of 90 % and 5 % would be 47,5 %.
    assert part.words == "91/120 = 75,8 %" and part.is_reached is False
    assert [(unit.name, unit.words) for unit in part.below] == [("Xã Tân Thạnh", "1/20 = 5,0 %")]
    assert part.left_out == ["Ủy ban MTTQ tỉnh"]


def test_rate_is_compared_before_it_is_rounded(world: World, program: Program) -> None:
    target(program, world, "RF2", TargetSign.AT_LEAST, 90)
    world.accept(world.commune_a, {"F1": 10000, "F2": 8996})

    part = held(program, world, world.commune_a)

    assert part.value_text == "90,0 %" and part.is_reached is False


def test_ratio_over_nothing_is_neither_reached_nor_missed(world: World, program: Program) -> None:
    target(program, world, "RF2", TargetSign.MORE_THAN, 80)
    world.accept(world.commune_a, {"F1": 0, "F2": 0})

    part = held(program, world, world.commune_a)

    assert part.rate is None and part.is_reached is None and part.below == []
    assert "mẫu số bằng 0" in part.words


def test_inexact_figures_give_about(world: World, program: Program) -> None:
    target(program, world, "RF2", TargetSign.MORE_THAN, 30)
    world.accept(world.commune_a, {"F1": over(100), "F2": 40})

    part = held(program, world, world.commune_a)

    assert part.value_text == "khoảng 40,0 %" and part.is_reached is True


def test_unit_with_one_side_only_is_left_out_of_both(world: World, program: Program) -> None:
    target(program, world, "RF2", TargetSign.MORE_THAN, 80)
    world.accept(world.commune_a, {"F1": 100, "F2": 90})
    world.accept(world.commune_b, {"F1": 900, "F2": "not_collected"})

    part = held(program, world, world.commune_a, world.commune_b)

    assert part.words == "90/100 = 90,0 %" and part.left_out == ["Xã Tân Thạnh"]


def test_sent_but_not_accepted_does_not_count(world: World, program: Program) -> None:
    target(program, world, "RF2", TargetSign.MORE_THAN, 30)
    world.send(world.commune_a, {"F1": 100, "F2": 90})

    part = held(program, world, world.commune_a)

    assert part.units == [] and part.left_out == ["Xã Mỹ Hòa"] and part.value_text == ""


def test_none_wanted_names_each_unit_that_has_some(world: World, program: Program) -> None:
    target(program, world, "C6", TargetSign.EXACTLY, 0)
    world.accept(world.commune_a, {"C6": 0})
    world.accept(world.commune_b, {"C6": 2})

    part = held(program, world, world.commune_a, world.commune_b)

    assert part.numerator.value == 2 and part.is_reached is False
    assert [unit.name for unit in part.below] == ["Xã Tân Thạnh"]


def test_number_for_all_binds_no_single_unit(world: World, program: Program) -> None:
    target(program, world, "F1", TargetSign.AT_LEAST, 100)
    world.accept(world.commune_a, {"F1": 60, "F2": 1})
    world.accept(world.commune_b, {"F1": 50, "F2": 1})

    together = held(program, world, world.commune_a, world.commune_b)
    alone = held(program, world, world.commune_a, are_all=False)

    assert together.is_reached is True and together.below == []
    assert alone.is_reached is None


def test_parts_are_added_only_where_they_may_be(world: World, program: Program) -> None:
    target(program, world, "B1", TargetSign.AT_LEAST, 1)
    world.accept(world.commune_a, {("B1", "diem"): 10, ("B1", "buoi"): 4})

    assert held(program, world, world.commune_a).numerator.value == 14

    world.indicators["B1"].total_of_breakdowns = False
    world.indicators["B1"].save()
    names = Units({world.commune_a.pk: "Xã Mỹ Hòa"})
    apart = target_progress(targets_of(program), names, world.period)[0].parts
    assert [(part.name, part.numerator.value) for part in apart] == [
        ("diem", Decimal(10)),
        ("buoi", Decimal(4)),
    ]


def test_periods_are_those_whose_last_day_lies_in_the_validity(
    world: World, program: Program
) -> None:
    target(program, world, "RF2", TargetSign.MORE_THAN, 80)
    for year, number in ((2026, 1), (2026, 2), (2026, 4), (2027, 1)):
        make_period(world.calendar, "quarter", year, number)
    make_period(world.calendar, "month", 2026, 8)

    labels = [p.label for p in periods_for(program, targets_of(program), date(2026, 12, 30))]

    assert labels == ["quý IV/2026", "quý III/2026"]


def test_each_target_stands_in_the_latest_period_with_its_figures(
    world: World, program: Program
) -> None:
    target(program, world, "RF2", TargetSign.MORE_THAN, 30)
    later = world.open(make_period(world.calendar, "quarter", 2026, 4))
    world.accept(world.commune_a, {"F1": 100, "F2": 90})
    units = Units({world.commune_a.pk: "Xã Mỹ Hòa"})
    periods = periods_for(program, targets_of(program), date(2026, 12, 30))

    (row,) = latest_progress(targets_of(program), units, periods)

    assert periods[0] == later and row.period == world.period
    assert row.parts[0].words == "90/100 = 90,0 %" and row.level == "trên 30 %"


def test_queries_do_not_grow_with_the_units(world: World, program: Program) -> None:
    target(program, world, "RF2", TargetSign.MORE_THAN, 30)
    target(program, world, "C6", TargetSign.EXACTLY, 0)
    world.accept(world.commune_a, {})
    rows = targets_of(program)

    def count(units: dict[int, str]) -> tuple[int, Any]:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            progress = target_progress(rows, Units(units), world.period)
        return len(asked), progress

    one, _ = count({world.commune_a.pk: "A"})
    many, progress = count({pk: str(pk) for pk in range(1, 10_000)})

    assert one == many == 3
    assert len(progress[0].parts[0].left_out) == 9_999 - 1


def test_catalogue_without_figures_says_so(world: World, program: Program) -> None:
    ProgramTargetFactory(program=program, indicator=IndicatorFactory())
    at = datetime(2026, 9, 20, tzinfo=HANOI)
    assert periods_for(program, targets_of(program), at.date()) == []
    assert latest_progress(targets_of(program), Units({}), []) == []


def test_site_of_two_recipients_stands_once_in_the_common_figure(
    world: World, program: Program
) -> None:
    Indicator.objects.filter(code="E2").update(source_register="programs.models")
    shared = SiteFactory(unit=world.commune_a, launched_on=date(2026, 8, 1))
    SitePartyFactory(site=shared, unit=world.commune_b)
    SiteFactory(unit=world.commune_a, launched_on=date(2026, 8, 1))
    for unit in (world.commune_a, world.commune_b):
        world.accept(unit, {})
    target(program, world, "E2", TargetSign.AT_LEAST, 3)

    part = held(program, world, world.commune_a, world.commune_b)

    assert [int(unit.numerator.value) for unit in part.units] == [2, 1]
    assert part.value_text == "2" and part.once_words == "1" and part.is_reached is False
    alone = held(program, world, world.commune_a, are_all=False)
    assert alone.value_text == "2" and alone.once_words == ""


def test_co_organised_activity_stands_once_in_the_sum_of_its_parts(
    world: World, program: Program
) -> None:
    Indicator.objects.filter(code="B1").update(source_register="programs.activities")
    day = ActivityFactory(unit=world.commune_a, held_on=date(2026, 8, 20), sessions=3)
    ActivityPartyFactory(activity=day, unit=world.commune_b)
    for unit in (world.commune_a, world.commune_b):
        world.accept(unit, {})
    target(program, world, "B1", TargetSign.AT_LEAST, 3)

    part = held(program, world, world.commune_a, world.commune_b)

    each = [unit.numerator.value for unit in part.units]
    assert each[0] == each[1] and part.numerator.value == each[0]


@pytest.mark.parametrize(
    ("sign", "said", "is_met"),
    [
        (TargetSign.MORE_THAN, 90, False),
        (TargetSign.MORE_THAN, over(90), True),
        (TargetSign.AT_LEAST, 90, True),
        (TargetSign.AT_LEAST, nearly(90), False),
        (TargetSign.AT_MOST, over(90), False),
        (TargetSign.AT_MOST, nearly(90), True),
    ],
)
def test_qualifier_decides_right_on_the_level(
    world: World, program: Program, sign: str, said: int | Reading, is_met: bool
) -> None:
    target(program, world, "RF2", sign, 90)
    world.accept(world.commune_a, {"F1": 100, "F2": said})

    assert held(program, world, world.commune_a).is_reached is is_met


def test_reopened_report_no_longer_counts(world: World, program: Program) -> None:
    target(program, world, "RF2", TargetSign.MORE_THAN, 80)
    sent = world.accept(world.commune_a, {"F1": 100, "F2": 90})
    assert held(program, world, world.commune_a, world.commune_b).coverage == "1/2 đơn vị"

    reopen_report(report=sent.report, reason="Số sai", by=world.reviewer, at=AT)

    part = held(program, world, world.commune_a)
    assert part.coverage == "0/1 đơn vị" and part.is_reached is None


def test_windows_of_its_own_reviews_can_be_looked_at(world: World, program: Program) -> None:
    target(program, world, "RF2", TargetSign.MORE_THAN, 80)
    Program.objects.filter(pk=program.pk).update(
        state="sent", sent_at=AT, final_due_on=date(2027, 1, 20)
    )
    program.recipients.create(unit=world.commune_a, sent_at=AT)
    open_program_reviews(by=None, at=datetime(2026, 12, 20, 9, tzinfo=HANOI))

    shown = shown_figures(program, Units({}), date(2026, 12, 30), "")

    assert shown.periods[0][1] == "báo cáo tổng kết, từ 01/07/2026 đến 19/01/2027"
