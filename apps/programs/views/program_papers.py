"""The papers and the targets of a programme."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.files import read_stored, store_bytes
from apps.core.uploads import ATTACHMENTS, PHOTO_EDGE, check_upload
from apps.programs.forms.programs import ProgramFileForm, TargetForm, WhyForm
from apps.programs.rules import ProgramState
from apps.programs.services.program_checks import ProgramRefused
from apps.programs.services.program_files import attach_program_file, remove_program_file
from apps.programs.services.programs import add_target, drop_target
from apps.programs.views.program_scope import managed_program, may_manage, visible_program
from apps.programs.views.programs import program_page
from apps.units.permissions import requires, user_of


@require_POST
@requires(Permission.REGISTER_MANAGE)
def program_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a paper beside the programme."""
    program, form = managed_program(request, pk), ProgramFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            file = form.cleaned_data["file"]
            upload = check_upload(file, ATTACHMENTS, longest_edge=PHOTO_EDGE)
            attach_program_file(
                program=program,
                title=form.cleaned_data["title"],
                upload=upload,
                stored=store_bytes(upload.content, upload.suffix),
                by=user_of(request),
                at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal, "file")
        else:
            messages.success(request, f"Đã tải lên “{upload.name}”.")
            return redirect("programs:program", pk)
    return program_page(request, program, file_form=form)


@require_GET
@requires(Permission.REGISTER_VIEW)
def program_file(request: HttpRequest, pk: int, file_pk: int) -> FileResponse:
    """Give a paper of the programme to whoever may see it; a withdrawn one to its keepers alone."""
    program = visible_program(request, pk)
    file = get_object_or_404(program.files, pk=file_pk)
    if file.withdrawn_at is not None and not may_manage(user_of(request), program):
        raise Http404
    content = io.BytesIO(read_stored(file.path, file.sha256))
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=file.mime)


@requires(Permission.REGISTER_MANAGE)
def program_file_remove(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Take a paper off the programme: off a draft at once, else with a reason that stays."""
    program = managed_program(request, pk)
    file = get_object_or_404(program.files.filter(withdrawn_at=None), pk=file_pk)
    is_draft = program.state == ProgramState.DRAFT
    form = WhyForm(request.POST if request.method == "POST" else None)
    if is_draft:
        del form.fields["reason"]
    if form.is_valid():
        reason, by = form.cleaned_data.get("reason", ""), user_of(request)
        try:
            remove_program_file(file=file, reason=reason, by=by, at=timezone.now())
        except ProgramRefused as refusal:
            form.refuse_all(refusal)
        else:
            messages.success(request, f"Đã rút “{file.title}”.")
            return redirect("programs:program", pk)
    context = {"what": "file", "program": program, "file": file, "form": form}
    status = 422 if form.errors else 200
    return render(request, "programs/program_remove.html", context, status=status)


@require_POST
@requires(Permission.REGISTER_MANAGE)
def target_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a target."""
    program, form = managed_program(request, pk), TargetForm(request.POST)
    if form.is_valid():
        try:
            add_target(program=program, new=form.new(), by=user_of(request), at=timezone.now())
        except ProgramRefused as refusal:
            form.refuse_all(refusal)
        else:
            messages.success(request, "Đã thêm chỉ tiêu.")
            return redirect("programs:program", pk)
    return program_page(request, program, target_form=form)


@require_POST
@requires(Permission.REGISTER_MANAGE)
def target_drop(request: HttpRequest, pk: int, target_pk: int) -> HttpResponse:
    """Take back a target."""
    rows = managed_program(request, pk).targets.select_related("indicator", "program")
    target = get_object_or_404(rows, pk=target_pk)
    try:
        drop_target(target=target, by=user_of(request), at=timezone.now())
        messages.success(request, f"Đã bỏ chỉ tiêu {target.indicator.code}.")
    except ProgramRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("programs:program", pk)
