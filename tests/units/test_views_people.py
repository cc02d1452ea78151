"""The pages that look after people: in charge only, one password shown once, same queries."""

from datetime import datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from apps.accounts.models import User
from apps.accounts.rules import Role
from tests.factories.accounts import UserFactory
from tests.factories.units import MembershipFactory
from tests.units.conftest import Commune

pytestmark = pytest.mark.usefixtures("clock")

LIST = "/don-vi/tai-khoan/"


def text_of(response: object) -> str:
    return response.content.decode()


@pytest.fixture
def reviewer(place: Commune, client: Client) -> Client:
    client.force_login(place.reviewer)
    return client


def test_list_shows_those_in_charge_with_unit_role_and_state(
    reviewer: Client, place: Commune
) -> None:
    page = text_of(reviewer.get(LIST))
    assert "Đỗ Văn Lân" in page
    assert "Xã Mỹ Hòa</a> – Cán bộ nhập liệu" in page
    assert "Chưa đăng nhập lần nào" in page
    assert "Trần Minh" not in page
    assert "1–1 trong 1 người dùng" in page


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("q=lan", True),
        ("q=do+van", True),
        ("q=ĐỖ+VĂN", True),
        ("q=xa+my+hoa", True),
        ("q=minh", False),
        ("state=waiting", True),
        ("state=locked", False),
        ("state=active", False),
        ("state=nonsense", True),
    ],
)
def test_list_is_searched_without_accents_and_narrowed(
    reviewer: Client, query: str, is_found: bool
) -> None:
    page = text_of(reviewer.get(f"{LIST}?{query}"))
    assert ("Đỗ Văn Lân" in page) == is_found
    assert ("Không có người dùng nào khớp" in page) != is_found


def test_list_answers_htmx_with_its_part_alone(reviewer: Client) -> None:
    part = text_of(reviewer.get(LIST, headers={"HX-Request": "true"}))
    assert part.lstrip().startswith('<section id="people"')


def test_list_costs_the_same_for_1_and_for_20_people(reviewer: Client, place: Commune) -> None:
    reviewer.get(LIST)
    with CaptureQueriesContext(connection) as one:
        reviewer.get(LIST)
    for _ in range(20):
        MembershipFactory(unit=place.commune)
    with CaptureQueriesContext(connection) as many:
        assert "1–21 trong 21" in text_of(reviewer.get(LIST))
    assert len(one) == len(many) <= 12


def test_reset_shows_the_password_once_and_prints_it(reviewer: Client, place: Commune) -> None:
    answer = reviewer.post(reverse("units:password_reset", args=[place.clerk.pk]))
    page = text_of(answer)
    password = page.partition('name="password" value="')[2].partition('"')[0]
    place.clerk.refresh_from_db()
    assert place.clerk.check_password(password)
    assert place.clerk.must_change_password
    assert "no-store" in answer["Cache-Control"]

    printed = reviewer.post(
        reverse("units:slip_pdf", args=[place.clerk.pk]), {"password": password}
    )
    paper = "".join(page.extract_text() for page in PdfReader(BytesIO(printed.content)).pages)
    assert password in paper
    assert "Đỗ Văn Lân" in paper
    assert "no-store" in printed["Cache-Control"]


def test_slip_is_refused_for_a_password_that_is_not_current(
    reviewer: Client, place: Commune
) -> None:
    url = reverse("units:slip_pdf", args=[place.clerk.pk])
    answer = reviewer.post(url, {"password": "sai"}, follow=True)
    assert "không còn dùng được" in text_of(answer)


def test_lock_and_unlock(reviewer: Client, place: Commune) -> None:
    page = text_of(reviewer.post(reverse("units:person_lock", args=[place.clerk.pk]), follow=True))
    assert "Đã khóa tài khoản lan.dv." in page
    assert "Mở khóa" in page
    reviewer.post(reverse("units:person_unlock", args=[place.clerk.pk]))
    assert User.objects.get(pk=place.clerk.pk).is_active


