"""Offer units and kinds of models while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.rules import Permission
from apps.core.text import nfc
from apps.programs.queries.types import similar_types
from apps.programs.queries.units import find_units
from apps.units.models import Unit
from apps.units.permissions import requires, user_of

_LONGEST = 100


@require_GET
@requires(Permission.REGISTER_VIEW)
def unit_options(request: HttpRequest) -> HttpResponse:
    """Offer living units by name or code; with pham_vi only those the person may write for."""
    on = timezone.localdate()
    typed = nfc(request.GET.get("q", ""))[:_LONGEST]
    units = Unit.objects.all()
    if request.GET.get("pham_vi"):
        units = units.visible_to(user_of(request), on, Permission.REGISTER_ENTER)
    context = {"options": find_units(units, typed, on), "typed": typed}
    return render(request, "programs/_unit_options.html", context)


@require_GET
@requires(Permission.REGISTER_VIEW)
def type_options(request: HttpRequest) -> HttpResponse:
    """Offer kinds of models of a like name, accents and slips forgiven, to take instead."""
    typed = nfc(request.GET.get("q", ""))[:_LONGEST]
    return render(request, "programs/_type_options.html", {"types": similar_types(typed)})
