"""The list of activities, quick entry, one activity, its correction and removal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.desk.queries import filters_of
from apps.desk.rules import kept_query
from apps.programs.forms.activities import (
    FILTERS_FOLDED,
    ActivityFilter,
    ActivityForm,
    RemovalForm,
    activity_initial,
    copied_initial,
    new_token,
)
from apps.programs.models import Activity, ModelSite, Program
from apps.programs.queries.activities import (
    activity_rows,
    activity_sums,
    listed_activities,
    organisers_of,
    period_options,
    removed_activities,
)
from apps.programs.queries.activity_feeds import fed_reports
from apps.programs.queries.activity_words import Difference, activity_words, differences
from apps.programs.queries.units import home_unit
from apps.programs.services.activities import (
    activity_row,
    create_activity,
    edit_activity,
    remove_activity,
    restore_activity,
)
from apps.programs.services.activity_checks import (
    ActivityChangedMeanwhile,
    ActivityRefused,
    ActivitySentBefore,
    NewActivity,
)
from apps.programs.services.activity_export import ACTIVITY_LIST
from apps.programs.views.exporting import give_list, order_long_list
from apps.units.models import Unit
from apps.units.permissions import permissions_for, requires, user_of
from apps.units.queries import names_of

PER_PAGE = 25
PAGE_KEY = "programs:activities"
MAIN, CO = "main", "co"


@require_GET
@requires(Permission.REGISTER_VIEW)
def activities(request: HttpRequest) -> HttpResponse:
    """List the activities in the user's scope with what they come to."""
    user, on, form = user_of(request), timezone.localdate(), _filters(request)
    found = listed_activities(user, on, form.wish)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
    context = {
        "form": form,
        "folded": [form[name] for name in FILTERS_FOLDED],
        "page": page,
        "rows": activity_rows(page.object_list, on),
        "sums": activity_sums(found),
        "is_long": page.paginator.count > ACTIVITY_LIST.at_once,
        "filters": filters_of(user, PAGE_KEY, on),
        "query": kept_query(request.GET.urlencode()),
        "may_enter": Permission.REGISTER_ENTER in permissions_for(user, on),
    }
    return render_page_or_part(request, "programs/activities.html", context, part="activities")


@require_GET
@requires(Permission.REGISTER_VIEW)
def activities_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """Give just what is filtered as an Excel file at once."""
    form, page = _filters(request), _list_address(request)
    return give_list(request, ACTIVITY_LIST, form.wish, page) if form.is_valid() else redirect(page)


@require_POST
@requires(Permission.REGISTER_VIEW)
def activities_export_order(request: HttpRequest) -> HttpResponse:
    """Let a list that is too long for a click be written in the background."""
    form, page = _filters(request), _list_address(request)
    if not form.is_valid():
        return redirect(page)
    return order_long_list(request, ACTIVITY_LIST, form.wish, page)


@requires(Permission.REGISTER_ENTER)
def activity_add(request: HttpRequest) -> HttpResponse:
    """Record an activity, from nothing or from a copy."""
    user, at = user_of(request), timezone.now()
    typed = request.POST if request.method == "POST" else None
    form = ActivityForm(typed, user=user, on=timezone.localdate(at), initial=_start(request))
    token = form.data.get("client_token") or form.initial.get("client_token")
    if form.is_valid():
        try:
            activity = create_activity(new=form.new(), by=user, at=at)
        except ActivityRefused as refusal:
            form.refuse_all(refusal)
            token = new_token() if isinstance(refusal, ActivitySentBefore) else token
        else:
            return redirect(f"{reverse('programs:activity', args=[activity.pk])}?moi=1")
    return _form_page(request, form, {"token": token})


@require_GET
@requires(Permission.REGISTER_VIEW)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one activity and the reports it goes into."""
    return _activity_page(request, _visible(request, pk))


@requires(Permission.REGISTER_ENTER)
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an activity; nothing typed is lost when somebody else changed or removed it."""
    user, at = user_of(request), timezone.now()
    held = _own(request, pk, or_removed=request.method == "POST")
    typed = request.POST if request.method == "POST" else None
    start, restores = activity_initial(held), "restore" in request.POST
    form = ActivityForm(typed, user=user, on=timezone.localdate(at), initial=start)
    changes: list[Difference] = []
    if form.is_valid():
        new, version = form.new(), form.cleaned_data["lock_version"] or 0
        try:
            edit_activity(
                activity=held, new=new, lock_version=version, restores=restores, by=user, at=at
            )
        except ActivityRefused as refusal:
            form.refuse_all(refusal)
            held.refresh_from_db()
            if isinstance(refusal, ActivityChangedMeanwhile):
                changes = _changes(held, new)
        else:
            messages.success(request, "Đã lưu hoạt động.")
            return redirect("programs:activity", pk)
    version = held.lock_version if changes or typed is None else form.data.get("lock_version")
    return _form_page(request, form, {"activity": held, "version": version, "changes": changes})


