"""A clerk enters an activity on a phone, finds it again, corrects it; nobody else's is there."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rules import Role
from apps.desk.models import Job
from apps.programs.models import Activity
from apps.programs.rules import ActivityKind
from apps.programs.services.activity_export import ACTIVITY_LIST
from apps.programs.tasks import export_activities
from apps.units.models import Unit
from apps.units.rules import UnitKind
from tests.factories.indicators import CalendarFactory, PeriodFactory
from tests.factories.programs import ActivityFactory, ActivityPartyFactory, SiteFactory
from tests.factories.units import MembershipFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST, ADD = "/hoat-dong/", "/hoat-dong/them/"


@pytest.fixture
def commune() -> Unit:
    """Return a commune that its police are in charge of."""
    police = UnitFactory(name="Công an xã Mỹ Hòa", kind=UnitKind.POLICE_COMMUNE)
    unit: Unit = UnitFactory(name="Xã Mỹ Hòa", kind=UnitKind.COMMUNE, police=police)
    return unit


@pytest.fixture
def clerk(commune: Unit) -> User:
    """Return the clerk of the commune's police."""
    police = Unit.objects.exclude(pk=commune.pk).get()
    user: User = MembershipFactory(unit=police, role=Role.CLERK).user
    return user


@pytest.fixture
def browser(client: Client, clerk: User) -> Client:
    """Return the clerk's browser."""
    client.force_login(clerk)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def typed(unit: Unit, **more: Any) -> dict[str, Any]:
    """Return what a clerk types at least."""
    return {
        "kind": "propaganda",
        "title": "Tuyên truyền tại ấp 3",
        "held_on": "18/11/2026",
        "attendances": "hơn 120",
        "unit": unit.pk,
        "client_token": "bieu-1",
    } | more


def test_the_form_starts_with_today_and_the_own_commune(browser: Client, commune: Unit) -> None:
    page = text_of(browser.get(ADD))

    assert 'value="18/11/2026"' in page
    assert f'<option value="{commune.pk}" selected>' in page
    for label in ActivityKind.labels:
        assert label in page


def test_five_fields_are_enough(browser: Client, commune: Unit, clerk: User) -> None:
    response = browser.post(ADD, typed(commune))

    activity = Activity.objects.get()
    assert response.url == f"/hoat-dong/{activity.pk}/?moi=1"
    assert (activity.unit, activity.held_on) == (commune, date(2026, 11, 18))
    assert (activity.sessions, activity.attendances, activity.qualifier) == (1, 120, "over")
    assert activity.created_by == clerk
    page = text_of(browser.get(response.url))
    assert "Ghi tiếp hoạt động khác" in page
    assert "Nhân bản" in page


def test_a_second_tap_writes_nothing_more(browser: Client, commune: Unit) -> None:
    first = browser.post(ADD, typed(commune))
    again = browser.post(ADD, typed(commune))

    assert first.url == again.url
    assert Activity.objects.count() == 1


def test_another_activity_typed_into_a_sent_form_asks_and_then_writes(
    browser: Client, commune: Unit
) -> None:
    browser.post(ADD, typed(commune))
    asked = browser.post(ADD, typed(commune, title="Họp khóm 2"))
    page = text_of(asked)

    assert asked.status_code == 422
    assert "đã ghi hoạt động “Tuyên truyền tại ấp 3”" in page
    assert 'value="Họp khóm 2"' in page
    token = page.split('name="client_token" value="')[1].split('"')[0]
    browser.post(ADD, typed(commune, title="Họp khóm 2", client_token=token))
    assert set(Activity.objects.values_list("title", flat=True)) == {
        "Tuyên truyền tại ấp 3",
        "Họp khóm 2",
    }


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("held_on", "19/11/2026", "còn ở tương lai"),
        ("held_on", "31/02/2026", "31/02/2026"),
        ("until", "17/11/2026", "không thể trước ngày tổ chức"),
        ("attendances", "-5", "-5"),
        ("attendances", "khoảng trăm", "khoảng trăm"),
        ("sessions", "-1", "-1"),
        ("cost", "1.5.0", "1.5.0"),
        ("title", "", "Chưa nhập nội dung"),
        ("site", "MH-99999", "trong phạm vi"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    browser: Client, commune: Unit, field: str, value: str, words: str
) -> None:
    sent = {"place": "Nhà văn hóa ấp 3", "note": "Có mời trường học"} | {field: value}
    response = browser.post(ADD, typed(commune, **sent))
    page = text_of(response)

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert words in page
    assert "Nhà văn hóa ấp 3" in page
    assert "Có mời trường học" in page
    assert "hơn 120" in page or field == "attendances"
    assert '<details class="more-fields" open>' in page or field in {
        "held_on", "attendances", "title",
    }  # fmt: skip
    assert not Activity.objects.exists()


