"""Registers of the province to try: every state, joint work, silence; one commune has nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from apps.programs.models import (
    Activity,
    ActivityParty,
    Exemplar,
    ModelSite,
    Program,
    ProgramRecipient,
    SiteMove,
    SiteParty,
    SiteRating,
)
from apps.programs.rules import IN_OPERATION, LAWFUL_MOVES, SiteState, silent_quarters
from apps.reports.models import SubmissionLine
from apps.units.models import ForceStock, Membership, Unit
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _province(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker):
        call_command("load_reference", verbosity=0)
        call_command("load_demo", "--small", verbosity=0)
        yield


def first_commune() -> list[int]:
    """Return the units of the first commune, whose people record everything themselves."""
    station = Membership.objects.get(user__username="xa.nhap").unit
    area = station.code.removeprefix("CA-")
    return list(Unit.objects.filter(code__endswith=f"-{area}").values_list("pk", flat=True))


def test_there_are_sites_in_every_state_of_life() -> None:
    states = set(ModelSite.objects.values_list("state", flat=True))

    assert states == set(SiteState.values)
    assert ModelSite.objects.filter(level="province").exists()


def test_the_commune_to_begin_at_has_nothing_yet() -> None:
    units = first_commune()

    assert len(units) == 7
    assert not SiteParty.objects.filter(unit__in=units).exists()
    assert not ModelSite.objects.filter(unit__in=units).exists()
    assert not ActivityParty.objects.filter(unit__in=units).exists()
    assert not ForceStock.objects.filter(unit__in=units).exists()


def test_everything_is_marked_as_made_up_and_as_numbers_only() -> None:
    for model in (ModelSite, Activity, Program, Exemplar):
        assert model._default_manager.exists(), model
        assert not model._default_manager.filter(is_demo=False).exists(), model


def test_the_state_of_each_site_is_what_its_moves_say() -> None:
    for site in ModelSite.objects.prefetch_related("moves"):
        moves = sorted(site.moves.all(), key=lambda move: (move.on, move.pk))
        assert all(move.to_state in LAWFUL_MOVES[move.from_state] for move in moves)
        assert site.state == (moves[-1].to_state if moves else SiteState.DRAFT)
        assert site.launched_on == (moves[0].on if moves else None)


def test_a_chain_of_two_steps_has_launched_and_waiting_replicas() -> None:
    second = ModelSite.objects.filter(replicated_from__replicated_from__isnull=False)
    first = ModelSite.objects.filter(
        replicated_from__isnull=False, replicated_from__replicated_from=None
    )

    assert second.exists()
    assert first.filter(state=SiteState.ACTIVE).exists()
    assert SiteMove.objects.filter(site__in=first, to_state=SiteState.ACTIVE).exists()


def test_some_sites_have_several_owners_and_some_activities_several_organisers() -> None:
    owned = SiteParty.objects.filter(role="owner").values_list("site_id", flat=True)
    held = ActivityParty.objects.values_list("activity_id", flat=True)

    assert len(owned) > len(set(owned))
    assert len(held) > len(set(held))


def test_some_working_sites_are_silent_and_some_are_rated() -> None:
    today = timezone.localdate()
    working = ModelSite.objects.filter(state__in=IN_OPERATION)

    assert any(silent_quarters(site.last_news_on, today) >= 1 for site in working)
    assert any(silent_quarters(site.last_news_on, today) == 0 for site in working)
    assert SiteRating.objects.filter(year=today.year - 1).exists()


def test_no_day_lies_in_the_future() -> None:
    today = timezone.localdate()

    assert not Activity.objects.filter(held_on__gt=today).exists()
    assert not SiteMove.objects.filter(on__gt=today).exists()


def test_forces_are_counted_with_a_change_since_and_nowhere_beyond_their_time() -> None:
    stocks = ForceStock.objects.all()

    assert stocks.exists()
    assert not stocks.filter(is_demo=False).exists()
    counted = stocks.values_list("unit", "kind")
    assert len(counted) > len(set(counted))
    assert not stocks.filter(kind__code="ban-bao-ve-dan-pho").exists()


def test_the_plan_went_to_every_commune_and_not_all_have_answered() -> None:
    communes = Unit.objects.filter(code__startswith="XA-").count()
    rows = ProgramRecipient.objects.filter(program__number="138/KH-MH")

    assert rows.count() == communes == 6
    assert 0 < rows.exclude(received_at=None).count() < communes


def test_reports_of_the_province_take_what_registers_know() -> None:
    lines = SubmissionLine.objects.filter(indicator__code="E2", source="register")

    assert lines.exists()
    typed = SubmissionLine.objects.exclude(source="register").exclude(register_value=None)
    assert not typed.exists()