@require_POST
@requires(Permission.REGISTER_ENTER)
def activity_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an activity that was recorded by mistake."""
    held, form = _own(request, pk), RemovalForm(request.POST)
    if not form.is_valid():
        return _activity_page(request, held, form)
    reason = form.cleaned_data["reason"]
    remove_activity(activity=held, reason=reason, by=user_of(request), at=timezone.now())
    messages.success(request, f"Đã bỏ “{held.title}”. Hoạt động này không còn được tính.")
    return redirect(f"{reverse(PAGE_KEY)}?da_bo=1")


@require_POST
@requires(Permission.REGISTER_ENTER)
def activity_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back an activity that was taken back."""
    rows = removed_activities(user_of(request), timezone.localdate())
    held = get_object_or_404(rows, pk=pk)
    restore_activity(activity=held, by=user_of(request), at=timezone.now())
    messages.success(request, f"Đã khôi phục “{held.title}”. Hoạt động được tính như trước.")
    return redirect("programs:activity", pk)


def _visible(request: HttpRequest, pk: int) -> Activity:
    rows = Activity.objects.visible_to(user_of(request), timezone.localdate())
    return get_object_or_404(rows.select_related("site", "program", "created_by"), pk=pk)


def _own(request: HttpRequest, pk: int, *, or_removed: bool = False) -> Activity:
    """Fetch an activity whose main organiser the user writes for, or 404."""
    user, on = user_of(request), timezone.localdate()
    units = Unit.objects.visible_to(user, on, Permission.REGISTER_ENTER)
    rows = Activity.objects.filter(unit__in=units)
    rows = rows if or_removed else rows.kept()
    return get_object_or_404(rows.select_related("unit", "site", "program"), pk=pk)


def _filters(request: HttpRequest) -> ActivityFilter:
    """Read the filters from the address."""
    user, on = user_of(request), timezone.localdate()
    scope = Unit.objects.visible_to(user, on, Permission.REGISTER_VIEW)
    return ActivityFilter(request.GET, user=user, on=on, scope=scope, periods=period_options(on))


def _list_address(request: HttpRequest) -> str:
    """Return the list with the filters of a request."""
    return f"{reverse(PAGE_KEY)}?{request.GET.urlencode()}"


def _start(request: HttpRequest) -> dict[str, Any]:
    """Return what the empty form shows: a copy, or today, the own unit and what was clicked on."""
    user, on, asked = user_of(request), timezone.localdate(), request.GET
    copied = asked.get("nhan_ban", "")
    if copied.isdecimal() and request.method == "GET":
        return copied_initial(_visible(request, int(copied[:18])), on)
    start: dict[str, Any] = {"held_on": on, "unit": home_unit(user, on, Permission.REGISTER_ENTER)}
    site, program = asked.get("diem", ""), asked.get("chuong_trinh", "")
    if site.isdecimal():
        start["site"] = ModelSite.objects.visible_to(user, on).filter(pk=int(site[:18])).first()
    if program.isdecimal():
        seen = Program.objects.visible_to(user, on)
        start["program"] = seen.filter(pk=int(program[:18])).first()
    return start | {"kind": asked.get("loai", ""), "client_token": new_token(), "sessions": 1}


def _form_page(request: HttpRequest, form: ActivityForm, more: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "programs/activity_form.html", {"form": form, **more}, status=status)


def _activity_page(
    request: HttpRequest, held: Activity, removal: RemovalForm | None = None
) -> HttpResponse:
    """Render the page of an activity, with a removal that was refused where there is one."""
    user, on = user_of(request), timezone.localdate()
    names = organisers_of(held)
    may_edit = Unit.objects.visible_to(user, on, Permission.REGISTER_ENTER)
    context = {
        "activity": held,
        "words": activity_words(held, "; ".join(names[MAIN]), names[CO]),
        "reports": fed_reports(held),
        "is_new": "moi" in request.GET,
        "may_edit": may_edit.filter(pk=held.unit_id).exists(),
        "may_enter": Permission.REGISTER_ENTER in permissions_for(user, on),
        "removal": removal or RemovalForm(),
    }
    return render(request, "programs/activity.html", context, status=422 if removal else 200)


def _changes(kept: Activity, new: NewActivity) -> list[Difference]:
    """Hold what is kept now against what was typed over an older version."""
    there = organisers_of(kept)
    ids = [new.unit.pk, *(unit.pk for unit in new.co_organisers)]
    names = names_of(ids, kept.held_on)
    typed = activity_row(new, None, kept.updated_at)
    return differences(
        activity_words(kept, "; ".join(there[MAIN]), there[CO]),
        activity_words(typed, names.get(ids[0], ""), [names.get(pk, "") for pk in ids[1:]]),
    )
