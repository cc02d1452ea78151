"""Replication opens linked drafts where there is none, tells their people, and shows the family."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.desk.models import Notice
from apps.programs.models import ModelSite
from apps.programs.queries.chain import family, site_life
from apps.programs.rules import Level, PartyRole, SiteState
from apps.programs.services.refusals import RegisterRefused
from apps.programs.services.replication import MOST_UNITS, plan_spread, replicate_site
from apps.units.rules import UnitKind
from tests.factories.accounts import UserFactory
from tests.factories.programs import SiteFactory, SiteMoveFactory
from tests.factories.ratings import MinistryReferralFactory, SiteRatingMarkFactory
from tests.factories.units import MembershipFactory, UnitFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def test_drafts_are_linked_and_belong_to_their_units(at: datetime) -> None:
    site = SiteFactory(level=Level.DISTRICT, name="Camera cổng trường")
    units = [UnitFactory(), UnitFactory()]

    drafts = replicate_site(site=site, units=units, by=None, at=at)

    assert [draft.unit for draft in drafts] == units
    for draft in drafts:
        assert draft.state == SiteState.DRAFT
        assert draft.replicated_from == site
        assert draft.model_type == site.model_type
        assert draft.level == Level.COMMUNE
        assert draft.parties.get().role == PartyRole.OWNER
        assert draft.teams.count() == 0
    assert AuditEntry.objects.get(action="programs.site_replicated").detail == {
        "units": [unit.pk for unit in units]
    }


def test_units_that_have_one_or_are_no_more_are_named_and_left_out(at: datetime) -> None:
    site = SiteFactory()
    free, gone = UnitFactory(), UnitFactory(valid=DateRange(date(2025, 7, 1), date(2026, 1, 1)))
    has = SiteFactory(model_type=site.model_type).unit
    waits = SiteFactory(model_type=site.model_type, state="draft", launched_on=None).unit
    ended = SiteFactory(model_type=site.model_type, state="ended", ended_on=TODAY).unit
    units = [free, gone, has, waits, ended]

    plan = plan_spread(site, units, TODAY)
    drafts = replicate_site(site=site, units=units, by=None, at=at)

    assert [row.obstacle for row in plan] == [
        "",
        "Đơn vị không còn hoạt động",
        "Đã có điểm",
        "Đã có bản nháp",
        "",
    ]
    assert [draft.unit for draft in drafts] == [free, ended]
    with pytest.raises(RegisterRefused, match="Không đơn vị nào"):
        replicate_site(site=site, units=units, by=None, at=at)


def test_clerks_and_leaders_are_told_or_those_of_the_police_in_charge(at: datetime) -> None:
    police = UnitFactory(kind=UnitKind.POLICE_COMMUNE)
    commune, school = UnitFactory(police=police), UnitFactory(kind=UnitKind.SCHOOL, police=police)
    clerk = MembershipFactory(unit=police, role=Role.CLERK).user
    teacher = MembershipFactory(unit=school, role=Role.LEADER).user
    MembershipFactory(unit=school, role=Role.AUDITOR)

    drafts = replicate_site(site=SiteFactory(), units=[commune, school], by=None, at=at)

    told = {(row.user_id, row.url) for row in Notice.objects.all()}
    assert told == {
        (clerk.pk, f"/mo-hinh/{drafts[0].pk}/"),
        (teacher.pk, f"/mo-hinh/{drafts[1].pk}/"),
    }
    assert "bản nháp chờ ra mắt" in Notice.objects.first().text


def test_a_draft_and_too_many_units_are_refused(at: datetime) -> None:
    with pytest.raises(RegisterRefused, match="chưa ra mắt"):
        replicate_site(
            site=SiteFactory(state="draft", launched_on=None), units=[UnitFactory()], by=None, at=at
        )
    unit = UnitFactory()
    with pytest.raises(RegisterRefused, match="nhiều nhất 200"):
        replicate_site(site=SiteFactory(), units=[unit] * (MOST_UNITS + 1), by=None, at=at)


def grown() -> tuple[ModelSite, ModelSite, ModelSite, ModelSite]:
    root = SiteFactory()
    child = SiteFactory(replicated_from=root, model_type=root.model_type)
    other = SiteFactory(replicated_from=root, model_type=root.model_type)
    grandchild = SiteFactory(replicated_from=child, model_type=root.model_type)
    return root, child, other, grandchild


def test_the_family_is_the_same_tree_from_every_member() -> None:
    root, child, other, grandchild = grown()
    SiteFactory()
    reader = MembershipFactory(unit=child.unit, role=Role.LEADER).user

    for here in (root, grandchild):
        nodes = family(here, reader, TODAY)
        assert [(node.site, node.depth, node.parent) for node in nodes] == [
            (root, 0, None),
            (child, 1, 0),
            (grandchild, 2, 1),
            (other, 1, 0),
        ]
        assert [node.site for node in nodes if node.is_here] == [here]
        assert [node.site for node in nodes if node.is_open] == [child]


def test_what_grew_from_a_removed_site_hangs_where_it_hung(at: datetime) -> None:
    root, child, other, grandchild = grown()
    ModelSite.objects.filter(pk=child.pk).update(removed_at=at, removed_reason="Ghi nhầm")

    nodes = family(root, UserFactory(), TODAY)

    assert [(node.site, node.depth, node.parent) for node in nodes] == [
        (root, 0, None),
        (grandchild, 1, 0),
        (other, 1, 0),
    ]


def test_the_family_costs_the_same_for_2_and_for_20() -> None:
    root, reader = SiteFactory(), UserFactory()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            family(root, reader, TODAY)
        return len(queries)

    SiteFactory(replicated_from=root)
    few = cost()
    for _ in range(18):
        SiteFactory(replicated_from=root)
    assert few == cost() <= 4


def test_a_life_tells_everything_at_one_price() -> None:
    root, child, _, grandchild = grown()
    SiteMoveFactory(site=child)
    SiteRatingMarkFactory(rating__site=child)
    MinistryReferralFactory(site=child, model_type=None)

    life = site_life(child, TODAY)

    assert life.origin.site == root
    assert [row.site for row in life.replicas] == [grandchild]
    assert len(life.moves) == len(life.ratings) == len(life.referrals) == 1
    for _ in range(20):
        SiteFactory(replicated_from=child)
        SiteRatingMarkFactory(rating=child.ratings.get())
    with CaptureQueriesContext(connection) as many:
        site_life(child, TODAY)
    assert len(many) <= 9
