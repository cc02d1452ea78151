"""Forces and blocks become figures: the last stock of each kind, the year's ratings, members."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.units.rules import BlockKind, BlockRole
from tests.factories.indicators import BreakdownFactory, IndicatorFactory
from tests.factories.units import (
    BlockFactory,
    BlockMemberFactory,
    ForceKindFactory,
    ForceRatingFactory,
    ForceStockFactory,
)
from tests.programs.figure_world import LAST_DAY, YEAR, Province, ask, make_province, together, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> Province:
    return make_province()


def test_last_stock_on_or_before_the_windows_end_counts(province: Province) -> None:
    committee = ForceKindFactory(teams_code="A2", due_code="A2d", members_code="A3")
    stock = {"unit": province.commune, "kind": committee}
    ForceStockFactory(**stock, as_of=date(2025, 8, 1), teams=30, teams_due=34, members=600)
    ForceStockFactory(**stock, as_of=LAST_DAY, teams=34, teams_due=34, members=664)
    ForceStockFactory(**stock, as_of=YEAR[1], teams=1, teams_due=34, members=1)

    assert told(province.commune, "A2", "A2d", "A3") == {"A2": 34, "A2d": 34, "A3": 664}
    june = (YEAR[0], date(2026, 6, 15))
    assert told(province.commune, "A2", during=june) == {"A2": 30}
    assert told(province.commune, "A2", during=(date(2025, 1, 1), date(2025, 7, 1))) == {}


def test_kinds_with_the_same_code_are_added_and_abolished_ones_are_not(province: Province) -> None:
    for teams in (5, 7):
        ForceStockFactory(
            unit=province.commune, kind=ForceKindFactory(teams_code="A6"), teams=teams
        )
    abolished = ForceKindFactory(teams_code="A6", valid_to=LAST_DAY)
    ForceStockFactory(unit=province.commune, kind=abolished, teams=100)
    ForceStockFactory(unit=province.neighbour, kind=abolished, teams=100)

    assert told(province.commune, "A6") == {"A6": 12}
    assert told(province.neighbour, "A6") == {}


def test_what_a_stock_does_not_say_stays_unknown(province: Province) -> None:
    kind = ForceKindFactory(teams_code="A4", members_code="A5")
    ForceStockFactory(unit=province.school, kind=kind, teams=None, members=12)
    ForceStockFactory(unit=province.neighbour, kind=kind, teams=0, members=None)

    assert told(province.school, "A4", "A5") == {"A5": 12}
    assert told(province.neighbour, "A4", "A5") == {"A4": 0}


def test_commune_adds_its_hamlets_and_its_police(province: Province) -> None:
    kind = ForceKindFactory(teams_code="A4", members_code="")
    for unit in (province.commune, province.commune_police, province.hamlet, province.school):
        ForceStockFactory(unit=unit, kind=kind, teams=3)

    assert told(province.commune, "A4") == {"A4": 9}
    assert together(*province.units, codes=["A4"]) == {"A4": 12}


def test_ratings_of_the_year_by_level_and_what_is_not_rated(province: Province) -> None:
    indicator = IndicatorFactory(code="A11", kind="class")
    for level in ("hoan_thanh_tot", "khong_hoan_thanh", "chua_xep"):
        BreakdownFactory(indicator=indicator, code=level)
    kind = ForceKindFactory(rating_code="A11")
    stock = {"unit": province.commune, "kind": kind}
    ForceStockFactory(**stock, as_of=date(2026, 5, 1), teams=10)
    ForceRatingFactory(**stock, year=2026, level="hoan_thanh_tot", teams=6)
    ForceRatingFactory(**stock, year=2026, level="xuat_sac", teams=1)
    ForceRatingFactory(**stock, year=2025, level="khong_hoan_thanh", teams=10)

    assert told(province.commune, "A11") == {
        "A11/hoan_thanh_tot": 6, "A11/xuat_sac": 1, "A11/khong_hoan_thanh": 0, "A11/chua_xep": 3,
    }  # fmt: skip


def test_more_ratings_than_teams_leave_nobody_unrated(province: Province) -> None:
    kind = ForceKindFactory(rating_code="A11")
    ForceStockFactory(unit=province.commune, kind=kind, teams=2)
    ForceRatingFactory(unit=province.commune, kind=kind, year=2026, level="tot", teams=5)

    assert told(province.commune, "A11") == {"A11/tot": 5, "A11/chua_xep": 0}


def test_head_counts_the_members_of_its_emulation_block(province: Province) -> None:
    block = BlockFactory()
    BlockMemberFactory(block=block, unit=province.school, role=BlockRole.HEAD)
    BlockMemberFactory(block=block, unit=province.neighbour)
    BlockMemberFactory(
        block=block, unit=province.hamlet, valid=DateRange(date(2025, 7, 1), LAST_DAY)
    )
    other = BlockFactory(kind=BlockKind.SECURITY_CLUSTER)
    BlockMemberFactory(block=other, unit=province.neighbour, role=BlockRole.HEAD)

    assert told(province.school, "G9") == {"G9": 2}
    assert ask(["G9"], province.neighbour, province.hamlet) == {}


def test_who_no_longer_heads_a_block_is_left_out(province: Province) -> None:
    BlockMemberFactory(
        unit=province.school, role=BlockRole.HEAD, valid=DateRange(date(2025, 7, 1), LAST_DAY)
    )

    assert told(province.school, "G9") == {}
