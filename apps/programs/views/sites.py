"""Record a site in three steps, show it, correct it, take back a mistake."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.programs.forms.site_edit import EditSiteForm, RemoveSiteForm
from apps.programs.forms.site_parts import all_forms
from apps.programs.forms.sites import CHECKED, NewSiteForm
from apps.programs.models import ModelSite
from apps.programs.queries.chain import site_life
from apps.programs.queries.life import right_to_move
from apps.programs.queries.site import own_drafts, recently_removed, site_page
from apps.programs.services.site_checks import SiteChangedMeanwhile, SiteRefused
from apps.programs.services.site_details import record_site
from apps.programs.services.sites import edit_site, remove_site, restore_site
from apps.programs.views.site_scope import edited_site, may_write, removable_site, visible_site
from apps.units.permissions import permissions_for, requires, user_of
from apps.units.queries import names_of


@requires(Permission.REGISTER_ENTER)
def site_add(request: HttpRequest) -> HttpResponse:
    """Record a new site; nothing is written before the whole is right."""
    form, step = _form_and_step(request)
    if request.method == "POST" and request.POST.get("go") == "save" and form.is_valid():
        try:
            site = record_site(opening=form.opening, by=user_of(request), at=timezone.now())
        except SiteRefused as error:
            form.take(error)
            step = form.first_bad_step
        else:
            word = "Đã ghi" if site.launched_on else "Đã lưu bản nháp"
            messages.success(request, f"{word} {site.name} ({site.code}).")
            return redirect("programs:site", pk=site.pk)
    return render(request, "programs/site_add.html", _step_context(form, step))


@require_GET
@requires(Permission.REGISTER_ENTER)
def site_drafts(request: HttpRequest) -> HttpResponse:
    """List the person's drafts, and what was taken back lately in his scope."""
    user, at = user_of(request), timezone.now()
    on = timezone.localdate(at)
    drafts, removed = list(own_drafts(user, on)), recently_removed(user, at)
    names = names_of({site.unit_id for site in [*drafts, *removed]}, on)
    context = {
        "drafts": [(site, names.get(site.unit_id, "")) for site in drafts],
        "removed": [(site, names.get(site.unit_id, "")) for site in removed],
    }
    return render(request, "programs/site_drafts.html", context)


@require_GET
@requires(Permission.REGISTER_VIEW)
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one site with all that it consists of and what became of it."""
    return render(request, "programs/site.html", site_context(request, visible_site(request, pk)))


@requires(Permission.REGISTER_ENTER)
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what a site is; a second person at the same time sees both versions."""
    site = edited_site(request, pk)
    typed = request.POST if request.method == "POST" else None
    form = EditSiteForm(typed, site=site, user=user_of(request), on=timezone.localdate())
    if form.is_valid():
        seen = form.cleaned_data["lock_version"]
        try:
            edit_site(
                site=site,
                new=form.new_site,
                lock_version=seen,
                restores="restore" in request.POST,
                by=user_of(request),
                at=timezone.now(),
            )
        except SiteChangedMeanwhile as error:
            form.show_conflict(error, edited_site(request, pk))
        except SiteRefused as error:
            form.take(error)
            site.refresh_from_db(fields=["removed_at", "removed_reason"])
        else:
            messages.success(request, f"Đã lưu {site.code}.")
            return redirect("programs:site", pk=pk)
    return render(request, "programs/site_edit.html", {"form": form, "site": site})


@requires(Permission.REGISTER_ENTER)
def site_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a site that was recorded by mistake, saying why; offer to bring it back."""
    site = removable_site(request, pk)
    form = RemoveSiteForm(request.POST if request.method == "POST" else None)
    if site.removed_at is None and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            remove_site(site=site, reason=reason, by=user_of(request), at=timezone.now())
        except DomainError as error:
            form.refuse(error, "reason")
        else:
            return redirect("programs:site_remove", pk=pk)
    return render(request, "programs/site_remove.html", {"form": form, "site": site})


@require_POST
@requires(Permission.REGISTER_ENTER)
def site_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back a site that had been taken back."""
    site = removable_site(request, pk)
    try:
        restore_site(site=site, by=user_of(request), at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("programs:site_remove", pk=pk)
    messages.success(request, f"Đã khôi phục {site.code}.")
    return redirect("programs:site", pk=pk)


def site_context(request: HttpRequest, site: ModelSite) -> dict[str, Any]:
    """Return what the page of a site and each of its parts show."""
    user, on = user_of(request), timezone.localdate()
    writes = may_write(request, site)
    held = permissions_for(user, on)
    return {
        "site": site,
        "page": site_page(site, on),
        "life": site_life(site, on),
        "may_write": writes,
        "may_move": writes and right_to_move(site.state) in held,
        "may_decide": writes and Permission.REGISTER_DECIDE in held,
        "rights": held,
        "forms": all_forms(site, on) if writes else {},
        "today": on,
    }


def _form_and_step(request: HttpRequest) -> tuple[NewSiteForm, int]:
    """Read what was sent and say which step to show next."""
    user, on = user_of(request), timezone.localdate()
    if request.method != "POST":
        return NewSiteForm(user=user, on=on, checked=0), 1
    sent = request.POST.get("step", "")
    step = int(sent) if sent in {"1", "2", "3"} else 1
    go = request.POST.get("go", "next")
    if go == "back":
        return NewSiteForm(request.POST, user=user, on=on, checked=0), max(step - 1, 1)
    checked = CHECKED if go == "save" else step
    form = NewSiteForm(request.POST, user=user, on=on, checked=checked)
    if not form.is_valid():
        return form, form.first_bad_step
    return form, CHECKED if go == "save" else min(step + 1, CHECKED)


def _step_context(form: NewSiteForm, step: int) -> dict[str, object]:
    """Return what a step shows, what travels along, and the last look."""
    return {
        "form": form,
        "step": step,
        "shown": form.fields_of(step),
        "carried": list(form.carried(step)),
        "summary": form.summary() if step == CHECKED else [],
    }
