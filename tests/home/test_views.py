"""Everything that stands on the first page opens for the one who sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoDbBlocker

from apps.accounts.models import User
from tests.kept import kept

pytestmark = pytest.mark.django_db

PEOPLE = (
    "xa.nhap",
    "xa.lanhdao",
    "xa.tiepnhan",
    "truong.nhap",
    "truong.lanhdao",
    "khoi.truong",
    "tinh.tonghop",
    "tinh.nhap",
    "tinh.ky",
    "tinh.lanhdao",
    "thanh.tra",
    "quan.tri",
)
WITH_WORK = {"xa.nhap", "xa.lanhdao", "truong.nhap", "truong.lanhdao", "tinh.tonghop"}


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker):
        call_command("load_reference", verbosity=0)
        call_command("load_demo", "--small")
        yield


def links(page: str) -> list[str]:
    found = re.findall(r'href="(/[^"#]*)', page)
    return sorted({href.replace("&amp;", "&") for href in found if "/static/" not in href})


@pytest.mark.parametrize("username", PEOPLE)
def test_every_link_of_the_first_page_opens(province: None, client: Client, username: str) -> None:
    client.force_login(User.objects.get(username=username))

    page = client.get("/")

    text = page.content.decode()
    answers = {
        href: client.get(href).status_code for href in links(text) if "dang-xuat" not in href
    }
    assert page.status_code == 200
    assert answers
    assert {href: code for href, code in answers.items() if code not in {200, 302}} == {}
    assert ("Không còn việc nào." not in text) or username not in WITH_WORK


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert settings.LOGIN_URL is not None


def test_made_up_figures_are_marked_on_the_page(province: None, client: Client) -> None:
    client.force_login(User.objects.get(username="xa.nhap"))

    assert "minh họa" in client.get("/").content.decode().lower()
