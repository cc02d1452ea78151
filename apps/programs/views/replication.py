"""Replicate a site: choose units, look at what would happen, open the drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.programs.forms.life import SpreadForm
from apps.programs.models import ModelSite
from apps.programs.queries.chain import head_of
from apps.programs.queries.life import changeable_sites
from apps.programs.services.refusals import RegisterRefused
from apps.programs.services.replication import MOST_UNITS, plan_spread, replicate_site
from apps.units.models import Unit
from apps.units.models.tree import UnitQuerySet
from apps.units.permissions import requires, user_of
from apps.units.queries import UnitName, described


@requires(Permission.REGISTER_DECIDE)
def replicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the units to which a site is replicated, or open the drafts that were looked at."""
    by, on = user_of(request), timezone.localdate()
    sites = changeable_sites(by, on, Permission.REGISTER_DECIDE)
    site = get_object_or_404(sites.select_related("model_type"), pk=pk)
    scope = Unit.objects.visible_to(by, on, Permission.REGISTER_DECIDE)
    if request.method == "POST":
        chosen = _ticked(request.POST, scope)
        try:
            drafts = replicate_site(site=site, units=chosen, by=by, at=timezone.now())
        except RegisterRefused as error:
            messages.error(request, error.message)
            return _choose(request, site, scope, on)
        messages.success(request, f"Đã tạo {len(drafts)} bản nháp và báo cho các đơn vị.")
        return redirect("programs:site_chain", pk=pk)
    return _choose(request, site, scope, on)


def _choose(request: HttpRequest, site: ModelSite, scope: UnitQuerySet, on: date) -> HttpResponse:
    """Show the list to choose from, or what would become of the units that are chosen."""
    query = request.GET or request.POST
    form = SpreadForm(query if "q" in query else {"kind": "commune"})
    others = scope.exclude(pk=site.unit_id)
    ids = form.narrowed(others, on).values_list("pk", flat=True)
    offered = described(ids, on)
    chosen = _ticked(query, others)
    if "tat_ca" in query:
        chosen = _joined(chosen, offered, others)
    plan = plan_spread(site, chosen, on) if "xem" in query else []
    context = head_of(site, on) | {
        "form": form,
        "offered": [
            row for row in offered[:MOST_UNITS] if row.unit_id not in {u.pk for u in chosen}
        ],
        "n_offered": len(offered),
        "chosen": plan_spread(site, chosen, on) if not plan else [],
        "plan": plan,
        "free": [row for row in plan if not row.obstacle],
        "most": MOST_UNITS,
    }
    return render_page_or_part(request, "programs/replicate.html", context)


def _ticked(query: QueryDict, units: UnitQuerySet) -> list[Unit]:
    """Return the units that are ticked, of those that may be."""
    ids = [int(pk) for pk in query.getlist("unit") if pk.isdecimal() and len(pk) < 19]
    return list(units.filter(pk__in=ids).order_by("pk")[: MOST_UNITS + 1])


def _joined(chosen: list[Unit], offered: Sequence[UnitName], units: UnitQuerySet) -> list[Unit]:
    """Return the chosen units and all that are offered, as many as may be taken at once."""
    ids = [*(unit.pk for unit in chosen), *(row.unit_id for row in offered)][:MOST_UNITS]
    return list(units.filter(pk__in=ids).order_by("pk"))
