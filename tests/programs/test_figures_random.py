"""Whatever is in the registers: the statement counts as slow Python does, and sums agree."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.indicators.rules import weakest
from apps.programs.figures import answer_programs, common_programs, records_programs
from apps.programs.models import Activity, ModelSite
from apps.programs.rules import ActivityKind, Amount, FundingSource, SiteState
from apps.units.models import PoliceInCharge, Unit, UnitClosure, UnitSpan
from tests.factories.programs import (
    ActivityFactory,
    ActivityPartyFactory,
    ModelTypeFactory,
    SiteEquipmentFactory,
    SiteFactory,
    SiteFundingFactory,
    SiteMoveFactory,
    SitePartyFactory,
    SiteTeamFactory,
)
from tests.factories.ratings import RatingLevelFactory, SiteRatingFactory
from tests.factories.units import PoliceInChargeFactory
from tests.programs.figure_world import LAST_DAY, YEAR, Province, make_province

pytestmark = pytest.mark.django_db

ACTIVITY_CODES = ["A12", "A14", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10"]
SITE_CODES = ["E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E13", "E14"]
DISTINCT = ["E1", "E10"]
ADDITIVE = ACTIVITY_CODES + SITE_CODES
REMOVED = {"removed_at": datetime(2026, 7, 1, tzinfo=UTC), "removed_reason": "Ghi nhầm"}
LEVELS = {
    "province": "tinh", "police_province": "tinh", "police_department": "tinh", "commune": "xa",
    "police_commune": "xa", "residential_area": "khu_dan_cu",
}  # fmt: skip


def scatter(random: Random, province: Province, n_activities: int, n_sites: int) -> None:
    """Write activities and sites of random units, days and numbers, around the year's edges."""
    kinds = [ModelTypeFactory() for _ in range(3)]
    kinds[2].merged_into, kinds[2].merged_at = kinds[0], datetime(2026, 7, 1, tzinfo=UTC)
    kinds[2].save()
    levels = [RatingLevelFactory(code=code) for code in ("tot", "yeu")]
    for _ in range(n_activities):
        add_activity(random, province.units)
    for number in range(n_sites):
        site = add_site(random, province.units, f"Ấp {number}", random.choice(kinds))
        furnish(random, site, levels)


def some_day(random: Random) -> date:
    edge = random.choice([YEAR[0], date(2026, 6, 1), YEAR[1]])
    return edge + timedelta(days=random.randint(-2, 1))


def add_activity(random: Random, units: list[Unit]) -> None:
    organisers = random.sample(units, random.randint(1, 3))
    activity = ActivityFactory(
        unit=organisers[0],
        kind=random.choice(ActivityKind.values),
        held_on=some_day(random),
        sessions=random.randint(0, 3),
        points=random.randint(0, 2),
        attendances=random.randint(1, 90),
        qualifier=random.choice(Amount.values),
        materials=random.randint(0, 9),
        news=random.randint(0, 2),
        posts=random.randint(0, 2),
        cost=random.randint(0, 5) * 1000,
        **(REMOVED if random.random() < 0.15 else {}),
    )
    for unit in organisers[1:]:
        ActivityPartyFactory(activity=activity, unit=unit)


def add_site(random: Random, units: list[Unit], place: str, kind: Any) -> ModelSite:
    owners = random.sample(units, random.randint(1, 3))
    launched = random.choice([None, date(2025, 8, 1), some_day(random)])
    state, ended = (SiteState.ACTIVE if launched else SiteState.DRAFT), None
    if launched and random.random() < 0.3:
        state, ended = SiteState.ENDED, max(launched + timedelta(days=1), some_day(random))
    site: ModelSite = SiteFactory(
        model_type=kind, unit=owners[0], place=place, launched_on=launched, state=state,
        ended_on=ended, level=random.choice(["province", "commune"]),
        replicated_from=ModelSite.objects.order_by("pk").first() if random.random() < 0.4 else None,
        **(REMOVED if random.random() < 0.15 else {}),
    )  # fmt: skip
    for unit in owners[1:]:
        SitePartyFactory(site=site, unit=unit)
    return site


