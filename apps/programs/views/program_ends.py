"""Pages on which a programme ends: a draft deleted, a sent one withdrawn, closed, reopened."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.programs.forms.programs import WhyForm
from apps.programs.rules import ProgramState
from apps.programs.services.program_checks import ProgramRefused
from apps.programs.services.program_ends import (
    close_program,
    delete_draft,
    reopen_program,
    withdraw_program,
)
from apps.programs.views.program_scope import managed_program
from apps.units.permissions import requires, user_of


@requires(Permission.REGISTER_MANAGE)
def program_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then delete a draft."""
    program = managed_program(request, pk)
    if request.method != "POST":
        if program.state != ProgramState.DRAFT:
            raise Http404
        context = {"what": "draft", "program": program}
        return render(request, "programs/program_remove.html", context)
    try:
        delete_draft(program=program, by=user_of(request), at=timezone.now())
    except ProgramRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("programs:program", pk)
    messages.success(request, f"Đã xóa bản nháp “{program}”.")
    return redirect("programs:programs")


@requires(Permission.REGISTER_MANAGE)
def program_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a sent programme back, saying why."""
    program = managed_program(request, pk)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            withdraw_program(program=program, reason=reason, by=user_of(request), at=timezone.now())
        except ProgramRefused as refusal:
            form.refuse_all(refusal)
        else:
            messages.success(request, "Đã thu hồi. Các đơn vị đã nhận được báo lý do.")
            return redirect("programs:program", pk)
    context = {"what": "program", "program": program, "form": form}
    status = 422 if form.errors else 200
    return render(request, "programs/program_remove.html", context, status=status)


@require_POST
@requires(Permission.REGISTER_MANAGE)
def program_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a programme is over."""
    program = managed_program(request, pk)
    try:
        close_program(program=program, by=user_of(request), at=timezone.now())
        messages.success(request, "Đã ghi nhận chương trình đã tổng kết.")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("programs:program", pk)


@require_POST
@requires(Permission.REGISTER_MANAGE)
def program_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a closing that was a mistake."""
    program = managed_program(request, pk)
    try:
        reopen_program(program=program, by=user_of(request), at=timezone.now())
        messages.success(request, "Đã mở lại chương trình: gửi thêm, nhắc được như trước.")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("programs:program", pk)
