"""Exemplars: the list, choosing one, its next step."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.programs.forms.exemplars import ExemplarFilter, ExemplarForm, StepForm
from apps.programs.models import Exemplar
from apps.programs.queries.exemplars import exemplar_rows, newest_first
from apps.programs.queries.life import own_unit
from apps.programs.rules import EXEMPLAR_MOVES
from apps.programs.services.exemplars import choose_exemplar, move_exemplar
from apps.programs.services.refusals import RegisterRefused
from apps.units.permissions import permissions_for, requires, user_of

_A_PAGE = 50


@requires(Permission.REGISTER_VIEW)
def exemplars(request: HttpRequest) -> HttpResponse:
    """List the exemplars that units in the reader's scope chose or are."""
    by, on = user_of(request), timezone.localdate()
    form = ExemplarFilter(request.GET)
    found = newest_first(form.narrowed(Exemplar.objects.visible_to(by, on), on))
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "form": form,
        "rows": exemplar_rows(list(page.object_list), on),
        "page": page,
        "is_narrowed": any(request.GET.get(name) for name in ("q", "state", "year")),
        "rights": permissions_for(by, on),
    }
    return render_page_or_part(request, "programs/exemplars.html", context)


@requires(Permission.REGISTER_MANAGE)
def exemplar_add(request: HttpRequest) -> HttpResponse:
    """Choose a unit or a site as an example."""
    by, on = user_of(request), timezone.localdate()
    typed = request.POST if request.method == "POST" else None
    asked = request.GET.get("diem", "")[:20]
    start = {"site": asked, "chooser": own_unit(by, on), "chosen_on": on}
    form = ExemplarForm(typed, user=by, on=on, permission=Permission.REGISTER_MANAGE, initial=start)
    if form.is_valid():
        try:
            made = choose_exemplar(new=form.new_exemplar(), by=by, at=timezone.now())
        except RegisterRefused as error:
            form.refuse_at(error)
        else:
            messages.success(request, "Đã ghi điển hình được chọn.")
            return redirect("programs:exemplar", pk=made.pk)
    return render_page_or_part(request, "programs/exemplar_form.html", {"form": form})


@requires(Permission.REGISTER_VIEW)
def exemplar(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the steps of an exemplar; those who manage the register note the next one."""
    by, on = user_of(request), timezone.localdate()
    seen = Exemplar.objects.visible_to(by, on).select_related("site", "created_by")
    row = get_object_or_404(seen, pk=pk)
    managed = Exemplar.objects.visible_to(by, on, Permission.REGISTER_MANAGE).filter(pk=pk)
    may_move = bool(EXEMPLAR_MOVES[row.state]) and managed.exists()
    typed = request.POST if request.method == "POST" else None
    form = StepForm(typed, exemplar=row, initial={"on": on}) if may_move else None
    if form and form.is_valid():
        try:
            move_exemplar(exemplar=row, step=form.step(), by=by, at=timezone.now())
        except RegisterRefused as error:
            form.refuse_at(error)
        else:
            messages.success(request, "Đã ghi bước mới của điển hình.")
            return redirect("programs:exemplar", pk=pk)
    elif typed and managed.exists():
        messages.error(request, "Người khác vừa ghi bước cuối của điển hình; bước này chưa ghi.")
    context = {"form": form, "row": exemplar_rows([row], on)[0]}
    return render_page_or_part(request, "programs/exemplar.html", context)
