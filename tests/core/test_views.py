"""Error pages: plain words, what to do, a code; the gallery shows every component."""

import logging
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from apps.core import views


def words(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.fixture
def request_by_nobody(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/x/")
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda r: views.bad_request(r, SuspiciousOperation("x")), 400),
        (lambda r: views.bad_request(r, RequestDataTooBig("x")), 413),
        (lambda r: views.permission_denied(r), 403),
        (lambda r: views.csrf_failure(r, "x"), 403),
        (lambda r: views.page_not_found(r), 404),
        (lambda r: views.server_error(r), 500),
    ],
)
def test_error_page_says_what_to_do(
    request_by_nobody: HttpRequest, answer: Any, status: int
) -> None:
    response = answer(request_by_nobody)

    assert response.status_code == status
    assert "<h1>" in words(response)
    assert "hãy" in words(response).lower()
    assert re.search(rf"Mã lỗi để báo hỗ trợ: {status}", words(response))
    assert response.headers["Cache-Control"] == "no-store"


def test_a_missing_page_and_one_out_of_scope_are_the_same_bytes(rf: RequestFactory) -> None:
    missing = views.page_not_found(rf.get("/khong-co/"), Http404("no such address"))
    hidden = views.page_not_found(rf.get("/bao-cao/12/"), Http404("not yours"))

    assert missing.content == hidden.content
    assert dict(missing.headers) == dict(hidden.headers)


def test_the_code_of_a_500_stands_in_the_log(
    request_by_nobody: HttpRequest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    page = words(views.server_error(request_by_nobody))

    code = re.search(r"500-[2-9A-Z]{6}", page)
    assert code
    assert code.group() in caplog.text


def test_error_pages_name_no_address_of_the_request(request_by_nobody: HttpRequest) -> None:
    request_by_nobody.path = "/<script>"

    assert "/<script>" not in words(views.page_not_found(request_by_nobody))


@pytest.fixture
def request_by_admin(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/giao-dien/")
    request.user = SimpleNamespace(  # type: ignore[assignment]
        is_staff=True, is_authenticated=True, full_name="Lan", username="lan", font_size=18
    )
    request._messages = CookieStorage(request)
    return request


def test_the_gallery_is_for_administrators(request_by_nobody: HttpRequest) -> None:
    with pytest.raises(Http404):
        views.gallery(request_by_nobody)


def test_the_gallery_shows_every_component(request_by_admin: HttpRequest) -> None:
    page = words(views.gallery(request_by_admin))

    for part in ("alert", "badge", "breadcrumb", "card", "empty", "pager", "progress", "stat"):
        assert f'class="{part}' in page
    assert 'class="fs-18"' in page
    assert "style=" not in page


def test_the_gallery_checks_its_form(request_by_admin: HttpRequest, rf: RequestFactory) -> None:
    request = rf.post("/giao-dien/", {"meetings": "1,5"})
    request.user = request_by_admin.user
    request._messages = CookieStorage(request)

    assert "Có mục cần sửa" in words(views.gallery(request))