def test_a_unit_out_of_scope_cannot_organise_but_may_help(browser: Client, commune: Unit) -> None:
    far = UnitFactory(name="Xã Khác")
    refused = browser.post(ADD, typed(far))
    assert refused.status_code == 422
    assert 'id="id_unit_error"' in text_of(refused)

    browser.post(ADD, typed(commune, co_organisers=[far.pk]))
    assert Activity.objects.get().parties.count() == 2


def test_a_copy_keeps_all_but_day_and_people(browser: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)
    old = ActivityFactory(unit=commune, place="Chợ Mỹ Hòa", materials=200, site=site)
    page = text_of(browser.get(f"{ADD}?nhan_ban={old.pk}"))

    assert f'value="{old.title}"' in page
    assert 'value="Chợ Mỹ Hòa"' in page
    assert 'value="18/11/2026"' in page
    assert f'<option value="{site.pk}" selected>' in page
    assert '"50"' not in page


def test_the_site_that_was_clicked_on_is_chosen(browser: Client, commune: Unit) -> None:
    site = SiteFactory(unit=commune)

    assert f'<option value="{site.pk}" selected>' in text_of(browser.get(f"{ADD}?diem={site.pk}"))


def test_an_edit_over_somebody_elses_shows_both(browser: Client, commune: Unit) -> None:
    activity = ActivityFactory(unit=commune, title="Bản đầu", attendances=50)
    address = reverse("programs:activity_edit", args=[activity.pk])
    Activity.objects.filter(pk=activity.pk).update(lock_version=2, attendances=70)

    response = browser.post(address, typed(commune, title="Bản đầu", lock_version=1))
    page = text_of(response)
    assert response.status_code == 422
    assert "Người khác vừa sửa hoạt động này" in page
    assert '<td data-label="Người khác đã lưu">70</td>' in page
    assert '<td data-label="Bạn nhập">hơn 120</td>' in page

    assert 'name="lock_version" value="2"' in page
    browser.post(address, typed(commune, title="Bản đầu", lock_version=2))
    assert Activity.objects.get().attendances == 120


def test_an_edit_of_what_was_removed_meanwhile_loses_nothing(
    browser: Client, commune: Unit
) -> None:
    activity = ActivityFactory(unit=commune, title="Bản đầu")
    Activity.objects.update(removed_at=activity.created_at, removed_reason="Ghi nhầm")
    address = reverse("programs:activity_edit", args=[activity.pk])
    said = typed(commune, title="Bản mới", lock_version=1)

    assert browser.get(address).status_code == 404
    answer = browser.post(address, said)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Hoạt động này vừa bị bỏ" in page and "Lý do: Ghi nhầm" in page
    assert 'value="Bản mới"' in page and 'name="restore"' in page

    browser.post(address, said | {"title": "", "restore": "1"})
    assert Activity.objects.kept().count() == 0
    saved = browser.post(address, said | {"restore": "1"}, follow=True)
    assert "Đã lưu hoạt động." in text_of(saved)
    assert Activity.objects.kept().get().title == "Bản mới"


def test_a_removal_asks_why_and_is_undone_from_the_list(browser: Client, commune: Unit) -> None:
    activity = ActivityFactory(unit=commune)
    remove = reverse("programs:activity_remove", args=[activity.pk])
    assert "Chưa nhập lý do bỏ" in text_of(browser.post(remove, {"reason": ""}))

    removed = browser.post(remove, {"reason": "Ghi nhầm"}, follow=True)
    assert "Lý do bỏ: Ghi nhầm" in text_of(removed)
    assert browser.get(f"/hoat-dong/{activity.pk}/").status_code == 404
    assert activity.title not in text_of(browser.get(LIST))

    browser.post(reverse("programs:activity_restore", args=[activity.pk]))
    assert activity.title in text_of(browser.get(LIST))


def test_what_is_not_in_scope_is_not_there(browser: Client, commune: Unit) -> None:
    far = ActivityFactory()
    shared = ActivityFactory()
    ActivityPartyFactory(activity=shared, unit=commune)

    assert far.title not in text_of(browser.get(LIST))
    assert shared.title in text_of(browser.get(LIST))
    for name in ("activity", "activity_edit"):
        missing = browser.get(reverse(f"programs:{name}", args=[987654321]))
        hidden = browser.get(reverse(f"programs:{name}", args=[far.pk]))
        assert (hidden.status_code, hidden.content) == (404, missing.content)
    # A helper sees what the main organiser recorded, and leaves it to him.
    assert browser.get(reverse("programs:activity", args=[shared.pk])).status_code == 200
    assert browser.get(reverse("programs:activity_edit", args=[shared.pk])).status_code == 404
    for name in ("activity_remove", "activity_restore"):
        address = reverse(f"programs:{name}", args=[far.pk])
        assert browser.post(address, {"reason": "x"}).status_code == 404


