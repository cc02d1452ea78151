"""Nobody works with a one-time password."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

OTHER = "chiếc xe đạp màu xanh"


@pytest.fixture
def newcomer(db: None) -> User:
    """Somebody who holds a one-time password."""
    return UserFactory.create(username="moi", must_change_password=True)


@pytest.mark.parametrize("address", ["/", "/doi-mat-khau/", "/quan-tri/"])
def test_every_page_leads_to_the_first_time_page(
    client: Client, newcomer: User, address: str
) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    client.force_login(newcomer)

    answer = client.get(address)

    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/bat-dau/?next={address.replace('/', '%2F')}",
    )


def test_htmx_is_led_there_as_a_whole_page(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)

    answer = client.post(
        "/doi-mat-khau/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/bao-cao/3/"},
    )

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/bat-dau/?next=%2Fbao-cao%2F3%2F"


@pytest.mark.parametrize("address", ["/dang-xuat/", "/doi-nguoi-dung/"])
def test_leaving_stays_possible(client: Client, newcomer: User, address: str) -> None:
    client.force_login(newcomer)

    client.post(address)

    assert "_auth_user_id" not in client.session


def test_font_size_stays_possible(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)

    assert client.post("/co-chu/", {"font_size": "20"}).status_code == 302
    assert User.objects.get().font_size == 20


def test_after_the_change_every_page_opens(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)
    client.post("/bat-dau/", {"new_password": OTHER, "repeated": OTHER, "font_size": "16"})

    assert client.get("/doi-mat-khau/").status_code == 200


def test_guests_cost_nothing(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    User(username="x", password=make_password(PASSWORD))

    with django_assert_num_queries(0):
        assert Client().get("/dang-nhap/").status_code == 200
