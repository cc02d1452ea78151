"""Many sites changed at once: shown first, written together, given back while untouched."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import AuditEntry
from apps.desk.models import ImportBatch
from apps.desk.services import ImportNotPossible
from apps.programs.models import ModelSite, SiteParty
from apps.programs.rules import HostKind, Level, PartyRole
from apps.programs.services.bulk_edit import (
    BulkChange,
    BulkRefused,
    apply_bulk_edit,
    open_bulk_edit,
    plan_bulk_edit,
    undo_bulk_edit,
)
from tests.factories.programs import SiteFactory, SitePartyFactory
from tests.factories.units import ALWAYS, UnitFactory
from tests.programs.list_world import NOW, TODAY, ListWorld, list_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> ListWorld:
    return list_world()


def opened(world: ListWorld, change: BulkChange, *sites: ModelSite) -> ImportBatch:
    ids = [site.pk for site in sites]
    return open_bulk_edit(site_ids=ids, change=change, by=world.reviewer, at=NOW)


def applied(world: ListWorld, change: BulkChange, *sites: ModelSite) -> ImportBatch:
    batch = opened(world, change, *sites)
    return apply_bulk_edit(batch=batch, by=world.reviewer, at=NOW)


def test_preview_says_old_and_new_row_by_row_and_writes_nothing(world: ListWorld) -> None:
    one = SiteFactory(unit=world.my_hoa, note="Cũ", name="A")
    two = SiteFactory(unit=world.tan_thanh, level=Level.PROVINCE, name="B")
    change = BulkChange(level=Level.PROVINCE, note="Rà soát 2026")
    lines = plan_bulk_edit(opened(world, change, one, two), TODAY)

    first = [(c.label, c.old, c.new) for c in lines[0].changes]
    assert first == [
        ("Cấp quản lý", "Cấp xã", "Cấp tỉnh"),
        ("Ghi chú", "Cũ", "Cũ\nRà soát 2026"),
    ]
    assert [(c.label, c.old, c.new) for c in lines[1].changes] == [("Ghi chú", "", "Rà soát 2026")]
    assert ModelSite.objects.get(pk=one.pk).level == Level.COMMUNE


def test_after_a_refusal_the_preview_shows_what_is_now_and_can_be_written(world: ListWorld) -> None:
    one, two = SiteFactory(unit=world.my_hoa), SiteFactory(unit=world.my_hoa)
    batch = opened(world, BulkChange(note="Rà soát"), one, two)
    ModelSite.objects.filter(pk=one.pk).update(lock_version=9, note="Vừa sửa")
    ModelSite.objects.filter(pk=two.pk).update(removed_at=NOW, removed_reason="Nhầm")
    browser, address = world.browser(world.reviewer), "programs:sites_bulk_apply"

    page = browser.post(reverse(address, args=[batch.pk]), follow=True).content.decode()
    assert "2 điểm đã thay đổi sau khi xem trước" in page
    assert "<del>Vừa sửa</del> → <ins>Vừa sửa<br>Rà soát</ins>" in page

    browser.post(reverse(address, args=[batch.pk]))
    one.refresh_from_db()
    assert one.note == "Vừa sửa\nRà soát"


def test_change_is_written_once_and_audited_with_ids(world: ListWorld) -> None:
    sites = [SiteFactory(unit=world.my_hoa) for _ in range(3)]
    change = BulkChange(host_kind=HostKind.SCHOOL, coordinator_ids=(world.school.pk,))
    batch = applied(world, change, *sites)

    assert set(ModelSite.objects.values_list("host_kind", flat=True)) == {HostKind.SCHOOL}
    helpers = SiteParty.objects.filter(unit=world.school, role=PartyRole.COORDINATOR)
    assert helpers.count() == 3
    entry = AuditEntry.objects.get(action="programs.sites_bulk_edited")
    assert sorted(entry.detail["sites"]) == [site.pk for site in sites]
    assert {site.lock_version for site in ModelSite.objects.all()} == {2}
    with pytest.raises(ImportNotPossible):
        apply_bulk_edit(batch=batch, by=world.reviewer, at=NOW)


def test_partner_that_did_not_exist_at_the_launch_is_named_and_left_out(world: ListWorld) -> None:
    site = SiteFactory(unit=world.my_hoa, launched_on=date(2025, 8, 1))
    young = UnitFactory(
        name="Đoàn mới", valid=type(ALWAYS)(date(2026, 1, 1), None), parent=world.province
    )
    batch = opened(world, BulkChange(coordinator_ids=(young.pk,)), site)
    (line,) = plan_bulk_edit(batch, TODAY)

    assert line.changes[0].hindrance == "Đơn vị này chưa có vào ngày 01/08/2025."
    assert not line.is_changed


def test_a_site_that_was_taken_over_takes_partners_younger_than_its_launch(
    world: ListWorld,
) -> None:
    site = SiteFactory(
        unit=world.my_hoa, launched_on=date(2021, 5, 4), taken_over_from="Xã Mỹ Hòa cũ"
    )
    applied(world, BulkChange(coordinator_ids=(world.tan_thanh.pk,)), site)

    assert site.parties.filter(unit=world.tan_thanh, role="coordinator").exists()


def test_unit_that_takes_part_already_is_not_added_twice(world: ListWorld) -> None:
    site = SiteFactory(unit=world.my_hoa)
    applied(world, BulkChange(coordinator_ids=(world.my_hoa.pk,), note="x"), site)

    assert SiteParty.objects.get(site=site).role == PartyRole.OWNER


def test_site_changed_after_the_preview_stops_the_whole(world: ListWorld) -> None:
    one, two = SiteFactory(unit=world.my_hoa), SiteFactory(unit=world.my_hoa)
    batch = opened(world, BulkChange(level=Level.PROVINCE), one, two)
    ModelSite.objects.filter(pk=two.pk).update(lock_version=9)

    with pytest.raises(BulkRefused, match="1 điểm đã thay đổi sau khi xem trước"):
        apply_bulk_edit(batch=batch, by=world.reviewer, at=NOW)
    assert ModelSite.objects.get(pk=one.pk).level == Level.COMMUNE


def test_sites_of_another_unit_are_refused(world: ListWorld) -> None:
    foreign = SiteFactory(unit=world.tan_thanh)
    joint = SiteFactory(unit=world.tan_thanh)
    SitePartyFactory(site=joint, unit=world.my_hoa, role=PartyRole.COORDINATOR)
    ids = [foreign.pk, joint.pk]

    with pytest.raises(BulkRefused, match="bạn được sửa"):
        open_bulk_edit(site_ids=ids, change=BulkChange(note="x"), by=world.clerk, at=NOW)


def test_nothing_chosen_and_too_many_are_refused(world: ListWorld) -> None:
    with pytest.raises(BulkRefused, match="Chưa chọn nội dung"):
        opened(world, BulkChange(), SiteFactory(unit=world.my_hoa))
    with pytest.raises(BulkRefused, match=r"5\.000"):
        open_bulk_edit(site_ids=range(5001), change=BulkChange(note="x"), by=world.reviewer, at=NOW)


def test_undo_gives_back_all_but_what_was_changed_since(world: ListWorld) -> None:
    one = SiteFactory(unit=world.my_hoa, note="Giữ")
    two = SiteFactory(unit=world.my_hoa)
    change = BulkChange(
        level=Level.PROVINCE, coordinator_ids=(world.school.pk,), note="Thêm một dòng"
    )
    batch = applied(world, change, one, two)
    ModelSite.objects.filter(pk=two.pk).update(lock_version=7)
    undone = undo_bulk_edit(batch=batch, by=world.reviewer, at=NOW)

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.level, one.note) == (Level.COMMUNE, "Giữ")
    assert not one.parties.filter(unit=world.school).exists()
    assert (two.level, undone.restored, undone.kept) == (Level.PROVINCE, 1, [two])
    with pytest.raises(ImportNotPossible):
        undo_bulk_edit(batch=batch, by=world.reviewer, at=NOW)


def test_all_steps_cost_the_same_queries_for_any_number_of_sites(world: ListWorld) -> None:
    change = BulkChange(level=Level.PROVINCE, coordinator_ids=(world.school.pk,), note="x")

    def cost(sites: list[ModelSite]) -> int:
        with CaptureQueriesContext(connection) as caught:
            batch = applied(world, change, *sites)
            plan_bulk_edit(batch, TODAY)
            undo_bulk_edit(batch=batch, by=world.reviewer, at=NOW)
        return len(caught)

    one = cost([SiteFactory(unit=world.my_hoa)])
    assert cost([SiteFactory(unit=world.my_hoa) for _ in range(20)]) == one


def test_ticked_sites_go_through_the_pages(world: ListWorld) -> None:
    browser = world.browser(world.clerk)
    mine = SiteFactory(unit=world.my_hoa, name="Của tôi")
    foreign = SiteFactory(unit=world.tan_thanh, name="Của người khác")
    address = f"{reverse('programs:sites_bulk')}?chon={mine.pk}&chon={foreign.pk}&chon=x&chon=²"

    assert "<strong>1 điểm</strong>" in browser.get(address).content.decode()
    empty = browser.post(address, {}).content.decode()
    assert "Chưa chọn nội dung nào để sửa." in empty
    page = browser.post(
        address, {"level": "province", "coordinators-go": "truong mau", "note": ""}, follow=True
    ).content.decode()
    assert "<del>Cấp xã</del> → <ins>Cấp tỉnh</ins>" in page and "Trường Mẫu" in page
    batch = ImportBatch.objects.get()
    for step, words in (("apply", "Đã sửa 1 điểm."), ("undo", "Đã hoàn tác 1 điểm.")):
        done = browser.post(reverse(f"programs:sites_bulk_{step}", args=[batch.pk]), follow=True)
        assert words in done.content.decode()
    foreign.refresh_from_db()
    assert foreign.lock_version == 1


def test_all_that_is_filtered_is_meant_when_asked_for(world: ListWorld) -> None:
    SiteFactory(unit=world.my_hoa, name="Camera 1")
    SiteFactory(unit=world.hamlet, name="Camera 2")
    SiteFactory(unit=world.my_hoa, name="Kẻng")
    address = reverse("programs:sites_bulk")
    page = world.browser(world.clerk).get(address, {"tat_ca": 1, "loc": "tim=camera"})

    assert "<strong>2 điểm</strong>" in page.content.decode()


def test_all_of_a_filter_that_cannot_be_read_is_nothing(world: ListWorld) -> None:
    SiteFactory(unit=world.my_hoa)
    page = world.browser(world.clerk).get(
        reverse("programs:sites_bulk"), {"tat_ca": 1, "loc": "don_vi=khong+co+that"}
    )

    assert "Chưa đánh dấu điểm nào" in page.content.decode()


def test_change_of_another_person_is_not_there(world: ListWorld) -> None:
    batch = opened(world, BulkChange(note="x"), SiteFactory(unit=world.my_hoa))
    stranger = world.browser(world.clerk)

    assert stranger.get(reverse("programs:sites_bulk_preview", args=[batch.pk])).status_code == 404
    assert stranger.post(reverse("programs:sites_bulk_apply", args=[batch.pk])).status_code == 404
