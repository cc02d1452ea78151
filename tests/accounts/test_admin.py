"""The admin site uses the portal's sign-in; its users' pages write through services."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from tests.factories.accounts import PASSWORD, UserFactory

LIST, ADD = "/quan-tri/accounts/user/", "/quan-tri/accounts/user/add/"


@pytest.fixture
def quan(db: None) -> User:
    """An administrator."""
    return UserFactory.create(username="quan", is_staff=True, is_superuser=True)


@pytest.fixture
def lan(db: None) -> User:
    """A clerk."""
    return UserFactory.create(username="lan", full_name="Trần Thị Lan")


@pytest.fixture
def office(client: Client, quan: User) -> Client:
    """The administrator's browser."""
    client.force_login(quan)
    return client


@pytest.mark.parametrize("address", ["/quan-tri/", LIST, ADD])
def test_guests_are_sent_to_the_portals_sign_in_and_back(
    client: Client, quan: User, address: str
) -> None:
    page = client.get(address, follow=True)

    sign_in = page.redirect_chain[-1][0]
    assert sign_in == f"/dang-nhap/?next={address}"
    assert client.post(sign_in, {"username": "quan", "password": PASSWORD})["Location"] == address


def test_guests_at_the_admins_own_sign_in_are_sent_to_the_portals(client: Client, db: None) -> None:
    assert client.get("/quan-tri/login/")["Location"] == "/dang-nhap/?next=/quan-tri/"


@pytest.mark.parametrize(
    "address", ["/quan-tri/", LIST, "/quan-tri/login/", "/quan-tri/nothing/here/"]
)
def test_others_find_nothing_there(client: Client, lan: User, address: str) -> None:
    client.force_login(lan)

    assert client.get(address).status_code == 404


def test_admin_accepts_no_password_of_its_own(client: Client, quan: User) -> None:
    client.post("/quan-tri/login/", {"username": "quan", "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_administrators_come_in_and_leave_by_the_portals_pages(office: Client) -> None:
    assert office.get("/quan-tri/").status_code == 200
    assert office.get("/quan-tri/login/")["Location"] == "/quan-tri/"
    assert office.get("/quan-tri/password_change/")["Location"] == "/doi-mat-khau/"
    leaving = office.post("/quan-tri/logout/")
    assert (leaving.status_code, leaving["Location"]) == (307, "/dang-xuat/")


def test_list_shows_no_password(office: Client, lan: User) -> None:
    page = office.get(LIST, {"q": "lan"})

    text = page.content.decode()
    assert "Trần Thị Lan" in text
    assert "Tên đăng nhập".lower() in text.lower()
    assert lan.password not in text


def test_list_costs_the_same_for_one_and_for_twenty(
    office: Client, lan: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(10) as few:
        office.get(LIST)
    UserFactory.create_batch(20)

    with django_assert_max_num_queries(len(few)):
        office.get(LIST)


def test_page_of_a_user_shows_no_password_and_offers_no_deletion(office: Client, lan: User) -> None:
    text = office.get(f"{LIST}{lan.pk}/change/").content.decode()

    assert lan.password not in text
    assert "password" not in text.replace("must_change_password", "").replace("password_change", "")
    assert office.post(f"{LIST}{lan.pk}/delete/", {"post": "yes"}).status_code == 403


def test_add_goes_through_the_service_and_shows_the_password_once(
    office: Client, quan: User
) -> None:
    page = office.post(ADD, {"username": "Hoa.01", "full_name": "Lê Hoa", "title": "Cán bộ"})

    hoa = User.objects.get(username="hoa.01")
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    code = page.content.decode().split("<code>")[1].split("</code>")[0]
    assert hoa.check_password(code)
    assert hoa.must_change_password
    assert code not in office.get(f"{LIST}{hoa.pk}/change/").content.decode()
    entry = AuditEntry.objects.get(action="accounts.user_created")
    assert entry.actor_id == quan.pk


@pytest.mark.parametrize("username", ["Trần", "lan", ""])
def test_add_says_what_is_wrong_with_a_name(office: Client, lan: User, username: str) -> None:
    page = office.post(ADD, {"username": username, "full_name": "Lan"})

    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert User.objects.count() == 2


def test_change_goes_through_the_services(office: Client, lan: User) -> None:
    office.post(
        f"{LIST}{lan.pk}/change/",
        {"username": "other", "full_name": "Trần Lan", "title": lan.title, "is_staff": "on"},
    )

    lan.refresh_from_db()
    assert (lan.username, lan.full_name) == ("lan", "Trần Lan")
    assert (lan.is_active, lan.is_staff, lan.is_superuser) == (False, True, True)
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "accounts.profile_changed",
        "accounts.user_deactivated",
        "accounts.admin_granted",
    }


def test_change_opens_a_closed_account_again(office: Client, lan: User) -> None:
    User.objects.filter(pk=lan.pk).update(is_active=False)

    office.post(
        f"{LIST}{lan.pk}/change/",
        {"full_name": lan.full_name, "title": lan.title, "is_active": "on"},
    )

    lan.refresh_from_db()
    assert lan.is_active
    assert AuditEntry.objects.get().action == "accounts.user_activated"


def test_administrators_cannot_lock_themselves_out(office: Client, quan: User) -> None:
    office.post(f"{LIST}{quan.pk}/change/", {"full_name": "Quản trị"})

    quan.refresh_from_db()
    assert quan.is_active
    assert quan.is_staff
    assert quan.full_name == "Quản trị"


def test_one_time_passwords_are_issued_for_chosen_users(office: Client, lan: User) -> None:
    page = office.post(LIST, {"action": "issue_passwords", "_selected_action": [lan.pk]})

    code = page.content.decode().split("<code>")[1].split("</code>")[0]
    lan.refresh_from_db()
    assert lan.check_password(code)
    assert AuditEntry.objects.get().action == "accounts.password_reset"


def test_one_time_passwords_are_issued_for_twenty_at_most(office: Client) -> None:
    users = UserFactory.create_batch(21)

    office.post(
        LIST, {"action": "issue_passwords", "_selected_action": [user.pk for user in users]}
    )

    assert not AuditEntry.objects.exists()


def test_groups_play_no_part() -> None:
    assert not admin.site.is_registered(Group)
