"""Sites are written whole, in lawful shape, once; what is wrong is said at its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.audit.models import AuditEntry
from apps.programs.models import ModelSite, SiteMove, SiteParty, SiteTeam
from apps.programs.rules import Amount, HostKind, Level, PartyRole, SiteState
from apps.programs.services.site_checks import SiteChangedMeanwhile, SiteRefused, site_faults
from apps.programs.services.sites import (
    NewSite,
    TeamCount,
    create_site,
    edit_site,
    remove_site,
    restore_site,
    set_teams,
)
from tests.factories.programs import ModelTypeFactory, SiteFactory
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 15, 3, tzinfo=UTC)
TODAY = date(2026, 6, 15)


def new_site(**changes: object) -> NewSite:
    """Return a lawful new site of a living commune."""
    facts: dict[str, object] = {
        "level": Level.COMMUNE,
        "host_kind": HostKind.RESIDENTIAL,
        "launched_on": date(2026, 6, 1),
    }
    facts |= changes
    facts.setdefault("model_type", None)
    facts["model_type"] = facts["model_type"] or ModelTypeFactory()
    facts.setdefault("unit", None)
    facts["unit"] = facts["unit"] or UnitFactory()
    return NewSite(**facts)


def recorded(**changes: object) -> ModelSite:
    return create_site(new=new_site(**changes), by=None, at=AT)


def fields_of(error: pytest.ExceptionInfo[SiteRefused]) -> list[str]:
    return [fault.field for fault in error.value.faults]


def test_site_is_recorded_with_owner_teams_launch_and_audit() -> None:
    site = recorded(n_teams=24, members=1000, qualifier=Amount.OVER)

    assert site.state == SiteState.ACTIVE and site.last_news_on == date(2026, 6, 1)
    assert site.name == site.model_type.name
    assert site.code == f"MH-{site.pk:05d}"
    party = SiteParty.objects.get(site=site)
    assert (party.unit_id, party.role) == (site.unit_id, PartyRole.OWNER)
    team = SiteTeam.objects.get(site=site)
    assert (team.n_teams, team.members, team.qualifier) == (24, 1000, Amount.OVER)
    assert team.valid == DateRange(date(2026, 6, 1), None)
    move = SiteMove.objects.get(site=site)
    assert (move.from_state, move.to_state, move.on) == ("draft", "active", date(2026, 6, 1))
    assert AuditEntry.objects.filter(action="programs.site_created", target_id=site.pk).count() == 1


def test_without_a_launch_day_it_is_a_draft_that_counts_nowhere() -> None:
    site = recorded(launched_on=None)
    assert site.state == SiteState.DRAFT
    assert not SiteMove.objects.filter(site=site).exists()
    assert not ModelSite.objects.operating_on(TODAY).exists()


def test_every_named_owner_has_a_row_and_the_place_only_when_it_owns() -> None:
    farmers, women, help_ = UnitFactory(), UnitFactory(), UnitFactory()
    site = recorded(owners=(farmers, women), coordinators=(help_,))
    rows = set(SiteParty.objects.filter(site=site).values_list("unit_id", "role"))
    assert rows == {
        (farmers.pk, "owner"),
        (women.pk, "owner"),
        (help_.pk, "coordinator"),
    }


def test_unit_that_did_not_exist_on_the_launch_day_is_refused() -> None:
    with pytest.raises(SiteRefused) as error:
        recorded(launched_on=date(2025, 6, 30))
    assert fields_of(error) == ["unit"]
    assert "30/06/2025 (có từ ngày 01/07/2025). Nếu đơn vị cũ" in error.value.message
    assert not ModelSite.objects.exists()


def test_a_site_may_be_older_than_its_unit_when_it_was_taken_over() -> None:
    old = date(2021, 5, 4)
    site = recorded(launched_on=old, taken_over_from="Xã Mỹ Hòa cũ")
    draft = recorded(launched_on=None, place="Chợ")
    new = new_site(model_type=draft.model_type, unit=draft.unit, place="Chợ", launched_on=old)
    with pytest.raises(SiteRefused):
        edit_site(site=draft, new=new, lock_version=draft.lock_version, by=None, at=AT)
    new = replace(new, taken_over_from="Xã Mỹ Hòa cũ")
    launched = edit_site(site=draft, new=new, lock_version=draft.lock_version, by=None, at=AT)
    assert (site.launched_on, launched.launched_on, launched.state) == (old, old, SiteState.ACTIVE)


def test_taking_over_does_not_bring_back_a_unit_that_ended() -> None:
    gone = UnitFactory(valid=DateRange(date(2025, 7, 1), date(2026, 1, 1)))
    with pytest.raises(SiteRefused) as error:
        recorded(unit=gone, taken_over_from="Xã cũ")
    assert fields_of(error) == ["unit"]


def test_owner_and_coordinator_must_exist_too() -> None:
    gone = UnitFactory(valid=DateRange(date(2025, 7, 1), date(2026, 1, 1)))
    with pytest.raises(SiteRefused) as error:
        recorded(owners=(gone,))
    assert fields_of(error) == ["owners"]
    with pytest.raises(SiteRefused) as error:
        recorded(coordinators=(gone,))
    assert fields_of(error) == ["coordinators"]


def test_launch_in_the_future_is_refused() -> None:
    with pytest.raises(SiteRefused) as error:
        recorded(launched_on=date(2026, 6, 16))
    assert fields_of(error) == ["launched_on"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"n_teams": -1}, "n_teams"),
        ({"members": -1}, "members"),
        ({"members": 0, "qualifier": Amount.OVER}, "members"),
        ({"qualifier": Amount.NEARLY}, "members"),
        ({"members": 10**12}, "members"),
        ({"name": "x" * 251}, "name"),
        ({"place": "x" * 201}, "place"),
        ({"level": Level.DISTRICT}, "level"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(SiteRefused) as error:
        recorded(**changes)
    assert fields_of(error) == [field]


def test_an_odd_long_name_is_kept_whole() -> None:
    assert recorded(name="漢" * 250).name == "漢" * 250


def test_second_active_site_of_a_type_at_a_unit_needs_another_place() -> None:
    first = recorded(place="Ấp Tân Thạnh")
    twin = new_site(model_type=first.model_type, unit=first.unit, place="  ap TAN thanh ")
    with pytest.raises(SiteRefused) as error:
        create_site(new=twin, by=None, at=AT)
    assert fields_of(error) == ["place"]
    assert first.code in error.value.message

    other = create_site(new=replace(twin, place="Ấp Tân Bình"), by=None, at=AT)
    assert other.pk != first.pk


def test_a_draft_saved_twice_is_named_but_does_not_keep_a_launch_away() -> None:
    draft = recorded(launched_on=None)
    same = {"model_type": draft.model_type, "unit": draft.unit}
    with pytest.raises(SiteRefused, match=f"bản nháp cùng loại.*{draft.code}"):
        recorded(**same, launched_on=None)
    recorded(**same, launched_on=None, place="Ấp 2")
    recorded(**same)


def test_after_the_first_one_ended_a_new_one_may_open() -> None:
    old = SiteFactory(
        launched_on=date(2025, 8, 1), ended_on=date(2026, 2, 1), state=SiteState.ENDED
    )
    again = new_site(model_type=old.model_type, unit=old.unit, launched_on=date(2026, 2, 1))
    assert create_site(new=again, by=None, at=AT).pk
    with pytest.raises(SiteRefused):
        create_site(new=replace(again, launched_on=date(2026, 1, 31)), by=None, at=AT)


def test_owner_twice_and_owner_who_coordinates_are_refused() -> None:
    unit = UnitFactory()
    with pytest.raises(SiteRefused) as error:
        recorded(owners=(unit, unit))
    assert fields_of(error) == ["owners"]
    with pytest.raises(SiteRefused) as error:
        recorded(unit=unit, coordinators=(unit,))
    assert fields_of(error) == ["coordinators"]


def test_merged_type_is_refused() -> None:
    merged = ModelTypeFactory(merged_into=ModelTypeFactory(), merged_at=AT)
    with pytest.raises(SiteRefused) as error:
        recorded(model_type=merged)
    assert fields_of(error) == ["model_type"]


def test_rows_are_checked_among_themselves_in_two_queries(
    django_assert_num_queries: Any,
) -> None:
    kind, unit = ModelTypeFactory(), UnitFactory()
    rows = [new_site(model_type=kind, unit=unit, place=f"Ấp {n % 30}") for n in range(40)]
    with django_assert_num_queries(2):
        faults = site_faults(rows, on=TODAY)
    assert [n for n, found in enumerate(faults) if found] == list(range(30, 40))
    with django_assert_num_queries(2):
        site_faults(rows[:1], on=TODAY)


def test_an_edit_says_what_changed_and_raises_the_version() -> None:
    site = recorded()
    new = replace(as_new(site), name="Camera an ninh ấp 3", place="Ấp 3")
    edited = edit_site(site=site, new=new, lock_version=1, by=None, at=AT)
    assert (edited.name, edited.lock_version) == ("Camera an ninh ấp 3", 2)
    entry = AuditEntry.objects.get(action="programs.site_edited")
    assert entry.detail == {"changed": ["name", "place"]}


def as_new(site: ModelSite) -> NewSite:
    """Return a site as the form that edits it would send it back."""
    return new_site(model_type=site.model_type, unit=site.unit, launched_on=site.launched_on)


def test_two_people_at_once_the_second_is_told() -> None:
    site = recorded()
    edit_site(site=site, new=replace(as_new(site), place="A"), lock_version=1, by=None, at=AT)
    with pytest.raises(SiteChangedMeanwhile):
        edit_site(site=site, new=replace(as_new(site), place="B"), lock_version=1, by=None, at=AT)
    site.refresh_from_db()
    assert site.place == "A"


def test_draft_gets_its_launch_day_and_its_teams_begin_then() -> None:
    draft = recorded(launched_on=None, n_teams=2, members=9)
    new = replace(as_new(draft), launched_on=date(2026, 5, 2), is_pilot=True)
    site = edit_site(site=draft, new=new, lock_version=1, by=None, at=AT)
    assert (site.state, site.launched_on) == (SiteState.PILOT, date(2026, 5, 2))
    assert SiteTeam.objects.get(site=site).valid_from == date(2026, 5, 2)
    assert SiteMove.objects.get(site=site).on == date(2026, 5, 2)


def test_corrected_launch_day_moves_the_launch_and_what_began_with_it() -> None:
    site = recorded(n_teams=1)
    new = replace(as_new(site), launched_on=date(2026, 3, 1))
    edit_site(site=site, new=new, lock_version=1, by=None, at=AT)
    assert SiteMove.objects.get(site=site).on == date(2026, 3, 1)
    assert SiteTeam.objects.get(site=site).valid_from == date(2026, 3, 1)


def test_launched_site_does_not_become_a_draft_and_does_not_start_after_its_end() -> None:
    site = recorded()
    with pytest.raises(SiteRefused) as error:
        edit_site(
            site=site, new=replace(as_new(site), launched_on=None), lock_version=1, by=None, at=AT
        )
    assert fields_of(error) == ["launched_on"]
    ended = SiteFactory(ended_on=date(2026, 5, 1), state=SiteState.ENDED)
    new = replace(as_new(ended), launched_on=date(2026, 5, 1))
    with pytest.raises(SiteRefused) as error:
        edit_site(site=ended, new=new, lock_version=1, by=None, at=AT)
    assert "launched_on" in fields_of(error)


def test_teams_are_counted_anew_and_the_past_stays() -> None:
    site = recorded(n_teams=4, members=24)
    count = TeamCount(n_teams=5, members=300, qualifier=Amount.NEARLY)
    set_teams(site=site, team=count, on=date(2026, 6, 10), by=None, at=AT)
    before = SiteTeam.objects.alive_on(date(2026, 6, 9)).get(site=site)
    after = SiteTeam.objects.alive_on(date(2026, 6, 10)).get(site=site)
    assert (before.members, after.members) == (24, 300)
    site.refresh_from_db()
    assert site.last_news_on == date(2026, 6, 10)


def test_no_teams_left_ends_them() -> None:
    site = recorded(n_teams=4, members=24)
    set_teams(site=site, team=TeamCount(), on=date(2026, 6, 10), by=None, at=AT)
    assert not SiteTeam.objects.alive_on(date(2026, 6, 10)).exists()
    assert SiteTeam.objects.alive_on(date(2026, 6, 9)).exists()


@pytest.mark.parametrize("on", [date(2026, 5, 31), date(2026, 6, 16)])
def test_teams_of_a_day_before_the_launch_or_to_come_are_refused(on: date) -> None:
    site = recorded()
    with pytest.raises(SiteRefused) as error:
        set_teams(site=site, team=TeamCount(n_teams=1), on=on, by=None, at=AT)
    assert fields_of(error) == ["on"]


def test_a_mistake_is_taken_back_with_a_reason_and_brought_back() -> None:
    site = recorded()
    with pytest.raises(SiteRefused):
        remove_site(site=site, reason="  ", by=None, at=AT)
    remove_site(site=site, reason="Ghi nhầm xã", by=None, at=AT)
    assert not ModelSite.objects.kept().exists()
    restore_site(site=site, by=None, at=AT)
    assert ModelSite.objects.kept().get() == site


def test_what_has_been_replaced_meanwhile_does_not_come_back() -> None:
    site = recorded()
    remove_site(site=site, reason="Ghi nhầm", by=None, at=AT)
    create_site(new=as_new(site), by=None, at=AT)
    with pytest.raises(SiteRefused) as error:
        restore_site(site=site, by=None, at=AT)
    assert "cùng loại" in error.value.message
