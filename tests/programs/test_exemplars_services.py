"""Exemplars go their way in order; what is put before the Ministry is told apart."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from apps.audit.models import AuditEntry
from apps.programs.models import Exemplar, MinistryReferral
from apps.programs.rules import EXEMPLAR_MOVES, ExemplarState, ReferralKind, SiteState
from apps.programs.services.exemplars import (
    ExemplarStep,
    NewExemplar,
    choose_exemplar,
    move_exemplar,
)
from apps.programs.services.referrals import NewReferral, record_referral, remove_referral
from apps.programs.services.refusals import RegisterRefused
from tests.factories.programs import LAUNCHED, ModelTypeFactory, SiteFactory
from tests.factories.ratings import ExemplarFactory
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def step(row: Exemplar, to: str, on: date, at: datetime, **texts: str) -> Exemplar:
    return move_exemplar(exemplar=row, step=ExemplarStep(to, on, **texts), by=None, at=at)


def test_an_exemplar_is_chosen_built_and_recognised(at: datetime) -> None:
    site, chooser = SiteFactory(), UnitFactory()
    row = choose_exemplar(
        new=NewExemplar(site, chooser, "Camera an ninh", LAUNCHED), by=None, at=at
    )
    row = step(row, ExemplarState.BUILDING, date(2026, 3, 1), at)
    row = step(
        row, ExemplarState.RECOGNISED, TODAY, at, recogniser="UBND tỉnh", document_number="9"
    )

    assert (row.building_on, row.closed_on) == (date(2026, 3, 1), TODAY)
    assert (row.recogniser, row.document_number) == ("UBND tỉnh", "9")
    site.refresh_from_db()
    assert site.last_news_on == TODAY
    assert AuditEntry.objects.filter(action="programs.exemplar_moved").count() == 2


def test_the_same_is_not_chosen_twice_in_a_field_unless_dropped(at: datetime) -> None:
    unit, chooser = UnitFactory(), UnitFactory()
    new = NewExemplar(unit, chooser, "Phong trào", LAUNCHED)
    row = choose_exemplar(new=new, by=None, at=at)
    with pytest.raises(RegisterRefused, match="đã được chọn") as caught:
        choose_exemplar(new=new, by=None, at=at)
    assert caught.value.field == "field"
    step(row, ExemplarState.DROPPED, TODAY, at, reason="Không duy trì")
    choose_exemplar(new=new, by=None, at=at)


@pytest.mark.parametrize(
    ("to", "on", "texts", "field"),
    [
        (ExemplarState.RECOGNISED, TODAY, {"recogniser": "UBND tỉnh"}, "to_state"),
        (ExemplarState.BUILDING, date(2026, 1, 9), {}, "on"),
        (ExemplarState.BUILDING, date(2026, 11, 19), {}, "on"),
        (ExemplarState.DROPPED, TODAY, {"reason": " "}, "reason"),
    ],
)
def test_a_jump_a_wrong_day_and_silence_are_refused(
    to: str, on: date, texts: dict[str, str], field: str, at: datetime
) -> None:
    with pytest.raises(RegisterRefused) as caught:
        step(ExemplarFactory(), to, on, at, **texts)
    assert caught.value.field == field


def test_recognition_names_who_recognised(at: datetime) -> None:
    row = step(ExemplarFactory(), ExemplarState.BUILDING, TODAY, at, recogniser="UBND tỉnh")
    assert row.recogniser == ""
    with pytest.raises(RegisterRefused, match="cơ quan công nhận"):
        step(row, ExemplarState.RECOGNISED, TODAY, at)


@pytest.mark.parametrize(
    ("launched_on", "field"), [(None, "site"), (date(2026, 2, 1), "chosen_on")]
)
def test_what_does_not_work_yet_is_no_example(
    launched_on: date | None, field: str, at: datetime
) -> None:
    state = SiteState.ACTIVE if launched_on else SiteState.DRAFT
    site = SiteFactory(launched_on=launched_on, state=state)
    new = NewExemplar(site, UnitFactory(), "Camera", date(2026, 1, 31))
    with pytest.raises(RegisterRefused) as caught:
        choose_exemplar(new=new, by=None, at=at)
    assert caught.value.field == field


def test_what_is_recognised_or_dropped_moves_no_more() -> None:
    assert not EXEMPLAR_MOVES[ExemplarState.RECOGNISED]
    assert not EXEMPLAR_MOVES[ExemplarState.DROPPED]


def test_proposals_and_introductions_are_told_apart(at: datetime) -> None:
    unit, kind, site = UnitFactory(), ModelTypeFactory(), SiteFactory()
    for asked in ReferralKind.values:
        for subject in (kind, site):
            new = NewReferral(asked, unit, subject, TODAY, "12/CAT-PV05")
            record_referral(new=new, by=None, at=at)

    assert MinistryReferral.objects.filter(kind=ReferralKind.PROPOSAL).count() == 2
    assert kind.referrals.count() == site.referrals.count() == 2
    site.refresh_from_db()
    assert site.last_news_on == TODAY
    with pytest.raises(RegisterRefused, match="đã được ghi cho ngày đó"):
        record_referral(new=new, by=None, at=at)


def test_a_letter_of_tomorrow_is_refused(at: datetime) -> None:
    new = NewReferral("proposal", UnitFactory(), SiteFactory(), date(2026, 11, 19))
    with pytest.raises(RegisterRefused, match="tương lai") as caught:
        record_referral(new=new, by=None, at=at)
    assert caught.value.field == "sent_on"


def test_a_referral_is_taken_away_with_a_reason_and_the_log_keeps_it(at: datetime) -> None:
    new = NewReferral("proposal", UnitFactory(), SiteFactory(), TODAY)
    row = record_referral(new=new, by=None, at=at)
    with pytest.raises(RegisterRefused, match="lý do"):
        remove_referral(referral=row, reason=" ", by=None, at=at)

    remove_referral(referral=row, reason="Ghi nhầm", by=None, at=at)

    assert not MinistryReferral.objects.exists()
    assert AuditEntry.objects.get(action="programs.referral_removed").detail["reason"] == "Ghi nhầm"
