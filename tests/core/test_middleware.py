"""Around every request: the database may go and come back; sessions end; headers are said."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as project_settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from apps.core.access import open_to_all
from apps.core.middleware import DatabaseGone, SecurityHeaders, SessionLimits


@open_to_all
def ask_database(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("answered")


@open_to_all
def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError("an error of ours")


@open_to_all
def cached(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x", headers={"Cache-Control": "private, max-age=60"})


urlpatterns = [path("ask/", ask_database), path("fail/", fail), path("cached/", cached)]
handler500 = "apps.core.views.server_error"


class BreaksAfterView:
    """A middleware that needs the database after the view, as the session's does."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        if "late" in request.GET:
            raise OperationalError("gone while answering")
        return response


WITHOUT_SESSION = {
    "ROOT_URLCONF": __name__,
    "MIDDLEWARE": ["apps.core.middleware.DatabaseGone", f"{__name__}.BreaksAfterView"],
}


@pytest.fixture
def browser() -> Iterator[Client]:
    with override_settings(**WITHOUT_SESSION):
        yield Client(raise_request_exception=False)


@contextmanager
def no_server() -> Iterator[None]:
    """Point the connection at a port where nobody listens, then back again."""
    connection.close()
    before = connection.settings_dict["HOST"], connection.settings_dict["PORT"]
    connection.settings_dict.update(HOST="127.0.0.1", PORT="9")
    yield
    connection.settings_dict.update(HOST=before[0], PORT=before[1])


def assert_is_plain_503(response: Any) -> None:
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "15"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Hệ thống đang bận" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_refused_connection_gives_the_plain_page_until_it_is_back(browser: Client) -> None:
    with no_server():
        for _ in range(3):
            assert_is_plain_503(browser.get("/ask/"))

    assert browser.get("/ask/").content == b"answered"


@pytest.mark.django_db(transaction=True)
def test_a_killed_connection_gives_the_plain_page_once_and_recovers(browser: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    killer = connection.copy()
    with killer.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    killer.close()

    answers = [browser.get("/ask/") for _ in range(2)]

    assert answers[0].status_code in {200, 503}
    assert (answers[1].status_code, answers[1].content) == (200, b"answered")


def test_a_failure_while_answering_gives_the_plain_page(browser: Client) -> None:
    assert_is_plain_503(browser.get("/cached/?late=1"))


def test_an_error_of_ours_is_still_a_500(browser: Client) -> None:
    response = browser.get("/fail/")

    assert response.status_code == 500
    assert "500-" in response.content.decode()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_an_error_that_reaches_the_outside_is_caught(
    rf: RequestFactory, error: type[Exception]
) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise error("gone")

    assert_is_plain_503(DatabaseGone(broken)(rf.get("/")))


def test_headers_keep_pages_out_of_caches(rf: RequestFactory) -> None:
    headers = SecurityHeaders(lambda request: HttpResponse("x"))(rf.get("/")).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_view_that_knows_better_keeps_its_cache_header(rf: RequestFactory) -> None:
    response = SecurityHeaders(cached)(rf.get("/"))

    assert response.headers["Cache-Control"] == "private, max-age=60"


def visit(session: SessionStore, url: str = "/bao-cao/", **options: Any) -> HttpResponse:
    """Pass one request of a signed-in user through the limits."""
    post = options.pop("post", False)
    factory = RequestFactory()
    request = factory.post(url, **options) if post else factory.get(url, **options)
    request.session = session
    answer = SessionLimits(lambda _: HttpResponse("in"))(request)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.fixture
def session() -> SessionStore:
    store = SessionStore()
    store[SESSION_KEY] = "7"
    return store


START = "2026-11-18 08:00+07:00"


def test_a_session_in_use_goes_on(session: SessionStore) -> None:
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(16):
            assert visit(session).content == b"in"
            clock.shift(project_settings.SESSION_IDLE - timedelta(seconds=1))


def test_an_idle_session_ends_and_comes_back_to_the_page(session: SessionStore) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visit(session)
        clock.shift(project_settings.SESSION_IDLE)
        answer = visit(session, "/bao-cao/7/?o=1")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/dang-nhap/?next=/bao-cao/7/%3Fo%3D1"
    assert SESSION_KEY not in session


def test_a_session_ends_after_a_working_day_even_in_use(session: SessionStore) -> None:
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(27):
            assert visit(session).status_code == 200
            clock.shift(timedelta(minutes=20))
        assert visit(session).status_code == 302


def test_polling_is_not_use(session: SessionStore) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visit(session)
        for _ in range(2):
            clock.shift(timedelta(minutes=15))
            answer = visit(session, headers={"X-Background": "1"})

    assert answer.status_code == 302


def test_use_is_written_at_most_once_a_minute(session: SessionStore) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visit(session)
        session.modified = False
        clock.shift(30)
        visit(session)
        assert not session.modified
        clock.shift(30)
        visit(session)
        assert session.modified


def test_a_late_post_comes_back_to_the_page_it_was_sent_from(session: SessionStore) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visit(session)
        clock.shift(project_settings.SESSION_IDLE)
        answer = visit(
            session, "/luu/", post=True, headers={"Referer": "http://testserver/bao-cao/7/?o=1"}
        )

    assert answer.headers["Location"] == "/dang-nhap/?next=/bao-cao/7/%3Fo%3D1"


def test_a_late_post_never_goes_to_another_host(session: SessionStore) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visit(session)
        clock.shift(project_settings.SESSION_IDLE)
        answer = visit(session, "/luu/", post=True, headers={"Referer": "http://evil.test/x"})

    assert answer.headers["Location"] == "/dang-nhap/?next=/"


def test_htmx_is_told_to_go_to_the_sign_in_page(session: SessionStore) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visit(session)
        clock.shift(project_settings.SESSION_IDLE)
        answer = visit(
            session,
            "/o/12/",
            headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/bao-cao/7/"},
        )

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/dang-nhap/?next=/bao-cao/7/"


def test_strangers_have_no_limits() -> None:
    store = SessionStore()

    assert visit(store).content == b"in"
    assert not store.modified
