"""Repeated entry from Excel: every wrong cell named at once, written whole, taken back."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.desk.models import ImportBatch
from apps.desk.services import ImportNotPossible
from apps.programs.models import Activity
from apps.programs.services.activity_import import ACTIVITIES
from apps.programs.services.activity_sheet import ACTIVITY_SHEET
from apps.programs.services.import_sheets import template
from apps.programs.services.register_import import (
    ImportHasFaults,
    apply_list,
    read_list,
    undo_list,
)
from apps.units.models import Unit
from tests.factories.programs import ActivityFactory, SiteFactory
from tests.factories.units import MembershipFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
COLUMNS = [column.name for column in ACTIVITY_SHEET.columns]


@pytest.fixture
def commune() -> Unit:
    unit: Unit = UnitFactory(code="XA-1", name="Xã Mỹ Hòa")
    return unit


@pytest.fixture
def clerk(commune: Unit) -> User:
    user: User = MembershipFactory(unit=commune, role=Role.CLERK).user
    return user


def filled(*rows: dict[str, Any]) -> bytes:
    """Fill in the template; a row says at least unit, kind, title and day."""
    book = openpyxl.load_workbook(io.BytesIO(template(ACTIVITY_SHEET, [])))
    usual = {"unit": "XA-1", "kind": "tuyen truyen", "title": "Họp", "held_on": date(2026, 11, 3)}
    for row in rows:
        said = usual | row
        book["Hoạt động"].append([said.get(name) for name in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content: bytes, by: User, at: datetime) -> ImportBatch:
    return read_list(register=ACTIVITIES, file_name="hoat-dong.xlsx", content=content, by=by, at=at)


def test_a_list_is_shown_written_and_taken_back(commune: Unit, clerk: User, at: datetime) -> None:
    helper, site = UnitFactory(code="TH-1"), SiteFactory(unit=commune, last_news_on=None)
    content = filled(
        {"title": "Họp ấp 1", "attendances": "hơn 1.200", "co_organisers": "TH-1"},
        {"title": "Họp ấp 2", "unit": "xa my hoa", "site": site.code, "cost": 500_000},
    )
    batch = opened(content, clerk, at)
    assert (batch.summary["new"], batch.summary["n_faults"]) == (2, 0)
    assert not Activity.objects.exists()

    apply_list(register=ACTIVITIES, batch=batch, by=clerk, at=at)
    first, second = Activity.objects.order_by("pk")
    assert (first.attendances, first.qualifier, first.sessions) == (1200, "over", 1)
    assert set(first.parties.values_list("unit_id", flat=True)) == {commune.pk, helper.pk}
    assert (second.unit, second.site, second.cost) == (commune, site, 500_000)
    site.refresh_from_db()
    assert site.last_news_on == date(2026, 11, 3)

    Activity.objects.filter(pk=first.pk).update(lock_version=2)
    undone = undo_list(register=ACTIVITIES, batch=batch, by=clerk, at=at)
    assert (undone.removed, undone.kept) == (1, [first.pk])
    assert Activity.objects.kept().get() == first
    site.refresh_from_db()
    assert site.last_news_on == site.launched_on
    assert AuditEntry.objects.filter(action__startswith="programs.activit").count() == 2


def test_every_wrong_cell_is_named_at_once_and_nothing_is_written(
    commune: Unit, clerk: User, at: datetime
) -> None:
    UnitFactory(code="XA-9")
    content = filled(
        {"unit": "XA-9"},
        {"kind": "tiệc", "held_on": "ngày mai"},
        {"held_on": date(2026, 12, 3)},
        {"attendances": "nhiều", "sessions": -2},
        {"until": date(2026, 11, 1), "co_organisers": "XA-9; KHONG-CO"},
        {"site": "MH-99999", "held_on": date(2026, 12, 4)},
        {"title": "Trùng"},
        {"title": "trung"},
    )
    batch = opened(content, clerk, at)
    faults = batch.summary["faults"]

    addresses = [fault.split(":")[0] for fault in faults]
    assert addresses == [
        *("Ô A2", "Ô B3", "Ô D3", "Ô D4", "Ô G5", "Ô I5", "Ô E6", "Ô N6", "Ô D7", "Ô O7", "Ô C9")
    ]
    assert "“XA-9” trong phạm vi của bạn" in faults[0]
    assert "còn ở tương lai" in faults[3]
    assert "“KHONG-CO”" in faults[7]
    assert "trùng dòng 8" in faults[10]
    with pytest.raises(ImportHasFaults, match="còn lỗi"):
        apply_list(register=ACTIVITIES, batch=batch, by=clerk, at=at)
    assert not Activity.objects.exists()


def test_the_same_file_again_adds_nothing(commune: Unit, clerk: User, at: datetime) -> None:
    content = filled({"title": "Họp ấp 1"}, {"title": "Họp ấp 2"})
    apply_list(register=ACTIVITIES, batch=opened(content, clerk, at), by=clerk, at=at)
    again = opened(content, clerk, at)

    assert (again.summary["new"], again.summary["known"]) == (0, [2, 3])
    with pytest.raises(ImportNotPossible):
        applied = apply_list(register=ACTIVITIES, batch=again, by=clerk, at=at)
        apply_list(register=ACTIVITIES, batch=applied, by=clerk, at=at)
    assert Activity.objects.count() == 2


def test_reading_costs_the_same_for_1_and_for_20_rows(
    commune: Unit, clerk: User, at: datetime
) -> None:
    def cost(count: int) -> int:
        rows = ({"title": f"Họp ấp {n}", "co_organisers": "XA-2"} for n in range(count))
        content = filled(*rows)
        with CaptureQueriesContext(connection) as queries:
            assert opened(content, clerk, at).summary["new"] == count
        return len(queries)

    UnitFactory(code="XA-2")
    assert cost(1) == cost(20)


def test_the_pages_lead_from_the_template_to_the_undo(
    client: Client, commune: Unit, clerk: User
) -> None:
    client.force_login(clerk)
    template = b"".join(client.get("/hoat-dong/nhap/mau/").streaming_content)
    assert "XA-1" in [
        row[0] for row in openpyxl.load_workbook(io.BytesIO(template))["Đơn vị"].values
    ]

    upload = SimpleUploadedFile("thang-11.xlsx", filled({"title": "Họp ấp 1"}))
    preview = client.post("/hoat-dong/nhap/", {"file": upload}).url
    assert "Ghi 1 hoạt động vào sổ" in client.get(preview).content.decode()
    assert "Đã ghi 1 hoạt động" in client.post(f"{preview}ghi/", follow=True).content.decode()
    undone = client.post(f"{preview}hoan-tac/", follow=True).content.decode()
    assert "Đã bỏ 1 hoạt động." in undone
    assert not Activity.objects.kept().exists()


def test_a_wrong_file_says_so_and_others_imports_are_not_there(
    client: Client, commune: Unit, clerk: User, at: datetime
) -> None:
    batch = opened(filled({"title": "Họp ấp 1"}), clerk, at)
    client.force_login(MembershipFactory(unit=commune, role=Role.CLERK).user)
    assert client.get(f"/hoat-dong/nhap/{batch.pk}/").status_code == 404

    refused = client.post("/hoat-dong/nhap/", {"file": SimpleUploadedFile("a.xlsx", b"xxx")})
    assert refused.status_code == 422
    assert 'id="id_file_error"' in refused.content.decode()


def test_rows_that_are_in_the_register_are_skipped(
    commune: Unit, clerk: User, at: datetime
) -> None:
    ActivityFactory(unit=commune, title="HỌP ẤP 1", title_key="hop ap 1", held_on=date(2026, 11, 3))
    batch = opened(filled({"title": "Họp ấp 1"}, {"title": "Họp ấp 2"}), clerk, at)

    assert (batch.summary["new"], batch.summary["known"]) == (1, [2])
