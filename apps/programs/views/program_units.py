"""What units do with a programme: received, own plan, launch; reminders and the list of them."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.files import read_stored, store_bytes
from apps.core.numbers import format_number
from apps.core.uploads import ATTACHMENTS, PHOTO_EDGE, check_upload
from apps.programs.forms.programs import RemindForm, UnitPlanForm, WhyForm, plan_initial
from apps.programs.models import ProgramRecipient, RecipientFile
from apps.programs.queries.programs import recipients_seen
from apps.programs.rules import RecipientStep
from apps.programs.services.program_checks import ProgramRefused
from apps.programs.services.program_export import PROGRAM_UNITS, ProgramListing
from apps.programs.services.program_files import remove_plan_file
from apps.programs.services.recipients import (
    PlanPaper,
    receive_program,
    record_unit_plan,
    remind_recipients,
)
from apps.programs.views.exporting import give_list, order_long_list
from apps.programs.views.program_scope import managed_program, visible_program, written_recipient
from apps.units.permissions import requires, user_of
from apps.units.queries import names_of


@require_POST
@requires(Permission.REGISTER_ENTER)
def program_receive(request: HttpRequest, pk: int, recipient_pk: int) -> HttpResponse:
    """Say in one click that the unit has it."""
    recipient = written_recipient(request, pk, recipient_pk)
    receive_program(recipient=recipient, by=user_of(request), at=timezone.now())
    messages.success(request, "Đã ghi nhận đơn vị đã nhận.")
    return redirect("programs:program", pk)


@requires(Permission.REGISTER_ENTER)
def program_plan(request: HttpRequest, pk: int, recipient_pk: int) -> HttpResponse:
    """Take the unit's own plan and the day of its launch."""
    recipient, at = written_recipient(request, pk, recipient_pk), timezone.now()
    typed = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UnitPlanForm(*typed, initial=plan_initial(recipient))
    if form.is_valid():
        try:
            paper = _paper(form)
            record_unit_plan(
                recipient=recipient, plan=form.plan(), paper=paper, by=user_of(request), at=at
            )
        except ProgramRefused as refusal:
            form.refuse_all(refusal)
        except DomainError as refusal:
            form.refuse(refusal, "file")
        else:
            messages.success(request, "Đã lưu kế hoạch của đơn vị.")
            return redirect("programs:program", pk)
    return _plan_page(request, recipient, form)


def _paper(form: UnitPlanForm) -> PlanPaper | None:
    """Check and keep the plan that was sent along."""
    file = form.cleaned_data["file"]
    if not file:
        return None
    upload = check_upload(file, ATTACHMENTS, longest_edge=PHOTO_EDGE)
    return PlanPaper(upload, store_bytes(upload.content, upload.suffix))


def _plan_page(
    request: HttpRequest, recipient: ProgramRecipient, form: UnitPlanForm
) -> HttpResponse:
    context = {
        "program": recipient.program,
        "recipient": recipient,
        "form": form,
        "files": recipient.files.order_by("withdrawn_at", "pk"),
        "name": names_of([recipient.unit_id], timezone.localdate()).get(recipient.unit_id, ""),
    }
    status = 422 if form.errors else 200
    return render(request, "programs/program_plan.html", context, status=status)


@require_GET
@requires(Permission.REGISTER_VIEW)
def program_plan_file(request: HttpRequest, pk: int, file_pk: int) -> FileResponse:
    """Give a unit's plan to whoever sees the unit in the programme."""
    program, on = visible_program(request, pk), timezone.localdate()
    seen = recipients_seen(user_of(request), on).filter(program=program)
    files = RecipientFile.objects.filter(recipient__in=seen, withdrawn_at=None)
    file = get_object_or_404(files, pk=file_pk)
    content = io.BytesIO(read_stored(file.path, file.sha256))
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=file.mime)


@requires(Permission.REGISTER_ENTER)
def program_plan_file_remove(
    request: HttpRequest, pk: int, recipient_pk: int, file_pk: int
) -> HttpResponse:
    """Take back a plan that was uploaded by mistake, saying why."""
    recipient = written_recipient(request, pk, recipient_pk)
    file = get_object_or_404(recipient.files.filter(withdrawn_at=None), pk=file_pk)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason, by = form.cleaned_data["reason"], user_of(request)
        try:
            remove_plan_file(file=file, reason=reason, by=by, at=timezone.now())
        except ProgramRefused as refusal:
            form.refuse_all(refusal)
        else:
            messages.success(request, f"Đã rút “{file.name}”.")
            return redirect("programs:program_plan", pk, recipient_pk)
    context = {"what": "plan", "program": recipient.program, "recipient": recipient}
    context |= {"file": file, "form": form}
    status = 422 if form.errors else 200
    return render(request, "programs/program_remove.html", context, status=status)


@require_POST
@requires(Permission.REGISTER_MANAGE)
def program_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind the units that have not done a step."""
    program, form = managed_program(request, pk), RemindForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Chưa chọn việc cần nhắc.")
        return redirect("programs:program", pk)
    step, by = RecipientStep(form.cleaned_data["step"]), user_of(request)
    try:
        done = remind_recipients(program=program, step=step, by=by, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        units, people = format_number(done.n_units), format_number(done.n_people)
        messages.success(request, f"Đã nhắc {units} đơn vị ({people} người).")
        if done.without_people:
            names = ", ".join(names_of(done.without_people, timezone.localdate()).values())
            messages.warning(request, f"Chưa có tài khoản để nhắc, hãy gọi điện: {names}.")
    return redirect("programs:program", pk)


@require_GET
@requires(Permission.REGISTER_VIEW)
def program_sheet(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Give the units of a programme with what they did and their figures as an Excel list."""
    return give_list(request, PROGRAM_UNITS, _listing(request, pk), _page(request, pk))


@require_POST
@requires(Permission.REGISTER_VIEW)
def program_sheet_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the list of a programme with many units be written in the background."""
    return order_long_list(request, PROGRAM_UNITS, _listing(request, pk), _page(request, pk))


def _listing(request: HttpRequest, pk: int) -> ProgramListing:
    """Return the list that is asked for, or 404."""
    return ProgramListing(visible_program(request, pk).pk, request.GET.get("ky", ""))


def _page(request: HttpRequest, pk: int) -> str:
    """Return the page of the programme with the period that is shown."""
    return f"{reverse('programs:program', args=[pk])}?{request.GET.urlencode()}"
