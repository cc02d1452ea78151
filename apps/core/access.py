"""Marks on views: who may open them. The access matrix test reads ``view.access``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

OPEN_TO_ALL = "open_to_all"
SIGNED_IN = "signed_in"

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def open_to_all(view: View) -> View:
    """Let everybody in, signed in or not."""
    return marked(login_not_required(view), OPEN_TO_ALL)


def signed_in(view: View) -> View:
    """Let every signed-in user in; send others to the sign-in page and back."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return marked(cast("View", checked), SIGNED_IN)


def marked(view: View, access: str) -> View:
    """Write on a view who may open it."""
    noted: Any = view
    noted.access = access
    return view
