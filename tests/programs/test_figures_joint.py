"""Joint records: once for each owner, once in the common total, named behind every figure."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.indicators.figures import Joint, answer_all, common, has_source, records
from apps.programs.figures import PROGRAM_BRANCHES, UNIT_BRANCHES
from apps.programs.models import ModelSite
from apps.programs.rules import ActivityKind, ProgramKind, ProgramState, SiteState
from apps.units.rules import BlockRole
from tests.factories.programs import (
    ActivityFactory,
    ActivityPartyFactory,
    ProgramFactory,
    ProgramPartyFactory,
    SiteFactory,
    SiteFundingFactory,
    SiteMoveFactory,
    SitePartyFactory,
    SiteTeamFactory,
)
from tests.factories.ratings import ExemplarFactory, MinistryReferralFactory
from tests.factories.units import (
    BlockFactory,
    BlockMemberFactory,
    ForceKindFactory,
    ForceRatingFactory,
    ForceStockFactory,
    PoliceInChargeFactory,
    UnitFactory,
)
from tests.programs.figure_world import YEAR, Province, ask, make_province, together, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> Province:
    return make_province()


def joint_site(*owners, **fields) -> ModelSite:
    site = SiteFactory(unit=owners[0], **fields)
    for owner in owners[1:]:
        SitePartyFactory(site=site, unit=owner)
    return site


def test_joint_site_counts_for_each_owner_and_once_in_common(province: Province) -> None:
    school, other = province.school, province.neighbour
    shared = joint_site(school, other)
    SiteTeamFactory(site=shared, n_teams=2, members=9)
    SiteFundingFactory(site=shared, amount=1_000)
    SiteFactory(unit=school)
    codes = ["E2", "E3", "E4", "E5", "E14", "E1"]

    figures = ask(codes, school, other)

    assert told(school, "E2", "E3", "E4") == {"E2": 2, "E3": 2, "E4": 9}
    assert told(other, "E2", "E3", "E4") == {"E2": 1, "E3": 2, "E4": 9}
    for unit in (school, other):
        assert {c: figures[c, unit.pk, ""].joint for c in codes} == {
            "E2": (Joint(shared.pk, Decimal(1)),),
            "E3": (Joint(shared.pk, Decimal(2)),),
            "E4": (Joint(shared.pk, Decimal(9)),),
            "E5": (Joint(shared.pk, Decimal(1)),),
            "E14": (Joint(shared.pk, Decimal(1_000)),),
            "E1": (),
        }
    assert together(school, other, codes=codes) == {
        "E2": 2, "E3": 2, "E4": 9, "E5": 2, "E14": 1_000, "E1": 2,
    }  # fmt: skip


def test_site_of_two_own_units_of_a_commune_is_joint_only_with_strangers(
    province: Province,
) -> None:
    joint_site(province.commune, province.commune_police, province.hamlet)
    strange = joint_site(province.commune, province.hamlet, province.neighbour)

    figure = ask(["E2"], province.commune)["E2", province.commune.pk, ""]

    assert figure.value == 2
    assert figure.joint == (Joint(strange.pk, Decimal(1)),)


def test_what_one_police_unit_did_for_two_communes_is_joint_to_them(province: Province) -> None:
    PoliceInChargeFactory(unit=province.neighbour, police_unit=province.commune_police)
    session = ActivityFactory(unit=province.commune_police, kind=ActivityKind.FORUM)

    figures = ask(["B6"], province.commune, province.neighbour)

    for unit in (province.commune, province.neighbour):
        assert figures["B6", unit.pk, ""].joint == (Joint(session.pk, Decimal(1)),)
    assert together(province.commune, province.neighbour, codes=["B6"]) == {"B6": 1}


def test_co_organised_activity_is_joint_in_every_part_that_counts_it(province: Province) -> None:
    day = ActivityFactory(
        unit=province.commune, kind=ActivityKind.FESTIVAL, points=3, attendances=400
    )
    ActivityPartyFactory(activity=day, unit=province.school)

    figures = ask(["B7", "B8", "B9"], province.school)

    assert {(c, part): f.joint for (c, _, part), f in figures.items() if f.joint} == {
        ("B7", ""): (Joint(day.pk, Decimal(3)),),
        ("B7", "xa"): (Joint(day.pk, Decimal(3)),),
        ("B8", ""): (Joint(day.pk, Decimal(400)),),
        ("B8", "xa"): (Joint(day.pk, Decimal(400)),),
    }


def test_records_behind_figures_are_named_newest_first(province: Province) -> None:
    old = joint_site(province.school, province.neighbour, launched_on=date(2025, 9, 1))
    new = SiteFactory(unit=province.school, name="Kẻng an ninh", place="Ấp 3")
    SiteFactory(unit=province.department)
    units = [province.school.pk, province.neighbour.pk]

    found = records("programs.models", "E2", "", units, YEAR)

    assert [(r.record_id, r.title, r.unit_ids, r.on, r.value, r.url) for r in found] == [
        (new.pk, "Kẻng an ninh, Ấp 3", (province.school.pk,), new.launched_on, 1,
         reverse("programs:site", kwargs={"pk": new.pk})),
        (old.pk, old.name, tuple(sorted(units)), date(2025, 9, 1), 1,
         reverse("programs:site", kwargs={"pk": old.pk})),
    ]  # fmt: skip


def test_records_lead_to_the_pages_of_each_register(province: Province) -> None:
    school, root = province.school, province.root
    session = ActivityFactory(unit=school, kind=ActivityKind.FORUM, sessions=2)
    at = datetime(2026, 2, 1, tzinfo=UTC)
    program = ProgramFactory(
        unit=school, kind=ProgramKind.COORDINATION, state=ProgramState.SENT, sent_at=at
    )
    ProgramPartyFactory(program=program, unit=root)
    site = SiteFactory(unit=school, state=SiteState.ENDED, ended_on=date(2026, 5, 5))
    SiteMoveFactory(
        site=site, from_state="active", to_state="ended", on=date(2026, 5, 5), reason="Xong"
    )
    referral = MinistryReferralFactory(unit=root)
    exemplar = ExemplarFactory(
        chooser=root, unit=school, state="recognised", building_on=date(2026, 2, 1),
        closed_on=date(2026, 3, 1),
    )  # fmt: skip
    asked = [
        ("programs.activities", "B6", "", session.pk, 2, "activity", session.pk),
        ("programs", "A13", "", program.pk, 1, "program", program.pk),
        ("programs.models", "E8", "", site.pk, 1, "site", site.pk),
        ("programs.models", "E12a", "", referral.pk, 1, "type", referral.model_type_id),
        ("programs.models", "E11", "tap_the", exemplar.pk, 1, "exemplar", exemplar.pk),
    ]
    for register, code, part, record_id, value, page, page_id in asked:
        (found,) = records(register, code, part, [root.pk, school.pk], YEAR)

        assert (found.record_id, found.value) == (record_id, value), code
        assert found.url == reverse(f"programs:{page}", kwargs={"pk": page_id})


def test_records_of_a_kind_counted_once_are_the_kinds(province: Province) -> None:
    first = SiteFactory(unit=province.school)
    SiteFactory(unit=province.neighbour, model_type=first.model_type)

    (found,) = records("programs.models", "E1", "", [province.root.pk], YEAR)

    assert (found.record_id, found.title) == (first.model_type_id, first.model_type.name)
    assert found.unit_ids == tuple(sorted((province.school.pk, province.neighbour.pk)))


def test_stocks_behind_a_force_are_named(province: Province) -> None:
    stock = ForceStockFactory(unit=province.hamlet, kind=ForceKindFactory(name="Tổ bảo vệ"))
    ForceStockFactory(unit=province.commune, kind=stock.kind, teams=0, members=0)

    (found,) = records("units.forces", "A5", "", [province.commune.pk], YEAR)

    assert (found.record_id, found.value) == (stock.pk, 6)
    assert found.unit_ids == (province.hamlet.pk,)
    assert found.title.startswith("Tổ bảo vệ – ")
    assert found.url == reverse("units:unit_forces", kwargs={"pk": province.hamlet.pk})


def test_ratings_behind_a_class_are_named_by_level(province: Province) -> None:
    kind = ForceKindFactory(name="Tổ bảo vệ", rating_code="A11")
    stock = ForceStockFactory(unit=province.commune, kind=kind, teams=5)
    rating = ForceRatingFactory(unit=province.commune, kind=kind, year=2026, level="tot", teams=3)
    asked = [province.commune.pk]

    (rated,) = records("units.forces", "A11", "tot", asked, YEAR)
    (unrated,) = records("units.forces", "A11", "chua_xep", asked, YEAR)

    assert (rated.record_id, rated.value) == (rating.pk, 3)
    assert (unrated.record_id, unrated.value) == (stock.pk, 2)


def test_members_of_a_block_are_named_without_a_page(province: Province) -> None:
    block = BlockFactory(name="Khối thi đua số 1")
    BlockMemberFactory(block=block, unit=province.school, role=BlockRole.HEAD)
    BlockMemberFactory(block=block, unit=province.neighbour)

    found = records("units.blocks", "G9", "", [province.school.pk], YEAR)

    assert {r.unit_ids for r in found} == {(province.school.pk,), (province.neighbour.pk,)}
    assert {(r.title.endswith("Khối thi đua số 1"), r.url) for r in found} == {(True, "")}


def test_unknown_figures_have_no_records(province: Province) -> None:
    assert records("programs.models", "E2", "xa", [province.root.pk], YEAR) == []
    assert records("programs.models", "E2", "", [], YEAR) == []
    assert common("programs.models", ["E2"], [], YEAR) == {}
    assert ask(["E2"]) == {}


def test_every_code_of_the_catalogue_is_counted_by_the_source_of_its_register() -> None:
    counted = {m.code for branch in (*PROGRAM_BRANCHES, *UNIT_BRANCHES) for m in branch.measures}
    asked = catalogue()

    assert all(has_source(register) for register in asked)
    assert {code for register in asked for code in asked[register]} - counted == {
        "A2", "A2d", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11",  # named by data
    }  # fmt: skip


def test_a_province_is_asked_as_often_as_one_unit(province: Province) -> None:
    units = [UnitFactory(parent=province.commune, kind="school") for _ in range(20)]
    for unit in units:
        SiteTeamFactory(site=SiteFactory(unit=unit))
        ActivityFactory(unit=unit)
        ForceStockFactory(unit=unit)

    def queries(asked: dict[str, list[str]], n: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert answer_all(asked, [unit.pk for unit in units[:n]], YEAR)
        return len(captured)

    assert queries(catalogue(), 20) == queries(catalogue(), 1) == 2
    assert queries({"programs.models": ["E2"], "programs.activities": ["B2"]}, 20) == 1


def catalogue() -> dict[str, list[str]]:
    """Return the codes of each of our registers in the reference file."""
    found: dict[str, list[str]] = {}
    with (settings.BASE_DIR / "reference" / "indicators.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["source_register"].split(".")[0] in {"units", "programs"}:
                found.setdefault(row["source_register"], []).append(row["code"])
    return found
