"""Who owes what in a period: the assignments, the version, the day of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from apps.indicators.models import Period
from apps.reports.models import Assignment, Template, TemplateVersion
from apps.reports.queries.obligations import (
    Debtor,
    assignments_in,
    debtors,
    tree_day,
    version_for,
)
from apps.reports.services.templates import copy_version, publish_version
from apps.units.rules import UnitKind
from tests.factories.indicators import CalendarFactory
from tests.factories.units import UnitFactory
from tests.kept import kept
from tests.reports.world import AT, SINCE, World, make_period, make_world

pytestmark = pytest.mark.django_db

START, END = date(2026, 9, 15), date(2026, 12, 15)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with kept(django_db_blocker):
        yield make_world()


@pytest.fixture
def quarter(world: World) -> Period:
    return make_period(world.calendar, "quarter", 2026, 4)


@pytest.fixture
def communes(world: World) -> Assignment:
    return Assignment.objects.get(template__code="xa-quy")


def test_debtors_are_the_units_of_the_kind_below_the_province(
    world: World, quarter: Period, communes: Assignment
) -> None:
    found = debtors(communes, quarter)

    assert found == [
        Debtor(world.commune_a.pk, START, END, world.police_a.pk, world.police.pk),
        Debtor(world.commune_b.pk, START, END, world.police_b.pk, world.police.pk),
    ]


@pytest.mark.parametrize("more", [0, 20])
def test_debtors_costs_one_query_however_many_there_are(
    world: World,
    quarter: Period,
    communes: Assignment,
    more: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(more):
        UnitFactory(kind=UnitKind.COMMUNE, parent=world.root)

    with django_assert_num_queries(1):
        found = debtors(communes, quarter)

    assert len(found) == 2 + more


def test_a_unit_that_became_a_commune_owes_the_communes_report(
    world: World, quarter: Period, communes: Assignment
) -> None:
    unit = UnitFactory(kind=UnitKind.AGENCY, parent=world.root)
    span = unit.spans.get()
    span.valid = DateRange(SINCE, date(2026, 11, 1))
    span.save()
    unit.spans.create(
        name="Xã mới",
        kind=UnitKind.COMMUNE,
        valid=DateRange(date(2026, 11, 1), None),
        search_key="xa moi",
        sort_key="xa moi",
    )

    assert unit.pk in {debtor.unit_id for debtor in debtors(communes, quarter)}


def test_units_of_another_province_owe_nothing_here(
    world: World, quarter: Period, communes: Assignment
) -> None:
    other = UnitFactory(kind=UnitKind.PROVINCE)
    foreign = UnitFactory(kind=UnitKind.COMMUNE, parent=other)

    assert foreign.pk not in {debtor.unit_id for debtor in debtors(communes, quarter)}


def test_a_province_that_did_not_live_then_has_no_debtors(
    world: World, communes: Assignment
) -> None:
    before = make_period(world.calendar, "quarter", 2025, 1)

    assert debtors(communes, before) == []


def test_the_tree_is_that_of_the_cut_off_or_of_the_provinces_last_day(world: World) -> None:
    closed = DateRange(date(2020, 1, 1), date(2025, 7, 1))
    old = UnitFactory(kind=UnitKind.PROVINCE, valid=closed)
    third = make_period(world.calendar, "quarter", 2025, 3)

    assert tree_day(world.root.pk, third) == date(2025, 9, 14)
    assert tree_day(old.pk, third) == date(2025, 6, 30)


def test_a_period_uses_the_latest_published_version_in_force_on_its_first_day(
    world: World, quarter: Period, communes: Assignment
) -> None:
    first = TemplateVersion.objects.get(template=communes.template)
    days = (START, START, date(2026, 9, 16))
    made = [copy_version(version=first, effective_on=day, by=None, at=AT) for day in days]
    in_force = [version_for(communes.template, quarter)]
    for version in made:
        publish_version(version=version, by=None, at=AT)
        in_force.append(version_for(communes.template, quarter))

    assert in_force == [first, made[0], made[1], made[1]]


def test_a_form_of_a_later_year_has_no_version_for_earlier_periods(
    world: World, communes: Assignment
) -> None:
    period = make_period(world.calendar, "quarter", 2021, 4)

    assert version_for(communes.template, period) is None


@pytest.mark.parametrize(
    ("valid", "is_asked"),
    [
        (DateRange(SINCE, None), True),
        (DateRange(SINCE, START), False),
        (DateRange(SINCE, date(2026, 9, 16)), True),
        (DateRange(date(2026, 12, 14), None), True),
        (DateRange(END, None), False),
    ],
)
def test_assignments_count_where_their_days_meet_the_period(
    world: World, quarter: Period, communes: Assignment, valid: DateRange, is_asked: bool
) -> None:
    communes.valid = valid
    communes.save()

    assert (communes in assignments_in(quarter)) is is_asked


@pytest.mark.parametrize("what", ["is_active", "period_kind", "calendar"])
def test_assignments_of_other_forms_do_not_count(
    world: World, quarter: Period, communes: Assignment, what: str
) -> None:
    other = {"is_active": False, "period_kind": "month", "calendar": CalendarFactory()}
    Template.objects.filter(pk=communes.template_id).update(**{what: other[what]})

    assert communes not in assignments_in(quarter)