def furnish(random: Random, site: ModelSite, levels: list[Any]) -> None:
    valid = DateRange(date(2025, 8, 1), random.choice([None, LAST_DAY, YEAR[1]]))
    for name in ("một", "hai")[: random.randint(0, 2)]:
        SiteTeamFactory(
            site=site, name=name, n_teams=random.randint(0, 4), members=random.randint(1, 60),
            qualifier=random.choice(Amount.values), valid=valid,
        )  # fmt: skip
    SiteEquipmentFactory(site=site, kind=random.choice(["camera", "bell"]), valid=valid)
    source = random.choice([FundingSource.SOCIAL, FundingSource.STATE])
    SiteFundingFactory(site=site, source=source, received_on=some_day(random))
    for before, after in random.sample(
        [("active", "consolidating"), ("consolidating", "active"), ("active", "ended")], 2
    ):
        SiteMoveFactory(
            site=site, from_state=before, to_state=after, on=some_day(random), reason="Thử"
        )
    if random.random() < 0.5:
        SiteRatingFactory(site=site, level=random.choice(levels), year=random.choice([2025, 2026]))


Counted = dict[tuple[str, str], list[tuple[Decimal, str]]]
ONE = (Decimal(1), "exact")


def kind_of(unit: Unit, on: date) -> str:
    return UnitSpan.objects.alive_on(on).get(unit=unit).kind


def own_units(unit: Unit) -> set[int]:
    """Return whose records a unit counts, by the words of the rule."""
    below = UnitClosure.objects.alive_on(LAST_DAY).filter(ancestor=unit)
    kinds = {row.descendant_id: kind_of(row.descendant, LAST_DAY) for row in below}
    own = {unit.pk}
    if kinds[unit.pk] == "province":
        own |= {
            pk for pk, kind in kinds.items() if kind in {"police_province", "police_department"}
        }
    if kinds[unit.pk] == "commune":
        own |= {pk for pk, kind in kinds.items() if kind == "residential_area"}
        charged = PoliceInCharge.objects.alive_on(LAST_DAY).filter(unit=unit)
        own |= {row.police_unit_id for row in charged}
    return own


def slow_count(unit: Unit) -> dict[tuple[str, str], tuple[Decimal, str]]:
    """Count every additive figure of a unit in Python, record by record."""
    own = own_units(unit)
    found: Counted = defaultdict(list)
    for activity in Activity.objects.filter(removed_at=None, held_on__lt=YEAR[1]):
        if own & {party.unit_id for party in activity.parties.all()}:
            zeros(found, ACTIVITY_PARTS)
            if activity.held_on >= YEAR[0]:
                count_activity(found, activity)
    sites = [
        site
        for site in ModelSite.objects.filter(removed_at=None)
        if own & {party.unit_id for party in site.parties.all()}
    ]
    if any(site.launched_on and site.launched_on < YEAR[1] for site in sites):
        zeros(found, [*SITE_PARTS, ("E9", "tot"), ("E9", "yeu"), ("E9", "chua_xep")])
    for site in sites:
        count_site(found, site)
    if found["E2", ""][1:] and not found["E4", ""][1:]:
        del found["E4", ""]  # sites that work, and nobody said with how many members
    return {
        key: (sum((value for value, _ in parts), Decimal(0)), weakest(q for _, q in parts))
        for key, parts in found.items()
        if parts
    }


ACTIVITY_PARTS = [
    (code, part)
    for code in ACTIVITY_CODES
    for part in {
        "B1": ("buoi", "diem"),
        "B7": ("", "tinh", "xa", "khu_dan_cu", "co_quan"),
        "B8": ("", "tinh", "xa", "khu_dan_cu", "co_quan"),
    }.get(code, ("",))
]
SITE_PARTS = [(code, "") for code in SITE_CODES if code != "E9"]


def zeros(found: Counted, keys: list[tuple[str, str]]) -> None:
    for key in keys:
        found[key].append((Decimal(0), "exact"))


def count_activity(found: Counted, activity: Activity) -> None:
    people = [("", Decimal(activity.attendances or 0), activity.qualifier)]
    sessions = [("", Decimal(activity.sessions), "exact")]
    level = LEVELS.get(kind_of(activity.unit, activity.held_on), "co_quan")
    places = Decimal(max(activity.points, 1))
    by_kind = {
        "training": {"A12": people},
        "inspection": {"A14": sessions},
        "propaganda": {
            "B1": [("buoi", *sessions[0][1:]), ("diem", Decimal(activity.points), "exact")],
            "B2": people,
        },
        "forum": {"B6": sessions},
        "contest": {"B10": sessions},
        "festival": {
            "B7": [("", places, "exact"), (level, places, "exact")],
            "B8": [*people, (level, *people[0][1:])],
            "B9": [("", activity.cost, "exact")],
        },
    }
    of_all = {"B3": activity.materials, "B4": activity.news, "B5": activity.posts}
    numbers = by_kind.get(activity.kind, {})
    for code, number in of_all.items():
        found[code, ""].append((Decimal(number), "exact"))
    for code, parts in numbers.items():
        for part, value, qualifier in parts:
            found[code, part].append((value, qualifier))


