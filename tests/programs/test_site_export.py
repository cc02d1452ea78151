"""The list of sites as an Excel file: at once when it is short, as a job when it is long."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.desk.models import Job
from apps.desk.services import claim_job
from apps.programs.services.site_export import SITE_LIST
from apps.programs.tasks import export_sites
from tests.factories.programs import SiteFactory, SiteTeamFactory
from tests.programs.list_world import NOW, ListWorld, list_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> ListWorld:
    return list_world()


@pytest.fixture
def browser(world: ListWorld) -> Client:
    return world.browser(world.reviewer)


@pytest.fixture
def long_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two sites be many, and files lie where this test looks."""
    monkeypatch.setattr(SITE_LIST, "at_once", 1)
    monkeypatch.setattr(settings, "MEDIA_ROOT", str(tmp_path))


def rows_of(answer: HttpResponseBase) -> list[Any]:
    content: Iterable[bytes] = answer.streaming_content
    return list(openpyxl.load_workbook(io.BytesIO(b"".join(content))).worksheets[0].iter_rows())


def test_export_holds_just_what_is_filtered_and_text_stays_text(
    world: ListWorld, browser: Client
) -> None:
    site = SiteFactory(name="=1+1", unit=world.my_hoa, launched_on=date(2026, 2, 3))
    SiteTeamFactory(site=site, members=1234)
    SiteFactory(name="Khác", unit=world.tan_thanh)
    answer = browser.get(
        reverse("programs:sites_export"), {"don_vi": "XA-1", "cot": ["ra_mat", "thanh_vien", "ma"]}
    )
    rows = rows_of(answer)

    assert [cell.value for cell in rows[0]] == ["Điểm mô hình", "Mã", "Ngày ra mắt", "Thành viên"]
    assert len(rows) == 2
    name, code, day, members = rows[1]
    assert (name.value, name.data_type) == ("=1+1", "s")
    assert code.value == site.code
    assert day.value.date() == date(2026, 2, 3)
    assert (members.value, members.number_format) == (1234, "#,##0")


@pytest.mark.usefixtures("long_lists")
def test_a_long_list_is_ordered_and_comes_as_it_was_on_the_screen(
    world: ListWorld, browser: Client
) -> None:
    for name, unit in (("Hai", world.my_hoa), ("Ba", world.hamlet), ("Tư", world.tan_thanh)):
        SiteFactory(name=name, unit=unit)
    query = "?don_vi=XA-1&xep=-ten&cot=ma&cot=don_vi&trang=1"
    page = browser.get(f"/mo-hinh/{query}").content.decode()
    order = reverse("programs:sites_export_order")
    assert f'action="{order}?don_vi=XA-1&amp;xep=-ten&amp;cot=ma&amp;cot=don_vi"' in page

    sent = browser.post(f"{order}{query}", follow=True)
    job = Job.objects.get()
    export_sites(job_id=job.pk, by_a_newer_version=True)
    rows = rows_of(browser.get(reverse("desk:export", args=[job.pk])))

    assert sent.redirect_chain[0][0] == reverse("desk:job", args=[job.pk])
    assert "Đang lập tệp Excel" in sent.content.decode()
    assert job.title == "Danh sách 2 điểm mô hình, ngày 20/11/2026"
    assert (job.queue, job.task) == ("bulk", "programs.export_sites")
    assert [cell.value for cell in rows[0]] == ["Điểm mô hình", "Mã", "Đơn vị, địa bàn"]
    assert [row[0].value for row in rows[1:]] == ["Hai", "Ba"]


@pytest.mark.usefixtures("long_lists")
def test_the_file_holds_what_its_owner_may_see_when_it_is_written(world: ListWorld) -> None:
    for unit in (world.my_hoa, world.hamlet, world.tan_thanh):
        SiteFactory(unit=unit)
    clerk = world.browser(world.clerk)
    clerk.post(reverse("programs:sites_export_order"))
    job = Job.objects.get()
    assert claim_job(job_id=job.pk, at=timezone.now()) is not None  # a worker that is killed now
    Job.objects.update(state="queued")
    export_sites(job_id=job.pk)
    job.refresh_from_db()

    assert (job.state, job.attempts) == ("done", 2)
    assert len(rows_of(clerk.get(reverse("desk:export", args=[job.pk])))) == 3


@pytest.mark.usefixtures("long_lists")
def test_the_short_way_gives_no_long_list(world: ListWorld, browser: Client) -> None:
    SiteFactory(unit=world.my_hoa)
    SiteFactory(unit=world.tan_thanh)
    answer = browser.get(reverse("programs:sites_export"), {"cap": "commune"})

    assert answer["Location"] == "/mo-hinh/?cap=commune"
    assert "Danh sách này dài" in browser.get(answer["Location"]).content.decode()


def test_rows_come_whole_and_in_order_over_the_seams_of_chunks(
    world: ListWorld, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        SiteFactory(name=f"Điểm {number}", unit=world.my_hoa)
    monkeypatch.setattr("apps.desk.services.exports.CHUNK", 2)
    answer = browser.get(reverse("programs:sites_export"), {"xep": "-ten"})
    rows = rows_of(answer)

    assert 'filename="diem-mo-hinh-2026-11-20.xlsx"' in answer["Content-Disposition"]
    assert [row[0].value for row in rows[1:]] == [f"Điểm {n}" for n in (4, 3, 2, 1, 0)]
