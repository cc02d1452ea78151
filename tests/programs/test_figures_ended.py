"""A unit that ended inside a window: what it did counts, what it had is there no more."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from apps.indicators.figures import records
from apps.programs.rules import ActivityKind, ReferralKind
from apps.units.models import Unit
from apps.units.rules import UnitKind
from apps.units.services import close_unit, set_police_in_charge
from tests.factories.programs import (
    ActivityFactory,
    SiteFactory,
    SiteFundingFactory,
    SiteTeamFactory,
)
from tests.factories.ratings import MinistryReferralFactory
from tests.factories.units import ForceKindFactory, ForceStockFactory, UnitFactory
from tests.programs.figure_world import YEAR, Province, make_province, together, told

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)
AFTER = (JUNE, YEAR[1])


@pytest.fixture
def province() -> Province:
    return make_province()


def furnish(unit: Unit) -> None:
    """Let a unit hold a forum in March, launch a site with a team and a gift, have four teams."""
    ActivityFactory(unit=unit, kind=ActivityKind.FORUM, held_on=date(2026, 3, 1))
    site = SiteFactory(unit=unit, launched_on=date(2026, 2, 1))
    SiteTeamFactory(site=site, members=9)
    SiteFundingFactory(site=site, amount=500, received_on=date(2026, 4, 1))
    kind = ForceKindFactory(teams_code="A4")
    ForceStockFactory(unit=unit, kind=kind, as_of=date(2026, 1, 5), teams=4)


def end(unit: Unit, at: datetime) -> None:
    close_unit(unit=unit, on=JUNE, by=None, at=at)


def test_ended_hamlet_gives_what_it_did_and_has_nothing_left(
    province: Province, at: datetime
) -> None:
    furnish(province.hamlet)
    codes = ["A4", "B6", "E2", "E4", "E5", "E14"]
    before = {"A4": 4, "B6": 1, "E2": 1, "E4": 9, "E5": 1, "E14": 500}
    assert told(province.commune, *codes) == before

    end(province.hamlet, at)

    left = {"B6": 1, "E2": 0, "E4": 0, "E5": 1, "E14": 500}
    assert told(province.commune, *codes) == left
    assert together(province.commune, province.neighbour, codes=codes) == left
    (forum,) = records("programs.activities", "B6", "", [province.commune.pk], YEAR)
    assert forum.unit_ids == (province.hamlet.pk,)
    # The half-year before it ended is as it was; afterwards it is nobody's.
    assert told(province.commune, *codes, during=(YEAR[0], JUNE)) == before
    assert told(province.commune, *codes, during=AFTER) == {}


def test_ended_unit_itself_has_no_site_that_works(province: Province, at: datetime) -> None:
    furnish(province.school)
    end(province.school, at)

    assert told(province.school, "A4", "B6", "E1", "E2") == {"B6": 1, "E1": 0, "E2": 0}
    assert told(province.commune, "E1") == {"E1": 0}


def test_police_that_were_replaced_count_for_the_communes_they_left(
    province: Province, at: datetime
) -> None:
    furnish(province.commune_police)
    heirs = UnitFactory(kind=UnitKind.POLICE_COMMUNE, parent=province.police)
    set_police_in_charge(of=province.neighbour, police_unit=province.commune_police,
                         on=date(2026, 1, 1), by=None, at=at)  # fmt: skip
    for commune in (province.commune, province.neighbour):
        set_police_in_charge(of=commune, police_unit=heirs, on=JUNE, by=None, at=at)
    assert told(province.commune, "B6") == {}  # they live on, and work elsewhere

    end(province.commune_police, at)

    assert told(province.commune, "B6", "E2") == {"B6": 1, "E2": 0}
    assert together(province.commune, province.neighbour, codes=["B6"]) == {"B6": 1}


def test_letter_of_an_ended_department_stays_the_provinces(
    province: Province, at: datetime
) -> None:
    MinistryReferralFactory(
        unit=province.department, kind=ReferralKind.INTRODUCTION, sent_on=date(2026, 3, 1)
    )
    ActivityFactory(unit=province.department, kind=ActivityKind.FORUM, held_on=date(2026, 3, 1))
    end(province.department, at)

    assert told(province.root, "B6", "E12b") == {"B6": 1, "E12b": 1}
