"""Move sites along their life, show what grew from them, put them before the Ministry."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.programs.forms.life import MoveForm, ReasonForm, ReferralForm, UndoForm
from apps.programs.models import MinistryReferral, ModelSite, ModelType
from apps.programs.queries.chain import MOST_NODES, family, head_of, look_of
from apps.programs.queries.life import changeable_sites, own_unit, right_to_move
from apps.programs.services.moves import move_site, undo_move
from apps.programs.services.referrals import record_referral, remove_referral
from apps.programs.services.refusals import RegisterRefused
from apps.units.permissions import requires, user_of


@requires(Permission.REGISTER_ENTER)
def site_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the next state of a site, since when and why."""
    site = _changeable(request, pk)
    _refuse_without(request, site, site.state)
    today = timezone.localdate()
    typed = request.POST if request.method == "POST" else None
    form = MoveForm(typed, site=site, initial={"on": today, "lock_version": site.lock_version})
    if form.is_valid():
        try:
            move = move_site(
                site=site, move=form.new_move(), by=user_of(request), at=timezone.now()
            )
        except RegisterRefused as error:
            form.refuse_at(error)
        else:
            word = look_of(move.to_state).label
            messages.success(request, f"Đã chuyển {site.code} sang “{word}”.")
            return redirect("programs:site", pk=pk)
    context = head_of(site, today) | {
        "form": form,
        "last": site.moves.order_by("-on", "-pk").first(),
    }
    return render_page_or_part(request, "programs/move.html", context)


@requires(Permission.REGISTER_ENTER)
def site_move_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last move of a site, saying why."""
    site = _changeable(request, pk)
    last = get_object_or_404(site.moves.order_by("-on", "-pk")[:1])
    _refuse_without(request, site, last.from_state)
    typed = request.POST if request.method == "POST" else None
    form = UndoForm(typed, initial={"lock_version": site.lock_version})
    if form.is_valid():
        try:
            undo_move(site=site, by=user_of(request), at=timezone.now(), **form.cleaned_data)
        except RegisterRefused as error:
            form.refuse_at(error)
        else:
            messages.success(request, f"Đã hoàn tác, {site.code} về “{look_of(site.state).label}”.")
            return redirect("programs:site", pk=pk)
    back = (look_of(last.from_state), look_of(last.to_state))
    context = head_of(site, timezone.localdate()) | {"form": form, "last": last, "back": back}
    return render_page_or_part(request, "programs/move_undo.html", context)


@requires(Permission.REGISTER_VIEW)
def site_chain(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where a site came from and what grew from it, as a picture and as a table."""
    by, on = user_of(request), timezone.localdate()
    site = get_object_or_404(ModelSite.objects.visible_to(by, on), pk=pk)
    nodes = family(site, by, on)
    more = max(len(nodes) - MOST_NODES, 0)
    context = head_of(site, on) | {"nodes": nodes[:MOST_NODES], "total": len(nodes), "more": more}
    return render_page_or_part(request, "programs/chain.html", context)


@requires(Permission.REGISTER_MANAGE)
def site_refer(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a site was put before the Ministry."""
    site = _changeable(request, pk)
    return _refer(request, site, "programs:site")


@requires(Permission.REGISTER_MANAGE)
def type_refer(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a kind of model was put before the Ministry."""
    model_type = get_object_or_404(ModelType.objects.in_use(), pk=pk)
    return _refer(request, model_type, "programs:type")


@requires(Permission.REGISTER_MANAGE)
def referral_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a referral that was noted by mistake."""
    rows = MinistryReferral.objects.select_related("site", "model_type")
    referral = get_object_or_404(rows, pk=pk)
    subject = referral.site or referral.model_type
    if referral.site is not None:
        _changeable(request, referral.site.pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        remove_referral(referral=referral, reason=reason, by=user_of(request), at=timezone.now())
        messages.success(request, "Đã bỏ khỏi sổ.")
        return _back_to(subject)
    context = {"form": form, "referral": referral, "subject": subject}
    return render_page_or_part(request, "programs/referral_remove.html", context)


def _refer(request: HttpRequest, subject: ModelSite | ModelType, back: str) -> HttpResponse:
    """Take a referral of a site or a kind."""
    by, on = user_of(request), timezone.localdate()
    typed = request.POST if request.method == "POST" else None
    right, start = Permission.REGISTER_MANAGE, {"unit": own_unit(by, on), "sent_on": on}
    form = ReferralForm(typed, user=by, on=on, permission=right, initial=start)
    if form.is_valid():
        try:
            record_referral(new=form.new_referral(subject), by=by, at=timezone.now())
        except RegisterRefused as error:
            form.refuse_at(error)
        else:
            messages.success(request, "Đã ghi nhận.")
            return redirect(back, pk=subject.pk)
    is_site = isinstance(subject, ModelSite)
    context = {"form": form, "subject": subject, "is_site": is_site}
    return render_page_or_part(request, "programs/refer.html", context)


def _back_to(subject: ModelSite | ModelType | None) -> HttpResponse:
    """Return to what a referral was about."""
    if isinstance(subject, ModelSite):
        return redirect("programs:site", pk=subject.pk)
    return redirect("programs:type", pk=subject.pk if subject else 0)


def _changeable(request: HttpRequest, pk: int) -> ModelSite:
    """Fetch a site that the person may write, or 404."""
    sites = changeable_sites(user_of(request), timezone.localdate(), Permission.REGISTER_ENTER)
    return get_object_or_404(sites.select_related("model_type"), pk=pk)


def _refuse_without(request: HttpRequest, site: ModelSite, state: str) -> None:
    """Refuse a person who may write a site but not decide on it."""
    needed = right_to_move(state)
    sites = changeable_sites(user_of(request), timezone.localdate(), needed)
    if not sites.filter(pk=site.pk).exists():
        raise PermissionDenied
