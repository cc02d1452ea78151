"""Signing in and out, passwords and font size, as the browser sees them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse
from pytest_django import DjangoAssertNumQueries, Settings
from time_machine import Traveller

from apps.accounts.models import SignInCounter, User
from apps.accounts.services import reset_password
from apps.audit.models import AuditEntry
from tests.factories.accounts import PASSWORD, UserFactory

SIGN_IN, SIGN_OUT, SWITCH = "/dang-nhap/", "/dang-xuat/", "/doi-nguoi-dung/"
CHANGE, BEGIN, SIZE = "/doi-mat-khau/", "/bat-dau/", "/co-chu/"
OTHER = "chiếc xe đạp màu xanh"


@pytest.fixture
def lan(db: None) -> User:
    """A clerk."""
    return UserFactory.create(username="lan", full_name="Trần Thị Lan")


@pytest.fixture
def newcomer(db: None) -> User:
    """Somebody who holds a one-time password."""
    return UserFactory.create(username="moi", must_change_password=True)


def post_sign_in(
    client: Client, username: str = "lan", password: str = PASSWORD, query: str = ""
) -> Any:
    return client.post(SIGN_IN + query, {"username": username, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_addresses_have_their_names() -> None:
    names = ("sign_in", "sign_out", "switch_user", "change_password", "begin", "font_size")

    assert [reverse(f"accounts:{name}") for name in names] == [
        SIGN_IN,
        SIGN_OUT,
        SWITCH,
        CHANGE,
        BEGIN,
        SIZE,
    ]


def test_sign_in_page_says_whom_to_ask_and_has_no_other_way_in(client: Client, db: None) -> None:
    page = client.get(SIGN_IN)

    text = page.content.decode()
    assert page.status_code == 200
    assert "Quên mật khẩu: hỏi cán bộ Công an phụ trách đơn vị" in text
    assert 'autocomplete="username"' in text
    assert 'autocomplete="current-password"' in text
    assert "js/password.js" in text
    assert "SSO" not in text
    assert "no-store" in page.headers["Cache-Control"]


def test_sign_in_page_costs_no_query(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get(SIGN_IN)


def test_sign_in_leads_home(client: Client, lan: User) -> None:
    answer = post_sign_in(client)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize("page", ["/bao-cao/3/?muc=2", "/doi-mat-khau/"])
def test_sign_in_leads_back_to_the_page_that_was_wanted(
    client: Client, lan: User, page: str
) -> None:
    assert post_sign_in(client, query=f"?next={page.replace('?', '%3F')}")["Location"] == page


@pytest.mark.parametrize(
    "page",
    [
        "//evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "evil",
        "http:///evil.example",
        "/dang-nhap/",
        "/dang-xuat/",
    ],
)
def test_sign_in_leads_nowhere_else(client: Client, lan: User, page: str) -> None:
    answer = client.post(SIGN_IN, {"username": "lan", "password": PASSWORD, "next": page})

    assert answer["Location"] == "/"


def test_sign_in_makes_a_new_session(client: Client, lan: User) -> None:
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key

    post_sign_in(client)

    assert client.session.session_key != before


def test_sign_in_when_signed_in_leads_on(client: Client, lan: User) -> None:
    client.force_login(lan)

    assert client.get(f"{SIGN_IN}?next=/doi-mat-khau/")["Location"] == CHANGE


def test_sign_in_wrong_shows_one_error_and_keeps_the_name_only(client: Client, lan: User) -> None:
    page = post_sign_in(client, password="wrong secret")

    text = page.content.decode()
    assert page.status_code == 200
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in text
    assert 'value="lan"' in text
    assert "wrong secret" not in text
    assert not is_signed_in(client)


def test_sign_in_empty_names_what_is_missing(client: Client, db: None) -> None:
    text = post_sign_in(client, username="", password="").content.decode()

    assert "Chưa nhập tên đăng nhập." in text
    assert "Chưa nhập mật khẩu." in text
    assert not SignInCounter.objects.exists()


def test_sign_in_answers_unknown_and_known_names_alike(client: Client, lan: User) -> None:
    known = post_sign_in(client, password="wrong")
    unknown = post_sign_in(client, username="nam", password="wrong")

    plain = [
        answer.content.decode().replace(name, "").split("csrfmiddlewaretoken")
        for answer, name in ((known, '"lan"'), (unknown, '"nam"'))
    ]
    assert known.status_code == unknown.status_code
    assert plain[0][0] == plain[1][0]
    assert plain[0][1][100:] == plain[1][1][100:]


@pytest.mark.parametrize(
    "username", ["a\x00b", "' OR 1=1 --", "x" * 5000, "<script>alert(1)</script>", "\u202elan"]
)
def test_sign_in_survives_odd_names(client: Client, lan: User, username: str) -> None:
    page = post_sign_in(client, username=username)

    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_sign_in_refuses_a_password_of_a_megabyte_without_hashing(
    client: Client, lan: User
) -> None:
    page = post_sign_in(client, password="x" * 1_000_000)

    assert page.status_code == 200
    assert not SignInCounter.objects.exists()


def test_sign_in_wait_is_said_in_words_and_as_429(
    client: Client, lan: User, clock: Traveller
) -> None:
    for _ in range(6):
        page = post_sign_in(client, password="wrong")
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "2"
    assert "Sai 6 lần. Thử lại sau 2 giây" in page.content.decode()

    assert post_sign_in(client).status_code == 429
    clock.shift(2)
    assert post_sign_in(client).status_code == 302


def test_sign_in_counts_the_address_that_the_proxy_saw(
    client: Client, lan: User, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    client.post(
        SIGN_IN,
        {"username": "lan", "password": "wrong"},
        headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"},
    )

    settings.TRUSTED_PROXIES = []
    client.post(
        SIGN_IN,
        {"username": "lan", "password": "wrong"},
        headers={"X-Forwarded-For": "198.51.100.1"},
    )

    addresses = SignInCounter.objects.order_by("pk").values_list("address", flat=True)
    assert list(addresses) == ["203.0.113.9", "127.0.0.1"]


@pytest.mark.django_db(transaction=True)
def test_45_people_of_one_office_sign_in_within_a_minute_and_one_more_after_20_failures(
    clock: Traveller,
) -> None:
    office = [UserFactory.create(username=f"nguoi.{number}") for number in range(46)]
    last = office.pop()

    def come_in(user: User) -> int:
        try:
            return int(post_sign_in(Client(), username=user.username).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(come_in, office))
    assert answers == [302] * 45

    for number in range(20):
        post_sign_in(Client(), username=f"nguoi.{number % 4}", password="wrong")
    assert post_sign_in(Client(), username=last.username).status_code == 302


def test_sign_out_ends_the_session(client: Client, lan: User) -> None:
    client.force_login(lan)

    answer = client.post(SIGN_OUT)

    assert (answer.status_code, answer["Location"]) == (302, SIGN_IN)
    assert not is_signed_in(client)
    assert AuditEntry.objects.get().action == "accounts.signed_out"
    assert "Đã đăng xuất." in client.get(SIGN_IN).content.decode()


@pytest.mark.parametrize("address", [SIGN_OUT, SWITCH])
def test_sign_out_by_a_link_or_without_a_session_does_nothing_bad(
    client: Client, lan: User, address: str
) -> None:
    assert client.post(address).status_code == 302
    client.force_login(lan)
    assert client.get(address).status_code == 405
    assert is_signed_in(client)


def test_switch_user_leads_the_next_one_to_the_same_page(client: Client, lan: User) -> None:
    hoa = UserFactory.create(username="hoa")
    client.force_login(lan)

    answer = client.post(SWITCH, headers={"Referer": "http://testserver/bao-cao/3/?muc=2"})

    assert answer["Location"] == f"{SIGN_IN}?next=%2Fbao-cao%2F3%2F%3Fmuc%3D2"
    assert not is_signed_in(client)
    assert AuditEntry.objects.get().action == "accounts.user_switched"
    assert "Bản nháp vẫn còn" in client.get(answer["Location"]).content.decode()
    assert client.post(answer["Location"], {"username": "hoa", "password": PASSWORD})[
        "Location"
    ] == ("/bao-cao/3/?muc=2")
    assert client.session["_auth_user_id"] == str(hoa.pk)


def test_switch_user_keeps_drafts_of_the_browser(client: Client, lan: User) -> None:
    client.force_login(lan)

    assert "Clear-Site-Data" not in client.post(SWITCH).headers


def test_change_password_keeps_this_session_and_ends_the_others(client: Client, lan: User) -> None:
    other = Client()
    for browser in (client, other):
        post_sign_in(browser)
    before = client.session.session_key

    answer = client.post(CHANGE, {"current": PASSWORD, "new_password": OTHER, "repeated": OTHER})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session.session_key != before
    assert client.get(CHANGE).status_code == 200
    assert other.get(CHANGE)["Location"] == f"{SIGN_IN}?next={CHANGE}"
    assert User.objects.get().check_password(OTHER)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"current": "wrong"}, "Mật khẩu hiện tại không đúng."),
        ({"repeated": "khác"}, "Hai lần nhập mật khẩu mới không giống nhau."),
        ({"new_password": "ngắn", "repeated": "ngắn"}, "ít nhất 12 ký tự"),
        ({"new_password": PASSWORD, "repeated": PASSWORD}, "phải khác mật khẩu đang dùng"),
        ({"current": ""}, "Chưa nhập mật khẩu đang dùng."),
    ],
)
def test_change_password_says_what_is_wrong(
    client: Client, lan: User, typed: dict[str, str], message: str
) -> None:
    client.force_login(lan)
    right = {"current": PASSWORD, "new_password": OTHER, "repeated": OTHER}

    page = client.post(CHANGE, right | typed)

    assert page.status_code == 200
    assert message in page.content.decode()
    assert User.objects.get().check_password(PASSWORD)


def test_reset_ends_the_sessions_of_the_user(client: Client, lan: User, at: datetime) -> None:
    client.force_login(lan)

    reset_password(user=lan, by=None, at=at)

    assert client.get(CHANGE)["Location"] == f"{SIGN_IN}?next={CHANGE}"


def test_deactivation_ends_the_sessions_of_the_user(client: Client, lan: User) -> None:
    client.force_login(lan)
    User.objects.update(is_active=False)

    assert client.get(CHANGE)["Location"] == f"{SIGN_IN}?next={CHANGE}"


def test_begin_takes_password_and_size_and_leads_back(client: Client, newcomer: User) -> None:
    post_sign_in(client, username="moi")
    assert "Lần đầu đăng nhập" in client.get(BEGIN).content.decode()

    answer = client.post(
        f"{BEGIN}?next=/bao-cao/",
        {"new_password": OTHER, "repeated": OTHER, "font_size": "20"},
    )

    newcomer.refresh_from_db()
    assert answer["Location"] == "/bao-cao/"
    assert is_signed_in(client)
    assert newcomer.check_password(OTHER)
    assert (newcomer.must_change_password, newcomer.font_size) == (False, 20)


def test_begin_refuses_the_one_time_password_itself(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)

    page = client.post(BEGIN, {"new_password": PASSWORD, "repeated": PASSWORD, "font_size": "16"})

    assert "phải khác mật khẩu đang dùng" in page.content.decode()
    assert User.objects.get().must_change_password


def test_begin_leads_on_who_has_begun(client: Client, lan: User) -> None:
    client.force_login(lan)

    assert client.get(BEGIN)["Location"] == "/"


def test_font_size_is_kept_and_the_same_page_shown(client: Client, lan: User) -> None:
    client.force_login(lan)

    answer = client.post(
        SIZE, {"font_size": "18"}, headers={"Referer": f"http://testserver{CHANGE}"}
    )

    assert answer["Location"] == CHANGE
    assert User.objects.get().font_size == 18
    assert 'class="fs-18"' in client.get(CHANGE).content.decode()


@pytest.mark.parametrize("size", ["17", "", "big"])
def test_font_size_unknown_is_refused(client: Client, lan: User, size: str) -> None:
    client.force_login(lan)

    assert client.post(SIZE, {"font_size": size}).status_code == 400


@pytest.mark.parametrize("address", [CHANGE, BEGIN, SIZE])
def test_pages_of_ones_own_account_ask_to_sign_in(client: Client, db: None, address: str) -> None:
    assert client.post(address)["Location"] == f"{SIGN_IN}?next={address}"


@pytest.mark.parametrize("address", [SIGN_IN, SIGN_OUT, SWITCH, CHANGE, BEGIN, SIZE])
def test_every_post_needs_the_csrf_token(lan: User, address: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lan)

    assert strict.post(address, {"username": "lan", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize(
    ("address", "access"),
    [(SIGN_IN, "open_to_all"), (SWITCH, "open_to_all"), (CHANGE, "signed_in")],
)
def test_views_say_who_may_open_them(address: str, access: str) -> None:
    view: Any = resolve(address).func

    assert view.access == access
