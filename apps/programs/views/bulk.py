"""Change many sites at once: choose, preview, apply, undo."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.core.numbers import format_number
from apps.desk.models import ImportBatch
from apps.desk.rules import ImportState
from apps.desk.services.imports import EXPIRED
from apps.programs.forms.bulk import BulkForm
from apps.programs.models import ModelSite
from apps.programs.queries.life import changeable_sites
from apps.programs.queries.site_list import listed_sites
from apps.programs.services.bulk_edit import (
    BULK_KIND,
    MOST_SITES,
    BulkChangedMeanwhile,
    apply_bulk_edit,
    open_bulk_edit,
    plan_bulk_edit,
    renew_bulk_edit,
    undo_bulk_edit,
)
from apps.programs.views.lists import PAGE_KEY, filters_in
from apps.units.permissions import requires, user_of

_SHOWN = 200


@requires(Permission.REGISTER_ENTER)
def sites_bulk(request: HttpRequest) -> HttpResponse:
    """Ask what is to change in the ticked sites, or in all that are filtered."""
    on, user = timezone.localdate(), user_of(request)
    ids = _chosen(request)
    typed = request.POST if request.method == "POST" else None
    form = BulkForm(typed, user=user, on=on)
    if typed is not None and form.is_valid():
        try:
            batch = open_bulk_edit(site_ids=ids, change=form.change, by=user, at=timezone.now())
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect("programs:sites_bulk_preview", pk=batch.pk)
    context = {"form": form, "count": len(ids), "most": MOST_SITES}
    return render_page_or_part(request, "programs/bulk.html", context)


@require_GET
@requires(Permission.REGISTER_ENTER)
def bulk_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what becomes of each site, or what became of them."""
    batch = _batch(request, pk)
    if batch.state == ImportState.EXPIRED:
        messages.error(request, EXPIRED)
        return redirect(PAGE_KEY)
    is_waiting = batch.state == ImportState.PREVIEWED
    lines = plan_bulk_edit(batch, timezone.localdate()) if is_waiting else []
    changed = [line for line in lines if line.is_changed]
    context = {
        "batch": batch,
        "n_changed": len(changed) if lines else len(batch.summary.get("before", [])),
        "n_same": len(lines) - len(changed),
        "lines": [line for line in lines if line.changes][:_SHOWN],
        "shown": _SHOWN,
        "kept": ModelSite.objects.filter(pk__in=batch.summary.get("kept", [])).order_by("pk"),
    }
    return render_page_or_part(request, "programs/bulk_preview.html", context)


@require_POST
@requires(Permission.REGISTER_ENTER)
def bulk_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what was shown."""
    batch = _batch(request, pk)
    try:
        applied = apply_bulk_edit(batch=batch, by=user_of(request), at=timezone.now())
    except BulkChangedMeanwhile as error:
        renew_bulk_edit(batch=batch, by=user_of(request), at=timezone.now())
        messages.error(request, error.message)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Đã sửa {format_number(len(applied.summary['before']))} điểm.")
    return redirect("programs:sites_bulk_preview", pk=pk)


@require_POST
@requires(Permission.REGISTER_ENTER)
def bulk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the sites back what they had."""
    batch = _batch(request, pk)
    try:
        undone = undo_bulk_edit(batch=batch, by=user_of(request), at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        kept = f" Giữ nguyên {len(undone.kept)} điểm đã có người sửa tiếp." if undone.kept else ""
        messages.success(request, f"Đã hoàn tác {format_number(undone.restored)} điểm.{kept}")
    return redirect("programs:sites_bulk_preview", pk=pk)


def _chosen(request: HttpRequest) -> list[int]:
    """Return the ids of the sites that are meant and that the person may change."""
    on, user = timezone.localdate(), user_of(request)
    mine = changeable_sites(user, on, Permission.REGISTER_ENTER)
    if "tat_ca" in request.GET:
        form = filters_in(request, QueryDict(request.GET.get("loc", "")))
        found = listed_sites(user, on, form.narrowing) if form.is_valid() else mine.none()
        mine = mine.filter(pk__in=found.values("pk"))
    else:
        ids = [int(pk) for pk in request.GET.getlist("chon") if pk.isdecimal() and len(pk) < 19]
        mine = mine.filter(pk__in=ids)
    return list(mine.values_list("pk", flat=True)[: MOST_SITES + 1])


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    """Fetch one of the user's own changes, or 404."""
    batches: QuerySet[ImportBatch] = ImportBatch.objects.visible_to(user_of(request))
    return get_object_or_404(batches.filter(kind=BULK_KIND), pk=pk)
