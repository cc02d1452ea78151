"""Marks on views."""

from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from apps.core.access import open_to_all, signed_in


@signed_in
def private(request: HttpRequest) -> HttpResponse:
    return HttpResponse("private")


@open_to_all
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("public")


def test_views_are_marked() -> None:
    assert vars(private)["access"] == "signed_in"
    assert vars(public)["access"] == "open_to_all"


def test_open_to_all_passes_the_login_middleware() -> None:
    assert vars(public)["login_required"] is False


def test_signed_in_sends_strangers_to_the_sign_in_page_and_back(rf: RequestFactory) -> None:
    request = rf.get("/bao-cao/?ky=1")
    request.user = AnonymousUser()

    response = private(request)

    assert response.status_code == 302
    assert response.headers["Location"] == "/dang-nhap/?next=/bao-cao/%3Fky%3D1"


def test_signed_in_lets_users_in(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = SimpleNamespace(is_authenticated=True)  # type: ignore[assignment]

    assert private(request).content == b"private"
