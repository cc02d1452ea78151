"""One template for a page and its parts: htmx gets the part, a plain browser the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part; a boosted or restored page is a whole page."""
    headers = request.headers
    whole = headers.get("HX-Boosted") or headers.get("HX-History-Restore-Request") == "true"
    return headers.get("HX-Request") == "true" and not whole


def render_page_or_part(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render ``template`` or, when htmx asks, ``template#part`` (django-template-partials)."""
    name = f"{template}#{part}" if part and is_htmx(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
