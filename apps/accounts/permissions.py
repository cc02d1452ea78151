"""Hold a user with a one-time password at the first-time page until it is changed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from apps.core.access import OPEN_TO_ALL
from apps.core.htmx import is_htmx
from apps.core.middleware import page_looked_at

STILL_ALLOWED = frozenset({"accounts:begin", "accounts:font_size"})


class FirstSignIn:
    """Middleware, after AuthenticationMiddleware: no page opens before the password is one's own.

    Pages open to all stay open (sign-in, sign-out, verification), and cost no query here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the decision needs the view and is made in ``process_view``."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: list[Any],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Send to the first-time page, and from there back to the page that was wanted."""
        match = request.resolver_match
        if getattr(view, "access", "") == OPEN_TO_ALL or not getattr(view, "login_required", True):
            return None
        if match is not None and match.view_name in STILL_ALLOWED:
            return None
        if not getattr(request.user, "must_change_password", False):
            return None
        page = f"{reverse('accounts:begin')}?{urlencode({'next': page_looked_at(request)})}"
        if is_htmx(request):
            return HttpResponse(status=204, headers={"HX-Redirect": page})
        return redirect(page)