@pytest.mark.parametrize("name", ["password_reset", "slip_pdf", "person_lock", "person_unlock"])
def test_people_of_others_are_404_like_nobody(reviewer: Client, place: Commune, name: str) -> None:
    theirs = reviewer.post(reverse(f"units:{name}", args=[place.outsider.pk]))
    nobody = reviewer.post(reverse(f"units:{name}", args=[10**9]))
    assert (theirs.status_code, nobody.status_code) == (404, 404)
    assert theirs.content == nobody.content
    assert reviewer.get(reverse(f"units:{name}", args=[place.clerk.pk])).status_code == 405


def test_pages_are_closed_to_clerks_and_strangers(client: Client, place: Commune) -> None:
    assert client.get(LIST).status_code == 302
    client.force_login(place.clerk)
    for url in (LIST, f"{LIST}them/", f"{LIST}nhap/", f"{LIST}nhap/mau/"):
        assert client.get(url).status_code == 403


def test_add_person_by_name_or_code_of_the_unit(reviewer: Client, place: Commune) -> None:
    url = reverse("units:person_add")
    form = {"unit": "truong tieu hoc", "full_name": "Nguyễn Văn An", "role": "Lãnh đạo đơn vị"}
    page = text_of(reviewer.post(url, form))
    assert "Mật khẩu chỉ hiện một lần" in page
    person = User.objects.get(full_name="Nguyễn Văn An")
    assert list(person.memberships.values_list("unit__code", "role")) == [("TH", Role.LEADER)]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"unit": "Phường Cao Lãnh"}, "Không có đơn vị này trong phạm vi của bạn."),
        ({"unit": "my hoa"}, "Có nhiều đơn vị khớp."),
        ({"unit": ""}, "Chưa nhập đơn vị."),
        ({"phone": "abc"}, "không phải là số điện thoại"),
        ({"username": "minh.t"}, "đã có người khác dùng"),
        ({"full_name": ""}, "Chưa nhập họ và tên."),
    ],
)
def test_add_person_says_what_is_wrong(
    reviewer: Client, texts: dict[str, str], message: str
) -> None:
    before = User.objects.count()
    form = {"unit": "TH", "full_name": "An", "role": "Cán bộ nhập liệu"} | texts
    assert message in text_of(reviewer.post(reverse("units:person_add"), form))
    assert User.objects.count() == before


def test_add_person_that_is_known_gives_a_role(reviewer: Client, place: Commune) -> None:
    form = {
        "unit": "Trường Tiểu học Mỹ Hòa (TH)",
        "full_name": "Đỗ Văn Lân",
        "role": "Cán bộ nhập liệu",
        "username": "lan.dv",
    }
    answer = reviewer.post(reverse("units:person_add"), form, follow=True)
    assert "Đã cập nhật người dùng" in text_of(answer)
    assert place.clerk.memberships.count() == 2


def test_contacts_are_read_in_scope_and_kept_by_the_unit(
    client: Client, place: Commune, at: datetime
) -> None:
    client.force_login(place.clerk)
    url = reverse("units:contacts", args=[place.commune.pk])
    assert "Chưa có đầu mối liên hệ" in text_of(client.get(url))
    client.post(url, {"full_name": "Lê Ba", "phone": "0912 345 678", "title": "Chủ tịch"})
    client.post(url, {"full_name": "Lê Tư", "phone": "0912 345 679"})
    assert "số điện thoại, ví dụ" in text_of(client.post(url, {"full_name": "X", "phone": "a"}))
    first, second = place.commune.contacts.order_by("pk")
    assert (first.is_main, second.is_main) == (True, False)

    client.post(reverse("units:contact_main", args=[place.commune.pk, second.pk]))
    client.post(reverse("units:contact_remove", args=[place.commune.pk, first.pk]))

    assert list(place.commune.contacts.values_list("full_name", "is_main")) == [("Lê Tư", True)]
    client.force_login(place.outsider)
    assert client.get(url).status_code == 404
    remove = reverse("units:contact_remove", args=[place.commune.pk, second.pk])
    assert client.post(remove).status_code == 404
    client.force_login(MembershipFactory(unit=place.commune, role=Role.PROVINCE_LEADER).user)
    page = text_of(client.get(url))
    assert "Lê Tư" in page
    assert "Thêm đầu mối" not in page
    assert client.post(remove).status_code == 404
    client.force_login(UserFactory())
    assert client.get(url).status_code == 403
