"""A page and its parts from one template."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from apps.core.htmx import is_htmx, render_page_or_part

PAGE = "components/stat.html"


@pytest.fixture
def by_nobody(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/")
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("headers", "is_part"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_is_htmx(rf: RequestFactory, headers: dict[str, str], is_part: bool) -> None:
    assert is_htmx(rf.get("/", headers=headers)) is is_part


def test_a_plain_browser_gets_the_page(by_nobody: HttpRequest) -> None:
    response = render_page_or_part(by_nobody, PAGE, {"label": "Tin báo"}, part="none")

    assert "Tin báo" in response.content.decode()
    assert response.headers["Vary"] == "HX-Request"


def test_status_is_passed_on(by_nobody: HttpRequest) -> None:
    assert render_page_or_part(by_nobody, PAGE, {}, status=422).status_code == 422
