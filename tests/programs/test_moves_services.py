"""A site moves in lawful order; what ends takes its teams along; a mistake is taken back whole."""

from __future__ import annotations

from datetime import date, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.audit.models import AuditEntry
from apps.programs.models import ModelSite, SiteEquipment, SiteMove, SiteTeam
from apps.programs.rules import LAWFUL_MOVES, SiteState
from apps.programs.services.moves import NewMove, move_site, undo_move
from apps.programs.services.refusals import RegisterRefused
from tests.factories.programs import (
    LAUNCHED,
    SiteEquipmentFactory,
    SiteFactory,
    SiteMoveFactory,
    SiteTeamFactory,
)
from tests.factories.ratings import SiteRatingFactory
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)


def active(**kwargs: object) -> ModelSite:
    site = SiteFactory(**kwargs)
    SiteMoveFactory(site=site)
    return site


def draft(**kwargs: object) -> ModelSite:
    return SiteFactory(state=SiteState.DRAFT, launched_on=None, last_news_on=None, **kwargs)


def moved(site: ModelSite, to: str, on: date, at: datetime, **kwargs: object) -> SiteMove:
    return move_site(site=site, move=NewMove(to, on, "Có lý do", **kwargs), by=None, at=at)


def refused(site: ModelSite, to: str, on: date, at: datetime, **kwargs: object) -> RegisterRefused:
    with pytest.raises(RegisterRefused) as caught:
        move_site(site=site, move=NewMove(to, on, **({"reason": "x"} | kwargs)), by=None, at=at)
    return caught.value


def test_a_whole_life(at: datetime) -> None:
    site = draft()
    moved(site, SiteState.PILOT, date(2026, 2, 1), at)
    moved(site, SiteState.ACTIVE, date(2026, 3, 1), at)
    moved(site, SiteState.CONSOLIDATING, date(2026, 4, 1), at)
    moved(site, SiteState.ACTIVE, date(2026, 5, 1), at, document_number=" 12/QĐ ")
    moved(site, SiteState.ENDED, date(2026, 6, 1), at)

    site.refresh_from_db()
    assert (site.state, site.launched_on, site.ended_on) == (
        SiteState.ENDED,
        date(2026, 2, 1),
        date(2026, 6, 1),
    )
    assert site.last_news_on == date(2026, 6, 1)
    assert site.moves.get(on=date(2026, 5, 1)).document_number == "12/QĐ"
    assert AuditEntry.objects.filter(action="programs.site_moved").count() == 5


@pytest.mark.parametrize("state", [SiteState.PILOT, SiteState.ACTIVE, SiteState.CONSOLIDATING])
def test_every_jump_is_refused_at_its_field(state: SiteState, at: datetime) -> None:
    site = active(state=state)
    for to in set(SiteState.values) - set(LAWFUL_MOVES[state]):
        error = refused(site, to, TODAY, at)
        assert error.field == "to_state"
        assert state.label in error.message


def test_an_ended_site_stays_ended(at: datetime) -> None:
    site = active()
    moved(site, SiteState.ENDED, TODAY, at)

    assert "không chuyển được nữa" in refused(site, SiteState.ACTIVE, TODAY, at).message


@pytest.mark.parametrize(
    ("to", "on", "words"),
    [
        (SiteState.CONSOLIDATING, date(2026, 11, 19), "tương lai"),
        (SiteState.CONSOLIDATING, date(2026, 1, 9), "trước lần đổi trạng thái gần nhất"),
        (SiteState.ENDED, LAUNCHED, "sau ngày ra mắt (10/01/2026)"),
    ],
)
def test_a_wrong_day_is_refused(to: str, on: date, words: str, at: datetime) -> None:
    error = refused(active(), to, on, at)
    assert error.field == "on"
    assert words in error.message


def test_a_site_without_moves_does_not_move_before_its_launch(at: datetime) -> None:
    error = refused(SiteFactory(), SiteState.CONSOLIDATING, date(2026, 1, 9), at)
    assert "(10/01/2026)" in error.message


def test_a_reason_is_asked_for_but_not_at_the_launch(at: datetime) -> None:
    assert refused(active(), SiteState.ENDED, TODAY, at, reason="  ").field == "reason"
    move_site(site=draft(), move=NewMove(SiteState.ACTIVE, TODAY), by=None, at=at)


def test_the_day_of_a_document_needs_its_number(at: datetime) -> None:
    error = refused(active(), SiteState.ENDED, TODAY, at, document_on=TODAY)
    assert error.field == "document_number"


def test_a_launch_before_the_unit_existed_is_refused(at: datetime) -> None:
    unit = UnitFactory(name="Xã Tân Lập", valid=DateRange(date(2026, 5, 1), None))
    error = refused(draft(unit=unit), SiteState.ACTIVE, date(2026, 4, 30), at)
    assert error.field == "on"
    moved(draft(unit=unit), SiteState.ACTIVE, date(2026, 5, 1), at)


def test_a_second_site_of_the_kind_is_not_launched_beside_the_first(at: datetime) -> None:
    first = active()
    second = draft(unit=first.unit, model_type=first.model_type)

    error = refused(second, SiteState.ACTIVE, TODAY, at)

    assert error.field == "on"
    assert "đã có một điểm cùng loại" in error.message
    second.refresh_from_db()
    assert second.state == SiteState.DRAFT
    moved(first, SiteState.ENDED, date(2026, 11, 1), at)
    moved(second, SiteState.ACTIVE, TODAY, at)


