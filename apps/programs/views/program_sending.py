"""Send a programme: choose units, see whom it reaches, send."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.accounts.rules import Permission
from apps.core.numbers import format_number
from apps.programs.forms.programs import SendForm
from apps.programs.models import Program
from apps.programs.queries.program_units import sending_preview
from apps.programs.rules import ProgramState
from apps.programs.services.program_checks import ProgramRefused
from apps.programs.services.programs import SentTo, send_program
from apps.programs.views.program_scope import managed_program
from apps.units.models import Unit
from apps.units.permissions import requires, user_of
from apps.units.queries import names_of

NAMED = 10


@requires(Permission.REGISTER_MANAGE)
def program_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose units and see the count; by POST send to them."""
    program, user, at = managed_program(request, pk), user_of(request), timezone.now()
    is_asked = request.method == "POST" or "xem" in request.GET
    said = request.POST if request.method == "POST" else request.GET
    old = program.replaces if program.state == ProgramState.DRAFT else None
    form = SendForm(said if is_asked else None, user=user, on=timezone.localdate(at), replaces=old)
    units = form.chosen() if is_asked and form.is_valid() else []
    if request.method == "POST" and form.is_valid():
        try:
            sent = send_program(program=program, units=units, by=user, at=at)
        except ProgramRefused as refusal:
            form.refuse_all(refusal)
        else:
            _say(request, sent)
            return redirect("programs:program", pk)
    return _send_page(request, program, form, units)


def _send_page(
    request: HttpRequest, program: Program, form: SendForm, units: list[Unit]
) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    context = {
        "program": program,
        "form": form,
        "preview": sending_preview(program, units, form.on) if units else None,
        "said": [
            (name, value)
            for name in ("same", "kinds", "blocks", "units", "units-go")
            for value in said.getlist(name)
        ]
        if units
        else [],
    }
    status = 422 if form.errors else 200
    return render(request, "programs/program_send.html", context, status=status)


def _say(request: HttpRequest, sent: SentTo) -> None:
    """Tell what the sending did, and whom it could not tell."""
    if not sent.n_new:
        messages.info(request, "Các đơn vị đã chọn đều đã được gửi từ trước. Không gửi lại.")
        return
    units, people = format_number(sent.n_new), format_number(sent.n_people)
    messages.success(request, f"Đã gửi {units} đơn vị, báo cho {people} người.")
    if sent.without_people:
        names = names_of(sent.without_people[:NAMED], timezone.localdate()).values()
        rest = len(sent.without_people) - NAMED
        more = f" và {format_number(rest)} đơn vị khác" if rest > 0 else ""
        messages.warning(
            request, f"Chưa có tài khoản để báo, hãy gọi điện: {', '.join(names)}{more}."
        )
