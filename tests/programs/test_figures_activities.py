"""Activities become figures: who counts them, in which period, how exactly."""

from datetime import date, datetime

import pytest

from apps.indicators.rules import window
from apps.programs.models import Activity
from apps.programs.rules import ActivityKind, Amount
from tests.factories.programs import ActivityFactory, ActivityPartyFactory, BareActivityFactory
from tests.programs.figure_world import YEAR, Province, ask, make_province, told

pytestmark = pytest.mark.django_db

ALL = ["A12", "A14", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10"]


@pytest.fixture
def province() -> Province:
    return make_province()


def held(unit, kind: ActivityKind, on: date = date(2026, 3, 10), **numbers) -> Activity:
    return ActivityFactory(unit=unit, kind=kind, held_on=on, **({"attendances": None} | numbers))


def test_every_code_of_activities_counted_by_hand(province: Province) -> None:
    school = province.school
    held(school, ActivityKind.PROPAGANDA, sessions=2, points=3, attendances=40, materials=100)
    held(school, ActivityKind.PROPAGANDA, sessions=1, attendances=60, news=4, posts=5)
    held(school, ActivityKind.TRAINING, attendances=25, materials=10)
    held(school, ActivityKind.INSPECTION, sessions=3)
    held(school, ActivityKind.FORUM, sessions=2, attendances=300)
    held(school, ActivityKind.CONTEST, sessions=4)
    held(school, ActivityKind.CONFERENCE, sessions=9, attendances=900, posts=1)
    held(school, ActivityKind.FESTIVAL, points=2, attendances=500, cost=3_000_000)
    held(school, ActivityKind.FESTIVAL, points=0, attendances=80, cost=1_000_000)

    assert told(school, *ALL) == {
        "A12": 25, "A14": 3, "B1/buoi": 3, "B1/diem": 3, "B2": 100, "B3": 110, "B4": 4, "B5": 6,
        "B6": 2, "B7": 3, "B7/tinh": 0, "B7/xa": 0, "B7/khu_dan_cu": 0, "B7/co_quan": 3,
        "B8": 580, "B8/tinh": 0, "B8/xa": 0, "B8/khu_dan_cu": 0, "B8/co_quan": 580,
        "B9": 4_000_000, "B10": 4,
    }  # fmt: skip


def test_festivals_are_of_the_level_of_their_main_organiser(province: Province) -> None:
    places = [province.root, province.department, province.commune, province.commune_police]
    for unit in [*places, province.hamlet]:
        held(unit, ActivityKind.FESTIVAL, attendances=10)

    assert told(province.root, "B7") == {
        "B7": 2, "B7/tinh": 2, "B7/xa": 0, "B7/khu_dan_cu": 0, "B7/co_quan": 0,
    }  # fmt: skip
    assert told(province.commune, "B8") == {
        "B8": 30, "B8/tinh": 0, "B8/xa": 20, "B8/khu_dan_cu": 10, "B8/co_quan": 0,
    }  # fmt: skip


def test_commune_counts_its_hamlets_and_its_police_but_not_its_schools(province: Province) -> None:
    for unit in (province.commune, province.commune_police, province.hamlet, province.school):
        held(unit, ActivityKind.FORUM)
    held(province.department, ActivityKind.FORUM)

    assert told(province.commune, "B6") == {"B6": 3}
    assert told(province.school, "B6") == {"B6": 1}
    assert told(province.hamlet, "B6") == {"B6": 1}
    assert told(province.root, "B6") == {"B6": 1}


def test_activity_of_two_own_units_counts_once(province: Province) -> None:
    activity = held(province.commune, ActivityKind.PROPAGANDA, attendances=70)
    ActivityPartyFactory(activity=activity, unit=province.commune_police)
    ActivityPartyFactory(activity=activity, unit=province.hamlet)

    figures = ask(["B2"], province.commune)

    assert figures["B2", province.commune.pk, ""].value == 70
    assert figures["B2", province.commune.pk, ""].joint == ()


def test_twentieth_of_december_belongs_to_the_next_year(province: Province) -> None:
    held(province.school, ActivityKind.FORUM, on=date(2025, 12, 20))
    held(province.school, ActivityKind.FORUM, on=date(2025, 12, 15))
    held(province.school, ActivityKind.FORUM, on=date(2025, 12, 14))
    held(province.school, ActivityKind.FORUM, on=date(2026, 12, 14))
    held(province.school, ActivityKind.FORUM, on=date(2026, 12, 15))
    a_year_ago = window("nd09", "year", 2025, 1)
    january = window("nd09", "month", 2026, 1)

    assert told(province.school, "B6", during=YEAR) == {"B6": 3}
    assert told(province.school, "B6", during=a_year_ago) == {"B6": 1}
    assert told(province.school, "B6", during=january) == {"B6": 2}


def test_removed_activities_never_count(province: Province) -> None:
    activity = held(province.school, ActivityKind.FORUM)
    Activity.objects.filter(pk=activity.pk).update(
        removed_at=datetime.fromisoformat("2026-04-01T00:00:00+07:00"), removed_reason="Ghi nhầm"
    )

    assert ask(ALL, province.school) == {}


def test_unit_without_activities_is_left_out_and_a_quiet_period_is_zero(province: Province) -> None:
    held(province.school, ActivityKind.FORUM, on=date(2024, 5, 5))
    held(province.neighbour, ActivityKind.FORUM, on=date(2027, 5, 5))

    figures = ask(["B6", "B1"], province.school, province.neighbour, province.hamlet)

    assert {(code, unit, part): int(f.value) for (code, unit, part), f in figures.items()} == {
        ("B6", province.school.pk, ""): 0,
        ("B1", province.school.pk, "buoi"): 0,
        ("B1", province.school.pk, "diem"): 0,
    }


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([Amount.EXACT, Amount.EXACT], "exact"),
        ([Amount.EXACT, Amount.OVER], "over"),
        ([Amount.NEARLY, Amount.EXACT], "nearly"),
        ([Amount.NEARLY, Amount.OVER], "about"),
    ],
)
def test_sum_is_as_weak_as_its_weakest_part(
    province: Province, amounts: list[Amount], expected: str
) -> None:
    for amount in amounts:
        held(province.school, ActivityKind.PROPAGANDA, attendances=50, qualifier=amount)
    held(province.school, ActivityKind.TRAINING, attendances=7)

    figures = ask(["B2", "A12", "B1"], province.school)

    assert figures["B2", province.school.pk, ""].qualifier == expected
    assert figures["A12", province.school.pk, ""].qualifier == "exact"
    assert figures["B1", province.school.pk, "buoi"].qualifier == "exact"


def test_only_organisers_count_not_the_unit_where_it_was_held(province: Province) -> None:
    activity = BareActivityFactory(unit=province.school, kind=ActivityKind.FORUM)
    ActivityPartyFactory(activity=activity, unit=province.neighbour, role="main")

    assert told(province.school, "B6") == {}
    assert told(province.neighbour, "B6") == {"B6": 1}
