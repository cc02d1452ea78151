"""The list of programmes, one programme with what its units do, and its text."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.programs.forms.programs import (
    ProgramFileForm,
    ProgramFilter,
    ProgramForm,
    TargetForm,
    program_initial,
    replacement_initial,
)
from apps.programs.models import Program
from apps.programs.queries.program_people import desk_unit_ids
from apps.programs.queries.program_words import program_history
from apps.programs.queries.programs import (
    duties_of,
    listed_programs,
    past_of,
    program_rows,
    recipient_rows,
    sees_all_units,
    steps_of,
    years_of_programs,
)
from apps.programs.queries.targets import Units, shown_figures
from apps.programs.rules import ProgramState
from apps.programs.services.program_checks import OPEN_STATES, ProgramRefused
from apps.programs.services.program_export import PROGRAM_UNITS
from apps.programs.services.programs import create_program, edit_program
from apps.programs.views.program_scope import managed_program, may_manage, visible_program
from apps.units.permissions import permissions_for, requires, scope_unit_ids, user_of
from apps.units.queries import names_of

PAGE_SIZE = 25
UNITS_A_PAGE = 50
NAMED = 200  # units named under a bar or a target; the Excel list names all


@require_GET
@requires(Permission.REGISTER_VIEW)
def programs(request: HttpRequest) -> HttpResponse:
    """List the programmes in scope, what the person's own units still owe first."""
    user, on = user_of(request), timezone.localdate()
    has_units = bool(desk_unit_ids(user, on, Permission.REGISTER_ENTER))
    years = years_of_programs(user, on)
    filters = ProgramFilter(request.GET, years=years, has_units=has_units)
    rows = listed_programs(user, on, filters.wish())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {
        "form": filters,
        "page": page,
        "rows": program_rows(user, list(page), on),
        "duties": duties_of(user, on) if has_units else [],
        "is_narrowed": any(request.GET.get(name) for name in filters.fields),
        "may_add": Permission.REGISTER_MANAGE in permissions_for(user, on),
    }
    return render_page_or_part(request, "programs/programs.html", context, part="programs")


@requires(Permission.REGISTER_MANAGE)
def program_add(request: HttpRequest) -> HttpResponse:
    """Record a programme as a draft, perhaps in the place of one that was sent."""
    user, at, old = user_of(request), timezone.now(), _replaced(request)
    typed = request.POST if request.method == "POST" else None
    initial = replacement_initial(old) if old else {}
    form = ProgramForm(typed, user=user, on=timezone.localdate(at), initial=initial)
    if form.is_valid():
        try:
            program = create_program(new=form.new(replaces=old), by=user, at=at)
        except ProgramRefused as refusal:
            form.refuse_all(refusal)
        else:
            messages.success(request, "Đã lưu bản nháp. Thêm văn bản, chỉ tiêu rồi gửi đơn vị.")
            return redirect("programs:program", program.pk)
    return _form_page(request, form, None, old)


def _replaced(request: HttpRequest) -> Program | None:
    """Return the programme that a new one is to replace."""
    asked = request.GET.get("thay-the", "")
    return managed_program(request, int(asked)) if asked.isdecimal() and len(asked) < 10 else None


@requires(Permission.REGISTER_MANAGE)
def program_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a programme."""
    program, user, at = managed_program(request, pk), user_of(request), timezone.now()
    typed = request.POST if request.method == "POST" else None
    initial = program_initial(program)
    form = ProgramForm(typed, user=user, on=timezone.localdate(at), initial=initial)
    if form.is_valid():
        version = form.cleaned_data["lock_version"] or 0
        try:
            edit_program(program=program, new=form.new(), version=version, by=user, at=at)
        except ProgramRefused as refusal:
            form.refuse_all(refusal)
        else:
            messages.success(request, "Đã lưu chương trình.")
            return redirect("programs:program", pk)
    return _form_page(request, form, program)


def _form_page(
    request: HttpRequest, form: ProgramForm, program: Program | None, old: Program | None = None
) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "program": program, "old": old}
    return render(request, "programs/program_form.html", context, status=status)


@require_GET
@requires(Permission.REGISTER_VIEW)
def program(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a programme: what it says, what its units do, how the figures stand."""
    return program_page(request, visible_program(request, pk))


def program_page(
    request: HttpRequest,
    program: Program,
    *,
    target_form: TargetForm | None = None,
    file_form: ProgramFileForm | None = None,
) -> HttpResponse:
    """Render the page of a programme, with a form that was refused where there is one."""
    user, on = user_of(request), timezone.localdate()
    manages = may_manage(user, program)
    refused = any(form is not None and form.errors for form in (target_form, file_form))
    context = {
        "program": program,
        "unit_name": names_of([program.unit_id], on).get(program.unit_id, ""),
        "past": past_of(program, on),
        "parties": names_of(list(program.parties.values_list("unit_id", flat=True)), on).values(),
        "files": program.files.order_by("withdrawn_at", "pk"),
        "manages": manages,
        "is_open": program.state in OPEN_STATES,
        "history": program_history(program) if manages else [],
        "target_form": target_form or (TargetForm() if manages else None),
        "file_form": file_form or (ProgramFileForm() if manages else None),
    }
    context |= _replacement_part(user, program, on) | _units_part(request, program)
    return render(request, "programs/program.html", context, status=422 if refused else 200)


def _replacement_part(user: User, program: Program, on: date) -> dict[str, Any]:
    """Return the programme that took the place of this one, and whether the person may open it."""
    newer = program.replacements.exclude(state=ProgramState.DRAFT).first()
    sees = newer and Program.objects.visible_to(user, on).filter(pk=newer.pk).exists()
    return {"replacement": newer, "sees_replacement": bool(sees)}


def _units_part(request: HttpRequest, program: Program) -> dict[str, Any]:
    """Return the units of a programme that the person sees, and their figures."""
    user, on = user_of(request), timezone.localdate()
    rows = recipient_rows(user, program, on)
    page = Paginator(rows, UNITS_A_PAGE).get_page(request.GET.get("trang"))
    shown = [row.recipient for row in page]
    prefetch_related_objects(shown, "files")
    writes = scope_unit_ids(user, on, Permission.REGISTER_ENTER)
    desk = set(desk_unit_ids(user, on, Permission.REGISTER_ENTER))
    sees_all = sees_all_units(user, program, on)
    units = Units({row.recipient.unit_id: row.name for row in rows}, sees_all)
    figures = shown_figures(program, units, on, request.GET.get("ky", ""))
    return {
        "today": on,
        "figures": figures,
        "shown": NAMED,
        "named": f":{NAMED}",
        "own_rows": [row for row in rows if row.recipient.unit_id in desk],
        "page": page,
        "is_long": len(rows) > PROGRAM_UNITS.at_once,
        "writes": set(writes.filter(pk__in=[row.unit_id for row in shown])),
        "sees_all": sees_all,
        "steps": steps_of(rows) if sees_all else [],
    }