def count_site(found: Counted, site: ModelSite) -> None:
    count_events(found, site)
    is_over = site.ended_on is not None and site.ended_on <= LAST_DAY
    if site.launched_on is None or site.launched_on > LAST_DAY or is_over:
        return
    rating = site.ratings.filter(year=2026).first()
    found["E2", ""].append(ONE)
    found["E9", rating.level.code if rating else "chua_xep"].append(ONE)
    for team in site.teams.alive_on(LAST_DAY):
        found["E3", ""].append((Decimal(team.n_teams), "exact"))
        found["E4", ""].append((Decimal(team.members), team.qualifier))
    for item in site.equipment.alive_on(LAST_DAY).filter(kind="camera"):
        found["E13", ""].append((Decimal(item.quantity), "exact"))


def count_events(found: Counted, site: ModelSite) -> None:
    for gift in site.funding.all():
        if gift.source == "social" and is_inside(gift.received_on):
            found["E14", ""].append((gift.amount, "exact"))
    for move in site.moves.all():
        if is_inside(move.on) and move.to_state == "ended":
            found["E8", ""].append(ONE)
        if is_inside(move.on) and (move.from_state, move.to_state) == ("consolidating", "active"):
            found["E7", ""].append(ONE)
    if is_inside(site.launched_on):
        found["E5", ""].append(ONE)
        found["E6", ""].append(ONE if site.replicated_from_id else (Decimal(0), "exact"))


def is_inside(on: date | None) -> bool:
    return on is not None and YEAR[0] <= on < YEAR[1]


@pytest.mark.parametrize("seed", range(4))
def test_statement_counts_as_slow_python_does(seed: int) -> None:
    province = make_province()
    scatter(Random(seed), province, 24, 14)

    found = answer_programs(ADDITIVE, [unit.pk for unit in province.units], YEAR)

    for unit in province.units:
        told = {
            (c, part): (f.value, f.qualifier) for (c, pk, part), f in found.items() if pk == unit.pk
        }
        assert told == slow_count(unit)


def test_records_behind_every_figure_add_up_to_it() -> None:
    province = make_province()
    scatter(Random(11), province, 30, 16)
    asked = [province.root.pk, province.commune.pk, province.neighbour.pk, province.school.pk]

    whole = common_programs(ADDITIVE + DISTINCT, asked, YEAR)

    assert len(whole) == len(ACTIVITY_PARTS) + len(SITE_PARTS) + 3 + len(DISTINCT)
    for (code, part), figure in whole.items():
        found = records_programs(code, part, asked, YEAR)
        assert sum(record.value for record in found) == figure.value, (code, part)
        days = [record.on for record in found if record.on]
        assert days == sorted(days, reverse=True)


@given(seed=st.integers(min_value=0, max_value=10**6), size=st.integers(min_value=0, max_value=9))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_common_total_is_the_sum_less_what_is_joint(seed: int, size: int) -> None:
    with transaction.atomic():
        random = Random(seed)
        province = make_province()
        if random.random() < 0.5:  # one police unit in charge of both communes
            PoliceInChargeFactory(unit=province.neighbour, police_unit=province.commune_police)
        scatter(random, province, size, size)
        units = [province.root, province.commune, province.neighbour, province.school]
        asked = random.sample([unit.pk for unit in units], random.randint(1, 4))

        each = answer_programs(ADDITIVE + DISTINCT, asked, YEAR)
        whole = common_programs(ADDITIVE + DISTINCT, asked, YEAR)

        for code, part in {(code, part) for code, _, part in each} | set(whole):
            figures = [each[code, pk, part] for pk in asked if (code, pk, part) in each]
            if code in DISTINCT:
                assert all(figure.joint == () for figure in figures)
                assert whole[code, part].value <= sum(figure.value for figure in figures)
                continue
            joint = [share for figure in figures for share in figure.joint]
            once = {share.record_id: share.value for share in joint}
            twice = sum(share.value for share in joint) - sum(once.values())
            if (code, part) not in whole:  # one unit has none, the others do not say
                assert not any(figure.value for figure in figures)
                continue
            assert whole[code, part].value == sum(f.value for f in figures) - twice, (code, part)
            assert whole[code, part].qualifier == weakest(f.qualifier for f in figures)
        transaction.set_rollback(True)