def test_an_old_page_is_refused(at: datetime) -> None:
    site = active()
    seen = site.lock_version
    moved(site, SiteState.CONSOLIDATING, TODAY, at, lock_version=seen)

    error = refused(site, SiteState.ENDED, TODAY, at, lock_version=seen)

    assert "Người khác vừa sửa" in error.message
    assert site.state == SiteState.CONSOLIDATING


def test_a_removed_site_is_not_moved(at: datetime) -> None:
    site = active()
    ModelSite.objects.filter(pk=site.pk).update(removed_at=at, removed_reason="Ghi nhầm")
    assert "đã bị bỏ" in refused(site, SiteState.ENDED, TODAY, at).message


def test_ending_ends_what_runs_and_undoing_lets_it_run_again(at: datetime) -> None:
    site = active()
    team, camera = SiteTeamFactory(site=site), SiteEquipmentFactory(site=site)
    past = SiteTeamFactory(site=site, name="Tổ cũ", valid=DateRange(LAUNCHED, date(2026, 3, 1)))
    other = SiteTeamFactory()

    moved(site, SiteState.ENDED, date(2026, 6, 1), at)

    for row in (team, camera, past, other):
        row.refresh_from_db()
    assert team.valid_to == camera.valid_to == date(2026, 6, 1)
    assert past.valid_to == date(2026, 3, 1)
    assert other.valid_to is None
    assert not SiteTeam.objects.alive_on(date(2026, 6, 1)).filter(site=site).exists()

    undo_move(site=site, reason="Ghi nhầm", lock_version=None, by=None, at=at)

    site.refresh_from_db()
    assert (site.state, site.ended_on) == (SiteState.ACTIVE, None)
    assert SiteTeam.objects.alive_on(TODAY).get(site=site) == team
    assert SiteEquipment.objects.alive_on(TODAY).get(site=site) == camera
    assert site.moves.count() == 1
    entry = AuditEntry.objects.get(action="programs.site_move_undone")
    assert entry.detail["undo_reason"] == "Ghi nhầm"
    assert entry.detail["to"] == SiteState.ENDED


def test_ending_before_a_later_change_of_the_teams_is_refused(at: datetime) -> None:
    site = active()
    SiteTeamFactory(site=site, valid=DateRange(date(2026, 7, 1), None))

    error = refused(site, SiteState.ENDED, date(2026, 6, 1), at)

    assert error.field == "on"
    assert "01/07/2026" in error.message


def test_a_drafts_teams_begin_with_its_launch_and_wait_again(at: datetime) -> None:
    site = draft(created_at=at)
    team = SiteTeamFactory(site=site, valid=DateRange(TODAY, None))

    moved(site, SiteState.ACTIVE, date(2026, 3, 1), at)
    team.refresh_from_db()
    assert team.valid_from == date(2026, 3, 1)

    undo_move(site=site, reason="Ghi nhầm", lock_version=None, by=None, at=at)
    team.refresh_from_db()
    site.refresh_from_db()
    assert team.valid_from == TODAY
    assert (site.state, site.launched_on) == (SiteState.DRAFT, None)


def test_undoing_needs_a_reason_and_a_move(at: datetime) -> None:
    site = active()
    with pytest.raises(RegisterRefused, match="Chưa nhập lý do"):
        undo_move(site=site, reason=" ", lock_version=None, by=None, at=at)
    with pytest.raises(RegisterRefused, match="chưa có lần đổi"):
        undo_move(site=draft(), reason="x", lock_version=None, by=None, at=at)


def test_a_launch_is_not_taken_back_once_something_followed(at: datetime) -> None:
    rated, copied = active(), active()
    rating = SiteRatingFactory(site=rated)
    replica = draft(replicated_from=copied)
    for site, words in ((rated, "xếp loại năm 2026"), (copied, "nhân rộng tới 1 nơi")):
        with pytest.raises(RegisterRefused, match=words):
            undo_move(site=site, reason="Ghi nhầm", lock_version=None, by=None, at=at)
    rating.delete()
    ModelSite.objects.filter(pk=replica.pk).update(removed_at=at, removed_reason="Ghi nhầm")

    for site in (rated, copied):
        undo_move(site=site, reason="Ghi nhầm", lock_version=None, by=None, at=at)
        assert site.state == SiteState.DRAFT


def test_an_ending_is_not_taken_back_where_another_works_now(at: datetime) -> None:
    first = active()
    team = SiteTeamFactory(site=first)
    moved(first, SiteState.ENDED, date(2026, 6, 1), at)
    moved(draft(unit=first.unit, model_type=first.model_type), SiteState.ACTIVE, TODAY, at)

    with pytest.raises(RegisterRefused, match="đã có một điểm cùng loại"):
        undo_move(site=first, reason="Ghi nhầm", lock_version=None, by=None, at=at)

    first.refresh_from_db()
    team.refresh_from_db()
    assert (first.state, team.valid_to) == (SiteState.ENDED, date(2026, 6, 1))


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_leave_one(at: datetime) -> None:
    site = active()
    start, outcomes = Barrier(2), []

    def decide(to: str) -> None:
        mine = ModelSite.objects.get(pk=site.pk)
        start.wait()
        try:
            moved(mine, to, TODAY, at, lock_version=mine.lock_version)
            outcomes.append("moved")
        except RegisterRefused as error:
            outcomes.append(error.message)
        finally:
            connection.close()

    threads = [Thread(target=decide, args=(to,)) for to in (SiteState.ENDED, "consolidating")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert "moved" in outcomes
    assert sum("Người khác vừa sửa" in outcome for outcome in outcomes) == 1
    assert site.moves.count() == 2
