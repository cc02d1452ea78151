"""The first page, and what stands around every page."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from apps.accounts.models import User
from apps.core.access import signed_in
from apps.home.queries import frame_of, work_list


@signed_in
def show_work_list(request: HttpRequest) -> HttpResponseBase:
    """Show what this person has to do, by when, with one button each."""
    work = work_list(cast("User", request.user), timezone.now())
    return render(request, "home/work_list.html", {"work": work})


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template what stands around a page of a signed-in person."""
    if not isinstance(request.user, User):
        return {}
    return frame_of(request.user, request.path, timezone.now())
