"""What is owed: opened once, for the days that a unit lived, by the deadlines of its form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoDbBlocker

from apps.audit.models import AuditEntry
from apps.indicators.models import Holiday, Period
from apps.reports.models import (
    Assignment,
    Event,
    Obligation,
    ObligationStep,
    Report,
    TemplateVersion,
)
from apps.reports.queries.sums import Node, read_node
from apps.reports.services.obligations import (
    ExcuseWithoutReason,
    due_steps,
    excuse_obligation,
    open_due_reports,
    open_period_reports,
    opens_at,
)
from apps.reports.services.rollups import recompute_dirty
from apps.reports.services.templates import copy_version, publish_version
from apps.units.models import Unit
from apps.units.rules import BlockRole, UnitKind
from tests.factories.indicators import DeadlineCascadeFactory, DeadlineStepFactory
from tests.factories.units import BlockMemberFactory, PoliceInChargeFactory, UnitFactory
from tests.kept import kept
from tests.reports.world import AT, HANOI, SINCE, World, add_template, make_period, make_world

pytestmark = pytest.mark.django_db

LATE = datetime(2027, 1, 5, 9, 0, tzinfo=HANOI)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with kept(django_db_blocker):
        yield make_world()


@pytest.fixture
def quarter(world: World) -> Period:
    """Return the fourth quarter: 15/09/2026 to 14/12/2026, not opened yet."""
    return make_period(world.calendar, "quarter", 2026, 4)


def owed(unit: Unit, period: Period) -> Obligation:
    return Obligation.objects.get(unit=unit, period=period)


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=HANOI)


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (Obligation, Report, ObligationStep, Event, AuditEntry)
    )


def test_opening_twice_opens_none_twice(world: World, quarter: Period) -> None:
    opened = open_period_reports(period=quarter, by=None, at=LATE)
    before = counts()

    again = open_period_reports(period=quarter, by=None, at=LATE)

    assert (opened, again) == (5, 0)
    assert counts() == before


def test_opened_reports_are_empty_and_have_their_steps_and_first_event(
    world: World, quarter: Period
) -> None:
    open_period_reports(period=quarter, by=world.reviewer, at=LATE)

    found = Obligation.objects.filter(period=quarter)
    assert {o.report.state for o in found} == {"empty"}
    assert {tuple(o.steps.values_list("level", flat=True)) for o in found} == {(1,)}
    assert {tuple(o.report.events.values_list("kind", flat=True)) for o in found} == {("opened",)}
    entry = AuditEntry.objects.get(action="reports.period_opened", target_id=str(quarter.pk))
    assert (entry.actor_id, entry.detail) == (world.reviewer.pk, {"opened": 5})


def test_a_communes_report_is_filled_in_by_its_police_and_received_by_the_provinces(
    world: World, quarter: Period
) -> None:
    open_period_reports(period=quarter, by=None, at=LATE)

    commune, school, front = (owed(u, quarter) for u in (world.commune_a, world.org_1, world.front))
    assert (commune.filler, commune.consolidator) == (world.police_a, world.police)
    assert (school.filler, school.consolidator) == (world.org_1, world.police_a)
    assert (front.filler, front.consolidator) == (world.front, world.police)


@pytest.mark.parametrize(
    ("valid", "covered"),
    [
        (DateRange(SINCE, None), (date(2026, 9, 15), date(2026, 12, 15))),
        (DateRange(date(2026, 10, 20), None), (date(2026, 10, 20), date(2026, 12, 15))),
        (DateRange(SINCE, date(2026, 11, 1)), (date(2026, 9, 15), date(2026, 11, 1))),
        (DateRange(date(2026, 10, 1), date(2026, 10, 2)), (date(2026, 10, 1), date(2026, 10, 2))),
        (DateRange(date(2026, 12, 14), None), (date(2026, 12, 14), date(2026, 12, 15))),
        (DateRange(date(2026, 12, 15), None), None),
        (DateRange(SINCE, date(2026, 9, 15)), None),
    ],
)
def test_a_unit_is_asked_for_the_days_that_it_lived(
    world: World, quarter: Period, valid: DateRange, covered: tuple[date, date] | None
) -> None:
    unit = UnitFactory(kind=UnitKind.AGENCY, parent=world.root, police=world.police, valid=valid)

    open_period_reports(period=quarter, by=None, at=LATE)

    found = Obligation.objects.filter(unit=unit, period=quarter)
    assert list(found.values_list("covered_from", "covered_to")) == ([covered] if covered else [])


def test_a_unit_that_joins_later_is_expected_only_from_then_on(
    world: World, quarter: Period
) -> None:
    open_period_reports(period=quarter, by=None, at=LATE)
    known = set(Obligation.objects.values_list("pk", flat=True))
    joined = DateRange(date(2026, 10, 20), None)
    unit = UnitFactory(kind=UnitKind.AGENCY, parent=world.root, police=world.police, valid=joined)

    opened = [
        open_period_reports(period=p, by=None, at=LATE) for p in (world.period, quarter, quarter)
    ]

    assert opened == [0, 1, 0]
    assert Obligation.objects.exclude(pk__in=known).get().unit == unit


def test_the_province_of_before_is_asked_for_the_tree_of_its_last_day(world: World) -> None:
    days = DateRange(date(2020, 1, 1), date(2025, 7, 1))
    root = UnitFactory(kind=UnitKind.PROVINCE, valid=days)
    police = UnitFactory(kind=UnitKind.POLICE_PROVINCE, parent=root, valid=days)
    PoliceInChargeFactory(unit=root, police_unit=police, valid=days)
    # Its link upwards was never closed: the province's own end still ends it.
    open_link = DateRange(date(2020, 1, 1), None)
    commune = UnitFactory(kind=UnitKind.COMMUNE, parent=root, valid=open_link)
    template = TemplateVersion.objects.get(template__code="xa-quy").template
    Assignment.objects.create(
        template=template, within=root, unit_kind=UnitKind.COMMUNE, valid=open_link
    )
    period = make_period(world.calendar, "quarter", 2025, 3)

    open_period_reports(period=period, by=None, at=LATE)

    found = owed(commune, period)
    assert (period.start, period.end) == (date(2025, 6, 15), date(2025, 9, 15))
    assert found.tree_on == date(2025, 6, 30)
    assert (found.covered_from, found.covered_to) == (period.start, date(2025, 7, 1))
    assert (found.root, found.filler, found.consolidator) == (root, commune, police)


def test_only_heads_of_blocks_on_the_last_day_owe_the_heads_report(
    world: World, quarter: Period
) -> None:
    version = TemplateVersion.objects.get(template__code="xa-quy")
    version.template.assignments.all().delete()
    Assignment.objects.create(
        template=version.template,
        within=world.root,
        of_block_heads=True,
        valid=DateRange(SINCE, None),
    )
    handed_over = date(2026, 11, 1)
    block = BlockMemberFactory(
        unit=world.org_1, role=BlockRole.HEAD, valid=DateRange(SINCE, handed_over)
    ).block
    BlockMemberFactory(
        block=block, unit=world.front, role=BlockRole.HEAD, valid=DateRange(handed_over, None)
    )
    BlockMemberFactory(block=block, unit=world.org_2, role=BlockRole.DEPUTY)

    open_period_reports(period=quarter, by=None, at=LATE)

    heads = Obligation.objects.filter(template=version.template, period=quarter)
    assert [o.unit for o in heads] == [world.front]


def test_an_assignment_to_one_unit_asks_that_unit_alone(world: World, quarter: Period) -> None:
    version = TemplateVersion.objects.get(template__code="xa-quy")
    version.template.assignments.all().delete()
    Assignment.objects.create(
        template=version.template, within=world.root, unit=world.front, valid=DateRange(SINCE, None)
    )

    open_period_reports(period=quarter, by=None, at=LATE)

    asked = Obligation.objects.filter(template=version.template, period=quarter)
    assert [o.unit for o in asked] == [world.front]


@pytest.mark.parametrize(
    ("comparison", "rule", "due"),
    [
        ("before", "16", (2026, 12, 16)),
        ("by", "16", (2026, 12, 17)),
        ("by", "25/11", (2026, 11, 26)),  # may fall before the period ends
        ("by", "+2wd", (2026, 12, 17)),  # cut-off Monday 14/12: Tuesday, Wednesday
        ("by", "+5wd", (2026, 12, 22)),  # over a week-end
    ],
)
def test_deadlines_come_from_the_cascade(
    world: World, quarter: Period, comparison: str, rule: str, due: tuple[int, int, int]
) -> None:
    cascade = DeadlineCascadeFactory(comparison=comparison)
    DeadlineStepFactory(cascade=cascade, level=1, rule=rule)

    steps = due_steps(TemplateVersion(cascade=cascade), quarter, {})

    assert steps == [(1, midnight(*due))]


@pytest.mark.parametrize(
    ("days", "due"),
    [
        ({date(2026, 12, 15): False}, (2026, 12, 18)),
        ({date(2026, 12, 15): False, date(2026, 12, 16): False}, (2026, 12, 19)),
        ({date(2026, 12, 13): True}, (2026, 12, 17)),  # worked before the cut-off: changes nothing
    ],
)
def test_holidays_put_a_deadline_of_working_days_off(
    world: World, quarter: Period, days: dict[date, bool], due: tuple[int, int, int]
) -> None:
    cascade = DeadlineCascadeFactory(comparison="by")
    DeadlineStepFactory(cascade=cascade, level=1, rule="+2wd")

    steps = due_steps(TemplateVersion(cascade=cascade), quarter, days)

    assert steps == [(1, midnight(*due))]


def test_opened_reports_know_the_holidays_in_the_database(world: World, quarter: Period) -> None:
    step = world.cascade.steps.get()
    step.rule = "+1wd"
    step.save()
    Holiday.objects.create(on=date(2026, 12, 15), name="Ngày nghỉ thử", is_working=False)

    open_period_reports(period=quarter, by=None, at=LATE)

    # "Before" one working day after Monday 14/12, and Tuesday is off: too late from Wednesday on.
    assert owed(world.front, quarter).due_at == midnight(2026, 12, 16)


def test_each_level_has_its_own_day_and_its_own_unit(world: World, quarter: Period) -> None:
    DeadlineStepFactory(cascade=world.cascade, level=2, rule="20")

    open_period_reports(period=quarter, by=None, at=LATE)

    found = owed(world.org_1, quarter)
    steps = found.steps.order_by("level").values_list("level", "unit_id", "due_at")
    assert list(steps) == [
        (1, world.org_1.pk, midnight(2026, 12, 16)),
        (2, world.police_a.pk, midnight(2026, 12, 20)),
    ]
    assert found.due_at == midnight(2026, 12, 16)


def test_a_report_opens_15_days_before_the_cut_off_or_10_before_an_earlier_deadline(
    world: World, quarter: Period
) -> None:
    assert opens_at(quarter, midnight(2026, 12, 16)) == midnight(2026, 11, 30)
    assert opens_at(quarter, midnight(2026, 11, 26)) == midnight(2026, 11, 16)


def test_a_report_cannot_be_written_before_it_opens(world: World, quarter: Period) -> None:
    opening = midnight(2026, 11, 30)

    opened = [
        open_period_reports(period=quarter, by=None, at=moment)
        for moment in (opening - timedelta(microseconds=1), opening)
    ]

    assert opened == [0, 5]
    assert owed(world.front, quarter).opens_at == opening


def test_a_version_in_force_in_mid_year_is_used_for_periods_that_start_after_it(
    world: World,
) -> None:
    old = TemplateVersion.objects.get(template__code="xa-quy")
    new = copy_version(version=old, effective_on=date(2026, 10, 1), by=None, at=AT)
    publish_version(version=new, by=None, at=AT)
    running = make_period(world.calendar, "quarter", 2026, 4)
    next_one = make_period(world.calendar, "quarter", 2027, 1)

    for period in (running, next_one):
        open_period_reports(period=period, by=None, at=datetime(2027, 4, 1, tzinfo=HANOI))

    assert owed(world.commune_a, running).version == old
    assert owed(world.commune_a, next_one).version == new


def test_a_draft_version_and_a_form_out_of_use_ask_nothing(world: World, quarter: Period) -> None:
    communes = TemplateVersion.objects.get(template__code="xa-quy").template
    communes.is_active = False
    communes.save()
    organisations = TemplateVersion.objects.get(template__code="co-quan-quy")
    copy_version(version=organisations, effective_on=date(2026, 9, 1), by=None, at=AT)

    open_period_reports(period=quarter, by=None, at=LATE)

    asked = Obligation.objects.filter(period=quarter)
    assert {o.version for o in asked} == {organisations}


@pytest.mark.parametrize("late_by", [0, 1, 14, 45])
def test_a_missed_tick_catches_up(world: World, late_by: int) -> None:
    add_template(world, "xa-thang", UnitKind.COMMUNE, "commune", "month")
    period = make_period(world.calendar, "month", 2026, 11)
    opening = midnight(2026, 10, 31)

    early = open_due_reports(at=opening - timedelta(seconds=1))
    caught = open_due_reports(at=opening + timedelta(days=late_by))
    again = open_due_reports(at=opening + timedelta(days=late_by))

    asked = Obligation.objects.filter(period=period).values_list("unit_id", flat=True)
    assert (early, caught, again) == (0, 2, 0)
    assert set(asked) == {world.commune_a.pk, world.commune_b.pk}


def test_an_excused_report_leaves_the_rates_with_its_reason(world: World) -> None:
    found = owed(world.commune_b, world.period)
    expected = Obligation.objects.expected().filter(period=world.period).count()

    excuse_obligation(
        obligation=found,
        state="exempt",
        reason=" Bão số 5 ",
        decision_ref=" 12/QĐ ",
        by=world.reviewer,
        at=AT,
    )

    found.refresh_from_db()
    assert (found.state, found.reason, found.decision_ref) == ("exempt", "Bão số 5", "12/QĐ")
    assert Obligation.objects.expected().filter(period=world.period).count() == expected - 1
    assert not Obligation.objects.overdue(LATE).filter(pk=found.pk).exists()
    entry = AuditEntry.objects.get(action="reports.obligation_excused")
    assert (entry.actor_id, entry.detail["reason"]) == (world.reviewer.pk, "Bão số 5")


@pytest.mark.parametrize("state", ["exempt", "waived", "suspended"])
def test_nobody_is_excused_without_a_reason(world: World, state: str) -> None:
    found = owed(world.commune_b, world.period)

    with pytest.raises(ExcuseWithoutReason):
        excuse_obligation(
            obligation=found, state=state, reason="  ", decision_ref="", by=world.reviewer, at=AT
        )
    with (
        pytest.raises(IntegrityError, match="obligation_excused_with_reason"),
        transaction.atomic(),
    ):
        Obligation.objects.filter(pk=found.pk).update(state=state)


def test_an_excuse_can_be_taken_back(world: World) -> None:
    found = owed(world.commune_b, world.period)
    for state, reason in (("exempt", "Bão"), ("expected", "")):
        excuse_obligation(
            obligation=found, state=state, reason=reason, decision_ref="", by=world.reviewer, at=AT
        )

    assert Obligation.objects.expected().filter(pk=found.pk).exists()


def test_rates_stay_within_100_percent_when_accepted_units_are_excused(world: World) -> None:
    for unit in (world.commune_a, world.commune_b):
        world.accept(unit, {"F1": 5, "F2": 1})
    excuse_obligation(
        obligation=owed(world.commune_a, world.period),
        state="waived",
        reason="Thiên tai",
        decision_ref="",
        by=world.reviewer,
        at=AT,
    )

    recompute_dirty(period=world.period, at=AT)

    node = Node(world.root.pk, world.period.pk, world.period.start, date(2026, 9, 14))
    assert all(total.n_reporting <= total.n_expected for total in read_node(node).values())
