"""What is counted in a whole subtree, and programmes of coordination."""

from datetime import UTC, date, datetime

import pytest

from apps.programs.models import ModelSite, ModelType
from apps.programs.rules import ExemplarState, Level, ProgramKind, ProgramState, ReferralKind
from tests.factories.programs import (
    ModelTypeFactory,
    ProgramFactory,
    ProgramPartyFactory,
    SiteFactory,
    SitePartyFactory,
)
from tests.factories.ratings import ExemplarFactory, MinistryReferralFactory
from tests.programs.figure_world import LAST_DAY, YEAR, Province, make_province, together, told

pytestmark = pytest.mark.django_db

MERGED = datetime(2026, 6, 1, tzinfo=UTC)
SENT = {"state": ProgramState.SENT, "sent_at": MERGED}


@pytest.fixture
def province() -> Province:
    return make_province()


def coordination(unit, **fields):
    return ProgramFactory(unit=unit, kind=ProgramKind.COORDINATION, **(SENT | fields))


def test_kinds_of_models_count_once_at_each_level(province: Province) -> None:
    bell, camera, light = (ModelTypeFactory() for _ in range(3))
    for unit in (province.hamlet, province.school, province.neighbour, province.commune_police):
        SiteFactory(model_type=bell, unit=unit)
    SiteFactory(model_type=camera, unit=province.school, level=Level.PROVINCE)
    SiteFactory(model_type=camera, unit=province.neighbour)
    SiteFactory(model_type=light, unit=province.school, state="ended", ended_on=date(2026, 8, 8))

    assert told(province.root, "E1", "E10") == {"E1": 2, "E10": 1}
    assert told(province.commune, "E1", "E10") == {"E1": 2, "E10": 1}
    assert told(province.neighbour, "E1", "E10") == {"E1": 2, "E10": 0}
    assert together(province.commune, province.neighbour, codes=["E1", "E10"]) == {
        "E1": 2,
        "E10": 1,
    }


def test_merged_kinds_count_as_the_kind_they_were_merged_into(province: Province) -> None:
    target, alias, older = (ModelTypeFactory() for _ in range(3))
    for kind in (target, alias, older):
        SiteFactory(model_type=kind, unit=province.school)
    ModelType.objects.filter(pk=alias.pk).update(merged_into=target, merged_at=MERGED)
    ModelType.objects.filter(pk=older.pk).update(merged_into=alias, merged_at=MERGED)

    assert told(province.school, "E1", "E2") == {"E1": 1, "E2": 3}


def test_joint_site_gives_its_kind_to_the_subtree_of_each_owner(province: Province) -> None:
    site = SiteFactory(unit=province.school)
    SitePartyFactory(site=site, unit=province.neighbour)

    assert told(province.commune, "E1") == told(province.neighbour, "E1") == {"E1": 1}
    assert told(province.root, "E1") == {"E1": 1}


def test_exemplars_count_when_recognised_and_persons_are_not_told_of(province: Province) -> None:
    days = {"chosen_on": date(2026, 1, 5), "building_on": date(2026, 2, 5)}
    done = days | {"state": ExemplarState.RECOGNISED, "chooser": province.commune}
    SiteFactory(unit=province.school)
    ExemplarFactory(closed_on=date(2026, 3, 5), **done)
    ExemplarFactory(closed_on=YEAR[1], **done)
    ExemplarFactory(chooser=province.commune, state=ExemplarState.BUILDING, **days)
    ExemplarFactory(
        chooser=province.commune,
        state=ExemplarState.DROPPED,
        closed_on=date(2026, 3, 6),
        reason="Không đạt",
    )

    assert told(province.root, "E11") == {"E11/tap_the": 1}
    assert told(province.commune, "E11") == {"E11/tap_the": 1}
    assert told(province.school, "E11") == {"E11/tap_the": 0}
    assert told(province.neighbour, "E11") == {}


def test_exemplar_of_a_removed_site_does_not_count(province: Province) -> None:
    site = SiteFactory(unit=province.school)
    ExemplarFactory(
        unit=None, site=site, chooser=province.root, state=ExemplarState.RECOGNISED,
        building_on=date(2026, 2, 5), closed_on=date(2026, 3, 5),
    )  # fmt: skip
    MinistryReferralFactory(model_type=None, site=site, unit=province.root)
    assert told(province.root, "E11", "E12a") == {"E11/tap_the": 1, "E12a": 1}

    ModelSite.objects.update(removed_at=MERGED, removed_reason="Ghi nhầm")

    assert told(province.root, "E11", "E12a") == {}


def test_proposals_and_introductions_are_told_apart(province: Province) -> None:
    MinistryReferralFactory(unit=province.root, kind=ReferralKind.PROPOSAL)
    for day in (date(2025, 12, 20), LAST_DAY, YEAR[1]):
        MinistryReferralFactory(
            unit=province.department, kind=ReferralKind.INTRODUCTION, sent_on=day
        )

    assert told(province.root, "E12a", "E12b") == {"E12a": 1, "E12b": 2}
    assert told(province.department, "E12a", "E12b") == {"E12b": 2}


def test_coordination_programmes_in_force_count_for_each_party(province: Province) -> None:
    shared = coordination(province.root, valid_to=YEAR[1])
    ProgramPartyFactory(program=shared, unit=province.school)
    coordination(province.department)
    coordination(province.root, valid_to=LAST_DAY)
    coordination(province.root, valid_from=YEAR[1])
    coordination(province.root, state=ProgramState.DRAFT, sent_at=None)
    ProgramFactory(unit=province.root, kind=ProgramKind.PLAN, **SENT)

    assert told(province.root, "A13") == {"A13": 2}
    assert told(province.school, "A13") == {"A13": 1}
    assert told(province.neighbour, "A13") == {}
    assert together(province.root, province.school, codes=["A13"]) == {"A13": 2}


def test_expired_programme_leaves_a_zero(province: Province) -> None:
    coordination(province.school, valid_to=date(2026, 6, 1))

    assert told(province.school, "A13") == {"A13": 0}
