"""Remind communes of the numbers of their forces; above the units app, which knows no messages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.rules import Permission
from apps.core.numbers import format_number
from apps.programs.services.force_reminders import NobodyToRemind, remind_of_forces
from apps.units.forms.forces import ForceFilter
from apps.units.permissions import requires, scope_unit_ids, user_of
from apps.units.queries import names_of
from apps.units.queries.forces import force_table


@require_POST
@requires(Permission.REGISTER_MANAGE)
def forces_remind(request: HttpRequest) -> HttpResponse:
    """Remind the communes that the table of forces names as missing today."""
    by, at = user_of(request), timezone.now()
    on = timezone.localdate(at)
    form = ForceFilter(request.POST)
    units = scope_unit_ids(by, on, Permission.REGISTER_MANAGE)
    missing = force_table(units, on, form.text, form.kind).missing
    ids = [row.unit.unit_id for row in missing]
    try:
        done = remind_of_forces(unit_ids=ids, kind=form.kind, by=by, at=at)
    except NobodyToRemind as error:
        messages.error(request, error.message)
    else:
        if done.n_people:
            people = f"{format_number(done.n_people)} người"
            messages.success(
                request, f"Đã nhắc {format_number(done.n_units)} xã, phường ({people})."
            )
        if done.without_people:
            names = ", ".join(names_of(done.without_people, on).values())
            messages.warning(request, f"Chưa có tài khoản để nhắc, hãy gọi điện: {names}.")
    return redirect("units:forces")
