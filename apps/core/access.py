"""Marks on views: who may open them. The access matrix test reads ``view.access``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

OPEN_TO_ALL = "open_to_all"
SIGNED_IN = "signed_in"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def open_to_all(view: View[P]) -> View[P]:
    """Let everybody in, signed in or not."""
    opened: Any = login_not_required(view)
    return marked(opened, OPEN_TO_ALL)


def signed_in(view: View[P]) -> View[P]:
    """Let every signed-in user in; send others to the sign-in page and back."""

    @wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return marked(checked, SIGNED_IN)


def marked(view: View[P], access: str) -> View[P]:
    """Write on a view who may open it."""
    noted: Any = view
    noted.access = access
    return view
