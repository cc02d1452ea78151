"""What surrounds every request: a plain page when the database is gone, headers, session limits."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

GetResponse = Callable[[HttpRequest], HttpResponseBase]

logger = logging.getLogger(__name__)

DATABASE_IS_GONE = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = 15

_STARTED, _SEEN = "antq_started_at", "antq_seen_at"
_SEEN_AGAIN_AFTER = timedelta(minutes=1)
_PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


class DatabaseGone:
    """Answer 503 with a page that needs no database; outermost, so that nothing slips past."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Drop broken connections afterwards, so that the next request opens a new one."""
        try:
            return self.get_response(request)
        except DATABASE_IS_GONE:
            return database_gone_page()
        finally:
            for connection in connections.all(initialized_only=True):
                if connection.errors_occurred:
                    connection.close_if_unusable_or_obsolete()

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Catch what a view or its template raises; the rest comes through ``server_error``."""
        return database_gone_page() if isinstance(error, DATABASE_IS_GONE) else None


def database_gone_page() -> HttpResponse:
    """Return the plain 503 page and note the failure with its trace."""
    logger.error("database unavailable", exc_info=sys.exc_info()[0] is not None)
    page = render_to_string("errors/503.html")
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)


class SecurityHeaders:
    """Say on every page: keep no copy, share no window, use no device."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers; a view that set Cache-Control itself knows better."""
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        headers.setdefault("X-Robots-Tag", "noindex")
        return response


class SessionLimits:
    """End a session after a time without use and after a working day, and come back to the page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request through, or sign the user out and ask to sign in again."""
        if SESSION_KEY not in request.session:
            return self.get_response(request)
        at = timezone.now()
        if session_is_over(request, at):
            logout(request)
            return sign_in_again(request)
        note_use(request, at)
        return self.get_response(request)


def session_is_over(request: HttpRequest, at: datetime) -> bool:
    """Tell whether the session has been idle too long or has lasted too long."""
    started, seen = request.session.get(_STARTED), request.session.get(_SEEN)
    if started is None or seen is None:
        return False
    now = int(at.timestamp())
    idle: timedelta = settings.SESSION_IDLE
    absolute: timedelta = settings.SESSION_ABSOLUTE
    too_idle = now - int(seen) >= idle.total_seconds()
    return too_idle or now - int(started) >= absolute.total_seconds()


def note_use(request: HttpRequest, at: datetime) -> None:
    """Write when the session was last used, at most once a minute; polling is not use."""
    session, now = request.session, int(at.timestamp())
    session.setdefault(_STARTED, now)
    is_polling = request.headers.get("X-Background") == "1"
    seen = session.get(_SEEN)
    if seen is None or (not is_polling and now - seen >= _SEEN_AGAIN_AFTER.total_seconds()):
        session[_SEEN] = now


def sign_in_again(request: HttpRequest) -> HttpResponseBase:
    """Send to the sign-in page and, after it, back to the page the user was looking at."""
    page = page_looked_at(request)
    answer = redirect_to_login(page)
    if request.headers.get("HX-Request") != "true":
        return answer
    return HttpResponse(status=204, headers={"HX-Redirect": answer.url})


def page_looked_at(request: HttpRequest) -> str:
    """Return the address shown in the browser; a POST has none of its own to come back to."""
    if request.method == "GET" and request.headers.get("HX-Request") != "true":
        return request.get_full_path()
    shown = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(shown, hosts, require_https=False):
        parts = urlsplit(shown)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return resolve_url(settings.LOGIN_REDIRECT_URL)
