"""Activities are written once, refused in words at the field, and every change can be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.programs.models import Activity
from apps.programs.rules import ActivityKind, Amount
from apps.programs.services.activities import (
    ActivityChangedMeanwhile,
    ActivityRefused,
    ActivitySentBefore,
    NewActivity,
    create_activity,
    edit_activity,
    remove_activity,
    restore_activity,
)
from apps.programs.services.activity_checks import activity_faults
from apps.units.models import Unit
from tests.factories.accounts import UserFactory
from tests.factories.programs import SiteFactory
from tests.factories.units import UnitFactory

TODAY = date(2026, 11, 18)


def held(unit: Unit, **facts: Any) -> NewActivity:
    """Return a propaganda session of a unit, held today."""
    usual: dict[str, Any] = {"kind": ActivityKind.PROPAGANDA, "title": "Tuyên truyền tại ấp 3"}
    return NewActivity(**{**usual, "unit": unit, "held_on": TODAY, "attendances": 120, **facts})


def fields_of(error: pytest.ExceptionInfo[ActivityRefused]) -> dict[str, str]:
    return {fault.field: fault.message for fault in error.value.faults}


@pytest.mark.django_db
def test_an_activity_is_kept_with_its_organisers_and_an_audit_line(at: datetime) -> None:
    main, helper, by = UnitFactory(), UnitFactory(), UserFactory()
    new = held(main, co_organisers=(helper,), qualifier=Amount.OVER, title="  Diễn đàn   ấp 3 ")
    activity = create_activity(new=new, by=by, at=at)

    kept = Activity.objects.get()
    assert (kept.title, kept.title_key) == ("Diễn đàn ấp 3", "dien dan ap 3")
    assert (kept.attendances, kept.qualifier) == (120, "over")
    assert list(kept.parties.order_by("pk").values_list("unit_id", "role")) == [
        (main.pk, "main"),
        (helper.pk, "co"),
    ]
    entry = AuditEntry.objects.get(action="programs.activity_created")
    assert (entry.target_id, entry.actor_id) == (str(activity.pk), by.pk)


@pytest.mark.django_db
def test_an_activity_of_a_site_is_news_of_the_site(at: datetime) -> None:
    site = SiteFactory(last_news_on=date(2026, 3, 1))
    create_activity(new=held(site.unit, site=site), by=None, at=at)
    create_activity(
        new=held(site.unit, site=site, held_on=date(2026, 5, 1), title="Việc cũ hơn"),
        by=None,
        at=at,
    )

    site.refresh_from_db()
    assert site.last_news_on == TODAY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"kind": "party"}, "kind", "Chưa chọn loại"),
        ({"title": " "}, "title", "Chưa nhập nội dung"),
        ({"title": "a" * 251}, "title", "dài quá 250"),
        ({"place": "a" * 201}, "place", "dài quá 200"),
        ({"held_on": date(2026, 11, 19)}, "held_on", "tương lai"),
        ({"until": date(2026, 11, 17)}, "until", "không thể trước"),
        ({"until": date(2027, 12, 17)}, "until", "hơn một năm"),
        ({"sessions": -1}, "sessions", "không thể âm"),
        ({"attendances": -1}, "attendances", "không thể âm"),
        ({"materials": 10_000_001}, "materials", "10.000.000"),
        ({"cost": -1}, "cost", "không thể âm"),
        ({"cost": 10**12 + 1}, "cost", "lớn hơn mức"),
        ({"attendances": None, "qualifier": "over"}, "attendances", "phải có số"),
        ({"sessions": 0}, "sessions", "ít nhất một"),
        ({"held_on": date(2024, 1, 1)}, "unit", "không tồn tại vào ngày 01/01/2024"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_written(
    facts: dict[str, Any], field: str, words: str, at: datetime
) -> None:
    with pytest.raises(ActivityRefused) as error:
        create_activity(new=held(UnitFactory(), **facts), by=None, at=at)

    assert words in fields_of(error)[field]
    assert not Activity.objects.exists()


@pytest.mark.django_db
def test_all_faults_come_at_once(at: datetime) -> None:
    unit = UnitFactory()
    new = held(unit, title="", sessions=-2, co_organisers=(unit, unit), cost=-5)
    with pytest.raises(ActivityRefused) as error:
        create_activity(new=new, by=None, at=at)

    assert set(fields_of(error)) == {"title", "sessions", "co_organisers", "cost"}


@pytest.mark.django_db
def test_an_ended_site_has_no_new_activities(at: datetime) -> None:
    site = SiteFactory(state="ended", ended_on=date(2026, 6, 1))
    with pytest.raises(ActivityRefused) as error:
        create_activity(new=held(site.unit, site=site), by=None, at=at)
    assert "đã dừng từ ngày 01/06/2026" in fields_of(error)["site"]

    before = held(site.unit, site=site, held_on=date(2026, 5, 31))
    assert create_activity(new=before, by=None, at=at).site == site


@pytest.mark.django_db
def test_checking_costs_the_same_for_1_and_for_20_rows() -> None:
    def checked(count: int) -> int:
        rows = [held(UnitFactory(), co_organisers=(UnitFactory(),)) for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            assert activity_faults(rows, on=TODAY) == [[]] * count
        return len(queries)

    assert checked(1) == checked(20) == 1


@pytest.mark.django_db
def test_the_same_form_sent_again_finds_the_first_row(at: datetime) -> None:
    by, new = UserFactory(), held(UnitFactory(), client_token="mot-bieu")
    first = create_activity(new=new, by=by, at=at)

    assert create_activity(new=new, by=by, at=at) == first
    assert AuditEntry.objects.filter(action="programs.activity_created").count() == 1
    assert create_activity(new=new, by=UserFactory(), at=at) != first


@pytest.mark.django_db
def test_another_activity_from_a_form_that_was_sent_is_not_lost_silently(at: datetime) -> None:
    by, new = UserFactory(), held(UnitFactory(), client_token="mot-bieu")
    create_activity(new=new, by=by, at=at)

    with pytest.raises(ActivitySentBefore, match="đã ghi hoạt động “Tuyên truyền tại ấp 3”"):
        create_activity(new=replace(new, title="Tuyên truyền tại ấp 4"), by=by, at=at)


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_at_the_same_moment_writes_once(at: datetime) -> None:
    by, new = UserFactory(), held(UnitFactory(), client_token="cham-hai-lan")
    together, found = Barrier(4), []

    def tap() -> None:
        try:
            together.wait()
            found.append(create_activity(new=new, by=by, at=at).pk)
        finally:
            connections.close_all()

    taps = [Thread(target=tap) for _ in range(4)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()

    kept = Activity.objects.get()
    assert found == [kept.pk] * 4
    assert kept.parties.count() == 1


@pytest.mark.django_db
def test_an_edit_keeps_what_is_new_and_names_what_changed(at: datetime) -> None:
    unit, helper = UnitFactory(), UnitFactory()
    activity = create_activity(new=held(unit), by=None, at=at)
    new = held(unit, attendances=150, co_organisers=(helper,))
    edited = edit_activity(activity=activity, new=new, lock_version=1, by=None, at=at)

    assert (edited.attendances, edited.lock_version) == (150, 2)
    assert set(edited.parties.values_list("unit_id", flat=True)) == {unit.pk, helper.pk}
    entry = AuditEntry.objects.get(action="programs.activity_edited")
    assert entry.detail == {"changed": ["attendances", "organisers"]}


@pytest.mark.django_db
def test_an_edit_of_an_old_copy_is_refused(at: datetime) -> None:
    unit = UnitFactory()
    activity = create_activity(new=held(unit), by=None, at=at)
    edit_activity(
        activity=activity, new=held(unit, attendances=130), lock_version=1, by=None, at=at
    )

    with pytest.raises(ActivityChangedMeanwhile):
        edit_activity(
            activity=activity, new=held(unit, attendances=90), lock_version=1, by=None, at=at
        )
    assert Activity.objects.get().attendances == 130


@pytest.mark.django_db
def test_a_removal_asks_why_and_can_be_undone(at: datetime) -> None:
    activity = create_activity(new=held(UnitFactory()), by=None, at=at)
    with pytest.raises(ActivityRefused, match="lý do"):
        remove_activity(activity=activity, reason="  ", by=None, at=at)

    remove_activity(activity=activity, reason="Ghi nhầm đơn vị", by=None, at=at)
    assert not Activity.objects.kept().exists()

    restore_activity(activity=activity, by=None, at=at)
    assert Activity.objects.kept().get() == activity