def test_the_list_is_searched_without_accents_and_narrowed(browser: Client, commune: Unit) -> None:
    calendar = CalendarFactory(code="nd09")
    PeriodFactory(
        calendar=calendar,
        kind="month",
        year=2026,
        number=11,
        start=date(2026, 10, 15),
        end=date(2026, 11, 15),
        label="tháng 11/2026",
    )
    early = ActivityFactory(
        unit=commune, title="Ngày hội khóm 1", kind="festival", held_on=date(2026, 10, 15)
    )
    late = ActivityFactory(unit=commune, title="Họp tổ dân phố", held_on=date(2026, 11, 15))

    def shown(query: str) -> set[str]:
        page = text_of(browser.get(f"{LIST}?{query}"))
        return {row.title for row in (early, late) if row.title in page}

    assert shown("") == {early.title, late.title}
    assert shown("tim=ngay+hoi+my+hoa") == {early.title}
    assert shown("loai=festival") == {early.title}
    assert shown("ky=month-2026-11") == {early.title}
    assert shown("tu=16/10/2026") == {late.title}
    assert shown("den=15/10/2026") == {early.title}
    assert shown("don_vi=my+hoa") == {early.title, late.title}
    assert shown("cua_toi=1") == set()
    assert shown("tim=khong+co") == set()


def test_the_foot_sums_what_is_filtered_and_joint_work_once(browser: Client, commune: Unit) -> None:
    one = ActivityFactory(unit=commune, attendances=1200, qualifier="over", materials=500)
    ActivityPartyFactory(activity=one, unit=UnitFactory(parent=commune))
    ActivityFactory(unit=commune, attendances=300, cost=2_500_000, sessions=2)
    ActivityFactory(unit=commune, kind="festival", attendances=40)

    page = text_of(browser.get(f"{LIST}?loai=propaganda"))
    assert "Tổng 2 hoạt động khớp bộ lọc" in page
    for figure in ("<dd>3</dd>", "<dd>hơn 1.500</dd>", "<dd>500</dd>", "<dd>2.500.000 đồng</dd>"):
        assert figure in page


def test_the_list_costs_the_same_for_1_and_for_20(browser: Client, commune: Unit) -> None:
    ActivityFactory(unit=commune)
    browser.get(LIST)
    with CaptureQueriesContext(connection) as one:
        browser.get(LIST)
    for _ in range(20):
        ActivityPartyFactory(activity=ActivityFactory(unit=commune))
    with CaptureQueriesContext(connection) as many:
        assert "1–21 trong 21" in text_of(browser.get(LIST))
    assert len(one) == len(many)


def rows_of(response: Any) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return list(book.worksheets[0].values)


def test_the_list_comes_as_excel_with_sums(browser: Client, commune: Unit) -> None:
    ActivityFactory(unit=commune, title="=Họp khóm", attendances=70, qualifier="nearly")
    ActivityFactory(unit=commune, kind="festival")
    rows = rows_of(browser.get("/hoat-dong/xuat-excel/?loai=propaganda"))

    assert rows[1][3] == "=Họp khóm"
    assert (rows[1][9], rows[1][10]) == (70, "gần 70")
    assert rows[2][:4] == ("Cộng", None, None, "1 hoạt động")
    assert rows[2][9] == 70


def test_a_long_list_comes_by_a_job_as_it_was_on_the_screen(
    browser: Client, commune: Unit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ACTIVITY_LIST, "at_once", 1)
    monkeypatch.setattr(settings, "MEDIA_ROOT", str(tmp_path))
    for title, day in (("Sớm", 3), ("Muộn", 9), ("Ngoài", 1)):
        ActivityFactory(unit=commune, title=title, held_on=date(2026, 11, day), attendances=10)
    query = f"?tu=02/11/2026&den=10/11/2026&don_vi={commune.code}&loai="
    order = reverse("programs:activities_export_order")
    assert f'action="{order}?tu=02%2F11%2F2026&amp;den=' in text_of(browser.get(f"{LIST}{query}"))

    assert browser.get(f"/hoat-dong/xuat-excel/{query}")["Location"].startswith(f"{LIST}?tu=")
    sent = browser.post(f"{order}{query}", follow=True)
    job = Job.objects.get()
    export_activities(job_id=job.pk)
    rows = rows_of(browser.get(reverse("desk:export", args=[job.pk])))

    assert sent.redirect_chain[0][0] == reverse("desk:job", args=[job.pk])
    assert job.title.startswith("Danh sách 2 hoạt động, ngày ")
    assert [row[3] for row in rows[1:]] == ["Muộn", "Sớm", "2 hoạt động"]
    assert rows[-1][9] == 20
